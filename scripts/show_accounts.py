"""Prints the demo accounts of `flask demo --json` office by office: who may sign in, and as what."""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

HEAD = ("职责", "登录名", "密码", "姓名", "单位")


def width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows of equal length as aligned lines."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def accounts(path: Path) -> list[tuple[str, ...]]:
    """The accounts of the file, what a person does first."""
    listed = json.loads(path.read_text("utf-8"))["accounts"]
    return [("、".join(a["roles"]), a["login"], a["password"], a["name"], a["office"]) for a in listed]


if __name__ == "__main__":
    print("\n演示账号（数据全部虚构），先看 township、leader、school")
    print("demo accounts, all invented; begin with township, leader, school\n")
    print(table([HEAD, *accounts(Path(sys.argv[1]))]))
