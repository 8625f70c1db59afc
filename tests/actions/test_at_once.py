"""Twenty officials at once: nobody hears that the register is locked, nothing is lost, and each number is given once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from app.actions import approve_paper, open_case, register_student, submit_paper
from app.records import audit, papers
from tests.people import STAGES, Child

if TYPE_CHECKING:
    from tests.people import Cast

MANY = 20
CHILDREN = [Child(name=f"演示学生{chr(0x7532 + turn)}", digits=f"64049920110315{100 + turn}", guardians=(
    (f"演示家长{chr(0x7532 + turn)}", "父亲", f"64049919850612{100 + turn}"),)) for turn in range(MANY)]


def test_twenty_pupils_cases_and_reports_at_once(cast: Cast) -> None:
    cast.clock.move_to(STAGES["reported"])
    desk, lines = cast.desk, cast.lines()

    def report(child: Child) -> str:
        student = register_student.register_student(desk, cast.school, cast.enrolment(child))
        case = cast.open(student)
        paper = cast.draft(cast.school, "school_report", cast.report_words(), case)
        submit_paper.submit_paper(desk, cast.school, paper)
        return paper

    with ThreadPoolExecutor(MANY) as pool:
        made = list(pool.map(report, CHILDREN))
        assert cast.work() == MANY
        given = sorted(pool.map(lambda paper: approve_paper.approve_paper(desk, cast.principal, paper), made))
    with desk.register.reading() as db:
        rows = [row for row in papers.register_rows(db, cast.principal) if row.doc_no]
        assert audit.first_bad(db) is None
    assert sorted(row.doc_no for row in rows) == given
    assert sorted(row.seq or 0 for row in rows) == list(range(1, MANY + 1))
    assert len({each.case_no for each in cast.cases(cast.county)}) == MANY
    assert cast.lines() - lines >= 4 * MANY


def test_twenty_clicks_open_one_case(cast: Cast) -> None:
    cast.clock.move_to(STAGES["opened"])
    student = cast.enrol()
    absent = STAGES["enrolled"].date().replace(day=7)
    with ThreadPoolExecutor(MANY) as pool:
        opened = set(pool.map(lambda _: open_case.open_case(cast.desk, cast.school, open_case.NewCase(
            student, absent, "F")), range(MANY)))
    assert len(opened) == len(cast.cases(cast.county)) == 1
