"""Foreign files become plain A4 pages, or are refused in Chinese."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import time
import zipfile
import zlib
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from app.errors import NeedsPerson, Refused
from app.intake import evidence
from app.outside import child
from app.press import sandbox
from tests.fake_press import FakePress

PRESS = FakePress()
GPS_EXIF = Image.Exif()
GPS_EXIF[0x0112] = 6  # turn 90 degrees clockwise to read
GPS_EXIF[0x8825] = {1: "N", 2: (36.0, 0.0, 23.5)}


def cleaned(data: bytes, name: str) -> evidence.Evidence:
    return evidence.clean(data, name, PRESS.open_evidence)


def picture(size: Any = (600, 800), kind: Any = "PNG", mode: Any = "RGB", **settings: Any) -> bytes:
    made = Image.new(mode, size, "white")
    ImageDraw.Draw(made).rectangle((20, 20, size[0] // 3, size[1] // 4), fill="black")
    out = io.BytesIO()
    made.save(out, kind, **settings)
    return out.getvalue()


def document(pages: Any = 2, size: Any = (595, 842)) -> Any:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(*size)
    return writer


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def chunk(kind: Any, data: Any) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_claimed_size(width: Any, height: Any) -> bytes:
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b""))


def refusal(data: Any, name: str = "材料.pdf") -> str:
    start = time.monotonic()
    with pytest.raises(Refused) as caught:
        cleaned(data, name)
    assert time.monotonic() - start < 15
    assert name in caught.value.what
    assert caught.value.advice
    return caught.value.what


@pytest.mark.parametrize(("kind", "name"), [("PNG", "png"), ("JPEG", "jpeg")])
def test_a_picture_becomes_one_upright_sheet_of_a4(kind: Any, name: str) -> None:
    data = picture(kind=kind)
    found = cleaned(data, "照片")
    page = PdfReader(io.BytesIO(found.pdf)).pages[0]
    assert (found.kind, found.pages) == (name, 1)
    assert found.original_sha256 == hashlib.sha256(data).hexdigest()
    assert [round(float(each)) for each in page.mediabox] == [0, 0, 595, 842]
    assert page.rotation == 0


def test_aspect_ratio_is_kept_and_the_foot_stays_white() -> None:
    found = cleaned(picture((400, 1600)), "长图.png")
    shown = pdfium.PdfDocument(found.pdf)[0].render(scale=1).to_pil().convert("L")
    left, top, right, bottom = shown.point(lambda grey: 255 if grey < 156 else 0).getbbox()
    assert abs((right - left) / (bottom - top) - (133 - 20) / 380) < 0.03
    assert shown.crop((0, 842 - 44, 595, 842)).getextrema()[0] > 250


def test_a_landscape_picture_is_read_upright_on_a_portrait_sheet() -> None:
    found = cleaned(picture((800, 600)), "横.png")
    page = PdfReader(io.BytesIO(found.pdf)).pages[0]
    assert (round(float(page.mediabox.width)), page.rotation) == (595, 90)
    shown = pdfium.PdfDocument(found.pdf)[0].render(scale=0.5).to_pil().convert("L")
    assert shown.width > shown.height
    assert shown.getpixel((90, 60)) < 50, "the black corner stands at the top left, as in the picture"
    assert shown.getpixel((shown.width - 60, shown.height - 60)) > 200


def test_the_camera_turn_is_applied_and_all_metadata_are_gone() -> None:
    data = picture((800, 600), "JPEG", exif=GPS_EXIF)
    found = cleaned(data, "手机照片.jpg")
    assert PdfReader(io.BytesIO(found.pdf)).pages[0].rotation == 0
    assert found.notes == ("照片里的拍摄位置等信息已去除。",)
    assert b"Exif" in data
    assert b"Exif" not in found.pdf
    shown = pdfium.PdfDocument(found.pdf)[0].render(scale=0.5).to_pil().convert("L")
    assert shown.getpixel((shown.width - 50, 60)) < 50, "turned clockwise: the corner is at the top right"


@pytest.mark.parametrize(("mode", "white"), [("RGBA", "white"), ("LA", "white"), ("P", "white"), ("1", 1), ("L", 255),
                                             ("I;16", 65535)])
def test_every_colour_mode_of_png_is_read(mode: Any, white: Any) -> None:
    out = io.BytesIO()
    Image.new(mode, (300, 400), white).save(out, "PNG")
    shown = pdfium.PdfDocument(cleaned(out.getvalue(), "图.png").pdf)[0].render(scale=0.3).to_pil().convert("L")
    assert shown.getpixel((90, 120)) > 250


def test_transparency_becomes_white_paper() -> None:
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    out = io.BytesIO()
    clear.save(out, "PNG")
    found = cleaned(out.getvalue(), "透明.png")
    assert pdfium.PdfDocument(found.pdf)[0].render(scale=0.3).to_pil().convert("L").getextrema()[0] > 250


def test_a_pdf_keeps_its_pages_and_loses_everything_active() -> None:
    writer = document(2)
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc.exe")})
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")})
    writer.root_object[NameObject("/OpenAction")] = script
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    writer.add_attachment("a.exe", b"MZ")
    found = cleaned(written(writer), "陷阱.pdf")
    assert found.pages == 2
    assert "已去除" in found.notes[0]
    assert PdfReader(io.BytesIO(found.pdf)).attachments == {}
    for word in evidence.ACTIVE:
        assert word not in found.pdf, word


def test_text_of_a_pdf_is_still_to_be_seen() -> None:
    writer = document(1)
    stream = DecodedStreamObject()
    stream.set_data(b"0 g 100 600 200 100 re f")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    found = cleaned(written(writer), "a.pdf")
    shown = pdfium.PdfDocument(found.pdf)[0].render(scale=1).to_pil().convert("L")
    assert shown.getpixel((200, 842 - 650)) < 30
    assert shown.getpixel((200, 842 - 550)) > 240


def test_a_giant_page_is_drawn_within_a4() -> None:
    found = cleaned(written(document(1, (14400, 14400))), "大.pdf")
    assert found.pages == 1
    assert len(found.pdf) < 500_000


REFUSED = {
    "是空文件": lambda: b"",
    "超过 20 MB": lambda: b"%PDF-" + bytes(20 * 1024 * 1024),
    "不是 PDF、PNG 或 JPEG": lambda: picture(kind="GIF"),
    "超过 200 页": lambda: written(document(201)),
    "4000 万": lambda: png_of_claimed_size(65_000, 65_000),
    "损坏": lambda: picture()[:300],
    "打开密码": lambda: locked(),  # noqa: PLW0108  (defined below)
    "另一个文件": lambda: picture() + b"<html><script>alert(1)</script>",
    "动画": lambda: animated(),  # noqa: PLW0108  (defined below)
}


def locked() -> bytes:
    writer = document(1)
    writer.encrypt("geheim", algorithm="AES-256")
    return written(writer)


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.html", "<script>")
    return out.getvalue()


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_taken_is_refused_with_the_reason(reason: Any) -> None:
    assert reason in refusal(REFUSED[reason]())


def test_a_file_of_our_own_with_too_many_pages_is_told_its_own_bound() -> None:
    evidence.look(written(document(201)), "卷.pdf", PRESS.open_evidence)
    with pytest.raises(Refused, match="超过 5000 页") as caught:
        evidence.look(written(document(5001)), "卷.pdf", PRESS.open_evidence)
    assert caught.value.advice == "请分成几个文件。"


@pytest.mark.parametrize("data", [
    b"junk%PDF-1.7\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xd0\xcf\x11\xe0" + bytes(600),
    b"GIF89a" + bytes(40), b"II*\x00" + bytes(40), b"8BPS" + bytes(40), b"PK\x03\x04" + bytes(40),
], ids=["pdf-later", "svg", "ole", "gif", "tiff", "psd", "zip"])
def test_a_name_does_not_make_a_kind(data: Any) -> None:
    assert "不是 PDF、PNG 或 JPEG" in refusal(data, "图.png")


@pytest.mark.parametrize("front", [lambda: written(document(1)), picture, lambda: picture(kind="JPEG")])
def test_a_file_that_is_a_zip_as_well_is_refused(front: Any) -> None:
    assert "另一个文件" in refusal(front() + zipped())


def test_a_deflate_bomb_of_a_page_ends_as_a_refusal_or_an_empty_page() -> None:
    writer = document(1)
    stream = DecodedStreamObject()
    stream.set_data(b"0 0 1 1 re f\n" * 20_000_000)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    data = written(writer)
    del stream
    assert len(data) < 2_000_000
    assert "过于复杂" in refusal(data)


@pytest.mark.parametrize("share", range(5, 100, 10))
def test_a_cut_file_never_ends_in_anything_but_pages_or_a_refusal(share: int) -> None:
    for whole in (written(document(3)), picture(), picture(kind="JPEG", exif=GPS_EXIF)):
        try:
            pages, advice = cleaned(whole[:len(whole) * share // 100], "残.pdf").pages, ""
        except Refused as refused:
            pages, advice = 0, refused.advice
        assert pages or advice


def test_control_characters_of_a_name_do_not_reach_the_message() -> None:
    with pytest.raises(Refused) as caught:
        cleaned(b"", "a\r\nb\x00\u202e.pdf")
    assert "\r" not in caught.value.what
    assert "\u202e" not in caught.value.what


def noisy(size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("RGB", size, random.Random(5).randbytes(size[0] * size[1] * 3))  # noqa: S311  (a seeded draw)


def test_a_small_pdf_that_is_large_when_drawn_is_refused() -> None:
    out = io.BytesIO()
    noisy((1654, 2339)).save(out, "JPEG", quality=60)
    writer = document(0)
    shared = evidence._image(out.getvalue(), (1654, 2339), grey=False)
    place = writer._add_object(shared)
    for _ in range(75):
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/Im"): place})})
        stream = DecodedStreamObject()
        stream.set_data(b"q 595 0 0 842 0 0 cm /Im Do Q")
        page[NameObject("/Contents")] = writer._add_object(stream)
    data = written(writer)
    assert len(data) < 6_000_000
    with pytest.raises(Refused, match="60 MB"):
        cleaned(data, "材料.pdf")


def test_the_largest_picture_that_is_taken_fits_into_the_memory_of_its_process() -> None:
    for mode in ("RGB", "RGBA", "L"):
        assert cleaned(picture((8000, 5000), mode=mode, compress_level=1), "大图.png").pages == 1


def test_nobody_opens_a_foreign_file_on_a_machine_without_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "obstacle", lambda: sandbox.WHY_NOT["barred"])
    monkeypatch.setattr(child, "start", lambda *_, **__: pytest.fail("a decoder was started"))
    with pytest.raises(NeedsPerson, match="上传的文件不予处理") as caught:
        cleaned(picture(), "照片.png")
    assert "用户命名空间" in caught.value.advice
