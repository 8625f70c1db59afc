"""A scan is the paper it says, all of it, each page once; else it is refused with what is wrong, or a person's word."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.intake import codes
from app.intake.codes import Mark

PAPER, OTHER = "ab" * 16, "cd" * 16


def scan(*pages: int | None, paper: str = PAPER, total: int = 3) -> list[Mark | None]:
    return [None if each is None else Mark(paper, each, total) for each in pages]


@given(st.binary(min_size=16, max_size=16), st.integers(1, 999), st.integers(0, 998))
def test_what_is_written_is_read_again(paper: bytes, page: int, more: int) -> None:
    mark = Mark(paper.hex(), page, min(999, page + more))
    said = codes.text(mark)
    assert codes.read(said) == mark
    assert len(said) <= 38, "a QR code of version 2, level M, holds 38 such letters"
    assert set(said) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.")


@given(st.text(max_size=60))
def test_anybody_elses_code_is_none_of_ours(said: str) -> None:
    assert codes.read(said) is None


@pytest.mark.parametrize("said", [
    "FX1." + "A" * 26 + ".0.1", "FX1." + "A" * 26 + ".2.1", "FX1." + "A" * 25 + "B.1.1", "FX1." + "A" * 26 + ".01.1",
    "FX1." + "A" * 26 + ".1.1\n", "fx1." + "a" * 26 + ".1.1", "FX1." + "A" * 26 + ".١.1"])
def test_a_code_that_we_would_not_write_is_not_read(said: str) -> None:
    assert codes.read(said) is None


def test_a_page_with_two_codes_of_ours_says_nothing_and_strangers_codes_do_not_disturb() -> None:
    one, two = codes.text(Mark(PAPER, 1, 3)), codes.text(Mark(PAPER, 2, 3))
    assert codes.marks([(one, two), (one, "https://example.org"), ()]) == (None, Mark(PAPER, 1, 3), None)


def test_the_whole_paper_is_matched_by_its_codes() -> None:
    assert codes.match(scan(1, 2, 3), 3, "") == codes.Match("qr", (0, 1, 2))


def test_swapped_pages_are_put_in_order_and_it_is_said() -> None:
    match = codes.match(scan(3, 1, 2), 3, "")
    assert match.order == (1, 2, 0)
    assert "3、1、2" in match.said


@pytest.mark.parametrize(("pages", "words"), [
    ((1, 3), "缺第2页（共3页）"), ((2,), "缺第1、3页"), ((1, 2, 2, 3), "第2页重复"), ((1, 1, 2, 2, 3), "第1、2页重复"),
    ((None, None), "只有2页，文书共3页"), ((1, None), "缺第2、3页"), ((1, 1, None), "第1页重复"),
])
@pytest.mark.parametrize("confirmed", ["", "已对照纸件核实"])
def test_a_page_known_to_be_missing_or_double_is_refused_whatever_a_person_says(
        pages: Any, words: str, confirmed: str) -> None:
    with pytest.raises(Refused, match=words) as caught:
        codes.match(scan(*pages), 3, confirmed)
    assert caught.value.advice


@pytest.mark.parametrize("pages", [(None, None, None), (1, None, 3), (1, 2, 3, None), (None, None, None, None)])
def test_where_a_code_cannot_be_read_a_person_has_to_say_so(pages: Any) -> None:
    with pytest.raises(Refused, match="没有读到") as caught:
        codes.match(scan(*pages), 3, "")
    assert caught.value.where == "note"
    match = codes.match(scan(*pages), 3, "已对照纸件核实")
    assert (match.how, match.order) == ("hand", tuple(range(len(pages))))


def test_others_are_named_once_each() -> None:
    pages = [*scan(1, 2), *scan(1, 2, paper=OTHER), None]
    assert codes.others(pages, PAPER) == (OTHER,)
    assert codes.others(pages, secrets.token_hex(16)) == (PAPER, OTHER)
