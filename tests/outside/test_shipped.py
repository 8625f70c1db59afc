from __future__ import annotations

from datetime import date

import chinese_calendar

from app.outside import shipped


def test_the_divisions_are_the_65_of_the_city() -> None:
    found = shipped.divisions()
    assert len(found) == 65
    assert {each.county_code for each in found} == {each.code for each in shipped.counties()}
    assert [each.name for each in found if each.is_street] == ["南关街道", "古雁街道", "北塬街道"]
    assert all(each.code.startswith(each.county_code) and len(each.code) == 9 for each in found)


def test_the_counties_are_five() -> None:
    assert [each.name for each in shipped.counties()] == ["原州区", "西吉县", "隆德县", "泾源县", "彭阳县"]


def test_the_working_days_agree_with_the_holiday_notices() -> None:
    days = shipped.working_days()
    assert days.years == {2024, 2025, 2026}
    for year in sorted(days.years):
        for number in range(366):
            day = date.fromordinal(date(year, 1, 1).toordinal() + number)
            if day.year == year:
                assert days.is_working(day) == chinese_calendar.is_workday(day), day


def test_every_day_off_has_a_chinese_name() -> None:
    days = shipped.working_days()
    names = [*days.off.values(), *days.work.values()]
    assert all(name and not name.isascii() for name in names)
    assert days.why_off(date(2026, 9, 25)) == "中秋节"


def test_the_texts_hold_268_articles_with_unique_numbers() -> None:
    articles = shipped.statutes().articles
    assert len(articles) == 268
    assert len({(each.law, each.article) for each in articles}) == 268


def test_the_lawbook_joins_both_and_is_read_once() -> None:
    assert shipped.lawbook() is shipped.lawbook()
    assert shipped.lawbook().days is shipped.working_days()
