"""A sheet to fill in, made from groups of declared fields: what was typed, what is wrong with it, rows more or less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.errors import Problem
from app.forms.boxes import CHINESE, RowsBox, form_class, raw_of
from app.papers.kinds import FieldRefused, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.errors import Refused
    from app.papers.kinds import Field, Group, Raw, Value

ROWS = "_rows"
"""Name of the buttons that add or remove a row without script: `add:officers`, `remove:officers:1`."""


class Sheet:
    """One form on the screen. `data` are raw values kept earlier; `given` is what the browser sent (it wins)."""

    def __init__(self, groups: Sequence[Group], data: Mapping[str, Raw] | None = None, given: Any = None) -> None:
        self.groups = tuple(groups)
        self.fields: tuple[Field, ...] = tuple(each for group in groups for each in group.fields)
        known = {each.name for each in self.fields}
        first = {each.name: each.default({}) for each in self.fields if each.default} if data is None else dict(data)
        self.form: Any = form_class(self.fields)(
            given, data={name: _shown(value) for name, value in first.items() if name in known},
            meta={"locales": CHINESE})
        self.problems: tuple[Problem, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.form[name]

    def boxes(self, group: Group) -> list[Any]:
        """The boxes of one group, in order."""
        return [self.form[each.name] for each in group.fields]

    def raw(self) -> dict[str, Raw]:
        """What was typed, by field name: strings, flags, lists of rows."""
        return raw_of(self.form)

    def check(self) -> bool:
        """Ask every kind whether its value holds; the problems then stand in `problems` and at the boxes."""
        found: list[Problem] = []
        for each in self.fields:
            try:
                each.parse(self.form[each.name].raw())
            except FieldRefused as refused:
                found += refused.problems
        self.refuse(found)
        return not found

    def values(self) -> dict[str, Value]:
        """The parsed values. Only after `check` said yes."""
        return {each.name: each.parse(self.form[each.name].raw()) for each in self.fields}

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Put problems where they belong: those of a box at the box, the rest at the head of the sheet."""
        self.problems = (*self.problems, *problems)
        for problem in self.problems:
            place = self._place(problem.where)
            if place is not None:
                text = problem.message + problem.advice
                place.errors = [*(line for line in place.errors if line != text), text]

    def refuse_all(self, refused: Refused) -> None:
        """Put a whole refusal on the sheet: its problems, or its own sentence when it names none."""
        self.refuse(refused.problems or (Problem(refused.where, refused.what, refused.advice),))

    def anchor(self, problem: Problem) -> str:
        """Identifier of the box a problem speaks of, or "" when it speaks of the whole."""
        place = self._place(problem.where)
        return place.id if place is not None else ""

    def reshape(self, command: str) -> None:
        """Add a row (`add:name`) or remove one (`remove:name:index`); anything else changes nothing."""
        verb, _, rest = command.partition(":")
        name, _, index = rest.partition(":")
        rows = self.form[name] if name in self.form else None  # noqa: SIM401  (a form is no dict, it has no get)
        if not isinstance(rows, RowsBox) or not isinstance(rows.kind, Rows):
            return
        if verb == "add" and len(rows.entries) < rows.kind.most:
            rows.append_entry()
        if verb == "remove" and index.isdigit():
            kept = [row for number, row in enumerate(rows.raw()) if number != int(index)]
            rows.process(None, kept)

    def _place(self, where: str) -> Any:
        """The box named by `name` or `rows.index.name`; the rows themselves when the row is not on the sheet."""
        name, _, rest = where.partition(".")
        if name not in self.form:
            return None
        found = self.form[name]
        index, _, sub = rest.partition(".")
        if isinstance(found, RowsBox) and index.isdigit():
            filled = [entry for entry in found.entries if any(raw_of(entry.form).values())]
            if int(index) < len(filled) and sub in filled[int(index)].form:
                return filled[int(index)].form[sub]
        return found


def _shown(value: Any) -> Any:
    """A raw value as a box takes it: numbers as text, rows as plain mappings."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return [{name: _shown(cell) for name, cell in row.items()} if hasattr(row, "items") else row for row in value]
    return str(value)
