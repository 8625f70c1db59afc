"""Invented people never enter a register in which anything is anybody's."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pytest
from argon2 import PasswordHasher
from lxml import html
from sqlalchemy import select

from app import create_app
from app.actions import case_facts, demo, demo_people, manage_accounts, manage_offices, set_up
from app.errors import FanxiaoError, NeedsPerson, Refused
from app.law.lives import PaperState
from app.law.offices import Role
from app.law.steps import Step, next_step, procedure
from app.outside import passwords
from app.records import cases, files, keeps
from app.records.tables import metadata
from app.web import progress
from tests.actions.whole import whole
from tests.conftest import lay
from tests.fake_press import FakePress
from tests.people import StillClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.actions.case_facts import CaseView
    from app.actions.desk import Desk
    from tests.people import Cast


class DrawingPress(FakePress):
    """Prints at once and draws what was printed, so that the demo's scans bear the codes of their papers."""

    def pages(self, pdf: bytes, dpi: int = 110, *, seconds: float | None = None) -> list[bytes]:
        drawn = []
        with pdfium.PdfDocument(pdf) as document:
            for page in document:
                out = io.BytesIO()
                page.render(scale=dpi / 72).to_pil().convert("RGB").save(out, "PNG")
                drawn.append(out.getvalue())
        return drawn


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Desk]:
    desk = lay(tmp_path / "fresh", "cast", DrawingPress())
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


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, str]]]:
    """The demo as it was made on a Tuesday in December where pictures of seals are used, with its passwords."""
    desk = lay(tmp_path_factory.mktemp("county"), "cast", DrawingPress())
    desk = replace(desk, clock=StillClock(datetime(2026, 12, 1, 4, tzinfo=UTC)),
                   settings=replace(desk.settings, seal_policy="image"))
    set_up.set_up(desk)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        people = demo.make(desk)
    yield desk, {each.login: each.password for each in people}
    desk.register.close()


County = tuple["Desk", dict[str, str]]


def seen_by(desk: Desk, login: str = "township") -> list[CaseView]:
    actor = demo.Cast(desk).actor(login)
    with desk.register.reading() as db:
        return case_facts.views(db, actor, cases.open_cases(db, actor))


def column(desk: Desk, table: str, *names: str) -> list[tuple[object, ...]]:
    with desk.register.reading() as db:
        found = metadata.tables[table]
        return [tuple(row) for row in db.execute(select(*(found.c[name] for name in names)))]


def test_every_role_has_an_account(county: County) -> None:
    assert {role for _, _, _, roles, _ in demo.ACCOUNTS for role in roles} == set(Role)
    assert set(county[1]) == {login for login, *_ in demo.ACCOUNTS}


def test_some_300_pupils_came_by_lists_that_can_be_taken_back(county: County) -> None:
    desk, _ = county
    lists = column(desk, "batches", "kind", "summary", "done_at")
    assert len(lists) == len(demo.SCHOOLS)
    assert all(kind == "import" and done for kind, _, done in lists)
    assert 295 <= sum(summary["new"] for _, summary, _ in lists) <= 310  # type: ignore[index]  (JSON)
    assert len({school for school, in column(desk, "students", "school_id")}) == len(demo.SCHOOLS)


def test_nobody_can_be_a_real_person(county: County) -> None:
    desk, _ = county
    pupils, parents = (column(desk, table, "name", "id_number") for table in ("students", "guardians"))
    assert all("演示" in str(name) for name, _ in (*pupils, *parents, *column(desk, "accounts", "name", "login")))
    assert all(str(number).startswith("640499") for _, number in (*pupils, *parents) if number)
    assert all("演示" in str(name) for name, level in column(desk, "offices", "name", "level") if level == "school")
    assert all(str(number)[1:7] == "640499" for number, in column(desk, "students", "student_status_no") if number)
    assert all("演示" in str(village) for village, in column(desk, "students", "village"))


def test_no_number_is_given_twice_and_the_planned_mess_is_there(county: County) -> None:
    desk, _ = county
    pupils = column(desk, "students", "name", "id_number", "student_status_no", "birth_date", "school_id", "pinyin")
    numbers = [number for _, number, *_ in pupils if number]
    assert len(numbers) == len(set(numbers))
    assert {str(status)[:1] for _, number, status, *_ in pupils if not number} == {"J", "L", ""}
    assert len({school for name, *_, school, _ in pupils if name == demo_people.NAMESAKE}) > 1
    assert len(demo_people.LONG) == 26
    assert {demo_people.LONG, *demo_people.RARE} <= {name for name, *_ in pupils}
    assert {str(sound)[:3] for name, *_, sound in pupils if str(name).endswith("演示宁")} == {
        "sha", "qiu", "zha", "xie", "yuc"}
    relations = {relation for relation, in column(desk, "guardians", "relation")}
    assert {"父亲", "母亲", "祖父"} <= relations
    fathers = [number for name, number in column(desk, "guardians", "name", "id_number") if name == "演示穆成林"]
    assert len(fathers) == 2
    assert len(set(fathers)) == 1


def test_a_case_stands_at_every_step(county: County) -> None:
    desk, _ = county
    views = seen_by(desk)
    filed = [case for case, step in column(desk, "case_steps", "case_id", "step") if step == "file"]
    reached = {next_step(seen.case.done) for seen in views} | ({None} if filed else set())
    assert reached >= {Step.REPORT, Step.ADMONISH, Step.ORDER, Step.SERVE, Step.CHECK, Step.FILE, None}
    assert [made for made, in column(desk, "packets", "production")] == ["ready"]
    assert {procedure(seen.case.done, seen.case.present).value for seen in views} >= {
        "none", "reported", "criticised", "ordered", "served", "complied", "overdue"}


def test_a_paper_is_in_every_state(county: County) -> None:
    desk, _ = county
    rows = [paper for seen in seen_by(desk) for paper in seen.papers]
    for kind in ("school_report", "rectification_order"):
        states = {row.state.value for row in rows if row.kind == kind}
        assert states >= {"draft", "submitted", "issued"}
    assert [row.kind for row in rows if row.state is PaperState.VOID].count("rectification_order") == 1
    assert any(row.copied_from_id for row in rows)
    assert any(row.returned_note for row in rows)
    assert any(row.late and row.state is PaperState.SUBMITTED for row in rows)
    with desk.register.reading() as db:
        scanned = {row.id: {each.role.value for each in files.of_paper(db, row.id)} for row in rows}
        assert any(keeps.of_paper(db, row.id) for row in rows)
    waiting = [row for row in rows if row.kind == "criticism_record" and row.state is PaperState.ISSUED]
    assert any(not scanned[row.id] for row in waiting)
    orders = [scanned[row.id] for row in rows if row.kind == "rectification_order" and row.state is PaperState.ISSUED]
    assert set() in orders
    assert {"stamped"} in orders


def test_terms_are_red_amber_and_green_on_the_day(county: County) -> None:
    desk, _ = county
    with desk.register.reading() as db:
        lawbook = desk.lawbook(db)
    running = {seen.deadline: progress.light(seen, desk.clock.today(), lawbook)
               for seen in seen_by(desk) if next_step(seen.case.done) is Step.CHECK}
    assert {date(2026, 12, 1), date(2026, 12, 2)} <= set(running)
    assert {light.tone for light in running.values()} == {"r", "y", "g"}


def test_seals_and_a_failed_job_wait_for_somebody(county: County) -> None:
    desk, _ = county
    assert sorted(state for state, in column(desk, "seals", "state")) == ["approved", "waiting"]
    assert sorted(str(state) for state, in column(desk, "seal_uses", "state")) == ["applied", "asked"]
    assert sorted({state for state, in column(desk, "jobs", "state")}) == ["done", "failed"]


def test_the_first_page_of_everybody_has_something(county: County) -> None:
    desk, given = county
    app = create_app(desk=desk)
    app.config["WTF_CSRF_ENABLED"] = False
    empty = []
    for login, password in given.items():
        client = app.test_client()
        token = html.fromstring(client.get("/verify").text).xpath('//input[@name="csrf_token"]/@value')
        assert client.post("/sign-in", data={"login": login, "password": password, "csrf_token": token[0]}
                           ).status_code == 303
        page = html.fromstring(client.get("/").text)
        if not page.xpath('//main//tbody/tr | //*[@id="duties"]//li'):
            empty.append(login)
    assert empty == ["seal"]  # a keeper has something to do here only when a seal could not be laid


@pytest.mark.parametrize("day", [date(2026, 11, 29), date(2027, 2, 7)])
def test_the_demo_is_made_on_a_sunday_and_in_the_spring_festival(fresh: Desk, day: date) -> None:
    desk = replace(fresh, clock=StillClock(datetime(day.year, day.month, day.day, 4, tzinfo=UTC)))
    assert demo.make(desk)
