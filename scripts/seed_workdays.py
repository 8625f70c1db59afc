"""Make app/outside/data/workdays.csv from the holiday notices that the package chinesecalendar records.

Only days that differ from the weekend rule are written. The regional holidays (开斋节, 古尔邦节) are in no
package: they are added by the administrator from the region's notice of each year.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

YEARS = (2024, 2025, 2026)
NAMES = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "National Day": "国庆节", "Mid-autumn Festival": "中秋节",
}
TARGET = Path(__file__).resolve().parent.parent / "app" / "outside" / "data" / "workdays.csv"
SATURDAY = 5


def rows() -> list[tuple[str, str, str, str]]:
    """date, kind, name, source for each day that differs; years are told by rows of kind `year`."""
    found = [(str(year), "year", "", "国务院办公厅放假通知") for year in YEARS]
    day = date(YEARS[0], 1, 1)
    while day.year <= YEARS[-1]:
        if day in holidays:
            found.append((day.isoformat(), "off", NAMES[holidays[day]], "国务院办公厅放假通知"))
        elif day in workdays:
            found.append((day.isoformat(), "work", f"{NAMES[workdays[day]]}调休上班", "国务院办公厅放假通知"))
        expected = day.weekday() < SATURDAY
        if chinese_calendar.is_workday(day) != expected and day not in holidays and day not in workdays:
            raise SystemExit(f"{day}: the package differs from the weekend rule without saying why")
        day += timedelta(days=1)
    return found


if __name__ == "__main__":
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("date", "kind", "name", "source"))
        writer.writerows(rows())
    print(TARGET.name)
