"""Which organ an office is comes from above, and no two offices that work are the same organ in their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.actions import manage_accounts, manage_offices
from app.actions.manage_offices import OfficeSettings, set_office
from app.errors import Refused
from app.law.offices import Role
from app.records import accounts, offices
from tests.people import CITY, COUNTY, PASSWORD, SCHOOL, TOWNSHIP

if TYPE_CHECKING:
    from app.law.offices import Actor
    from tests.people import Cast


def administrator(cast: Cast, office: str) -> Actor:
    manage_accounts.add_account(cast.desk, None, manage_accounts.NewAccount(
        "own", "演示学管", office, frozenset({Role.ADMINISTRATOR}), "", PASSWORD, must_change=False))
    with cast.desk.register.reading() as db:
        found = accounts.find_login(db, "own")
    assert found is not None
    return found.actor


@pytest.mark.parametrize("code", [SCHOOL, TOWNSHIP, COUNTY])
@pytest.mark.parametrize("identity", [{"organ_code": "演示别政"}, {"name": "演示别的单位"}, {"full_name": "西吉县教育局"}])
def test_an_office_does_not_say_itself_which_organ_it_is(cast: Cast, code: str, identity: dict[str, str]) -> None:
    own = administrator(cast, code)
    with pytest.raises(Refused, match="上级单位的管理员"):
        set_office(cast.desk, own, OfficeSettings(code, **identity))
    with cast.desk.register.reading() as db:
        now = offices.load_code(db, code)
    set_office(cast.desk, own, OfficeSettings(code, now.organ_code, "演示马老师", name=now.name, full_name=now.full_name))
    set_office(cast.desk, cast.people["city_admin"], OfficeSettings(code, **identity))


def test_the_city_has_nobody_above(cast: Cast) -> None:
    set_office(cast.desk, cast.people["city_admin"], OfficeSettings(CITY, organ_code="演示固教体"))


def test_no_two_offices_that_work_have_one_word(cast: Cast) -> None:
    for actor in (cast.people["admin"], None):
        with pytest.raises(Refused, match="吉强镇"):
            set_office(cast.desk, actor, OfficeSettings(SCHOOL, organ_code="演示吉强政"))
    set_office(cast.desk, None, OfficeSettings(SCHOOL, organ_code="演示新中"))
    manage_offices.close_school(cast.desk, None, SCHOOL)
    set_office(cast.desk, None, OfficeSettings(TOWNSHIP, organ_code="演示新中"))
    with pytest.raises(Refused, match="吉强镇"):
        manage_offices.reopen_school(cast.desk, None, SCHOOL)
