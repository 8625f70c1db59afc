"""What comes back from the scanner is known again, turned, stained and stamped over; the wrong paper never gets in."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFilter

from app.actions import approve_paper, file_scans, keep_scan
from app.errors import NotVisible, Refused
from app.intake import codes, evidence
from app.intake.codes import Mark
from app.law.lives import ScanRole
from app.outside.press import opened
from app.packets import page_code
from app.press import foreign
from app.records import files
from tests.fake_press import sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.people import Cast

PAPER = "5e" * 16


def coded(words: str = "演示".encode().hex(), paper: str = PAPER, page: int = 1, pages: int = 1) -> bytes:
    return page_code.coded(sheet(words), lambda _page, _pages: codes.text(Mark(paper, page, pages)))


def photographed(pdf: bytes, dpi: int = 150) -> Image.Image:
    document = pdfium.PdfDocument(pdf)
    try:
        return document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    finally:
        document.close()


def spoilt(picture: Image.Image, seed: int) -> Image.Image:
    """As scanners and telephones give it: turned a little or over, grey, stained, folded, blurred, stamped over."""
    dice = random.Random(seed)  # noqa: S311  (a test's own dice)
    scale = picture.width / 210
    draw = ImageDraw.Draw(picture)
    for _ in range(dice.randint(0, 2)):
        y = dice.uniform(0, 297) * scale
        draw.line((0, y, picture.width, y + dice.uniform(-3, 3) * scale), fill=(150, 150, 150), width=dice.randint(1, 3))
    for _ in range(400):
        x, y = dice.uniform(0, picture.width), dice.uniform(0, picture.height)
        draw.ellipse((x, y, x + 2, y + 2), fill=(dice.randint(0, 160),) * 3)
    if seed % 3 == 0:
        x, y = dice.uniform(90, 140) * scale, dice.uniform(150, 230) * scale
        draw.ellipse((x, y, x + 42 * scale, y + 42 * scale), outline=(200, 30, 30), width=round(1.2 * scale))
    angle = dice.choice((0, 90, 180, 270)) + dice.uniform(-6, 6)
    picture = picture.rotate(angle, expand=True, fillcolor=(235, 232, 225), resample=Image.Resampling.BICUBIC)
    noise = Image.effect_noise(picture.size, 30).convert("RGB")
    return Image.blend(picture, noise, 0.18).filter(ImageFilter.GaussianBlur(dice.uniform(0, 0.8)))


def sent(pictures: Sequence[Image.Image], kind: str = "PDF", dpi: int = 150) -> bytes:
    out = io.BytesIO()
    more: dict[str, Any] = {"save_all": True, "append_images": pictures[1:], "resolution": dpi} if kind == "PDF" else {
        "quality": 75}
    pictures[0].save(out, kind, **more)
    return out.getvalue()


def read(data: bytes) -> tuple[Mark | None, ...]:
    cleaned = evidence.clean(data, "扫描", lambda given, kind: opened(*foreign.opened(given, kind)))
    return codes.marks(cleaned.codes)


def test_of_sixty_scans_at_150_dpi_turned_stained_and_stamped_at_least_56_are_known_again() -> None:
    pages = [spoilt(photographed(coded()), seed) for seed in range(60)]
    found = read(sent(pages))
    assert sum(mark == Mark(PAPER, 1, 1) for mark in found) >= 56
    assert all(mark in (None, Mark(PAPER, 1, 1)) for mark in found), "never another paper"


@pytest.mark.parametrize("angle", [0, 7, 45, 90, 180, 270, 352])
@pytest.mark.parametrize(("dpi", "kind"), [(150, "PDF"), (200, "PDF"), (300, "JPEG")])
def test_a_clean_scan_is_known_however_it_lay(angle: int, dpi: int, kind: str) -> None:
    picture = photographed(coded(), dpi).rotate(angle, expand=True, fillcolor="white")
    assert read(sent([picture], kind, dpi)) == (Mark(PAPER, 1, 1),)


def test_a_photo_taken_at_a_slant_is_known() -> None:
    picture = photographed(coded(), 200)
    width, height = picture.size
    slant = (1.06, 0.04, -40.0, 0.03, 1.05, -30.0, 0.00003, 0.00002)
    assert read(sent([picture.transform((width, height), Image.Transform.PERSPECTIVE, slant,
                                        Image.Resampling.BICUBIC, fillcolor="gray")], "JPEG")) == (Mark(PAPER, 1, 1),)


# --- one paper


@pytest.fixture
def order(at_stage: Callable[[str], Cast]) -> tuple[Cast, str]:
    """An order that was issued and made, and no scan of it yet."""
    cast = at_stage("admonished")
    paper = cast.submit_order()
    approve_paper.approve_paper(cast.desk, cast.leader, paper)
    cast.work()
    return cast, paper


def printed(cast: Cast, paper: str) -> bytes:
    return cast.desk.vault.get(cast.load(paper).pdf_sha or "")


def keep(cast: Cast, paper: str, data: bytes, note: str = "") -> Any:
    keep_scan.keep_scan(cast.desk, cast.clerk, keep_scan.NewScan(
        paper, ScanRole.STAMPED, keep_scan.Upload(data, "扫描.pdf"), note))
    with cast.desk.register.reading() as db:
        return files.of_paper(db, cast.load(paper).id)[-1]


def scans_of(cast: Cast, paper: str) -> int:
    with cast.desk.register.reading() as db:
        return len(files.of_paper(db, cast.load(paper).id))


def test_the_right_scan_is_matched_by_its_code(order: tuple[Cast, str]) -> None:
    cast, paper = order
    scan = keep(cast, paper, sent([spoilt(photographed(printed(cast, paper)), 1)]))
    assert (scan.matched, scan.note) == ("qr", "")


def test_another_papers_scan_is_refused_by_its_name(order: tuple[Cast, str]) -> None:
    cast, paper = order
    other = cast.paper("school_report")
    with pytest.raises(Refused, match=f"《{other.title}》") as caught:
        keep(cast, paper, printed(cast, other.public_id), "已对照纸件核实")
    assert cast.load(other.public_id).doc_no in caught.value.what
    assert scans_of(cast, paper) == 0


def test_a_strangers_paper_is_refused_without_a_name(order: tuple[Cast, str]) -> None:
    cast, paper = order
    with pytest.raises(Refused, match="里有另一份文书的页") as caught:
        keep(cast, paper, coded(), "已对照纸件核实")
    assert "《" not in caught.value.what


def test_without_a_code_a_person_says_so_and_it_is_kept(order: tuple[Cast, str]) -> None:
    cast, paper = order
    for note in ("", " 是 "):
        with pytest.raises(Refused, match="没有读到"):
            keep(cast, paper, sheet("x"), note)
    scan = keep(cast, paper, sheet("x"), "二维码被折痕遮住，已对照纸件核实")
    assert (scan.matched, scan.note) == ("hand", "二维码被折痕遮住，已对照纸件核实")


def test_swapped_pages_of_one_scan_are_kept_in_the_papers_order(order: tuple[Cast, str]) -> None:
    cast, paper = order
    with cast.desk.change() as db:
        from app.records.papers import papers  # noqa: PLC0415

        db.execute(papers.update().where(papers.c.public_id == paper).values(pages=2))
    scan = keep(cast, paper, sent([photographed(coded(page=page, pages=2, paper=paper)) for page in (2, 1)]))
    assert scan.matched == "qr"
    assert read(cast.desk.vault.get(scan.pdf_sha)) == (Mark(paper, 1, 2), Mark(paper, 2, 2))


def test_a_draft_bears_no_code_and_an_issued_paper_one_on_each_page(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    paper = cast.submit_order()
    assert read(printed(cast, paper)) == (None,)
    approve_paper.approve_paper(cast.desk, cast.leader, paper)
    cast.work()
    assert read(printed(cast, paper)) == (Mark(paper, 1, 1),)


# --- a pile


def pile(cast: Cast, *uploads: bytes) -> file_scans.Outcome:
    return file_scans.file_scans(cast.desk, cast.clerk, [
        keep_scan.Upload(data, f"第{number}摞.pdf") for number, data in enumerate(uploads, 1)])


def test_a_pile_is_taken_apart_and_what_is_not_sure_is_listed(order: tuple[Cast, str]) -> None:
    cast, paper = order
    receipt = cast.paper("service_receipt")
    pages = [photographed(printed(cast, paper)), photographed(sheet("x")), photographed(coded()),
             photographed(printed(cast, receipt.public_id))]
    outcome = pile(cast, sent(pages), b"%PDF-broken")
    assert {(each.paper, each.pages) for each in outcome.filed} == {(paper, 1), (receipt.public_id, 1)}
    assert {(each.name, each.pages) for each in outcome.left} == {
        ("第1摞.pdf", (2,)), ("第1摞.pdf", (3,)), ("第2摞.pdf", ())}
    assert all(each.why for each in outcome.left)
    assert (scans_of(cast, paper), scans_of(cast, receipt.public_id)) == (1, 1)


def test_a_page_that_lies_twice_in_the_pile_files_nothing(order: tuple[Cast, str]) -> None:
    cast, paper = order
    outcome = pile(cast, printed(cast, paper), printed(cast, paper))
    assert outcome.filed == ()
    assert all("重复" in each.why for each in outcome.left)
    assert scans_of(cast, paper) == 0


def test_a_pile_of_others_alone_is_not_there(order: tuple[Cast, str]) -> None:
    cast, paper = order
    with pytest.raises(NotVisible):
        pile(cast, coded())
    with pytest.raises(NotVisible):
        file_scans.file_scans(cast.desk, cast.stranger, [keep_scan.Upload(printed(cast, paper), "x.pdf")])
    assert scans_of(cast, paper) == 0


def test_pages_in_several_files_and_in_no_order_make_one_paper(order: tuple[Cast, str]) -> None:
    cast, paper = order
    with cast.desk.change() as db:
        from app.records.papers import papers  # noqa: PLC0415

        db.execute(papers.update().where(papers.c.public_id == paper).values(pages=2))
    second, first = (coded("two", paper, 2, 2), coded("one", paper, 1, 2))
    outcome = pile(cast, second, first)
    assert [(each.paper, each.pages) for each in outcome.filed] == [(paper, 2)]
    assert "2、1" in outcome.filed[0].said
    with cast.desk.register.reading() as db:
        kept = files.of_paper(db, cast.load(paper).id)[-1]
    assert read(cast.desk.vault.get(kept.pdf_sha)) == (Mark(paper, 1, 2), Mark(paper, 2, 2))
    original = cast.desk.vault.get(kept.original_sha)
    assert second in original
    assert first in original
    missing = pile(cast, second)
    assert "缺第1页" in missing.left[0].why
