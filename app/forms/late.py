"""The sheets of what was done on paper: an entry made afterwards (补录), and a signed 发文稿纸."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from app.forms.sheet import Sheet
from app.law.steps import Step
from app.papers.kinds import Choice, Day, Field, Group, Life, PersonName, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from app.papers.kinds import Paper, Raw

DONE_ON, NUMBER, SIGNED_BY = "done_on", "number", "signed_by"
LATE, SIGNED = "late-", "signed"
"""Nouns under which a box asks what its value says."""
NUMBER_BOX = Text(name=NUMBER, label="文号", max_length=40, hint="照纸上的写，六角括号，不加“第”。",
                  example="固教体责改〔2026〕12号")


def late_groups(declared: Paper, heard: Sequence[str] = ()) -> tuple[Group, ...]:
    """The groups of an entry of this kind; `heard` are the guardians whose hearing may still be entered."""
    issued = declared.life is Life.ISSUED
    head: list[Field] = [Day(name=DONE_ON, label="成文日期" if issued else "办理日期", hint="纸质原件上的日期。")]
    if issued:
        head += [replace(NUMBER_BOX, label="原件文号"),
                 PersonName(name=SIGNED_BY, label="纸上的签发人", required=declared.step is Step.ORDER,
                            hint="原件上没有写明的，填“原件未载明”。")]
    names = declared.late or ()
    facts = tuple(_of_party(each, declared, heard) for each in declared.as_late().typed() if each.name in names)
    groups = (Group(title="纸质原件", fields=tuple(head)), Group(title="后面的步骤要用的", fields=facts))
    return tuple(group for group in groups if group.fields)


def _of_party(each: Field, declared: Paper, heard: Sequence[str]) -> Field:
    """Who was heard is one of the guardians, chosen and not typed."""
    if each.name != declared.hears:
        return replace(each, default=None)
    return Choice(name=each.name, label=each.label, basis=each.basis, options={name: name for name in heard})


def late_form(declared: Paper, heard: Sequence[str], data: Mapping[str, Raw] | None = None, given: Any = None) -> Sheet:
    """The sheet, empty, as it was kept, or as the browser sent it."""
    only = {declared.hears: heard[0]} if declared.hears and len(heard) == 1 else {}
    return Sheet(late_groups(declared, heard), only if data is None else data, given)


def signed_groups(signers: Mapping[str, str], *, typed_number: bool) -> tuple[Group, ...]:
    """The group of a signed 发文稿纸; `signers` are the leaders who may have signed it (id → name)."""
    fields: tuple[Field, ...] = (
        Text(name="code", label="稿本号", max_length=12, hint="印在发文稿纸右上角，例如3F9A-20C7；不一致的不能登记。"),
        Choice(name="signer", label="签发人", options=signers),
        Day(name="signed_on", label="签发日期", hint="发文稿纸上签的日期，即成文日期。"))
    return (Group(title="发文稿纸", fields=(*fields, NUMBER_BOX) if typed_number else fields),)


def day_of(sheet: Sheet, name: str) -> date:
    """A required day. Only after `check` said yes."""
    found = sheet.values()[name]
    assert isinstance(found, date)  # noqa: S101  (a required Day)
    return found
