"""What every rule that needs working days or texts of law is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from app.law.statutes import Statutes
    from app.law.working_days import WorkingDays


@dataclass(frozen=True)
class Lawbook:
    """The working days and the texts of law in force for this installation."""

    days: WorkingDays
    statutes: Statutes
    vacations: tuple[tuple[date, date], ...] = ()
    """First and last day of each school vacation."""
