from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law.numbering import DocumentNumber, case_no, parse_case_no


def test_a_number_is_written_with_hexagonal_brackets_and_no_zeros() -> None:
    assert str(DocumentNumber("固教体", "责改", 2026, 12)) == "固教体责改〔2026〕12号"


def test_a_number_is_read_back_with_or_without_its_series() -> None:
    assert DocumentNumber.parse(" 固教体责改〔2026〕12号 ", series="责改") == DocumentNumber("固教体", "责改",
                                                                                   2026, 12)
    assert DocumentNumber.parse("固政办发〔2021〕28号") == DocumentNumber("固政办发", "", 2021, 28)


@pytest.mark.parametrize("text", [
    "固教体责改[2026]12号", "固教体责改（2026）12号", "固教体责改〔2026〕012号", "固教体责改〔2026〕第12号",
    "固教体责改〔26〕12号",
    "固教体责改〔2026〕12", "〔2026〕12号", "", "固教体 责改〔2026〕12号", "固教体责改〔2026〕0号",
    "第固教体〔2026〕1号",
    "固教体〔1026〕1号",
])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"文号|顺序号|年份"):
        DocumentNumber.parse(text)


def test_a_number_of_another_series_is_refused() -> None:
    with pytest.raises(ValueError, match="以“责改”结尾"):
        DocumentNumber.parse("固教体催〔2026〕1号", series="责改")


@pytest.mark.parametrize(("organ", "series", "year", "seq"), [
    ("", "责改", 2026, 1), ("固教体1", "责改", 2026, 1), ("固教体", "责〔改", 2026, 1), ("固 教体", "责改",
                                                                            2026, 1),
    ("固教体", "责改", 26, 1), ("固教体", "责改", 2026, 0), ("固教体", "责改", 2026, 1_000_000),
    ("固\u200b教", "责改", 2026, 1),
])
def test_parts_that_cannot_stand_in_a_number_are_refused(
    organ: str, series: str, year: int, seq: int,
) -> None:
    with pytest.raises(ValueError, match=r"代字|年份|顺序号"):
        DocumentNumber(organ, series, year, seq)


@given(st.sampled_from(["固教体", "西政", "吉政"]), st.sampled_from(["责改", "催", "函"]), st.integers(1949,
                                                                                            2999),
       st.integers(1, 999_999))
def test_every_number_is_read_as_it_was_written(organ: str, series: str, year: int, seq: int) -> None:
    number = DocumentNumber(organ, series, year, seq)
    assert DocumentNumber.parse(str(number), series=series) == number


def test_the_limits_of_year_and_number_hold() -> None:
    assert str(DocumentNumber("固教体", "", 1949, 999_999)) == "固教体〔1949〕999999号"
    for year, seq in ((1948, 1), (3000, 1), (2026, 1_000_000)):
        with pytest.raises(ValueError, match=r"年份|顺序号"):
            DocumentNumber("固教体", "", year, seq)
    with pytest.raises(ValueError, match="代字"):
        DocumentNumber("固\n教", "", 2026, 1)


def test_the_first_case_of_a_year_is_number_one() -> None:
    assert case_no("640422", 2026, 1) == "GY-640422-2026-0001"


def test_case_numbers_are_padded_and_read_back() -> None:
    assert case_no("640422", 2026, 7) == "GY-640422-2026-0007"
    assert parse_case_no(" gy-640422-2026-0007") == ("640422", 2026, 7)
    assert parse_case_no(case_no("640422", 2026, 12345)) == ("640422", 2026, 12345)


@pytest.mark.parametrize(("county", "year", "seq"), [("64042", 2026, 1), ("640422", 26, 1), ("640422", 2026,
                                                                                             0)])
def test_a_case_number_of_faulty_parts_is_refused(county: str, year: int, seq: int) -> None:
    with pytest.raises(ValueError, match="案件编号"):
        case_no(county, year, seq)


def test_a_faulty_case_number_is_refused() -> None:
    with pytest.raises(ValueError, match="案件编号"):
        parse_case_no("GY-640422-2026-7")
