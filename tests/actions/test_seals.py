"""用印 takes two people, happens only where it is allowed, and leaves a line with both files; else nothing happens."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageDraw

from app.actions import approve_paper, keep_scan, manage_seals, use_seal, void_paper
from app.errors import NotVisible, Refused
from app.law.lives import ScanRole
from app.law.seals import SealState, UseState
from app.packets.seal import demo_seal
from app.records import audit, seals
from tests.actions.acts import approved_seal, asked_use, new_seal, unsealed_order, uploaded_seal, with_pictures
from tests.fake_press import FakePress
from tests.packets.signed_sheets import ORGAN, sheet, signed
from tests.people import STAGES, upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.outside.press import Printed
    from tests.people import Cast


class SigningPress(FakePress):
    """Prints an order that is signed with the organ's name and the date, `body` lines below the text."""

    body = 3.0

    def convert(self, template: bytes | str, contexts: Sequence[Mapping[str, Any]], **more: Any) -> list[Printed]:
        made = super().convert(template, contexts, **more)
        pdf = sheet(signed(100, organ=ORGAN, body=self.body))
        return [replace(each, pdf=pdf) for each in made]


@pytest.fixture
def town(at_stage: Callable[[str], Cast]) -> Cast:
    cast = at_stage("admonished")
    cast.desk = replace(cast.desk, press=SigningPress())
    return cast


def seals_of(cast: Cast) -> tuple[seals.Seal, ...]:
    with cast.desk.register.reading() as db:
        return seals.of_office(db, cast.leader.office_id)


def uses_of(cast: Cast) -> tuple[seals.SealUse, ...]:
    with cast.desk.register.reading() as db:
        return seals.uses_of_office(db, cast.leader.office_id)


def sealed(cast: Cast) -> str:
    """An order with the seal on it; answers the paper."""
    paper = unsealed_order(cast)
    use_seal.approve_use(cast.desk, cast.leader, use_seal.ask_seal(cast.desk, cast.clerk, paper))
    cast.work()
    return paper


def test_a_use_from_the_asking_to_the_sealed_file(town: Cast) -> None:
    paper = sealed(town)
    row, use = town.load(paper), uses_of(town)[0]
    assert use.state is UseState.APPLIED, use.note
    assert (use.asked_by, use.approved_by) == (town.clerk.account_id, town.leader.account_id)
    assert (use.before_sha, use.after_sha) == (row.pdf_sha, row.sealed_sha)
    assert row.sealed_sha != row.pdf_sha
    assert use.page == 1
    assert 100 < (use.x_tenths or 0) / 10 < 150
    assert town.desk.vault.get(row.pdf_sha or "") != town.desk.vault.get(row.sealed_sha or "")
    with town.desk.register.reading() as db:
        verbs = [each["verb"] for each in audit.everything(db)]
        assert audit.first_bad(db) is None
    assert verbs[-3:] == ["ask_seal", "approve_use", "apply_seal"]


def test_what_bears_the_seal_may_be_served_and_nothing_else_is_scanned_for_it(town: Cast) -> None:
    sealed(town)
    town.clock.move_to(STAGES["served"])
    assert town.serve()


def test_the_job_may_run_twice_and_the_paper_takes_one_seal(town: Cast) -> None:
    paper = sealed(town)
    row = town.load(paper)
    with town.desk.register.reading() as db:
        use = seals.uses_of_paper(db, row.id)[0]
    lines = town.lines()
    use_seal.apply_seal(town.desk, use.id)
    assert (town.load(paper).sealed_sha, town.lines()) == (row.sealed_sha, lines)


def test_whoever_uploaded_a_seal_does_not_approve_it(town: Cast) -> None:
    seal = uploaded_seal(town)
    both = replace(town.leader, account_id=town.people["keeper"].account_id)
    for act in (manage_seals.approve_seal, lambda *asked: manage_seals.refuse_seal(*asked, "不行")):
        with pytest.raises(Refused, match="上传印章的人不能审批"):
            act(town.desk, both, seal)
    assert seals_of(town)[0].state is SealState.WAITING


def test_whoever_asked_or_wrote_the_paper_does_not_approve_its_seal(town: Cast) -> None:
    use = asked_use(town)
    asker = replace(town.leader, account_id=town.clerk.account_id)
    with pytest.raises(Refused, match="不能审批用印"):
        use_seal.approve_use(town.desk, asker, use)
    paper = town.paper("rectification_order")
    writer = replace(town.leader, account_id=paper.drafter_id)
    with pytest.raises(Refused, match="不能审批用印"):
        use_seal.approve_use(town.desk, writer, use)
    town.work()
    assert town.load(paper.public_id).sealed_sha is None


def test_a_seal_asked_by_its_keeper_is_approved_by_a_leader_who_did_not_draft(town: Cast) -> None:
    paper = unsealed_order(town)
    use = use_seal.ask_seal(town.desk, town.people["keeper"], paper)
    use_seal.approve_use(town.desk, town.leader, use)
    town.work()
    assert town.load(paper).sealed_sha


def test_whoever_wrote_a_paper_does_not_approve_its_seal_though_another_asked(town: Cast) -> None:
    paper = unsealed_order(town)
    use = use_seal.ask_seal(town.desk, town.people["keeper"], paper)
    writer = replace(town.leader, account_id=town.clerk.account_id)
    with pytest.raises(Refused, match="不能审批用印"):
        use_seal.approve_use(town.desk, writer, use)
    assert uses_of(town)[0].state is UseState.ASKED


def test_a_seal_that_nobody_approved_is_not_used(town: Cast) -> None:
    paper = town.submit_order()
    approve_paper.approve_paper(town.desk, town.leader, paper)
    town.work()
    uploaded_seal(town)
    with pytest.raises(Refused, match="没有启用的印章"):
        use_seal.ask_seal(town.desk, town.clerk, paper)


def test_a_new_seal_replaces_the_old_one_which_is_kept(town: Cast) -> None:
    approved_seal(town)
    second = manage_seals.upload_seal(town.desk, town.people["keeper"], new_seal())
    assert [each.state for each in seals_of(town)] == [SealState.WAITING, SealState.APPROVED]
    manage_seals.approve_seal(town.desk, town.leader, second)
    assert [each.state for each in seals_of(town)] == [SealState.APPROVED, SealState.RETIRED]


def test_a_seal_retired_between_approval_and_work_is_not_laid(town: Cast) -> None:
    use = asked_use(town)
    use_seal.approve_use(town.desk, town.leader, use)
    manage_seals.retire_seal(town.desk, town.people["keeper"], seals_of(town)[0].public_id, "换了新章")
    town.work()
    assert uses_of(town)[0].state is UseState.FAILED
    assert "停用" in uses_of(town)[0].note
    assert town.paper("rectification_order").sealed_sha is None


def test_a_paper_voided_between_approval_and_work_gets_no_seal(town: Cast) -> None:
    use = asked_use(town)
    use_seal.approve_use(town.desk, town.leader, use)
    paper = town.paper("rectification_order")
    void_paper.void_paper(town.desk, town.leader, paper.public_id, "成文日期写错了")
    town.work()
    assert uses_of(town)[0].state is UseState.FAILED
    assert town.load(paper.public_id).sealed_sha is None


def test_a_paper_without_room_is_told_why_and_stays_as_it_is(town: Cast) -> None:
    press = town.desk.press
    assert isinstance(press, SigningPress)
    press.body = 1.0
    paper = sealed(town)
    use = uses_of(town)[0]
    assert (use.state, town.load(paper).sealed_sha) == (UseState.FAILED, None)
    assert "压住上方的正文" in use.note
    assert "手工盖章" in use.note


def test_a_paper_is_asked_for_once_and_not_when_it_was_stamped_by_hand(town: Cast) -> None:
    paper = unsealed_order(town)
    use = use_seal.ask_seal(town.desk, town.clerk, paper)
    with pytest.raises(Refused, match="已经申请"):
        use_seal.ask_seal(town.desk, town.clerk, paper)
    use_seal.refuse_use(town.desk, town.leader, use, "文书有误")
    keep_scan.keep_scan(town.desk, town.clerk, keep_scan.NewScan(
        paper, ScanRole.STAMPED, upload("盖章件"), "已对照纸件核实"))
    with pytest.raises(Refused, match="盖章件扫描"):
        use_seal.ask_seal(town.desk, town.clerk, paper)


def test_another_offices_seal_and_its_uses_are_not_there(town: Cast) -> None:
    use = asked_use(town)
    with town.desk.register.reading() as db:
        for stranger in ("stranger", "county", "school"):
            with pytest.raises(NotVisible):
                seals.load_seal(db, town.people[stranger].office_id, seals_of(town)[0].public_id)
            with pytest.raises(NotVisible):
                seals.load_use(db, town.people[stranger].office_id, use)


def test_with_pictures_forbidden_every_action_refuses(town: Cast) -> None:
    use, seal = asked_use(town), seals_of(town)[0].public_id
    paper = town.paper("rectification_order").public_id
    town.desk = replace(town.desk, settings=replace(town.desk.settings, seal_policy="wet"))
    keeper, lines = town.people["keeper"], town.lines()
    for act in (
        lambda: manage_seals.upload_seal(town.desk, keeper, new_seal()),
        lambda: manage_seals.approve_seal(town.desk, town.leader, seal),
        lambda: manage_seals.refuse_seal(town.desk, town.leader, seal, "不行"),
        lambda: manage_seals.retire_seal(town.desk, keeper, seal, "不行"),
        lambda: use_seal.ask_seal(town.desk, town.clerk, paper),
        lambda: use_seal.approve_use(town.desk, town.leader, use),
        lambda: use_seal.refuse_use(town.desk, town.leader, use, "不行"),
    ):
        with pytest.raises(Refused, match="没有启用图片印章"):
            act()
    assert town.lines() == lines


def test_with_pictures_forbidden_after_the_approval_nothing_is_laid(town: Cast) -> None:
    use = asked_use(town)
    use_seal.approve_use(town.desk, town.leader, use)
    town.desk = replace(town.desk, settings=replace(town.desk.settings, seal_policy="wet"))
    town.work()
    assert (uses_of(town)[0].state, town.paper("rectification_order").sealed_sha) == (UseState.FAILED, None)


def png(size: tuple[int, int] = (600, 600), ground: Any = (0, 0, 0, 0), ink: Any = (200, 16, 16, 255)) -> bytes:
    made = Image.new("RGBA", size, ground)
    ImageDraw.Draw(made).ellipse((50, 50, size[0] - 50, size[1] - 50), outline=ink, width=20)
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 600), (200, 0, 0)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(("data", "words"), [
    (png(ground=(255, 255, 255, 255)), "不是透明"), (png(ink=(20, 20, 20, 255)), "不是红色"),
    (png((900, 600)), "正方形"), (jpeg(), "不是 PNG"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "损坏"),
    (png((5000, 5000)), "像素"), (b"\x89PNG\r\n\x1a\n" + b"\0" * (6 << 20), "5 MB"), (png((200, 200)), "像素"),
])
def test_a_picture_that_is_no_seal_is_refused_with_what_to_do(town: Cast, data: bytes, words: str) -> None:
    with_pictures(town)
    with pytest.raises(Refused, match=words) as caught:
        manage_seals.upload_seal(town.desk, town.people["keeper"], replace(new_seal(), data=data))
    assert caught.value.advice
    assert seals_of(town) == ()


@pytest.mark.parametrize(("millimetres", "special", "good"), [
    (37.9, False, False), (38, False, True), (50, False, True), (50.1, False, False), (30, True, True),
    (29, True, False)])
def test_the_width_is_that_of_a_seal(town: Cast, millimetres: float, *, special: bool, good: bool) -> None:
    with_pictures(town)
    asked = replace(new_seal(), millimetres=millimetres, special=special)
    if good:
        manage_seals.upload_seal(town.desk, town.people["keeper"], asked)
        assert seals_of(town)[0].millimetres == millimetres
    else:
        with pytest.raises(Refused, match="直径"):
            manage_seals.upload_seal(town.desk, town.people["keeper"], asked)


def test_the_picture_is_cut_to_the_seal_and_written_afresh(town: Cast) -> None:
    uploaded_seal(town)
    kept = town.desk.vault.get(seals_of(town)[0].sha)
    assert kept != demo_seal()
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.getchannel("A").point(lambda value: 255 if value > 16 else 0).getbbox() == (0, 0, *picture.size)
        assert picture.info == {}


def test_the_straddle_seal_of_a_bound_file_is_in_the_log(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    approved_seal(cast)
    cast.file()
    use = uses_of(cast)[0]
    assert (use.state, use.title.endswith("（骑缝章）"), use.asked_by) == (UseState.APPLIED, True, cast.clerk.account_id)
    assert use.after_sha
