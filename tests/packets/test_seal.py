"""骑缝章: the strips of all pages make one whole seal of true size, and no page holds its own copy."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw
from pypdf import PdfReader

from app.errors import Refused
from app.packets import contents, merge, seal

SCALE = 4.0
MM = 72 / 25.4


def png(size: Any = (400, 400), mode: Any = "RGBA", ground: Any = (0, 0, 0, 0), kind: Any = "PNG") -> bytes:
    made = Image.new(mode, size, ground)
    ImageDraw.Draw(made).ellipse((4, 4, size[0] - 4, size[1] - 4), fill=(200, 0, 0, 255) if mode == "RGBA" else 90)
    out = io.BytesIO()
    made.save(out, kind)
    return out.getvalue()


@given(st.integers(2, 3000))
def test_groups_are_even_hold_every_page_and_never_more_than_twelve(pages: Any) -> None:
    found = seal.groups(pages)
    assert sum(found) == pages
    assert max(found) <= 12
    assert max(found) - min(found) <= 1
    assert min(found) >= 2


def test_one_page_takes_no_straddle_seal() -> None:
    assert seal.groups(1) == seal.groups(0) == ()


@pytest.mark.parametrize("pages", [2, 5, 12, 13])
def test_the_strips_joined_give_the_whole_seal_in_true_size(document: Any, about: Any, pages: Any) -> None:
    straddle = merge.Straddle(seal.read_seal(seal.demo_seal(side=400), 42))
    plan = contents.plan([contents.Item(title="件", pdf=document(pages))])
    plain, sealed = merge.merge(plan, about), merge.merge(plan, about, straddle=straddle)
    start = 0
    for count in seal.groups(pages):
        strips = [strip(plain, sealed, start + index, 42 / count) for index in range(count)]
        joined = Image.new("L", (sum(each.width for each in strips), strips[0].height))
        left = 0
        for each in strips:
            joined.paste(each, (left, 0))
            left += each.width
        box = joined.point(lambda grey: 255 if grey > 40 else 0).getbbox()
        edge = 42 / 40 * MM * SCALE
        assert box[0] == pytest.approx(edge, abs=6)
        assert box[2] - box[0] == pytest.approx(42 * MM * SCALE - 2 * edge, abs=8)
        assert box[3] - box[1] == pytest.approx(42 * MM * SCALE - 2 * edge, abs=6)
        assert (box[1] + box[3]) / 2 == pytest.approx(841.89 * SCALE / 2, abs=4)
        start += count


def strip(plain: Any, sealed: Any, number: int, width_mm: Any) -> Any:
    """What the seal added to a page, cut to the strip at the right edge; outside of it nothing was added."""
    a, b = (pdfium.PdfDocument(pdf)[number].render(scale=SCALE).to_pil().convert("L") for pdf in (plain, sealed))
    added = ImageChops.difference(a, b)
    cut = a.width - round(width_mm * MM * SCALE)
    assert added.crop((0, 0, cut - 2, a.height)).getbbox() is None
    return added.crop((cut, 0, a.width, a.height))


def test_no_page_holds_more_of_the_seal_than_its_strip(document: Any, about: Any) -> None:
    """Whoever takes the pictures out of a page has a strip and no seal; equal strips are kept once."""
    picture = seal.read_seal(seal.demo_seal(side=400), 42)
    plan = contents.plan([contents.Item(title="件", pdf=document(24))])
    reader = PdfReader(io.BytesIO(merge.merge(plan, about, straddle=merge.Straddle(picture))))
    strips = [page["/Resources"]["/XObject"].raw_get("/FxS") for page in reader.pages]
    assert [each.idnum for each in strips[:12]] == [each.idnum for each in strips[12:]]
    assert len({each.idnum for each in strips}) == 12
    for each in strips:
        image = each.get_object()
        mask = image["/SMask"]
        for part, size in ((image, 3), (mask, 1)):
            assert part["/Width"] <= 400 / 12 + 2
            assert len(part.get_data()) == part["/Width"] * 400 * size


@given(st.integers(200, 1200), st.integers(2, 12))
def test_strips_leave_no_column_out(width: Any, count: Any) -> None:
    picture = seal.SealImage(width, 1, bytes(3 * width), bytes(width), 42)
    parts = [seal.Strip(picture, index, count).columns for index in range(count)]
    assert (parts[0].start, parts[-1].stop) == (0, width)
    assert all(after.start <= before.stop <= after.start + 1 for before, after in itertools.pairwise(parts))


@pytest.mark.parametrize(("data", "word"), [
    (lambda: png(ground=(255, 255, 255, 255)), "不是透明"),
    (lambda: png(mode="L", ground=255), "不是透明"),
    (lambda: png((100, 100)), "像素"),
    (lambda: png((400, 300)), "正方形"),
    (lambda: png(mode="L", ground=255, kind="JPEG"), "不是完好的 PNG"),
    (lambda: png()[:200], "不是完好的 PNG"),
    (lambda: b"", "不是完好的 PNG"),
])
def test_a_picture_unfit_as_a_seal_is_refused(data: Any, word: Any) -> None:
    with pytest.raises(Refused, match=word):
        seal.read_seal(data())


@pytest.mark.parametrize("millimetres", [5, 80])
def test_a_seal_of_impossible_size_is_refused(millimetres: Any) -> None:
    with pytest.raises(Refused, match="直径"):
        seal.read_seal(png(), millimetres)


def test_the_demo_seal_is_square_and_not_round() -> None:
    with Image.open(io.BytesIO(seal.demo_seal())) as picture:
        opacity = picture.getchannel("A")
        side = picture.width
    edge, third = side // 40 + 5, side // 5
    assert opacity.getpixel((third, edge)) > 200, "a straight edge where a circle would have none"
    assert opacity.getpixel((side - third, side - edge)) > 200
    assert opacity.crop((side // 8, side // 8, side * 7 // 8, side // 3)).getbbox() is None, "no star above the words"
    assert seal.read_seal(seal.demo_seal()).millimetres == 42
