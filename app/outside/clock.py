"""The only place that asks what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Clock:
    """Moments in UTC, days of law in the place's zone."""

    zone: str = "Asia/Shanghai"

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The present day of law."""
        return self.day_of(self.now())

    def day_of(self, moment: datetime) -> date:
        """The day of law on which a moment lies."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def local(self, moment: datetime) -> datetime:
        """The moment as the wall clock of the place shows it (naive)."""
        return moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
