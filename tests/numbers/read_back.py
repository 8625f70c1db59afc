"""`python read_back.py PLACE TOTAL FOLDER`: what the database itself says of the numbers. Imports nothing of the product.

PLACE is the path of an SQLite file, or what libpq takes. FOLDER holds the numbers that were told to somebody. Answers
on one line and ends with 0 when 1…TOTAL are there, each once, none told that is not there, the counter stands at the
next one, and each has its line in an audit chain without gap; else with 1.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import psycopg

QUESTIONS = (
    "SELECT seq FROM papers WHERE organ = '演示吉强政' AND series = '责改' AND year = 2026 ORDER BY seq",
    "SELECT next FROM counters WHERE organ = '演示吉强政' AND series = '责改' AND year = 2026",
    "SELECT id, previous, digest, verb FROM audit ORDER BY id",
    "SELECT count(DISTINCT doc_no) FROM papers WHERE series = '责改'",
)


def answers(place: str) -> list[list[tuple[object, ...]]]:
    """The rows that answer each question."""
    if "dbname=" in place:
        with closing(psycopg.connect(place)) as server:
            return [server.execute(words.encode()).fetchall() for words in QUESTIONS]
    with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as file:
        return [file.execute(words).fetchall() for words in QUESTIONS]


def wrongs(place: str, total: int, folder: Path) -> list[str]:
    """All that does not hold, in words; empty when everything does."""
    found = []
    papers, counters, lines, names = answers(place)
    given = [int(str(row[0])) for row in papers]
    if given != list(range(1, total + 1)):
        doubled, missing = len(given) - len(set(given)), sorted({*range(1, total + 1)} - {*given})
        found.append(f"{len(given)} numbers instead of {total}, {doubled} doubled, missing {missing[:10]}")
    if counters != [(total + 1,)] or names != [(total,)]:
        found.append(f"the counter says {counters}, names {names}")
    told = [int(word) for each in folder.glob("*.told") for word in each.read_text().split()]
    if len(set(told)) != len(told) or not {*told} <= {*given}:
        found.append(f"{len({*told} - {*given})} numbers were told and are not there, or told twice")
    if [row[0] for row in lines] != list(range(1, len(lines) + 1)):
        found.append("the audit lines have a gap")
    if [row[1] for row in lines] != ["0" * 64, *(row[2] for row in lines[:-1])]:
        found.append("an audit line does not follow the one before")
    if sum(row[3] == "approve_paper" for row in lines) != total:
        found.append("not every number has its audit line")
    if not total * 0.9 < len(told) <= total:
        found.append(f"only {len(told)} were told")
    return found


if __name__ == "__main__":
    wrong = wrongs(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    print("; ".join(wrong) or f"{sys.argv[2]} numbers, each once, none missing")  # noqa: T201  (its answer)
    sys.exit(bool(wrong))
