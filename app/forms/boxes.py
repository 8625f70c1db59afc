"""A box for each kind of field: the one place where a declaration becomes something to type into.

A box keeps what was typed, word for word; whether it holds is asked from the kind (`papers.kinds`), never judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.utils import unset_value
from wtforms.widgets import DateInput, DateTimeLocalInput

from app.errors import Refused
from app.papers import kinds

if TYPE_CHECKING:
    from app.papers.kinds import Raw

FEW_OPTIONS = 4
"""Up to so many choices lie open to be touched; more go into a list."""
FEW_COLUMNS = 2
"""Rows of so many short one-line boxes stand on one line each."""
SHORT = 60
"""Characters of a box that can share a line: of a longer one the clerk would not see what was typed."""
CHINESE = ("zh",)


class Told:
    """What a box has besides WTForms' own: its kind (label, hint, basis) and the raw value it hands on."""

    kind: kinds.Field
    widget_kind = "line"
    data: Any

    def raw(self) -> Raw:
        """The value as typed."""
        return self.data or ""


class Line(Told, StringField):  # type: ignore[misc]  # WTForms has no types
    """One line of text."""

    def __init__(self, kind: kinds.Field, **given: Any) -> None:
        super().__init__(kind.label, **given)
        self.kind = kind


class Lines(Told, TextAreaField):  # type: ignore[misc]  # WTForms has no types
    """Several lines of text."""

    widget_kind = "lines"

    def __init__(self, kind: kinds.Field, **given: Any) -> None:
        super().__init__(kind.label, **given)
        self.kind = kind


class DayBox(Line):
    """A day; the browser shows it in its own way, so the Chinese date stands under it."""

    widget = DateInput()
    widget_kind = "short"


class MomentBox(Line):
    """A day and a time to the minute."""

    widget = DateTimeLocalInput()
    widget_kind = "short"


class Open(Told, RadioField):  # type: ignore[misc]  # WTForms has no types
    """A few choices, all in sight."""

    widget_kind = "open"

    def __init__(self, kind: kinds.Choice, **given: Any) -> None:
        super().__init__(kind.label, choices=choices(kind), validate_choice=False, **given)
        self.kind = kind


class Listed(Told, SelectField):  # type: ignore[misc]  # WTForms has no types
    """Many choices in a list; the first says that none is taken yet."""

    widget_kind = "listed"

    def __init__(self, kind: kinds.Choice, **given: Any) -> None:
        listed = [SelectChoice("", "请选择"), *choices(kind)]
        super().__init__(kind.label, choices=listed, validate_choice=False, **given)
        self.kind = kind


class Tick(Told, BooleanField):  # type: ignore[misc]  # WTForms has no types
    """Yes or no."""

    widget_kind = "tick"

    def __init__(self, kind: kinds.Flag, **given: Any) -> None:
        super().__init__(kind.label, **given)
        self.kind = kind

    def raw(self) -> Raw:
        return bool(self.data)


class RowsBox(Told, FieldList):  # type: ignore[misc]  # WTForms has no types
    """Rows of the same boxes, with one to add and each to remove."""

    widget_kind = "rows"
    kind: kinds.Rows

    def __init__(self, kind: kinds.Rows, **given: Any) -> None:
        row = form_class(kind.columns)
        super().__init__(FormField(row, separator="-"), kind.label, min_entries=max(kind.least, 1), separator="-",
                         **given)
        self.kind = kind
        self.row = row
        self.compact = len(kind.columns) <= FEW_COLUMNS and all(
            isinstance(each, kinds.PersonName) or (isinstance(each, kinds.Text) and each.max_length <= SHORT)
            for each in kind.columns)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take what was sent. Raises Refused for more rows than may be, before a box is made for any of them."""
        if formdata and len(set(self._extract_indices(self.name, formdata))) > self.kind.most:
            words = f"{self.kind.label}最多{self.kind.most}{self.kind.row_label}。"
            raise Refused(words, where=self.kind.name, advice="请删去多余的，或另附清单。")
        super().process(formdata, data, extra_filters=extra_filters)

    def raw(self) -> list[dict[str, Raw]]:
        return [raw_of(entry.form) for entry in self.entries]

    def blank(self) -> Any:
        """An empty row under the number `__n__`, for the script that adds rows."""
        return self.row(prefix=f"{self.name}-__n__-", meta={"locales": CHINESE})


def choices(kind: kinds.Choice) -> list[Any]:
    """The options as WTForms wants them."""
    return [SelectChoice(code, label) for code, label in kind.options.items()]


def box(kind: kinds.Field) -> Any:
    """The box for a kind of field (unbound, as WTForms wants it in a form class)."""
    made: Any = Line
    match kind:
        case kinds.Rows():
            made = RowsBox
        case kinds.Choice():
            made = Open if len(kind.options) <= FEW_OPTIONS else Listed
        case kinds.Flag():
            made = Tick
        case kinds.LongText():
            made = Lines
        case kinds.Day():
            made = DayBox
        case kinds.Moment():
            made = MomentBox
    return made(kind)


def form_class(fields: tuple[kinds.Field, ...]) -> type[Form]:
    """A WTForms class with one box for each field. Raises ValueError for a name that WTForms needs itself."""
    taken = [each.name for each in fields if hasattr(Form, each.name)]
    if taken:
        raise ValueError(f"field names that a form uses itself: {taken}")
    return type("DeclaredForm", (Form,), {each.name: box(each) for each in fields})


def raw_of(form: Any) -> dict[str, Raw]:
    """The raw values of all boxes of a form by name."""
    return {each.short_name: each.raw() for each in form}
