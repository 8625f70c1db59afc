"""The seal lies on the organ's name and the date, in true size, never on anything else: looked at point by point."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops, ImageDraw
from pypdf import PdfReader, PdfWriter

from app.errors import NeedsPerson, Refused
from app.packets import page_code, seal, sealing, signature, stamp
from tests.packets.signed_sheets import DATE, LINE, MM, ORGAN, Text, sheet, signed, width

DPI = 150
SCALE = DPI / 25.4


def ring(side: int = 600) -> bytes:
    """A test picture: a red ring that says by its cross that it is none."""
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((0, 0, side - 1, side - 1), outline=(200, 16, 16, 255), width=side // 40)
    draw.line((side // 4, side // 2, 3 * side // 4, side // 2), fill=(200, 16, 16, 255), width=side // 60)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


RING = ring()


def drawn(pdf: bytes, page: int) -> Image.Image:
    document = pdfium.PdfDocument(pdf)
    try:
        return document[page].render(scale=DPI / 72).to_pil().convert("RGB")
    finally:
        document.close()


def red(picture: Image.Image) -> Image.Image:
    channels = picture.split()
    return ImageChops.subtract(channels[0], ImageChops.lighter(channels[1], channels[2])).point(
        lambda value: 255 if value > 60 else 0)


def black(picture: Image.Image) -> Image.Image:
    return picture.convert("L").point(lambda value: 255 if value < 100 else 0)


def filled(box: tuple[int, int, int, int], size: tuple[int, int]) -> Image.Image:
    """The whole disk of a seal that fills `box`."""
    made = Image.new("L", size, 0)
    ImageDraw.Draw(made).ellipse(box, fill=255)
    return made


BASES = (45.0, 60.0, 80.0, 101.3, 120.0, 150.0, 190.0)
RIGHTS = (40.0, 48.6)
WIDTHS = (38.0, 42.0, 45.0, 50.0)
ORGANS = (ORGAN, "西吉县教育体育局")
PLACES = list(itertools.product(BASES, RIGHTS, WIDTHS, ORGANS))


@pytest.mark.parametrize(("base", "right", "millimetres", "organ"), PLACES)
def test_a_seal_stands_on_name_and_date_in_true_size_and_touches_nothing_else(
        base: float, right: float, millimetres: float, organ: str) -> None:
    body = 3 if millimetres < 50 else 3.5
    texts = signed(base, right, organ=organ, body=body, below=3.2)
    before, picture = sheet(texts), seal.read_seal(RING, millimetres)
    place = signature.place(before, (organ,), DATE, picture)
    after = sealing.lay(before, place, picture)
    sealing.measure(before, after, place, picture)
    old, new = drawn(before, 0), drawn(after, 0)
    box = red(new).getbbox()
    assert box is not None
    assert (box[2] - box[0]) / SCALE == pytest.approx(millimetres, abs=0.6)
    assert (box[3] - box[1]) / SCALE == pytest.approx(millimetres, abs=0.6)
    own = [(210 - right - width(DATE), base, DATE), (210 - right - width(DATE) / 2 - width(organ) / 2, base + LINE, organ)]
    meant_x, organ_y = 210 - right - width(DATE) / 2, base + LINE + 2
    assert (box[0] + box[2]) / 2 / SCALE == pytest.approx(meant_x, abs=2.0)
    middle = 297 - (box[1] + box[3]) / 2 / SCALE
    assert organ_y - 0.5 <= middle <= organ_y + 0.2 * millimetres, "居中下压: both lines a little below its centre"
    assert middle == pytest.approx(organ_y + 0.1 * millimetres, abs=2.0)
    disk = filled(box, new.size)
    elsewhere = black(old)
    for left, line, text in own:
        elsewhere.paste(0, (int((left - 1) * SCALE), int((297 - line - 6) * SCALE),
                            int((left + width(text) + 1) * SCALE), int((297 - line + 2) * SCALE)))
    assert ImageChops.multiply(disk, elsewhere).getbbox() is None, "nothing but the two lines lies under it"
    body_base = base + LINE + body * LINE
    if body_base < 260:
        assert -0.1 <= (body_base - 0.3) - (297 - box[1] / SCALE) <= LINE + 0.5, "no more than a line below the text"


def outcome(*pages: list[Text], names: tuple[str, ...] = (ORGAN,), millimetres: float = 42.0) -> Any:
    return signature.place(sheet(*pages), names, DATE, seal.read_seal(RING, millimetres))


def test_there_are_more_than_a_hundred_placements() -> None:
    assert len(PLACES) > 100


@pytest.mark.parametrize("body", [1.0, 1.5, 2.0])
def test_where_the_body_comes_too_near_the_seal_is_refused_with_what_to_do(body: float) -> None:
    with pytest.raises(Refused, match="压住上方的正文") as caught:
        outcome(signed(100, body=body))
    assert "手工盖章" in caught.value.advice


def test_with_little_room_it_is_lowered_to_keep_clear_of_the_body() -> None:
    texts = signed(100, body=2.6)
    place = outcome(texts, millimetres=42)
    assert place.bottom / MM + 42 <= 100 + 3.6 * LINE
    assert place.bottom / MM < 100 - 2, "the date stays well inside"


def test_a_note_close_below_the_date_is_not_covered() -> None:
    with pytest.raises(Refused, match="旁边或下方"):
        outcome(signed(100, below=0.6))


def test_a_name_beside_the_signature_is_not_covered() -> None:
    texts = [*signed(100), ("演示马小燕", 210 - 48.6 - width(DATE) / 2 - 20, 100 - 0.65 * LINE)]
    with pytest.raises(Refused, match="旁边或下方"):
        outcome(texts)


@pytest.mark.parametrize(("base", "right"), [(4.0, 48.6), (100.0, 0.5), (262.0, 48.6)])
def test_a_seal_never_leaves_the_page(base: float, right: float) -> None:
    with pytest.raises(Refused):
        outcome(signed(base, right))


def test_a_seal_never_lies_on_the_code_of_the_page() -> None:
    """A signature that begins a page: the seal would reach into the 天头, where the code stands."""
    with pytest.raises(Refused):
        outcome(signed(237.0, 30.0), millimetres=45)


def test_the_number_of_the_page_is_not_covered() -> None:
    with pytest.raises(Refused, match="旁边或下方"):
        outcome([*signed(35), ("— 1 —", 140.0, 32.0)])


def test_no_signature_or_two_of_them_is_for_a_person() -> None:
    with pytest.raises(Refused, match="没有找到"):
        outcome([(DATE, 120, 100)])
    with pytest.raises(Refused, match="没有找到"):
        outcome([(ORGAN + DATE, 60, 100)])
    with pytest.raises(Refused, match="没有找到"):
        outcome([*signed(100), ("抄送", 60, 100.5)])
    with pytest.raises(Refused, match="没有找到"):
        outcome(signed(100, organ="西吉县教育体育局"))
    with pytest.raises(Refused, match="不止一处"):
        outcome(signed(100), signed(150))


def test_the_same_day_in_the_body_is_no_signature_and_the_page_is_the_right_one() -> None:
    first: list[Text] = [(f"{ORGAN}{DATE}决定", 28, 200), (ORGAN, 28, 180), ("于", 28, 170), (DATE, 100, 160)]
    assert outcome(first, signed(100)).page == 1


def test_the_word_that_keeps_the_place_may_be_covered() -> None:
    kept = ("（盖章）", 210 - 48.6 - width(DATE) / 2 - 11, 100 + 2 * LINE)
    assert outcome(sorted([*signed(100, body=4), kept], key=lambda each: -each[2])).page == 0


def test_the_seal_cannot_be_taken_out_of_the_file() -> None:
    """Every picture in it is flat: no opacity, and the words of the paper are in it."""
    before = sheet(signed(100))
    picture = seal.read_seal(RING, 42)
    after = sealing.lay(before, signature.place(before, (ORGAN,), DATE, picture), picture)
    reader = PdfReader(io.BytesIO(after))
    images = list(reader.pages[0]["/Resources"]["/XObject"].values())
    assert len(images) == 1
    image = images[0].get_object()
    assert "/SMask" not in image
    shown = Image.frombytes("RGB", (image["/Width"], image["/Height"]), image.get_data())
    assert black(shown).getbbox() is not None
    assert DATE in "".join(reader.pages[0].extract_text().split())


def test_a_page_that_came_out_otherwise_than_meant_is_stopped() -> None:
    before = sheet(signed(100))
    picture = seal.read_seal(RING, 42)
    place = signature.place(before, (ORGAN,), DATE, picture)
    moved = signature.Place(place.page, place.left + 3 * MM, place.bottom)
    smaller = seal.read_seal(RING, 38)
    for wrong in (sealing.lay(before, moved, picture), sealing.lay(before, place, smaller), before):
        with pytest.raises(NeedsPerson):
            sealing.measure(before, wrong, place, picture)


def test_the_demo_seal_is_square_and_its_corners_count() -> None:
    before = sheet(signed(100))
    with Image.open(io.BytesIO(seal.demo_seal())) as opened:
        cut = opened.crop(opened.getchannel("A").getbbox())
    out = io.BytesIO()
    cut.save(out, "PNG")
    picture = seal.read_seal(out.getvalue(), 42)
    place = signature.place(before, (ORGAN,), DATE, picture)
    sealing.measure(before, sealing.lay(before, place, picture), place, picture)


def test_the_code_keeps_out_of_the_print_area_and_of_the_binding_edge() -> None:
    for left, bottom, right, top in page_code.boxes(210 * MM, 297 * MM):
        assert bottom / MM >= 297 - 37
        assert top / MM <= 297 - 5
        assert left / MM >= 20
        assert right / MM <= 210 - 20


def test_the_order_in_which_a_page_was_painted_does_not_matter() -> None:
    texts = signed(100)
    seen = {outcome(order).bottom for order in (texts, texts[::-1], [*texts[1:], texts[0]])}
    assert len(seen) == 1


def test_what_is_drawn_and_is_no_text_is_not_covered_either() -> None:
    """A line of a table, a picture: whatever left ink on the page."""
    plain = sheet(signed(100))
    assert signature.place(plain, (ORGAN,), DATE, seal.read_seal(RING, 42)).page == 0
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain)))
    page = writer.pages[0]
    stamp.draw(writer, page, f"q 0.4 w {120 * MM} {98.8 * MM} m {170 * MM} {98.8 * MM} l S Q\n")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(Refused, match="旁边或下方"):
        signature.place(out.getvalue(), (ORGAN,), DATE, seal.read_seal(RING, 42))


def test_the_seal_is_on_the_name_nearest_above_the_date() -> None:
    """The organ's name in the heading, and the date in the text, are no signature."""
    heading = (ORGAN, 80.0, 240.0)
    assert outcome([heading, *signed(100)]).bottom == outcome(signed(100)).bottom
