"""Invented people never enter a register in which anything is anybody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.actions import demo, manage_accounts, manage_offices, set_up
from app.errors import FanxiaoError, NeedsPerson, Refused
from app.law.offices import Role
from tests.actions.whole import whole
from tests.conftest import lay
from tests.people import StillClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.actions.desk import Desk
    from tests.people import Cast


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Desk]:
    desk = lay(tmp_path / "fresh", "cast")
    set_up.set_up(desk)
    yield desk
    desk.register.close()


def an_organ_code(desk: Desk) -> None:
    manage_offices.set_office(desk, None, manage_offices.OfficeSettings("640422100", "吉强政"))


def a_school(desk: Desk) -> None:
    manage_offices.add_school(desk, None, manage_offices.NewSchool("ZX01", "吉强中学", "640422100"))


def an_account(desk: Desk) -> None:
    manage_accounts.add_account(desk, None, manage_accounts.NewAccount(
        "ma", "马某某", "640422100", frozenset({Role.TOWNSHIP_CLERK}), ""))


def an_account_of_the_same_login(desk: Desk) -> None:
    manage_accounts.add_account(desk, None, manage_accounts.NewAccount(
        "leader", "马某某", "640422100", frozenset({Role.TOWNSHIP_LEADER}), ""))


@pytest.mark.parametrize("theirs", [an_organ_code, a_school, an_account, an_account_of_the_same_login])
def test_a_register_that_holds_anything_of_others_is_left_as_it_is(fresh: Desk, theirs: Callable[[Desk], None]) -> None:
    theirs(fresh)
    before = whole(fresh)
    with pytest.raises(Refused, match="已有正式数据"):
        demo.make(fresh)
    assert whole(fresh) == before


def test_a_register_with_pupils_is_left_as_it_is(at_stage: Callable[[str], Cast], tmp_path: Path) -> None:
    cast = at_stage("reported")
    before = whole(cast.desk)
    for act in (lambda: demo.make(cast.desk), lambda: demo.walk(cast.desk, tmp_path, print)):
        with pytest.raises(FanxiaoError):
            act()
    assert whole(cast.desk) == before


def test_a_walk_without_the_demo_changes_nothing(fresh: Desk, tmp_path: Path) -> None:
    before = whole(fresh)
    with pytest.raises(NeedsPerson, match="flask demo"):
        demo.walk(fresh, tmp_path, print)
    assert whole(fresh) == before


def test_a_fresh_register_takes_the_demo_and_a_second_time_only_new_passwords(fresh: Desk) -> None:
    fresh = replace(fresh, clock=StillClock(datetime(2026, 12, 1, tzinfo=UTC)))
    first = demo.make(fresh)
    before = whole(fresh)
    second = demo.make(fresh)
    assert [each.login for each in first] == [each.login for each in second]
    assert {name for name, rows in whole(fresh).items() if rows != before[name]} <= {"accounts", "audit", "sessions"}
