"""发文登记簿: every numbered paper in its order; a void one keeps its number, struck through."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from flask import render_template, request

from app.law.powers import Power
from app.records import papers
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.typing import ResponseReturnValue

    from app.records.papers import Paper as Row

pages = Pages("register")


@pages.page("/register", Power.VIEW_REGISTER)
def index() -> ResponseReturnValue:
    """The register of a year, or of all years."""
    year = request.args.get("year", "")
    with the_desk().register.reading() as db:
        everything = papers.register_rows(db, the_actor())
    rows = [row for row in everything if not year or str(row.year) == year]
    own = [row for row in rows if row.office_id == the_actor().office_id]
    return render_template("register/index.html", rows=rows, year=year, gaps=gap_lines(own),
                           years=sorted({row.year for row in everything if row.year}, reverse=True))


def gap_lines(rows: Iterable[Row]) -> tuple[str, ...]:
    """For each series of the office: 2026年 西政责改 1—12号，无缺号. Only its own: of others not all are seen."""
    series: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in rows:
        if row.year and row.seq:
            series[row.year, f"{row.organ}{row.series}"].append(row.seq)
    lines = []
    for (year, word), found in sorted(series.items()):
        missing = sorted(set(range(min(found), max(found) + 1)) - set(found))
        said = f"缺{'、'.join(map(str, missing))}号" if missing else "无缺号"
        lines.append(f"{year}年 {word} {min(found)}—{max(found)}号，{said}")
    return tuple(lines)
