"""The sheets of the 发文登记簿: what is looked for in it, and where a number series starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.forms.sheet import Sheet
from app.law.lives import PaperState
from app.papers import catalogue
from app.papers.kinds import Choice, Day, Group, Text, Whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

STATES = {PaperState.ISSUED.value: "已签发", PaperState.VOID.value: "作废"}
AREA = "area"
"""For the office: all in charge, said in so many words. What leaves the screen is else the own office's book."""
FIRST_YEAR, LAST_YEAR, MOST_SEQ = 1949, 2999, 999_999


def search_form(years: Sequence[int], words: Sequence[str], offices: Mapping[str, str], given: Any = None) -> Sheet:
    """The filter; each choice offers what the register holds."""
    kinds = {each.kind: each.title for each in catalogue.PAPERS if each.series}
    return Sheet((Group(title="查询", fields=(
        Choice(name="year", label="年份", required=False, options={str(each): f"{each}年" for each in years}),
        Choice(name="word", label="代字", required=False, options={each: each for each in words}),
        Choice(name="office", label="单位", required=False, options={**offices, AREA: "辖区各单位"}),
        Choice(name="kind", label="文种", required=False, options=kinds),
        Choice(name="state", label="状态", required=False, options=STATES),
        Day(name="first", label="成文日期从", required=False), Day(name="last", label="到", required=False),
        Text(name="text", label="文号或题名", required=False, max_length=40))),), {}, given)


def start_form(series: Sequence[str], year: int, given: Any = None) -> Sheet:
    """From which number a series of a year is given here."""
    return Sheet((Group(title="从几号起编", fields=(
        Choice(name="series", label="文种代字", options={each: each for each in series}),
        Whole(name="year", label="年份", least=FIRST_YEAR, most=LAST_YEAR),
        Whole(name="first", label="起始号", least=1, most=MOST_SEQ, hint="这以前的号已在纸上用过，系统不再编。"))),),
        {"series": series[0] if len(series) == 1 else "", "year": str(year)}, given)
