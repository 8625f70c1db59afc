"""Running the service: `flask init`, `demo`, `account`, `office`, `doctor`, `serve` and its parts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.actions import manage_accounts, set_up
from app.actions.demo import make, walk
from app.actions.desk import Desk, open_desk
from app.cli.answers import as_json, told
from app.cli.doctor import examine
from app.cli.processes import become_press, become_web, serve, work
from app.law.offices import Role
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
            _tell_people(make(ready), in_json=in_json)


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


@click.group("account")
def account() -> None:
    """账号：新增、停用、重置口令。例：flask account add ma --name 马某某 --office 640422100 --role township_clerk"""


@account.command("add")
@click.argument("login")
@click.option("--name", required=True, help="姓名")
@click.option("--office", required=True, help="单位代码")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([each.value for each in Role]),
              help="角色，可重复")
@click.option("--cert-no", default="", help="执法证号")
@told
def account_add(login: str, name: str, office: str, roles: tuple[str, ...], cert_no: str) -> None:
    """新增账号，打印一次性口令。例：flask account add ma --name 马某某 --office 640422100 --role township_clerk"""
    password = manage_accounts.add_account(_desk(), manage_accounts.NewAccount(
        login, name, office, frozenset(Role(each) for each in roles), cert_no))
    click.echo(f"账号 {login} 口令 {password}")


@account.command("disable")
@click.argument("login")
@told
def account_disable(login: str) -> None:
    """停用账号，立即退出所有登录。例：flask account disable ma"""
    manage_accounts.disable_account(_desk(), login)
    click.echo(f"已停用 {login}。")


@account.command("reset")
@click.argument("login")
@told
def account_reset(login: str) -> None:
    """重置口令并解锁。例：flask account reset ma"""
    click.echo(f"账号 {login} 新口令 {manage_accounts.reset_password(_desk(), login)}")


@click.group("office")
def office() -> None:
    """单位：机关代字、联系人、学校、文号起始号。例：flask office set 640422100 --organ-code 吉强政"""


@office.command("set")
@click.argument("code")
@click.option("--organ-code", default="", help="机关代字")
@click.option("--contact", default="", help="联系人")
@click.option("--phone", default="", help="联系电话")
@click.option("--name", default="", help="单位名称")
@click.option("--full-name", default="", help="印章上的全称")
@told
def office_set(code: str, organ_code: str, contact: str, phone: str, name: str, full_name: str) -> None:
    """设置单位。例：flask office set 640422100 --organ-code 吉强政 --contact 马某某 --phone 13900000000"""
    set_up.set_office(_desk(), set_up.OfficeSettings(code, organ_code, contact, phone, name, full_name))
    click.echo("已保存。")


@office.command("school")
@click.argument("code")
@click.option("--name", required=True, help="学校名称")
@click.option("--township", required=True, help="所在乡镇（街道）代码")
@told
def office_school(code: str, name: str, township: str) -> None:
    """新增学校。例：flask office school S640422001 --name 演示中学 --township 640422100"""
    set_up.add_school(_desk(), set_up.NewSchool(code, name, township))
    click.echo("已保存。")


@office.command("series")
@click.argument("code")
@click.option("--series", required=True, help="文种代字，如 责改")
@click.option("--year", required=True, type=int, help="年份")
@click.option("--start", required=True, type=int, help="从几号起")
@told
def office_series(code: str, series: str, year: int, start: int) -> None:
    """文号从某号起编（之前的号已在纸上用过）。例：flask office series 640422100 --series 责改 --year 2026 --start 8"""
    set_up.start_series(_desk(), code, series, year, start)
    click.echo("已保存。")


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


COMMANDS = (init, demo, account, office, doctor, press_command, web_command, worker_command,
            serve_command)
