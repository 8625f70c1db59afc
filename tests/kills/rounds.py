"""One round: twenty papers are sent and approved while parts of the service are killed; then everything is counted."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.actions import sweep_files
from app.records import audit
from tests.kills.part import PRESS, STEPS, WORKER
from tests.kills.town import PATIENCE, Official, Point, Town, digest_of, rows, shift_to, wait_until_made
from tests.people import STAGES, Child

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.people import Cast

PAPERS = 20
NO_RING = "web: committed, bell not rung"
"""Then only the worker's healer can find the job."""
LATEST = 3
"""A step kills at its first to third time."""


@dataclass(frozen=True)
class Round:
    """What one round left behind."""

    instance: Path
    planned: list[Point]
    hit: list[Point]
    seen: list[tuple[str, str]]


def draw(seed: int, count: int) -> list[Point]:
    """So many deaths at as many steps, at least one of each part; the lost ring is always among them."""
    chance = random.Random(seed)  # noqa: S311  (a draw that can be drawn again)
    steps = [chance.choice([step for step in STEPS if STEPS[step][0] == part]) for part in (WORKER, PRESS)] + [NO_RING]
    rest = [step for step in STEPS if step not in steps]
    chance.shuffle(rest)
    drawn = (steps + rest)[:count]
    chance.shuffle(drawn)
    return [(step, chance.randint(1, LATEST)) for step in drawn]


def drafts(cast: Cast) -> list[str]:
    """Twenty pupils, their cases, and the drafts of the school's reports."""
    made = []
    for number in range(PAPERS):
        cast.clock.move_to(STAGES["enrolled"])
        student = cast.enrol(Child(name="演示马小燕", digits=f"64049920110315{number + 100:03}"))
        cast.clock.move_to(STAGES["opened"])
        case = cast.open(student)
        cast.clock.move_to(STAGES["reported"])
        made.append(cast.draft(cast.school, "school_report", cast.report_words(), case))
    return made


def run_round(cast: Cast, points: list[Point]) -> Round:
    papers, instance = drafts(cast), cast.desk.settings.instance
    cast.desk.doorbell.huey.flush()
    cast.desk.register.close()
    town = Town(instance, shift_to(STAGES["reported"] + timedelta(minutes=5)), points)
    school, principal = Official(town, "school"), Official(town, "principal")
    until = time.monotonic() + PATIENCE
    with town.running(), ThreadPoolExecutor(2) as pool:
        for doing in (pool.submit(school.submit, papers, until), pool.submit(principal.approve, papers, until)):
            doing.result()
        wait_until_made(instance, until)
    assert town.strange == [], complaints(town)
    return Round(instance, list(points), town.hit, [*school.seen, *principal.seen])


def complaints(town: Town) -> str:
    """What the parts said, without what they say of every request."""
    return "\n".join(line for line in town.log.read_text("utf-8").splitlines() if '"event": "request"' not in line)[-6000:]


def count_everything(cast: Cast, done: Round) -> None:
    """Nothing lost, nothing doubled, nothing left lying about."""
    ask: Callable[..., list[tuple[object, ...]]] = lambda words: rows(done.instance, words)  # noqa: E731
    assert sorted(done.hit) == sorted(done.planned)
    assert not cast.desk.register.sqlite or ask("PRAGMA integrity_check") == [("ok",)]
    reports = ask("SELECT public_id, state, production, seq, docx_sha, pdf_sha, pages FROM papers "
                  "WHERE kind = 'school_report'")
    assert len(reports) == PAPERS
    assert sorted(each[3] for each in reports) == list(range(1, PAPERS + 1))  # type: ignore[type-var]
    assert {each[1:3] for each in reports} == {("issued", "ready")}
    vault = cast.desk.vault
    for _, _, _, _, docx, pdf, _ in reports:
        assert [digest_of(vault.path(str(each))) for each in (docx, pdf)] == [docx, pdf]
    assert ask("SELECT DISTINCT state FROM jobs") == [("done",)]
    state = {str(each[0]): each[1] for each in reports}
    assert {paper for _, paper in done.seen} <= set(state)
    assert {state[paper] for act, paper in done.seen if act == "approve"} == {"issued"}
    counts = dict(ask("SELECT verb, count(*) FROM audit GROUP BY verb"))  # type: ignore[arg-type]
    assert {verb: counts.get(verb) for verb in ("submit_paper", "approve_paper", "produce_paper")} == {
        "submit_paper": PAPERS, "approve_paper": PAPERS, "produce_paper": 2 * PAPERS}
    assert counts.get("production_failed") is None
    swept = sweep_files.sweep(cast.desk, deep=True, young=timedelta(days=-1000))
    assert (swept.lost, swept.printed_again) == ((), 0)
    lying = {each.name for each in vault.root.glob("??/*")}
    named = {row[0] for row in ask("SELECT template_sha FROM papers UNION SELECT docx_sha FROM papers "
                                   "UNION SELECT pdf_sha FROM papers") if row[0]}
    assert lying == named
    with cast.desk.register.reading() as db:
        assert audit.first_bad(db) is None
