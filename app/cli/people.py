"""Offices and people from the shell of the machine: `flask account`, `flask office`."""

from __future__ import annotations

from pathlib import Path

import click

from app.actions import import_offices, manage_accounts, manage_offices, number_rules, set_up
from app.actions.desk import Desk, open_desk
from app.cli.answers import as_json, told
from app.intake import sheets
from app.law.offices import Role
from app.settings import load_settings


def _desk() -> Desk:
    return open_desk(load_settings())


@click.group("account")
def account() -> None:
    """账号：新增、停用、启用、重置。例：flask account add ma --name 马某某 --office 640422100 --role township_clerk"""


@account.command("add")
@click.argument("login")
@click.option("--name", required=True, help="姓名")
@click.option("--office", required=True, help="单位代码")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([each.value for each in Role]),
              help="角色，可重复：" + "、".join(f"{each.value} {each.label}" for each in Role))
@click.option("--cert-no", default="", help="执法证号")
@told
def account_add(login: str, name: str, office: str, roles: tuple[str, ...], cert_no: str) -> None:
    """新增账号，打印初始口令。例：flask account add ma --name 马某某 --office 640422100 --role seal_keeper"""
    password = manage_accounts.add_account(_desk(), None, manage_accounts.NewAccount(
        login, name, office, frozenset(Role(each) for each in roles), cert_no))
    click.echo(f"账号 {login} 口令 {password}")


@account.command("disable")
@click.argument("login")
@told
def account_disable(login: str) -> None:
    """停用账号，立即退出所有登录。例：flask account disable ma"""
    desk = _desk()
    manage_accounts.disable_account(desk, None, manage_accounts.id_of(desk, login))
    click.echo(f"已停用 {login}。")


@account.command("enable")
@click.argument("login")
@told
def account_enable(login: str) -> None:
    """启用停用的账号。例：flask account enable ma"""
    desk = _desk()
    manage_accounts.enable_account(desk, None, manage_accounts.id_of(desk, login))
    click.echo(f"已启用 {login}。")


@account.command("reset")
@click.argument("login")
@click.option("--second-factor", is_flag=True, help="同时解除手机验证码（手机丢失）")
@told
def account_reset(login: str, *, second_factor: bool) -> None:
    """重置口令并解锁；手机丢失加 --second-factor。例：flask account reset ma --second-factor"""
    desk = _desk()
    key = manage_accounts.id_of(desk, login)
    if second_factor:
        manage_accounts.reset_second_factor(desk, None, key)
    click.echo(f"账号 {login} 新口令 {manage_accounts.reset_password(desk, None, key)}")


@click.group("office")
def office() -> None:
    """单位：机关代字、联系人、学校、文号起始号、导入。例：flask office set 640422100 --organ-code 吉强政"""


@office.command("set")
@click.argument("code")
@click.option("--organ-code", help="机关代字")
@click.option("--contact", help="联系人")
@click.option("--phone", help="联系电话")
@click.option("--name", help="单位名称")
@click.option("--full-name", help="印章上的全称")
@click.option("--typed-numbers/--own-numbers", "typed", default=None,
              help="文号由本单位办公室（党政办）编、签发时填入，或由本系统编")
@told
def office_set(code: str, *, typed: bool | None, **given: str | None) -> None:
    """设置单位。例：flask office set 640422100 --organ-code 吉强政 --contact 马某某 --phone 13900000000"""
    if any(value is not None for value in given.values()) or typed is None:
        manage_offices.set_office(_desk(), None, manage_offices.OfficeSettings(code, **given))
    if typed is not None:
        number_rules.set_typed_numbers(_desk(), None, code, typed=typed)
    click.echo("已保存。")


@office.command("school")
@click.argument("code")
@click.option("--name", required=True, help="学校名称")
@click.option("--township", required=True, help="所在乡镇（街道）代码")
@told
def office_school(code: str, name: str, township: str) -> None:
    """新增学校。例：flask office school S640422001 --name 演示中学 --township 640422100"""
    manage_offices.add_school(_desk(), None, manage_offices.NewSchool(code, name, township))
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


@office.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只核对，不导入")
@click.option("--json", "in_json", is_flag=True, help="输出JSON")
@told
def office_import(file: Path, *, dry_run: bool, in_json: bool) -> None:
    """从表格导入学校、班级、村和账号，打印初始口令。例：flask office import 单位和人员.xlsx --dry-run"""
    desk, found = _desk(), sheets.read(file.read_bytes(), file.name)
    plan = import_offices.look_at_offices(desk, None, found)
    write = not dry_run and not plan.problems and plan.count
    handed = import_offices.import_offices(desk, None, found, plan.fingerprint) if write else ()
    counts = {"schools": len(plan.schools), "changed": len(plan.settings), "classes": len(plan.classes),
              "villages": len(plan.villages), "accounts": len(plan.accounts), "unchanged": plan.unchanged}
    if in_json:
        as_json({"imported": bool(write), **counts, "passwords": [vars(each) for each in handed],
                 "problems": [{"where": each.where, "message": each.message + each.advice} for each in plan.problems]})
    else:
        _tell(plan, handed, imported=bool(write))
    if plan.problems:
        raise SystemExit(1)


def _tell(plan: import_offices.Plan, handed: tuple[import_offices.Handed, ...], *, imported: bool) -> None:
    for problem in plan.problems:
        click.echo(f"{problem.where}：{problem.message}{problem.advice}")
    click.echo(f"{'已导入' if imported else '没有导入，只是核对'}：新增学校{len(plan.schools)}所、"
               f"更新{len(plan.settings)}所、班级{len(plan.classes)}个、村{len(plan.villages)}个、账号{len(plan.accounts)}个；"
               f"已有不变{plan.unchanged}行；错误{len(plan.problems)}处。")
    for each in handed:
        click.echo(f"{each.login}\t{each.password}\t{each.name}\t{each.office}")
