"""A packet read back: sheets, numbers, bookmarks, labels, QR, manifest, and nothing active."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from typing import Any

import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from app.errors import Refused
from app.packets import contents, merge, sheets

MM = 72 / 25.4


def put_together(items: Any, about: Any, **more: Any) -> bytes:
    plan = contents.plan(items, reorder=False)
    return merge.merge(plan, about, **more)


def single(document: Any, about: Any, **more: Any) -> bytes:
    return put_together([contents.Item(title="件", pdf=document(**more))], about)


def shown(pdf: bytes, number: int, scale: Any = 1.0) -> Any:
    return pdfium.PdfDocument(pdf)[number].render(scale=scale).to_pil().convert("L")


def words(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(pdf)]


def test_every_sheet_is_a4_portrait_and_wide_pages_are_shown_turned(unsigned: bytes) -> None:
    pages = PdfReader(io.BytesIO(unsigned)).pages
    assert {tuple(round(float(each)) for each in page.mediabox) for page in pages} == {(0, 0, 595, 842)}
    assert [page.rotation for page in pages] == [0, 0, 0, 0, 0, 90]


def test_the_papers_carry_one_number_and_the_front_matter_none(unsigned: bytes) -> None:
    found = words(unsigned)
    assert "页" not in "".join(found[:2])
    for number, text in enumerate(found[2:], 1):
        assert f"第 {number} 页 共 4 页" in text


def test_index_rows_bookmarks_and_labels_name_the_same_pages(unsigned: bytes, items: Any) -> None:
    reader = PdfReader(io.BytesIO(unsigned))
    plan = contents.plan(items, 2)
    assert [(each.title, reader.get_destination_page_number(each)) for each in reader.outline] == [
        ("封面与目录", 0), *((f"{row.number}. {row.title}", 1 + row.first) for row in plan.rows)]
    assert reader.page_labels == ["i", "ii", "1", "2", "3", "4"]
    for row, word in zip(plan.rows, ("order", "receipt", "wide"), strict=True):
        assert f"{word}1" in words(unsigned)[1 + row.first]


@pytest.mark.parametrize("size", [(595.276, 841.89), (841.89, 595.276), (841.89, 1190.55), (1190.55, 841.89),
                                  (612, 792), (300, 300), (200, 900)])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_number_stands_in_a_clean_strip_whatever_page_comes(document: Any, about: Any, size: Any,
                                                                turn: int) -> None:
    pdf = single(document, about, size=size, turn=turn, full=True)
    reader = PdfReader(io.BytesIO(pdf))
    picture = shown(pdf, 0, 2.0)
    if reader.pages[0].rotation:
        picture = picture.rotate(90, expand=True)
    assert picture.size == (1191, 1684)
    foot = picture.crop((0, round(1684 - 13 * MM * 2), 1191, 1684))
    ink = foot.point(lambda grey: 255 if grey < 200 else 0).getbbox()
    assert ink is not None
    assert 400 < ink[0] < ink[2] < 791, "only the number in the middle, no frame at the sides"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(595.276, 841.89), (841.89, 595.276), (842, 1191)])
def test_a_page_is_read_as_it_was_read_before(document: Any, about: Any, size: Any, turn: int) -> None:
    before = document(size=size, turn=turn)
    a, b = shown(before, 0), shown(single(document, about, size=size, turn=turn), 0)
    b = b.resize(a.size)

    def place(picture: Any) -> tuple[int, int]:
        wide = picture.width >= picture.height
        clear = (60, 0, picture.width, picture.height) if wide else (0, 0, picture.width, picture.height - 60)
        ink = picture.crop(clear).point(lambda grey: 255 if grey < 128 else 0).getbbox()
        return ink[0] + clear[0], ink[1]

    assert abs(place(a)[0] - place(b)[0]) < 6
    assert abs(place(a)[1] - place(b)[1]) < 6


def test_a_page_with_a_clean_foot_is_not_shrunk(document: Any, about: Any) -> None:
    plain = sheets.layouts(document())[0]
    assert plain.matrix == pytest.approx((1, 0, 0, 1, 0, 0), abs=1e-3)
    assert sheets.layouts(document(full=True))[0].matrix[0] < 0.96


def hostile(document: Any) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(document()))
    launch = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc.exe")})
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")})
    link = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Link"),
                             NameObject("/Rect"): ArrayObject([NumberObject(0)] * 4), NameObject("/A"): launch})
    page = writer.pages[0]
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): launch})
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(link)])
    writer.root_object[NameObject("/OpenAction")] = script
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): TextStringObject("<xfa/>")})
    writer.add_attachment("virus.exe", b"MZ")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_nothing_active_comes_through(document: Any, about: Any) -> None:
    data = hostile(document)
    assert b"/Launch" in data
    pdf = put_together([contents.Item(title="件", pdf=data)], about)
    for word in (b"/Launch", b"/JavaScript", b"/AA", b"/Annots", b"/OpenAction", b"/XFA", b"/AcroForm", b"virus.exe"):
        assert word not in pdf, word
    assert "paper1" in words(pdf)[0]


def test_the_manifest_says_what_is_inside_and_its_hash_stands_in_the_information(unsigned: bytes, items: Any,
                                                                                 about: Any) -> None:
    reader = PdfReader(io.BytesIO(unsigned))
    text = reader.attachments["manifest.json"][0]
    manifest = json.loads(text)
    assert reader.metadata["/FanxiaoManifestSHA256"] == hashlib.sha256(text).hexdigest()
    assert (manifest["title"], manifest["office"]) == (about.title, about.office)
    assert manifest["audit_head"] == about.audit_head
    assert [each["sha256"] for each in manifest["items"]] == [hashlib.sha256(each.pdf).hexdigest() for each in items]
    assert [each["pages"] for each in manifest["items"]] == [[1, 2], [3, 3], [4, 4]]
    assert reader.metadata.creation_date == about.created


def test_the_same_parts_make_the_same_bytes(items: Any, about: Any, document: Any) -> None:
    made = [merge.merge(contents.plan(items, 1), about, front=document()) for _ in range(2)]
    assert made[0] == made[1]


def test_the_added_font_is_embedded(unsigned: bytes) -> None:
    fonts = [page["/Resources"]["/Font"]["/FxL"] for page in PdfReader(io.BytesIO(unsigned)).pages[2:]]
    assert all("/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts)


def test_the_qr_is_black_modules_with_a_quiet_zone_and_the_code_below(unsigned: bytes) -> None:
    picture = shown(unsigned, 0, 4.0)
    left, top, side = (round(each * MM * 4) for each in (150, 240, 24))
    code = picture.crop((left, top, left + side, top + side))
    assert code.point(lambda grey: 255 if grey < 128 else 0).getbbox()[0] >= side * 4 // 37 - 2
    assert "FX-7K2M-9QD4" in words(unsigned)[0]


def test_a_qr_too_small_to_be_read_is_refused(document: Any, about: Any, items: Any) -> None:
    with pytest.raises(Refused, match="20 毫米"):
        merge.merge(contents.plan(items, 1), about, front=document(), qr=merge.QrPlace(0, 10, 10, 15))


def test_a_front_of_other_length_than_planned_is_refused(document: Any, about: Any, items: Any) -> None:
    with pytest.raises(Refused, match="页数"):
        merge.merge(contents.plan(items, 2), about, front=document(1))


def test_a_locked_item_is_refused_by_its_title(document: Any, about: Any) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(document()))
    writer.encrypt("geheim", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(Refused, match="锁住的材料"):
        put_together([contents.Item(title="锁住的材料", pdf=out.getvalue(), date=dt.date(2026, 9, 1))], about)
