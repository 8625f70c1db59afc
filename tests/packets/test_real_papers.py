"""Real orders and reports from the real press: where their codes and seals lie, looked at point by point."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.actions import approve_paper, keep_scan, manage_accounts, manage_seals, use_seal
from app.intake import codes
from app.law.deadlines import chinese_date
from app.law.lives import Production, ScanRole
from app.law.offices import Role
from app.law.seals import UseState
from app.packets.seal import demo_seal
from app.records import accounts, files, papers, seals
from tests.people import CHILD, PASSWORD, SCHOOL, STAGES, Cast, Child

if TYPE_CHECKING:
    from app.law.offices import Actor
    from app.outside.press import Press
    from tests.conftest import Stages

pytestmark = [pytest.mark.press, pytest.mark.xdist_group("press")]

DPI = 150
POINTS = DPI / 25.4
"""Points a millimetre."""
LONG = "演示阿依古丽·阿卜杜热合曼·买买提依明·吐尔逊江江"
FATHER, MOTHER = CHILD.guardians[0], ("演示海淑芳", "母亲", "64049919870203002")
UNCLE = ("演示马明义", "其他监护人", "64049919830415003")
CHILDREN = {
    "one": CHILD,
    "three": Child(guardians=(FATHER, MOTHER, UNCLE)),
    "long": Child(name=LONG, guardians=((LONG[:25] + "父", "父亲", FATHER[2]), MOTHER)),
}
WIDTHS = {"one": 42.0, "three": 45.0, "long": 38.0}
KINDS = ("school_report", "rectification_order")


@dataclass(frozen=True)
class Made:
    """A paper as the press printed it, as it was finished with its codes, and with the seal on it."""

    row: papers.Paper
    plain: bytes
    finished: bytes
    sealed: bytes
    use: seals.SealUse
    organ: str
    matched: str
    width: float


@pytest.fixture(scope="module")
def made(stages: Stages, tmp_path_factory: pytest.TempPathFactory, real_press: Press) -> dict[tuple[str, str], Made]:
    """Both papers of each child, made, sealed, printed and scanned back."""
    found: dict[tuple[str, str], Made] = {}
    for name, child in CHILDREN.items():
        desk = stages.copy("cast", tmp_path_factory.mktemp("real") / "instance")
        cast = Cast(replace(desk, settings=replace(desk.settings, seal_policy="image")))
        for each in ("enrolled", "opened"):
            cast.go_on(each, child)
        with_seals(cast, WIDTHS[name])
        cast.clock.move_to(STAGES["reported"])
        found[name, "school_report"] = finished(
            cast, real_press, cast.school, cast.principal, "school_report", cast.report_words(), WIDTHS[name])
        cast.go_on("admonished")
        cast.clock.move_to(STAGES["ordered"])
        several = {"deadline_mode": "from_service", "serve_on": ""} if len(child.guardians) > 1 else {}
        found[name, "rectification_order"] = finished(
            cast, real_press, cast.clerk, cast.leader, "rectification_order", cast.order_words(**several),
            WIDTHS[name])
        desk.register.close()
    return found


def with_seals(cast: Cast, width: float) -> None:
    """The 样章 of the school and of the township, approved."""
    manage_accounts.add_account(cast.desk, None, manage_accounts.NewAccount(
        "school_keeper", "演示校印", SCHOOL, frozenset({Role.SEAL_KEEPER}), "", PASSWORD, must_change=False))
    with cast.desk.register.reading() as db:
        school_keeper = accounts.find_login(db, "school_keeper")
    assert school_keeper
    for keeper, leader in ((school_keeper.actor, cast.principal), (cast.people["keeper"], cast.leader)):
        asked = manage_seals.NewSeal("样章（演示）", demo_seal(), "样章.png", width)
        manage_seals.approve_seal(cast.desk, leader, manage_seals.upload_seal(cast.desk, keeper, asked))


def finished(cast: Cast, press: Press, drafter: Actor, leader: Actor, kind: str, words: dict[str, Any],
             width: float) -> Made:
    quick, cast.desk = cast.desk.press, replace(cast.desk, press=press)
    paper = cast.submit(drafter, kind, words)
    approve_paper.approve_paper(cast.desk, leader, paper)
    cast.work()
    row = cast.load(paper)
    assert row.production is Production.READY, row.problem
    use = use_seal.ask_seal(cast.desk, drafter, paper)
    use_seal.approve_use(cast.desk, leader, use)
    cast.work()
    row = cast.load(paper)
    with cast.desk.register.reading() as db:
        done = seals.load_use(db, drafter.office_id, use)
    assert done.state is UseState.APPLIED, done.note
    plain = press.convert(cast.desk.vault.get(row.template_sha), [row.printed or {}])[0].pdf
    finished, sealed = (cast.desk.vault.get(sha or "") for sha in (row.pdf_sha, row.sealed_sha))
    keep_scan.keep_scan(cast.desk, drafter, keep_scan.NewScan(
        paper, ScanRole.STAMPED, keep_scan.Upload(scanned(sealed), "扫描.pdf")))
    with cast.desk.register.reading() as db:
        matched = files.of_paper(db, row.id)[-1].matched
    cast.desk = replace(cast.desk, press=quick)
    shoot(f"{kind}-{width:.0f}", sealed)
    organ = str((row.frozen or {})["organ"])
    return Made(row, plain, finished, sealed, done, organ, matched, width)


def scanned(pdf: bytes) -> bytes:
    """The pages as the copier gives them, at 150 dpi."""
    sheets = [page.rotate(0.5, fillcolor=(250, 249, 246)) for page in drawn(pdf)]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=DPI)
    return out.getvalue()


def shoot(name: str, pdf: bytes) -> None:
    """Leave the pages to be looked at, where FANXIAO_SHOTS says."""
    if folder := os.environ.get("FANXIAO_SHOTS"):
        for number, page in enumerate(drawn(pdf), 1):
            page.save(Path(folder) / f"{name}-{number}.png")


def drawn(pdf: bytes) -> list[Image.Image]:
    document = pdfium.PdfDocument(pdf)
    try:
        return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def red_box(page: Image.Image) -> tuple[int, int, int, int] | None:
    channels = page.split()
    return ImageChops.subtract(channels[0], ImageChops.lighter(channels[1], channels[2])).point(
        lambda value: 255 if value > 60 else 0).getbbox()


def ink(page: Image.Image, darker_than: int = 200) -> Image.Image:
    return page.convert("L").point(lambda value: 255 if value < darker_than else 0)


def last_of(pdf: bytes, page: int, words: str) -> tuple[float, float, float, float] | None:
    """Where these words stand last on a page: left, top, right, bottom in millimetres from the upper left corner."""
    document = pdfium.PdfDocument(pdf)
    try:
        height, text = document[page].get_size()[1], document[page].get_textpage()
        found = list(iter(text.search(words).get_next, None))
        boxes = [text.get_charbox(place) for place in range(found[-1][0], sum(found[-1]))] if found else []
        text.close()
    finally:
        document.close()
    return (min(box[0] for box in boxes) * 25.4 / 72, (height - max(box[3] for box in boxes)) * 25.4 / 72,
            max(box[2] for box in boxes) * 25.4 / 72,
            (height - min(box[1] for box in boxes)) * 25.4 / 72) if boxes else None


every = pytest.mark.parametrize(("child", "kind"), [(child, kind) for child in CHILDREN for kind in KINDS])


@every
def test_each_page_bears_its_code_in_the_margin_over_nothing_and_is_read_again(
        made: dict[tuple[str, str], Made], child: str, kind: str) -> None:
    paper = made[child, kind]
    plain, finished, said = drawn(paper.plain), drawn(paper.finished), drawn(paper.sealed)
    assert len(plain) == len(finished) == len(said) == paper.row.pages
    for number, (old, new, sealed) in enumerate(zip(plain, finished, said, strict=True), 1):
        box = ImageChops.difference(old, new).getbbox()
        assert box is not None
        left, top, right, bottom = (each / POINTS for each in box)
        assert right - left <= 20
        assert bottom - top <= 20
        assert top >= 5
        assert bottom <= 37, "above the print area (GB/T 9704-2012 5.2.2)"
        assert left >= 20
        assert right <= 210 - 20, "off the binding edge and the straddle seal"
        quiet = 1.5 * POINTS
        ground = old.crop((int(box[0] - quiet), int(box[1] - quiet), int(box[2] + quiet), int(box[3] + quiet)))
        assert ink(ground).getbbox() is None, "nothing was printed there"
        for page in (new, sealed):
            assert [each.text for each in zxingcpp.read_barcodes(page)] == [
                codes.text(codes.Mark(paper.row.public_id, number, len(plain)))]
    assert paper.matched == codes.QR


@every
def test_the_seal_is_centred_on_name_and_date_in_true_size_and_all_else_is_as_it_was(
        made: dict[tuple[str, str], Made], child: str, kind: str) -> None:
    paper = made[child, kind]
    before, after = drawn(paper.finished), drawn(paper.sealed)
    assert paper.use.page == len(before), "the signature ends the paper"
    for old, new in zip(before[:-1], after[:-1], strict=True):
        assert ImageChops.difference(old, new).getbbox() is None
    old, new = before[-1], after[-1]
    box = red_box(new)
    assert box is not None
    assert [(box[2] - box[0]) / POINTS, (box[3] - box[1]) / POINTS] == pytest.approx([paper.width] * 2, abs=0.4)
    assert ((paper.use.x_tenths or 0) / 10, (paper.use.y_tenths or 0) / 10) == pytest.approx(
        (box[0] / POINTS, 297 - box[3] / POINTS), abs=0.3)
    on = paper.row.issue_date
    assert on
    name, day, kept = (last_of(paper.finished, len(before) - 1, words)
                       for words in (paper.organ, chinese_date(on), "（盖章）"))
    assert name
    assert day
    middle = (box[0] + box[2]) / 2 / POINTS
    for line in (name, day):
        assert middle == pytest.approx((line[0] + line[2]) / 2, abs=2)
    top, bottom = box[1] / POINTS, box[3] / POINTS
    assert (top + bottom) / 2 <= (name[1] + name[3]) / 2 + 0.5, "居中下压: name and date below its centre"
    assert (top + bottom) / 2 + 0.2 * paper.width >= (name[1] + name[3]) / 2
    assert day[3] <= bottom - 1, "the date lies inside"
    elsewhere = ink(old)
    for line in (name, day, kept):
        if line is not None:
            elsewhere.paste(0, tuple(round(each * POINTS) for each in (
                line[0] - 1, line[1] - 0.5, line[2] + 1, line[3] + 0.5)))
    assert elsewhere.crop(box).getbbox() is None, "it touches no other text"
    outside = ImageChops.difference(old, new)
    ImageDraw.Draw(outside).rectangle((box[0] - 2, box[1] - 2, box[2] + 1, box[3] + 1), fill=(0, 0, 0))
    assert outside.getbbox() is None, "outside the seal nothing changed"
    under = ImageChops.subtract(ink(old, 60), ink(new.filter(ImageFilter.MinFilter(3)), 170))
    assert under.getbbox() is None, "what was printed under it is still there"
