"""`flask law`: the rules of law on the command line.

Needs no data, and the register's calendar if there is one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from app.errors import FanxiaoError
from app.law import calendar, deadlines, dropout, identity
from app.outside import shipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.law.lawbook import Lawbook

CALENDARS = {"register": "登记库的工作日表", "seed": "随程序附带的工作日表"}
PERIOD_PARTS = 2
T = TypeVar("T")


@dataclass
class Source:
    """Where the lawbook comes from: answers it with `register` or `seed`.

    The start of the program may set `ask`.
    """

    ask: Callable[[], tuple[Lawbook, str]]


lawbook_source = Source(lambda: (shipped.lawbook(), "seed"))


class Day(click.ParamType[date]):
    """A day written 2026-09-18."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Answer the day, or end with exit code 2."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期，应写成 2026-09-18 的样子。", param, ctx)


class Period(click.ParamType[tuple[date, date]]):
    """Two days with a colon: first and last day of a vacation."""

    name = "起:止"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[date,
                                                                                                     date]:
        """Answer both days, or end with exit code 2."""
        parts = value if isinstance(value, tuple) else value.split(":")
        if len(parts) != PERIOD_PARTS:
            self.fail(f"“{value}”不是起止日期，应写成 2027-01-16:2027-02-28 的样子。", param, ctx)
        day = Day()
        return day.convert(parts[0], param, ctx), day.convert(parts[1], param, ctx)


as_json = click.option("--json", "as_json", is_flag=True, help="只输出一个 JSON 值。")


@click.group("law",
             help="法定期限、上报日期、缺课状态、证件号码和法条。\n\n"
             "例：flask law due --from 2026-09-18 --days 7")
def law_group() -> None:
    """Group the commands."""


@law_group.command("due", help="算法定期限的最后一日。\n\n例：flask law due --from 2026-09-18 --days 7")
@click.option("--from", "start", type=Day(), required=True, help="起算当日（不计入期限）。")
@click.option("--days", type=int, required=True, help="日数。")
@click.option("--working", is_flag=True, help="按工作日计算。")
@as_json
def due(start: date, days: int, *, working: bool, as_json: bool) -> None:
    """Print the last day of a term and how it was reached."""
    lawbook, calendar_name = lawbook_source.ask()
    term = _try(lambda: deadlines.due(start, days, lawbook.days, working=working))
    steps = [{"date": note.date.isoformat(), "why": note.why} for note in term.notes]
    if as_json:
        _json({"due": term.due.isoformat(), "calendar": calendar_name, "published": term.published,
               "steps": steps})
        return
    unit = "工作日" if working else "自然日"
    click.echo(f"期限最后一日：{deadlines.chinese_date(term.due)}（{unit}{days}日）")
    for step in steps:
        click.echo(f"  {step['date']} {step['why']}")
    _say_calendar(calendar_name, published=term.published)


@law_group.command(
    "report-dates",
    help="一年六次上报的日期。\n\n例：flask law report-dates --year 2026 --term-start 2026-03-02 "
    "--term-start 2026-09-01")
@click.option("--year", type=click.IntRange(2000, 2100), required=True, help="年份。")
@click.option("--term-start", "starts", type=Day(), multiple=True, required=True,
              help="学期第一个上课日，可重复。")
@as_json
def report_dates(year: int, starts: tuple[date, ...], *, as_json: bool) -> None:
    """Print when the reports of a year are due."""
    lawbook, calendar_name = lawbook_source.ask()
    dates = _try(lambda: calendar.report_dates(year, starts, lawbook.days))
    if as_json:
        _json([{"kind": each.kind.value, "due": each.due.isoformat()} for each in dates])
        return
    for each in dates:
        moved = f"（{each.nominal.isoformat()}休假，提前）" if each.due != each.nominal else ""
        click.echo(f"{each.due.isoformat()} {each.kind.label}{moved}")
    _say_calendar(calendar_name, published=all(each.published for each in dates))


@law_group.command(
    "absence",
    help="算缺课、疑似辍学、辍学的状态。\n\n例：flask law absence --first-absent 2026-09-07 --on 2026-10-20")
@click.option("--first-absent", "first", type=Day(), required=True, help="首次无故缺课的上课日。")
@click.option("--on", "on", type=Day(), required=True, help="要看哪一天的状态。")
@click.option("--returned", type=Day(), help="返校日期。")
@click.option("--vacation", "vacations", type=Period(), multiple=True, help="假期起止，可重复，期间不计。")
@as_json
def absence(
    first: date, on: date, returned: date | None, vacations: tuple[tuple[date, date], ...],
    *, as_json: bool,
) -> None:
    """Print the state of a child on a day."""
    found = _try(lambda: dropout.absence(first, on, returned, vacations))
    suspected, out = (day.isoformat() if day else None for day in (found.suspected_on, found.dropout_on))
    if as_json:
        _json({"state": found.state.value, "suspected_on": suspected, "dropout_on": out})
        return
    click.echo(f"{on.isoformat()}的状态：{found.state.label}")
    click.echo(f"疑似辍学：{suspected or '未发生'}；辍学：{out or '未发生'}")


@law_group.command("id", help="核对身份证号（不显示完整号码）。\n\n例：flask law id 640499201103150022")
@click.argument("number")
@as_json
def check_id(number: str, *, as_json: bool) -> None:
    """Print whether an identity number holds."""
    try:
        found = identity.IdentityNumber.parse(number)
    except ValueError as error:
        if as_json:
            _json({"valid": False, "error": str(error)})
        else:
            click.echo(str(error), err=True)
        raise SystemExit(1) from None
    if as_json:
        _json({"valid": True, "sex": found.sex, "birth_date": found.birth_date.isoformat(),
               "warnings": list(found.warnings)})
        return
    click.echo(f"{found.masked} 有效，{found.sex}，{deadlines.chinese_date(found.birth_date)}出生")
    for warning in found.warnings:
        click.echo(f"注意：{warning}")


@law_group.command("cite", help="查法条原文。\n\n例：flask law cite 义务教育法 58")
@click.argument("law")
@click.argument("article", type=int)
@click.option("--paragraph", type=int, help="第几款。")
@click.option("--item", type=int, help="第几项。")
@as_json
def cite(law: str, article: int, paragraph: int | None, item: int | None, *, as_json: bool) -> None:
    """Print an article."""
    lawbook, _ = lawbook_source.ask()
    found = _try(lambda: lawbook.statutes.cite(law, article, paragraph, item))
    if as_json:
        _json({"label": found.label, "text": found.text})
        return
    click.echo(found.label)
    click.echo(found.text)


def _try(ask: Callable[[], T]) -> T:
    """The answer, or the reason on stderr and the exit code of the error."""
    try:
        return ask()
    except FanxiaoError as error:
        _end(error)


def _end(error: FanxiaoError) -> NoReturn:
    click.echo(str(error), err=True)
    raise SystemExit(error.exit_code) from None


def _say_calendar(name: str, *, published: bool) -> None:
    click.echo(f"依据：{CALENDARS[name]}")
    if not published:
        click.echo("注意：所涉年份的放假通知尚未收录，只按周末推算。")


def _json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))
