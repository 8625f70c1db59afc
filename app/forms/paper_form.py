"""The form of a declared paper: its typed fields in their groups; what comes from the ledger is shown, not typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.forms.sheet import Sheet
from app.papers.kinds import Day, FieldRefused, Group, Life, Rows, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.papers.kinds import Paper, Raw


DATED = Group(title="成文日期", fields=(
    Day(name="issue_date", label="成文日期", required=False,
        hint="一般空着，以签发当天为准；事先已在纸上办理、现在补录的，填纸上的日期。"),))
"""An issued paper bears the day of its approval unless it was dated on paper before."""


class PaperForm(Sheet):
    """A sheet for one paper. `raw()` holds typed fields only; ledger and settings are joined by the action."""

    def __init__(self, paper: Paper, data: Mapping[str, Raw] | None = None, given: Any = None) -> None:
        self.paper = paper
        dated = (DATED,) if paper.life is Life.ISSUED else ()
        super().__init__((*typed_groups(paper), *dated), data, given)


def form_for(paper: Paper, data: Mapping[str, Raw] | None = None, given: Any = None) -> PaperForm:
    """The form of a paper, filled from `data` (typed and kept earlier) or from `given` (what the browser sent)."""
    return PaperForm(paper, data, given)


def typed_groups(paper: Paper) -> tuple[Group, ...]:
    """The groups with the fields that an official fills in; empty groups fall away."""
    groups = (Group(title=group.title, fields=tuple(each for each in group.fields if each.source is Source.TYPED))
              for group in paper.groups)
    return tuple(group for group in groups if group.fields)


def facts_of(paper: Paper, data: Mapping[str, Raw]) -> tuple[tuple[str, str], ...]:
    """Label and text of what the ledger and the settings give, as the paper will print it."""
    shown = []
    for each in paper.fields:
        if each.source is Source.TYPED or each.name not in data:
            continue
        text = printed(each, data[each.name])
        if text:
            shown.append((each.label, text))
    return tuple(shown)


def printed(field: Any, raw: Raw) -> str:
    """A raw value as one text for reading; what cannot be parsed is shown as it is."""
    try:
        value = field.show(field.parse(raw))
    except FieldRefused:
        return "" if raw in (None, [], ()) else str(raw)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return value
    labels = {each.name: f"{each.label}：" for each in field.columns} if isinstance(field, Rows) else {}
    if len(labels) > 1:  # several cells a row: each with its name, or question runs into answer
        return "\n".join(f"{row['no']}．" + "　".join(f"{labels[name]}{cell}" for name, cell in row.items()
                                                     if name in labels and isinstance(cell, str) and cell)
                         for row in value)
    return "\n".join("　".join(cell for name, cell in row.items() if name != "no" and isinstance(cell, str) and cell)
                     for row in value)


def answers(paper: Paper, typed: Mapping[str, Raw]) -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    """For the look before 送审: each group's title with (field name, label, text), empty ones left out."""
    return tuple(
        (group.title, tuple((each.name, each.label, text) for each in group.fields
                            if (text := printed(each, typed.get(each.name)))))
        for group in typed_groups(paper))
