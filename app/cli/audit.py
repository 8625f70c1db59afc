"""`flask audit`: check the chain of what was done, and take it out whole for whoever checks it elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import click

from app.actions.desk import open_desk
from app.cli.answers import as_json, told
from app.records import audit as chain
from app.records import packets
from app.settings import load_settings

if TYPE_CHECKING:
    from app.actions.desk import Desk


def _desk() -> Desk:
    return open_desk(load_settings())


@click.group("audit")
def audit() -> None:
    """留痕链。例：flask audit verify"""


@audit.command("verify")
@click.option("--json", "in_json", is_flag=True, help="输出JSON")
@click.option("--head", "kept", multiple=True, help="另存的链头，可重复")
@told
def audit_verify(*, in_json: bool, kept: tuple[str, ...]) -> None:
    """核对留痕链，报告第一条不符的，以及卷宗或另存的链头里已不在链上的。例：flask audit verify"""
    with _desk().register.reading() as db:
        bad, head = chain.first_bad(db), chain.head(db)
        heads = {**packets.kept_heads(db), **{each: each for each in kept}}
        lost = [name for name, digest in heads.items() if not chain.has(db, digest)]
    valid = bad is None and not lost
    if in_json:
        as_json({"valid": valid, "first_bad": bad, "lost_heads": lost, "head": head})
    else:
        found = [] if bad is None else [f"第{bad}条起与链不符。"]
        found += [f"{name} 记下的链头已不在链上，链的末尾被截断或改写。" for name in lost]
        click.echo("\n".join(found) or "留痕链完整。")
    if not valid:
        raise SystemExit(1)


@audit.command("export")
@click.argument("file", type=click.File("wb", lazy=False))
@told
def audit_export(file: BinaryIO) -> None:
    """导出整条留痕链（JSON Lines），可用 scripts/verify_audit.py 核对。例：flask audit export 留痕.jsonl"""
    with _desk().register.reading() as db:
        file.writelines(chain.exported(line).encode() + b"\n" for line in chain.everything(db))
