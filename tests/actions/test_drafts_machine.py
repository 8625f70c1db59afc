"""Two editors, saves in any order, requests that come late or several times: nothing typed is lost, versions only grow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from app.actions import draft_paper, settle_draft
from app.actions.draft_paper import Opened
from app.errors import Refused
from app.forms.paper_form import form_for
from app.papers import catalogue
from app.papers.merge import Pick, marks
from app.records import keeps, papers

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.law.offices import Actor
    from tests.people import Cast

FIELDS = ("findings", "term_days", "serve_on")
EDITORS = st.sampled_from([0, 1])
Sheet = dict[str, str]


@dataclass(frozen=True)
class Sent:
    """A request on its way: it may arrive again at any time."""

    editor: int
    typed: Sheet
    opened: Opened


@dataclass
class Page:
    """What one editor has on the screen."""

    typed: Sheet
    opened: Opened
    sent: list[Sent] = field(default_factory=list)


class Drafts(RuleBasedStateMachine):
    """The model is what each editor has on the screen and the drafts that ever stood in the register."""

    cast: ClassVar[Cast]
    paper: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        with self.cast.desk.change() as db:
            db.execute(keeps.draft_keeps.delete())
            db.execute(papers.papers.update().where(papers.papers.c.public_id == self.paper)
                       .values(typed=dict.fromkeys(FIELDS, "")))
        self.people: tuple[Actor, ...] = (self.cast.clerk, self.cast.people["second"])
        self.version = self.cast.load(self.paper).version
        self.stood: list[Sheet] = [self.draft()]
        """Every content that the draft has had."""
        self.settled: list[Sheet] = []
        self.grown: list[Sheet] = []
        """Sheets that the same page went on from."""
        self.sheets: list[Sheet] = []
        """Every sheet that ever arrived."""
        self.pages = [self.opened(), self.opened()]
        for editor, name in ((0, "findings"), (1, "findings"), (1, "term_days")):  # begin where it is hard
            self.types_and_saves(editor, name, 1)

    def draft(self) -> Sheet:
        return {name: self.cast.load(self.paper).typed.get(name, "") for name in FIELDS}

    def opened(self) -> Page:
        draft = self.draft()
        return Page(draft, Opened(self.cast.load(self.paper).version, marks(draft)))

    def kept(self) -> tuple[keeps.Keep, ...]:
        with self.cast.desk.register.reading() as db:
            return keeps.of_paper(db, self.cast.load(self.paper).id)

    def arrive(self, sent: Sent) -> draft_paper.Saved:
        before, version = self.draft(), self.cast.load(self.paper).version
        held = {each.public_id: each for each in self.kept()}
        answer = draft_paper.save_draft(self.cast.desk, self.people[sent.editor], self.paper, sent.typed, sent.opened)
        if self.draft() != before:
            assert sent.opened.version == version, "a draft was overwritten by somebody who had not seen it"
            self.stood.append(self.draft())
        for each in self.kept():
            if each.public_id in held and each.typed != held[each.public_id].typed:
                assert sent.opened.keep == f"{each.public_id}.{held[each.public_id].number}"
                self.grown.append(dict(held[each.public_id].typed))
        self.sheets.append(sent.typed)
        return answer

    @rule(editor=EDITORS, name=st.sampled_from(FIELDS), value=st.sampled_from("甲乙丙丁"))
    def types(self, editor: int, name: str, value: str) -> None:
        self.pages[editor].typed = self.pages[editor].typed | {name: value}

    @rule(editor=EDITORS, name=st.sampled_from(FIELDS), times=st.integers(1, 3))
    def types_and_saves(self, editor: int, name: str, times: int) -> None:
        self.types(editor, name, f"第{len(self.sheets)}句")
        self.saves(editor, times)

    @rule(editor=EDITORS, times=st.integers(1, 3))
    def saves(self, editor: int, times: int) -> None:
        page = self.pages[editor]
        sent = Sent(editor, page.typed, page.opened)
        page.sent.append(sent)
        answers = [self.arrive(sent) for _ in range(times)]
        first = answers[0]
        if first.keep:
            page.opened = replace(page.opened, keep=first.keep)
        else:
            page.opened = Opened(first.version, marks(sent.typed))

    @precondition(lambda self: any(page.sent for page in self.pages))
    @rule(data=st.data())
    def arrives_late(self, data: Any) -> None:
        self.arrive(data.draw(st.sampled_from([each for page in self.pages for each in page.sent[-3:]])))

    @rule(editor=EDITORS)
    def opens_anew(self, editor: int) -> None:
        self.saves(editor, 1)
        self.pages[editor] = replace(self.opened(), sent=self.pages[editor].sent)

    @precondition(lambda self: bool(self.kept()))
    @rule(data=st.data(), which=st.sampled_from([Pick.MINE, Pick.STORED]), drop=st.booleans(), stale=st.booleans())
    def settles(self, data: Any, which: Pick, drop: bool, stale: bool) -> None:  # noqa: FBT001  (drawn)
        keep = data.draw(st.sampled_from(self.kept()))
        owner = next(each for each in self.people if each.account_id == keep.account_id)
        fields, version = form_for(catalogue.paper("rectification_order"), {}).fields, self.cast.load(self.paper).version
        picks = {each.name: which for each in fields}
        if drop:
            settle_draft.drop_keep(self.cast.desk, owner, self.paper, keep.public_id)
        elif stale:
            with pytest.raises(Refused):
                settle_draft.use_keep(self.cast.desk, owner, self.paper, keep.public_id, fields, picks, version - 1)
            return
        else:
            settle_draft.use_keep(self.cast.desk, owner, self.paper, keep.public_id, fields, picks, version)
            self.stood.append(self.draft())
        self.settled.append(dict(keep.typed))

    @invariant()
    def nothing_typed_is_lost(self) -> None:
        there = [*self.stood, *self.settled, *self.grown, *(dict(each.typed) for each in self.kept())]
        assert [each for each in self.sheets if each not in there] == []

    @invariant()
    def what_is_on_a_screen_and_was_sent_last_is_at_hand(self) -> None:
        held = [dict(each.typed) for each in self.kept()]
        for page in self.pages:
            if page.sent and page.sent[-1].typed not in self.settled:
                assert page.sent[-1].typed in (*self.stood, *held)

    @invariant()
    def versions_only_grow(self) -> None:
        version = self.cast.load(self.paper).version
        assert version >= self.version
        self.version = version


def test_two_editors_lose_nothing(at_stage: Callable[[str], Cast]) -> None:
    Drafts.cast = at_stage("admonished")
    Drafts.paper = Drafts.cast.draft_order()
    run_state_machine_as_test(Drafts, settings=settings(
        max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=()))


def test_a_request_that_comes_late_does_not_write_over_a_newer_one(at_stage: Callable[[str], Cast]) -> None:
    """A walk through the machine that chance seldom takes."""
    Drafts.cast = at_stage("admonished")
    Drafts.paper = Drafts.cast.draft_order()
    walk = Drafts()
    walk.types_and_saves(1, "findings", 1)
    for late in walk.pages[1].sent:
        walk.arrive(late)
        walk.nothing_typed_is_lost()
        walk.what_is_on_a_screen_and_was_sent_last_is_at_hand()
