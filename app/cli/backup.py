"""Keeping: `flask backup`, `restore`, `backup-verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.actions import back_up as actions
from app.actions.desk import open_desk
from app.cli.answers import as_json, told
from app.settings import load_settings

if TYPE_CHECKING:
    from app.actions.back_up import Backup

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command("backup")
@FILE
@click.option("--with-keys", is_flag=True, help="连同签名密钥和口令密钥一起备份（这样的文件要锁起来）")
@click.option("--json", "in_json", is_flag=True, help="输出JSON")
@told
def backup(file: Path, *, with_keys: bool, in_json: bool) -> None:
    """备份登记库和全部文件，不用停机。例：flask backup 备份.tar.zst"""
    made = actions.back_up(open_desk(load_settings()), file.absolute(), with_keys=with_keys)
    _tell(made, f"已备份到 {file.name}", in_json=in_json)
    if made.missing:
        click.echo(f"注意：有{len(made.missing)}个登记过的文件不在文件库里，请运行 flask doctor。", err=True)


@click.command("restore")
@FILE
@click.option("--into", required=True, type=click.Path(file_okay=False, path_type=Path), help="恢复到这个空目录")
@click.option("--database-url", default="", help="同时恢复到这个空数据库（postgresql+psycopg://…）")
@click.option("--json", "in_json", is_flag=True, help="输出JSON")
@told
def restore(file: Path, into: Path, database_url: str, *, in_json: bool) -> None:
    """从备份恢复到一个空目录，以后用 FANXIAO_INSTANCE 指向它。例：flask restore 备份.tar.zst --into 新目录"""
    made = actions.restore(file.absolute(), into.absolute(), database_url)
    _tell(made, f"已恢复到 {into.name}，请再运行 flask init", in_json=in_json)


@click.command("backup-verify")
@FILE
@click.option("--json", "in_json", is_flag=True, help="输出JSON")
@told
def verify(file: Path, *, in_json: bool) -> None:
    """把备份恢复到临时位置，逐字节核对。例：flask backup-verify 备份.tar.zst"""
    _tell(actions.verify_backup(file.absolute()), "备份完整，可以恢复", in_json=in_json)


def _tell(made: Backup, said: str, *, in_json: bool) -> None:
    if in_json:
        as_json(vars(made))
    else:
        click.echo(f"{said}：{made.files}个文件，{made.bytes:,}字节，SHA-256 {made.sha256}")


COMMANDS = (backup, restore, verify)
"""What the command line gains from this module."""
