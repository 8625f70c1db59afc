"""Which days are worked (《全国年节及纪念日放假办法》第二条至第七条; 民法典第二百零三条“法定休假日”).

Saturday and Sunday rest unless the table says work; every other day is worked unless the table says off. The
days that the autonomous region adds (开斋节, 古尔邦节: 放假办法第四条) are further rows of the table, never
computed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """The days that differ from the weekend rule, each by name; the years whose notice is published."""

    off: Mapping[date, str] = field(default_factory=dict)
    work: Mapping[date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Freeze the tables. Raises Refused for a day both off and work, or off without a name."""
        if both := sorted(self.off.keys() & self.work.keys()):
            raise Refused(f"{both[0].isoformat()}在工作日表中既是休假日又是工作日。", where="workdays",
                          advice="请按放假通知删去其中一行。")
        if unnamed := sorted(day for day, name in self.off.items() if not name.strip()):
            raise Refused(f"{unnamed[0].isoformat()}是休假日，但没有名称。", where="workdays",
                          advice="请写明节日名称。")
        object.__setattr__(self, "off", MappingProxyType(dict(self.off)))
        object.__setattr__(self, "work", MappingProxyType(dict(self.work)))

    def is_working(self, day: date) -> bool:
        return not self.why_off(day)

    def why_off(self, day: date) -> str:
        """Name of the holiday, 周六 or 周日; empty for a working day."""
        if day in self.work:
            return ""
        if name := self.off.get(day):
            return name
        return WEEKDAYS[day.weekday()] if day.weekday() >= SATURDAY else ""

    def published(self, year: int) -> bool:
        """Whether the holiday notice of `year` is in the table; if not, only the weekend rule was applied."""
        return year in self.years
