"""How urgent something is, in a shape, a colour and words; local time; masked numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.law.lives import PaperState
from app.papers import catalogue
from app.papers.kinds import Life
from app.web.desk import the_desk

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.records.papers import Paper as Row

SOON_DAYS = 3
WEEKDAYS = "一二三四五六日"


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
    by_hand = row.state is PaperState.ISSUED and catalogue.paper(row.kind).life is not Life.ISSUED
    return Light(tone, "已定稿" if by_hand else row.state.label)


def weekday(day: date) -> str:
    """星期三."""
    return f"星期{WEEKDAYS[day.weekday()]}"


def local(moment: datetime) -> datetime:
    """An instant in the installation's zone."""
    return moment.astimezone(ZoneInfo(the_desk().settings.timezone)) if moment.tzinfo else moment


def entered_late(done: date | None, entered_at: datetime | None) -> date | None:
    """The day on which something was entered, when it was done on an earlier one (补录); else None."""
    if done is None or entered_at is None:
        return None
    entered = local(entered_at).date()
    return entered if done < entered else None


def masked(number: str) -> str:
    """640422********0013: enough to tell two apart, too little to use."""
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}" if len(number) > 10 else "*" * len(number)  # noqa: PLR2004  (six and four digits stay)
