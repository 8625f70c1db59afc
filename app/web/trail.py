"""The trail of a case as sentences an official would say: what was done when, by whom, to which paper."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import url_for

from app.law.lives import ScanRole
from app.law.service import Mode
from app.web.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from app.records.audit import Line
    from app.records.papers import Paper

EARLIER = {"submit_paper", "finish_record", "approve_paper", "register_signed", "enter_late", "enter_again",
           "consent_late", "record_service"}
"""Acts that are about a day: one that lies before the day of the entry is told as 补录."""


KINDS = {"case": "案件", "paper": "文书", "service": "送达", "scan": "扫描件", "packet": "卷宗", "other": "其他"}
"""Kinds of acts that the trail can be narrowed to, in the order they are offered."""
KIND_OF_VERB = {"record_service": "service", "withdraw_service": "service", "keep_scan": "scan"}


@dataclass(frozen=True)
class Act:
    """One line: when, who, what with which paper. `done`: the day it was done on paper, where it was entered later."""

    at: datetime
    who: str
    what: str
    title: str
    href: str
    more: str
    kind: str
    done: date | None = None


def lines(found: Sequence[Line], names: Mapping[int | None, str], papers: Sequence[Paper], entered: Mapping[int, date],
          ) -> tuple[Act, ...]:
    """The acts, newest first. `entered`: the day of law of each line by its id."""
    rows = {row.id: row for row in papers}
    return tuple(_act(line, names, rows, entered[line.id]) for line in reversed(found))


def kinds(acts: Sequence[Act]) -> tuple[tuple[str, str, int], ...]:
    """Kind, its word, and how many acts there are of it; kinds of which there are none are left out."""
    counts = Counter(each.kind for each in acts)
    return tuple((kind, word, counts[kind]) for kind, word in KINDS.items() if counts[kind])


def _act(line: Line, names: Mapping[int | None, str], rows: Mapping[int, Paper], entered: date) -> Act:
    row = rows.get(line.subject_id) if line.noun == "paper" else None
    done = _day(line)
    return Act(
        at=line.at, who=names.get(line.account_id) or "系统", what=WORDS.get(line.verb, line.verb),
        title=_title(row, line), href=url_for("papers.show", public_id=row.public_id) if row else "",
        more=_more(line), kind=_kind(line), done=done if done and done < entered else None)


def _kind(line: Line) -> str:
    kind = KIND_OF_VERB.get(line.verb, line.noun)
    return kind if kind in KINDS else "other"


def _title(row: Paper | None, line: Line) -> str:
    if row is None:
        return ""
    number = line.detail.get("doc_no") or (row.doc_no if line.verb not in {"start_draft", "submit_paper"} else "")
    return f"《{row.title}》" + (f"（{number}）" if number else "")


def _day(line: Line) -> date | None:
    if line.verb not in EARLIER:
        return None
    given = line.detail.get("day") or line.detail.get("served_on") or line.detail.get("effective_on") or ""
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return None


def _more(line: Line) -> str:
    """What the line's detail adds, in words; only what is known to hold no person."""
    told: Mapping[str, Any] = line.detail
    if line.verb in {"record_service", "withdraw_service"} and told.get("mode") in {each.value for each in Mode}:
        return Mode(told["mode"]).label
    if line.verb == "keep_scan" and told.get("role") in {each.value for each in ScanRole}:
        return f"{ScanRole(told['role']).label}，{told.get('pages')}页"
    if line.verb in {"produce_paper", "produce_file"} and told.get("pages"):
        return f"共{told['pages']}页"
    return ""
