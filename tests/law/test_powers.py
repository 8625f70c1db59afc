from __future__ import annotations

import pytest

from app.errors import Refused
from app.law.offices import Actor, Level, Office, Role
from app.law.powers import (
    LABELS,
    LEVELS_OF_ROLE,
    ROLES,
    Power,
    allowed,
    issuing_level,
    levels,
    needs_second_factor,
    require,
    require_issuer,
    require_other_person,
)

LEVEL_OF = LEVELS_OF_ROLE | {Role.ADMINISTRATOR: Level.CITY, Role.SEAL_KEEPER: Level.TOWNSHIP, Role.AUDITOR: Level.COUNTY}
CLERKS = {Role.SCHOOL_CLERK, Role.TOWNSHIP_CLERK, Role.COUNTY_CLERK, Role.CITY_CLERK}
LEADERS = {Role.PRINCIPAL, Role.TOWNSHIP_LEADER, Role.COUNTY_LEADER, Role.CITY_LEADER}


def actor(*roles: Role, level: Level | None = None, account_id: int = 1) -> Actor:
    return Actor(account_id, "演示", 1, "/640400/", level or LEVEL_OF[roles[0]], frozenset(roles))


def office(level: Level, *, street: bool = False) -> Office:
    return Office(1, "640402001", "/640400/640402/640402001/", level, "南关街道办事处",
                  "固原市原州区南关街道办事处", is_street=street)


def holders(power: Power) -> set[Role]:
    return {role for role in Role if allowed(actor(role), power)}


def test_the_table_covers_every_power_once() -> None:
    assert set(ROLES) == set(LABELS) == set(Power)
    assert all(ROLES.values())
    assert len({power.label for power in Power}) == len(Power)


def test_clerks_draft_and_leaders_approve_and_no_role_does_both() -> None:
    assert holders(Power.DRAFT_PAPER) == holders(Power.SUBMIT_PAPER) == CLERKS
    assert holders(Power.APPROVE_PAPER) == holders(Power.VOID_PAPER) == LEADERS


def test_the_city_and_the_administrator_never_see_a_full_number() -> None:
    assert holders(Power.REVEAL_ID) == (CLERKS | LEADERS) - {Role.CITY_CLERK, Role.CITY_LEADER}


def test_an_administrator_manages_and_sees_no_case() -> None:
    assert {power for power in Power if allowed(actor(Role.ADMINISTRATOR), power)} == {
        Power.MANAGE_TEMPLATES, Power.MANAGE_CALENDAR, Power.MANAGE_OFFICES, Power.MANAGE_ACCOUNTS,
        Power.MANAGE_JOBS, Power.VIEW_AUDIT}


def test_an_inspector_and_an_auditor_look_and_change_nothing() -> None:
    assert {power for power in Power if allowed(actor(Role.DUTY_INSPECTOR), power)} == {
        Power.VIEW_CASES, Power.VIEW_REGISTER, Power.VIEW_REPORTS}
    assert {power for power in Power if allowed(actor(Role.AUDITOR), power)} == {
        Power.VIEW_AUDIT, Power.VIEW_LOOKS, Power.VIEW_SEAL_USES}


def test_whoever_keeps_a_seal_applies_it_and_another_approves() -> None:
    assert holders(Power.KEEP_SEALS) == holders(Power.APPLY_SEAL) == {Role.SEAL_KEEPER}
    assert holders(Power.APPROVE_SEAL) == LEADERS


def test_who_binds_the_office_or_gives_out_passwords_needs_a_second_factor() -> None:
    assert {role for role in Role if needs_second_factor(actor(role))} == LEADERS | {
        Role.SEAL_KEEPER, Role.ADMINISTRATOR}


def test_roles_combine_in_one_person() -> None:
    both = actor(Role.TOWNSHIP_CLERK, Role.TOWNSHIP_LEADER)
    assert allowed(both, Power.DRAFT_PAPER)
    assert allowed(both, Power.APPROVE_PAPER)


def test_a_role_counts_only_at_its_own_level() -> None:
    assert not allowed(actor(Role.COUNTY_LEADER, level=Level.TOWNSHIP), Power.APPROVE_PAPER)
    assert allowed(actor(Role.ADMINISTRATOR, level=Level.SCHOOL), Power.MANAGE_ACCOUNTS)


def test_who_lacks_a_power_is_told_who_holds_it() -> None:
    require(actor(Role.PRINCIPAL), Power.APPROVE_PAPER)
    with pytest.raises(Refused, match=r"不能办理“签发文书”.*校长、乡镇领导、县教育局领导、市教育体育局领导"):
        require(actor(Role.TOWNSHIP_CLERK), Power.APPROVE_PAPER)
    with pytest.raises(Refused):
        require(actor(level=Level.SCHOOL), Power.VIEW_CASES)


def test_the_levels_of_a_power_are_those_of_its_roles() -> None:
    assert levels(Power.RECORD_SERVICE) == {Level.SCHOOL, Level.TOWNSHIP, Level.COUNTY}
    assert levels(Power.REPORT_ABSENCE) == {Level.SCHOOL}
    assert levels(Power.MANAGE_ACCOUNTS) == set(Level)


def test_a_paper_is_issued_only_at_its_levels() -> None:
    issuers = (Level.TOWNSHIP, Level.COUNTY)
    require_issuer(actor(Role.TOWNSHIP_CLERK), issuers, "责令限期改正通知书")
    require_issuer(Level.COUNTY, issuers, "责令限期改正通知书")
    with pytest.raises(Refused, match=r"学校不能制发《责令限期改正通知书》.*县级教育行政部门、乡镇人民政府制发"):
        require_issuer(Level.SCHOOL, issuers, "责令限期改正通知书")


def test_nobody_approves_what_he_drafted() -> None:
    require_other_person(2, actor(Role.PRINCIPAL, account_id=1))
    with pytest.raises(Refused, match="不能签发自己起草的文书"):
        require_other_person(1, actor(Role.PRINCIPAL, account_id=1))


def test_for_a_street_the_county_bureau_issues_unless_confirmed() -> None:
    assert issuing_level(office(Level.TOWNSHIP, street=True)) is Level.COUNTY
    assert issuing_level(office(Level.TOWNSHIP, street=True), street_confirmed=True) is Level.TOWNSHIP
    assert issuing_level(office(Level.TOWNSHIP)) is Level.TOWNSHIP
    assert issuing_level(office(Level.COUNTY)) is Level.COUNTY
