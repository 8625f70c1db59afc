"""`flask calendar`: holidays, make-up days and vacations, entered when their notices come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.actions import keep_calendar
from app.actions.desk import open_desk
from app.cli.answers import told
from app.cli.law import Day, Period
from app.settings import load_settings

if TYPE_CHECKING:
    from datetime import date


@click.group("calendar")
def calendar() -> None:
    """日历：放假、补班、寒暑假。例：flask calendar vacation 2027-01-16:2027-02-28 --name 寒假"""


@calendar.command("day")
@click.argument("day", type=Day())
@click.argument("kind", type=click.Choice(["off", "work", "plain"]))
@click.option("--name", default="", help="名称，如 古尔邦节")
@told
def calendar_day(day: date, kind: str, name: str) -> None:
    """录入放假（off）或补班（work），plain为撤销。例：flask calendar day 2027-05-17 off --name 古尔邦节"""
    keep_calendar.set_day(open_desk(load_settings()), day, kind, name)
    click.echo("已保存。")


@calendar.command("publish")
@click.argument("year", type=int)
@told
def calendar_publish(year: int) -> None:
    """声明某年放假通知已录全。例：flask calendar publish 2027"""
    keep_calendar.publish_year(open_desk(load_settings()), year)
    click.echo("已保存。")


@calendar.command("vacation")
@click.argument("period", type=Period())
@click.option("--name", required=True, help="名称，如 寒假")
@told
def calendar_vacation(period: tuple[date, date], name: str) -> None:
    """录入寒暑假，缺课天数在假期内不计。例：flask calendar vacation 2027-01-16:2027-02-28 --name 寒假"""
    keep_calendar.set_vacation(open_desk(load_settings()), *period, name)
    click.echo("已保存。")
