"""The trail of a case: each act with its moment and person, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from app.records.audit import Line
    from app.records.papers import Paper

WORDS = {
    "open_case": "建案卷", "start_draft": "开始填写", "submit_paper": "送审签", "finish_record": "定稿待签名",
    "withdraw_paper": "撤回", "return_paper": "退回修改", "approve_paper": "签发", "void_paper": "作废",
    "produce_paper": "制成", "produce_again": "重新制作", "keep_scan": "上传扫描件", "record_service": "登记送达",
    "withdraw_service": "撤销送达登记",
    "compile_file": "立卷", "produce_file": "装订签名成卷",
    "production_failed": "没有制成", "binding_failed": "没有成卷",
}
"""A Chinese word for each verb of the audit chain that may stand in a case."""


@dataclass(frozen=True)
class Act:
    """One line of the trail."""

    at: datetime
    who: str
    what: str
    about: str


def lines(found: Sequence[Line], names: Mapping[int | None, str], papers: Sequence[Paper]) -> tuple[Act, ...]:
    """The acts, newest first."""
    titles = {row.id: row.title for row in papers}
    return tuple(
        Act(line.at, names.get(line.account_id) or "系统", WORDS.get(line.verb, line.verb),
            f"《{titles[line.subject_id]}》{line.detail.get('doc_no') or ''}"
            if line.noun == "paper" and line.subject_id in titles else "")
        for line in reversed(found))
