"""The words in which a paper is declared: its life, its fields, its rules.

A declaration drives everything that is done with the paper: the form, the rights, the order of steps, the number,
the proof of service, the lint of its template.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from app.papers.fields import (
    Choice,
    Day,
    Field,
    FieldRefused,
    Flag,
    IdNumber,
    LongText,
    Moment,
    PersonName,
    Phone,
    Printable,
    Raw,
    Rows,
    Source,
    StudentNo,
    Text,
    Value,
    Values,
    Whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from app.errors import Problem
    from app.law.deadlines import Term
    from app.law.lawbook import Lawbook
    from app.law.offices import Level
    from app.law.steps import Step

__all__ = [
    "Choice",
    "Composed",
    "Day",
    "Derive",
    "Field",
    "FieldRefused",
    "Flag",
    "Group",
    "IdNumber",
    "Life",
    "LongText",
    "Moment",
    "Paper",
    "PersonName",
    "Phone",
    "Printable",
    "Raw",
    "Rows",
    "Rule",
    "Source",
    "StudentNo",
    "TermOf",
    "Text",
    "Value",
    "Values",
    "Whole",
    "nothing_more",
]


class Life(StrEnum):
    """What happens to a paper between the first word and the file (decision 12)."""

    ISSUED = "issued"
    RECORD = "record"
    RECEIPT = "receipt"
    COMPILED = "compiled"
    SLIP = "slip"

    @property
    def label(self) -> str:
        return {"issued": "签发文书", "record": "笔录", "receipt": "回证", "compiled": "编制",
                "slip": "附纸"}[self.value]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Fields that stand together under one heading of the form."""

    title: str
    fields: tuple[Field, ...]


Derive: TypeAlias = "Callable[[Values, Lawbook], Mapping[str, Printable]]"
Rule: TypeAlias = "Callable[[Values, Lawbook], Iterable[Problem]]"
TermOf: TypeAlias = "Callable[[Values, date, Lawbook], Term]"


def nothing_more(_values: Values, _lawbook: Lawbook) -> Mapping[str, Printable]:
    """The derive of a paper whose template prints its fields and nothing computed."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The declaration of one kind of paper."""

    kind: str
    title: str
    basis: str
    life: Life
    issuers: tuple[Level, ...]
    groups: tuple[Group, ...]
    step: Step | None = None
    """The step of the procedure that this paper completes; refused before its predecessor."""
    done_on: str = ""
    """Name of the Day or Moment field that says when the step was done (records); issued papers use issue_date."""
    series: str = ""
    """Word in the document number, e.g. 责改; empty: takes no number. Only issued papers may have one."""
    served: bool = False
    term: TermOf | None = None
    """A served paper: the term that runs for a party from the day on which service took effect on it."""
    hears: str = ""
    """A record: name of the field that says which guardian was heard."""
    announced: str = ""
    """A served paper: name of the Flag that lets its terms run from the end of an announcement."""
    present: tuple[str, str] | None = None
    """A check: the Choice that says what was found, and its code for a child that is at school."""
    sealed: bool = False
    follows: str = ""
    """Kind of the paper with which this one is printed (回证 with the order)."""
    late: tuple[str, ...] | None = None
    """Names of the fields that later steps need of one that was done on paper (补录); None: not entered so."""
    late_fields: tuple[Field, ...] = ()
    """Fields of such an entry that are read otherwise than in a paper of ours, each in place of its namesake."""
    late_rules: tuple[Rule, ...] = ()
    """What such an entry must satisfy beside its date."""
    page_limit: int = 2
    banned: frozenset[str] = frozenset()
    """Names of extra word lists of app.law.wording that this paper must not use."""
    derive: Derive = nothing_more
    rules: tuple[Rule, ...] = ()
    help: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(each for group in self.groups for each in group.fields)

    @property
    def must_show(self) -> frozenset[str]:
        """Names that a template of this paper has to print: what is left out of it would be left out of the act."""
        return frozenset(each.shown_in or each.name for each in self.fields if each.printed)

    def as_late(self) -> Paper:
        """The declaration of an entry made afterwards: of what is typed only what later steps need."""
        kept, other = self.late or (), {each.name: each for each in self.late_fields}
        groups = tuple(replace(group, fields=tuple(
            other.get(each.name, each) for each in group.fields
            if each.source is not Source.TYPED or each.name in kept)) for group in self.groups)
        return replace(self, groups=groups, rules=self.late_rules, derive=nothing_more)

    def typed(self) -> tuple[Field, ...]:
        """The fields that an official fills in."""
        return tuple(each for each in self.fields if each.source is Source.TYPED)


@dataclass(frozen=True)
class Composed:
    """A paper's values, checked: `values` parsed, `context` for the template (plain and frozen)."""

    values: Values
    context: Mapping[str, Printable]
    warnings: tuple[Problem, ...] = field(default=())
