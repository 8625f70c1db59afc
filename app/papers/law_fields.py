"""Fields whose values are types of law: names, numbers of persons, telephones, days and moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.law import identity, names
from app.law.deadlines import chinese_date, chinese_moment
from app.papers.field import Field

if TYPE_CHECKING:
    from app.papers.field import Printable, Raw, Value


@dataclass(frozen=True, kw_only=True)
class PersonName(Field):
    """A person's name (2–60 characters of Han, letters and the interpunct U+00B7)."""

    def read(self, raw: Raw) -> Value:
        try:
            return str(names.PersonName.parse(self.text_of(raw)))
        except ValueError as error:
            raise self.refuse(str(error)) from None


@dataclass(frozen=True, kw_only=True)
class IdNumber(Field):
    """A resident's identity number (GB 11643-1999); papers show it masked, always."""

    def read(self, raw: Raw) -> Value:
        try:
            return str(identity.IdentityNumber.parse(self.text_of(raw)))
        except ValueError as error:
            raise self.refuse(str(error)) from None

    def show(self, value: Value) -> Printable:
        return identity.IdentityNumber.parse(value).masked if isinstance(value, str) else self.when_empty


@dataclass(frozen=True, kw_only=True)
class StudentNo(Field):
    """学籍号: G, J or L and 18 characters, usually the identity number: papers show it masked as well."""

    def read(self, raw: Raw) -> Value:
        try:
            return str(identity.StudentNumber.parse(self.text_of(raw)))
        except ValueError as error:
            raise self.refuse(str(error)) from None

    def show(self, value: Value) -> Printable:
        return identity.StudentNumber.parse(value).masked if isinstance(value, str) else self.when_empty


@dataclass(frozen=True, kw_only=True)
class Phone(Field):
    """A mobile number (11 digits) or a landline with area code."""

    def read(self, raw: Raw) -> Value:
        try:
            return identity.parse_phone(self.text_of(raw))
        except ValueError as error:
            raise self.refuse(str(error)) from None


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A day of law, a `date` in Asia/Shanghai; raw form YYYY-MM-DD."""

    def read(self, raw: Raw) -> Value:
        try:
            return date.fromisoformat(self.text_of(raw).strip())
        except ValueError:
            raise self.refuse("日期应写成 2026-09-18 的样子。") from None

    def show(self, value: Value) -> Printable:
        return chinese_date(value) if isinstance(value, date) else self.when_empty


@dataclass(frozen=True, kw_only=True)
class Moment(Field):
    """A local time to the minute (Asia/Shanghai, without zone); raw form YYYY-MM-DDTHH:MM."""

    def read(self, raw: Raw) -> Value:
        text = self.text_of(raw).strip()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self.refuse("时间应写成 2026-09-18 15:30 的样子。") from None
        if moment.tzinfo is not None or len(text) <= len("2026-09-18"):
            raise self.refuse("时间应写成 2026-09-18 15:30 的样子。")
        return moment

    def show(self, value: Value) -> Printable:
        return chinese_moment(value) if isinstance(value, datetime) else self.when_empty
