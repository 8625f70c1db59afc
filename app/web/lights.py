"""How urgent something is, in a shape, a colour and words; local time; masked numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.law.lives import PaperState
from app.papers import catalogue
from app.papers.kinds import Life
from app.web.desk import the_desk

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.records.papers import Paper as Row

SOON_DAYS = 3


@dataclass(frozen=True)
class Light:
    """`tone` is r (late), y (soon), g (in time) or n (nothing to watch); the text says the same in words."""

    tone: str
    text: str
    due: date | None = None


def of_deadline(due: date, today: date) -> Light:
    """The light of a last day: it still counts on that day itself."""
    left = (due - today).days
    if left < 0:
        return Light("r", f"逾期{-left}天", due)
    if left == 0:
        return Light("y", "今天", due)
    return Light("y" if left <= SOON_DAYS else "g", f"{due.month}月{due.day}日", due)


def of_state(row: Row) -> Light:
    """The light of a paper's state. A record is signed by hand and a receipt by the party: nobody 签发 them."""
    tone = {"draft": "n", "submitted": "y", "issued": "g", "void": "n"}[row.state.value]
    if row.late and row.state is not PaperState.VOID:
        return Light(tone, {"draft": "补录退回", "submitted": "补录待同意"}.get(row.state.value, "已补录"))
    by_hand = row.state is PaperState.ISSUED and catalogue.paper(row.kind).life is not Life.ISSUED
    return Light(tone, "已定稿" if by_hand else row.state.label)


def entered_late(done: date | None, entered_at: datetime | None) -> date | None:
    """The day on which something was entered, when it was done on an earlier one (补录); else None."""
    if done is None or entered_at is None:
        return None
    entered = the_desk().clock.day_of(entered_at)
    return entered if done < entered else None
