"""The sheets of an administrator: what an office prints, a new school, an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.forms.sheet import Sheet
from app.law.offices import Level, Role
from app.law.powers import LEVELS_OF_ROLE
from app.papers.kinds import Group, PersonName, Phone, Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from app.papers.kinds import Raw

SETTINGS = (Group(title="文书上印的", fields=(
    Text(name="name", label="单位名称", max_length=60),
    Text(name="full_name", label="印章上的全称", max_length=60, hint="和印章刻的一字不差，落款用。"),
    Text(name="organ_code", label="机关代字", max_length=10, required=False,
         hint="文号开头的几个字，由本单位办公室（党政办）定，例如：吉强政。"),
    PersonName(name="contact", label="联系人", required=False),
    Phone(name="phone", label="联系电话", required=False),
)),)
SCHOOL = (Group(title="新增学校", fields=(
    Text(name="code", label="学校代码", max_length=24, hint="填学校标识码；只用字母和数字，以后不能改。"),
    Text(name="name", label="学校名称", max_length=60, hint="用全称。"),
)),)
LOGIN = (Text(name="login", label="账号名", max_length=40,
              hint="小写字母、数字、点、横线，以后不能改；不要用身份证号。"),)
PERSON = (
    PersonName(name="name", label="姓名"),
    Text(name="cert_no", label="执法证号", max_length=40, required=False, hint="有行政执法证的才填。"),
)
SHEETS = {"office": SETTINGS, "school": SCHOOL, "account": (Group(title="账号", fields=(*LOGIN, *PERSON)),)}
"""The groups by the noun that a sheet's boxes are asked under while they are typed."""


def settings_form(data: Mapping[str, Raw], given: Any = None) -> Sheet:
    """What an office prints, as it is (`data`) or as the browser sent it."""
    return Sheet(SETTINGS, data, given)


def school_form(given: Any = None) -> Sheet:
    """A new school."""
    return Sheet(SCHOOL, None, given)


def account_form(data: Mapping[str, Raw] | None = None, given: Any = None, *, new: bool = False) -> Sheet:
    """An account; a new one with its login, which is chosen once and for all."""
    return Sheet((Group(title="账号", fields=(*(LOGIN if new else ()), *PERSON)),), data, given)


def roles_at(level: Level) -> tuple[Role, ...]:
    """Roles that may be given in an office of this level."""
    return tuple(role for role in Role if LEVELS_OF_ROLE.get(role, level) is level)
