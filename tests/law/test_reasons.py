"""A reason is printable and on one line, whoever writes it and wherever it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.actions import export_ledger, keep_scan, manage_seals, submit_paper, void_paper, withdraw_service
from app.errors import FanxiaoError, Refused
from app.law.reasons import reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast

BAD = "写错了日期\x01重做"


def test_a_reason_is_put_on_one_line() -> None:
    assert reason(" 日期\t写错了\r\n\u3000请重做 ", "请写明。") == "日期 写错了 请重做"


@pytest.mark.parametrize("bad", ["\x01", "\x0b", "\x1f", "\u200b", "\u202e", "\ufffe", "\ud800"])
def test_a_character_that_cannot_be_printed_is_named_with_its_place(bad: str) -> None:
    with pytest.raises(Refused, match="第6个字符是"):
        reason(f"写错了日期{bad}重做", "请写明。")


def test_too_few_and_too_many_words_are_refused() -> None:
    with pytest.raises(Refused, match="请写明原因"):
        reason(" 错 ", "请写明原因", least=2)
    with pytest.raises(Refused, match="最多3个字，现在有4个"):
        reason("写错日期", "请写明原因", most=3)


def test_every_reason_passes_here(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    desk, order = cast.desk, cast.submit_order()
    tries: list[Callable[[], object]] = [
        lambda: void_paper.void_paper(desk, cast.leader, order, BAD),
        lambda: submit_paper.return_paper(desk, cast.leader, order, BAD),
        lambda: withdraw_service.withdraw_service(desk, cast.leader, order, 1, BAD),
        lambda: manage_seals.reason(BAD),
        lambda: keep_scan.confirmation(BAD),
        lambda: export_ledger.export_ledger(desk, cast.school, export_ledger.Asked(revealed=True, reason=BAD)),
    ]
    for each in tries:
        with pytest.raises(FanxiaoError, match="第6个字符是控制字符"):
            each()
