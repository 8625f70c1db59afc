"""Running the service: `flask init`, `demo`, `doctor`, `serve` and its parts."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.actions import set_up, sweep_files
from app.actions.demo import make, walk
from app.actions.desk import Desk, open_desk
from app.cli.answers import as_json, told
from app.cli.doctor import examine
from app.cli.people import account, office
from app.cli.processes import become_press, become_web, serve, work
from app.outside import shipped
from app.outside.press import running_press
from app.records import schema, workdays
from app.settings import load_settings

if TYPE_CHECKING:
    from app.actions.demo import Person
    from app.law.lawbook import Lawbook


def _desk() -> Desk:
    return open_desk(load_settings())


def lawbook() -> tuple[Lawbook, str]:
    """The statutes with the register's working days if there is a register, else with the shipped ones."""
    settings = load_settings()
    if settings.database_url or (settings.instance / "register.db").exists():
        desk = _desk()
        if not schema.behind(desk.register):
            with desk.register.reading() as db:
                if workdays.load(db).years:
                    return desk.lawbook(db), "register"
    return shipped.lawbook(), "seed"


@click.command("init")
@told
def init() -> None:
    """建库、录入单位和工作日历、生成密钥。例：flask init（可重复运行）"""
    for line in set_up.set_up(_desk()):
        click.echo(line)
    click.echo("初始化完成。")


@click.command("demo")
@click.option("--json", "in_json", is_flag=True, help="输出JSON")
@click.option("--walk", "walking", is_flag=True, help="不用浏览器，从学校报告办到签名卷宗")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="卷宗等文件放到这里（与--walk同用）")
@told
def demo(*, in_json: bool, walking: bool, out: Path | None) -> None:
    """写入演示数据（全部虚构）。例：flask demo --walk --out 演示"""
    settings = load_settings()
    desk = _desk()
    schema.require_head(desk.register)
    with running_press(settings) as press:
        ready = replace(desk, press=press)
        if walking:
            made = walk(ready, out or settings.instance / "demo", say=partial(click.echo, err=True))
            _tell_files(made, in_json=in_json)
        else:
            _tell_people(make(ready, say=partial(click.echo, err=True)), in_json=in_json)


def _tell_files(made: list[Path], *, in_json: bool) -> None:
    if in_json:
        as_json({"files": [str(each) for each in made]})
        return
    for each in made:
        click.echo(str(each))


def _tell_people(people: tuple[Person, ...], *, in_json: bool) -> None:
    if in_json:
        as_json({"accounts": [vars(each) for each in people]})
        return
    for each in people:
        click.echo(f"{each.login}\t{each.password}\t{each.name}\t{'、'.join(each.roles)}\t{each.office}")


@click.command("doctor")
@click.option("--json", "in_json", is_flag=True, help="输出JSON")
@told
def doctor(*, in_json: bool) -> None:
    """检查每个外部部件。例：flask doctor"""
    findings = examine(load_settings())
    if in_json:
        as_json([vars(each) for each in findings])
    else:
        for each in findings:
            click.echo(f"[{each.state:>4}] {each.part}：{each.message}{each.advice}")
    if any(each.state == "fail" for each in findings):
        raise SystemExit(3)


@click.command("sweep")
@click.option("--deep", is_flag=True, help="逐个读出文件，核对内容")
@click.option("--json", "in_json", is_flag=True, help="输出JSON")
@told
def sweep(*, deep: bool, in_json: bool) -> None:
    """核对文件库与登记，不用停机；后台每夜自动做一次。例：flask sweep --deep"""
    desk = _desk()
    schema.require_head(desk.register)
    found = sweep_files.sweep(desk, deep=deep)
    if in_json:
        as_json(asdict(found))
    else:
        click.echo(f"移出{found.laid_aside}个无主文件，清除{found.halves}个残件和{found.thrown_away}个过期文件，"
                   f"找回{found.brought_back}个，重做{found.printed_again}件，缺损{len(found.lost)}个。")
        for each in found.lost:
            click.echo(f"缺损：{each.address}（{each.table} {each.row}），请从备份恢复。", err=True)
    if found.lost:
        raise SystemExit(3)


@click.command("press")
@told
def press_command() -> None:
    """启动打印服务（LibreOffice）。例：flask press"""
    become_press(load_settings())


@click.command("web")
@told
def web_command() -> None:
    """启动网页服务（gunicorn）。例：flask web"""
    become_web(load_settings())


@click.command("worker")
@click.option("--workers", type=click.IntRange(1, 64), help="同时做几件")
@told
def worker_command(workers: int | None) -> None:
    """启动后台制作。例：flask worker --workers 2"""
    work(load_settings(), workers)


@click.command("serve")
@told
def serve_command() -> None:
    """同时启动打印、后台和网页服务。例：flask serve"""
    serve(load_settings())


COMMANDS = (init, demo, account, office, doctor, sweep, press_command, web_command, worker_command,
            serve_command)
