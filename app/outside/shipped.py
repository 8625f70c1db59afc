"""The data that come with the program: texts of law, divisions, working days.

Read once, given as values of law.

Sources: LawRefBook/Laws (commit 2f4c5c23, 2025-04-19) for the texts; the national divisions list for
townships and streets; the State Council's yearly holiday notices for the working days
(scripts/seed_workdays.py).
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from app.law.lawbook import Lawbook
from app.law.statutes import Article, Statutes
from app.law.working_days import WorkingDays

if TYPE_CHECKING:
    from collections.abc import Iterator

_COUNTIES = (
    ("640402", "原州区"), ("640422", "西吉县"), ("640423", "隆德县"), ("640424", "泾源县"), ("640425",
                                                                                 "彭阳县"),
)
CITY = ("640400", "固原市")
STREET_END = "街道"


@dataclass(frozen=True)
class County:
    """A county or district of the city."""

    code: str
    name: str


@dataclass(frozen=True)
class Division:
    """A township or street."""

    code: str
    name: str
    county_code: str
    is_street: bool


@lru_cache(maxsize=1)
def statutes() -> Statutes:
    """All articles that may be cited."""
    articles = json.loads(_text("statutes.json"))["articles"]
    return Statutes(tuple(
        Article(each["law"], each["version"], each["article"],
                tuple(each["paragraphs"])) for each in articles))


@lru_cache(maxsize=1)
def divisions() -> tuple[Division, ...]:
    """The 65 townships and streets, in the order of their codes."""
    return tuple(
        Division(row["code"], row["name"], row["county_code"], row["name"].endswith(STREET_END))
        for row in _rows("divisions.csv"))


def counties() -> tuple[County, ...]:
    """The five counties and districts, in the order of their codes."""
    return tuple(County(code, name) for code, name in _COUNTIES)


@lru_cache(maxsize=1)
def working_days() -> WorkingDays:
    """The seed of the working-day table: national days only, regional ones are added by the city."""
    off: dict[date, str] = {}
    work: dict[date, str] = {}
    years: set[int] = set()
    for row in _rows("workdays.csv"):
        if row["kind"] == "year":
            years.add(int(row["date"]))
        else:
            {"off": off, "work": work}[row["kind"]][date.fromisoformat(row["date"])] = row["name"]
    return WorkingDays(off, work, frozenset(years))


@lru_cache(maxsize=1)
def lawbook() -> Lawbook:
    """The shipped working days and texts together."""
    return Lawbook(working_days(), statutes())


def _text(name: str) -> str:
    return (files("app.outside") / "data" / name).read_text("utf-8")


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(_text(name).splitlines())
