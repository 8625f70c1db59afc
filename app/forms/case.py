"""The sheet that opens a case: absent since when, and why (附件2 codes A–T)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.forms.sheet import Sheet
from app.law.dropout import REASONS
from app.papers.kinds import Choice, Day, Group

if TYPE_CHECKING:
    from typing import Any

GROUPS = (Group(title="未到校情况", fields=(
    Day(name="first_absent_on", label="首次缺课日", basis="《办法》二（二）",
        hint="无正当理由没有到校的第一天；疑似辍学和辍学都从这一天算起。"),
    Choice(name="reason_code", label="未到校原因", basis="《办法》附件2",
           options={code: f"{code}　{each.label}" for code, each in REASONS.items()}),
)),)


def case_form(given: Any = None) -> Sheet:
    """The sheet, empty or as the browser sent it."""
    return Sheet(GROUPS, None, given)
