"""The declaration of a paper as JSON Schema (draft 2020-12), for whoever writes its data file."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any

from app.papers.kinds import (
    Choice,
    Day,
    Field,
    Flag,
    IdNumber,
    LongText,
    Moment,
    PersonName,
    Phone,
    Rows,
    StudentNo,
    Text,
    Whole,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.papers.kinds import Paper

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(paper: Paper) -> dict[str, Any]:
    """The schema of the data file, in Chinese; `writeOnly` is what steers but is not printed."""
    return {
        "$schema": DIALECT,
        "title": paper.title,
        "description": f"{paper.help}依据：{paper.basis}。",
        **_object(paper.fields),
    }


def _object(fields: Sequence[Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {each.name: _described(each) for each in fields},
        "required": [each.name for each in fields if each.required and not isinstance(each, Flag)],
        "additionalProperties": False,
    }


def _described(field: Field) -> dict[str, Any]:
    notes = (f"来源：{field.source.label}", field.hint.rstrip("。"), f"依据：{field.basis}" if field.basis else "")
    found: dict[str, Any] = {
        "title": field.label, "description": "。".join(note for note in notes if note) + "。", **shape(field)}
    if field.example:
        found["examples"] = [field.example]
    if not field.printed:
        found["writeOnly"] = True
    if not field.required and "type" in found and found["type"] != "array":
        found["type"] = [found["type"], "null"]
    return found


@singledispatch
def shape(field: Field) -> dict[str, Any]:
    """What JSON value the field takes. Raises TypeError for a kind of field that has no line below."""
    raise TypeError(f"no schema for {type(field).__name__}")


@shape.register
def _(field: Text) -> dict[str, Any]:
    return {"type": "string", "maxLength": field.max_length}


@shape.register
def _(field: LongText) -> dict[str, Any]:
    return {"type": "string", "maxLength": field.max_length, "contentMediaType": "text/plain"}


@shape.register
def _(_field: PersonName) -> dict[str, Any]:
    return {"type": "string", "minLength": 2, "maxLength": 60}


@shape.register
def _(_field: IdNumber) -> dict[str, Any]:
    return {"type": "string", "pattern": "^[0-9]{17}[0-9Xx]$", "examples": ["640499201103150022"]}


@shape.register
def _(_field: StudentNo) -> dict[str, Any]:
    return {"type": "string", "pattern": "^[GJLgjl][0-9]{17}[0-9Xx]$", "examples": ["G640499201103150022"]}


@shape.register
def _(_field: Phone) -> dict[str, Any]:
    return {"type": "string", "examples": ["0954-2000001"]}


@shape.register
def _(_field: Day) -> dict[str, Any]:
    return {"type": "string", "format": "date", "examples": ["2026-09-18"]}


@shape.register
def _(_field: Moment) -> dict[str, Any]:
    pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}$"
    return {"type": "string", "pattern": pattern, "examples": ["2026-09-18T15:30"]}


@shape.register
def _(field: Whole) -> dict[str, Any]:
    return {"type": "integer", "minimum": field.least, "maximum": field.most}


@shape.register
def _(field: Choice) -> dict[str, Any]:
    labels = [{"const": code, "title": label} for code, label in field.options.items()]
    return {"oneOf": labels} if field.required else {"oneOf": [*labels, {"type": "null"}]}


@shape.register
def _(field: Flag) -> dict[str, Any]:
    return {"const": True} if field.must else {"type": "boolean"}


@shape.register
def _(field: Rows) -> dict[str, Any]:
    return {"type": "array", "minItems": field.least if field.required else 0, "maxItems": field.most,
            "items": _object(field.columns)}
