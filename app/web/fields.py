"""What one value says about itself, asked for while a form is typed; by POST: values never stand in addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from markupsafe import escape

from app.errors import NotVisible
from app.forms import case, late, notes, office, pupil, register, service
from app.law.service import Mode
from app.papers import catalogue
from app.papers.kinds import Rows
from app.web.access import SIGNED_IN, Pages

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.papers.kinds import Field

pages = Pages("fields")


@pages.page("/fields/say", SIGNED_IN, "POST", again="it only answers what a value says")
def say() -> ResponseReturnValue:
    """Text for the place under the box."""
    name = request.form.get("_field", "")
    kind = _field(request.form.get("_noun", ""), name)
    return str(escape("　".join(notes.said(kind, request.form.get(name, "")))))


def _field(noun: str, name: str) -> Field:
    """The declared field behind the name of a box (`name`, or `rows-index-name`)."""
    found = _fields(noun)
    first, _, rest = name.partition("-")
    kind = found.get(first)
    if isinstance(kind, Rows):
        sub = rest.partition("-")[2]
        kind = next((column for column in kind.columns if column.name == sub), None)
    if kind is None:
        raise NotVisible
    return kind


def _fields(noun: str) -> dict[str, Field]:
    if noun == "pupil":
        groups = pupil.groups({}, {})
    elif noun in {f"service-{mode.value}" for mode in Mode}:
        groups = service.groups(Mode(noun.removeprefix("service-")), {})
    elif noun.startswith(late.LATE):
        groups = next((late.late_groups(paper) for paper in catalogue.PAPERS if late.LATE + paper.kind == noun), ())
    elif noun == "series":
        groups = register.start_form((), 0).groups
    elif noun == late.SIGNED:
        groups = late.signed_groups({}, typed_number=True)
    elif noun == "case":
        groups = case.GROUPS
    elif noun in office.SHEETS:
        groups = office.SHEETS[noun]
    else:
        groups = next((paper.groups for paper in catalogue.PAPERS if paper.kind == noun), ())
    return {each.name: each for group in groups for each in group.fields}
