"""核对留痕链：this one file is a whole checker of the chain of what was done; it needs nothing of the service.

Usage: python verify_audit.py REGISTER [--head DIGEST …] [--json]

REGISTER is register.db (SQLite), a postgresql:// address (then psycopg is needed), or the exported chain (JSON Lines).
Each line holds the digest of the one before, and its own: SHA-256 over its canonical JSON (keys in order, no blanks,
UTF-8) without `digest`. A chain whose end was cut off is whole in itself: give the heads that were kept elsewhere (each
packet's manifest bears one under `audit_head`). Exit codes: 0 whole, 1 not, 2 it could not be read.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import sqlite3
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

FIRST = "0" * 64
COLUMNS = ("id", "at", "account_id", "verb", "noun", "subject_id", "case_id", "detail", "previous", "digest")
QUERY = f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY id"  # noqa: S608  (our own column names)


@dataclass(frozen=True)
class Verdict:
    """`first_bad` counts from 1; `lost_heads` were kept elsewhere and are no longer in the chain."""

    lines: int
    first_bad: int | None
    head: str
    lost_heads: tuple[str, ...]

    @property
    def valid(self) -> bool:
        return self.first_bad is None and not self.lost_heads


def digest_of(line: Mapping[str, Any]) -> str:
    """The digest that the line must bear."""
    content = {key: value for key, value in line.items() if key != "digest"}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True,
                                     separators=(",", ":")).encode()).hexdigest()


def verify(lines: Iterable[Mapping[str, Any]], kept: Sequence[str] = (), *, previous: str = FIRST, count: int = 0,
           ) -> Verdict:
    """Follow the chain to its end or to its first bad line. `previous`, `count`: where to go on from."""
    missing = [each for each in kept if each != FIRST]
    for line in lines:
        count += 1
        if set(line) != set(COLUMNS) or line["id"] != count or line["previous"] != previous \
                or digest_of(line) != line["digest"]:
            return Verdict(count, count, previous, ())
        previous = line["digest"]
        if previous in missing:
            missing.remove(previous)
    return Verdict(count, None, previous, tuple(missing))


def lines_of(place: str) -> Iterator[dict[str, Any]]:
    """The lines of a register or of an exported chain, in their order."""
    if place.startswith(("postgresql:", "postgres:", "postgresql+psycopg:")):
        yield from _postgresql(place)
        return
    with Path(place).open("rb") as file:
        if file.read(16).startswith(b"SQLite format 3"):
            yield from _sqlite(Path(place))
            return
        file.seek(0)
        yield from (json.loads(line) for line in file if line.strip())


def _sqlite(path: Path) -> Iterator[dict[str, Any]]:
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        for row in connection.execute(QUERY):
            line = dict(zip(COLUMNS, row, strict=True))
            yield line | {"at": _moment(datetime.fromisoformat(line["at"])), "detail": json.loads(line["detail"])}


def _postgresql(url: str) -> Iterator[dict[str, Any]]:
    import psycopg  # noqa: PLC0415  (only who has such a register needs it)

    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        for row in connection.execute(QUERY):
            line = dict(zip(COLUMNS, row, strict=True))
            yield line | {"at": _moment(line["at"])}


def _moment(value: datetime) -> str:
    """As the digest has it: UTC with its zone; the column has none."""
    return value.replace(tzinfo=UTC).isoformat()


def told(verdict: Verdict) -> str:
    """The verdict in Chinese."""
    if verdict.first_bad is not None:
        return f"第{verdict.first_bad}条起与链不符。"
    lost = [f"另存的链头 {each} 已不在链上，链的末尾被截断或改写。" for each in verdict.lost_heads]
    return "\n".join(lost) or f"留痕链完整，共{verdict.lines}条，链头 {verdict.head}。"


def main(arguments: Sequence[str] | None = None) -> int:
    """Check and say."""
    parser = argparse.ArgumentParser(description="核对留痕链")
    parser.add_argument("register", help="register.db、postgresql:// 地址或导出的 JSONL 文件")
    parser.add_argument("--head", action="append", default=[], help="另存的链头，可重复")
    parser.add_argument("--json", action="store_true", dest="in_json", help="输出JSON")
    asked = parser.parse_args(arguments)
    try:
        verdict = verify(lines_of(asked.register), asked.head)
    except (OSError, ValueError, sqlite3.Error, ImportError) as error:
        print(f"读不了：{error}", file=sys.stderr)
        return 2
    said = {"valid": verdict.valid, "first_bad": verdict.first_bad, "lost_heads": list(verdict.lost_heads),
            "lines": verdict.lines, "head": verdict.head}
    print(json.dumps(said, ensure_ascii=False, indent=1) if asked.in_json else told(verdict))
    return 0 if verdict.valid else 1


if __name__ == "__main__":
    sys.exit(main())
