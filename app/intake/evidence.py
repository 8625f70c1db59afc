"""Photos, scans and foreign PDFs become harmless A4 pages; the original is known by its hash and kept by the caller.

A foreign PDF is drawn to pictures at 200 dpi rather than cleaned: a list of forbidden keys (/AA, /JS, /Launch, /XFA …)
is only as good as its last gap, while a picture has no keys at all. The price is that its text cannot be searched; the
original stays in the vault for that. Decoders never run here: the press opens the file behind walls and sends pages.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from app.errors import Refused
from app.outside.press import Opened, Sheet

Opener = Callable[[bytes, str], Opened]
"""Who opens a file of a kind behind walls: `Press.open_evidence`."""
LARGEST, LARGEST_OWN, LARGEST_SEAL = 20 << 20, 200 << 20, 5 << 20
WIDTH, HEIGHT = 595.276, 841.890
MM = 72 / 25.4
SIDE, FOOT = 10 * MM, 16 * MM
"""White around a photo; the foot leaves room for the page number of a packet."""
KINDS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/XFA", b"/RichMedia", b"/OpenAction", b"/AA", b"/URI")
REASONS = {
    "empty": ("是空文件。", "请重新选择文件。"),
    "large": ("超过 20 MB。", "请降低扫描分辨率（200 dpi 即可），或分成几个文件。"),
    "kind": ("不是 PDF、PNG 或 JPEG 文件。", "请用手机拍照或扫描仪保存为 JPG 或 PDF；改文件后缀名不起作用。"),
    "mixed": ("里面还藏有另一个文件。", "请重新扫描或拍照，不要使用拼接过的文件。"),
    "locked": ("设了打开密码。", "请取消密码后重新保存。"),
    "broken": ("已损坏或不完整，打不开。", "请重新扫描、拍照或下载这份材料。"),
    "pages": ("超过 200 页。", "请拆成几个文件。"),
    "many": ("超过 5000 页。", "请分成几个文件。"),
    "pixels": ("的像素超过 4000 万。", "请把照片缩小后再上传。"),
    "frames": ("是动画或含有多张图片。", "请截取其中一张，另存为普通的 JPG 或 PNG。"),
    "vast": ("超过 200 MB。", "请分成几个文件。"),
    "heavy": ("的页面转成图像后超过 60 MB。", "请降低扫描分辨率（200 dpi、灰度即可），或分成几个文件。"),
    "png": ("不是 PNG 图片。", "印章图样请用透明背景的 PNG。"),
    "seal": ("超过 5 MB。", "请缩小到 600 至 1200 像素见方。"),
    "slow": ("过于复杂，无法在限定的时间和内存内打开。", "请打印后重新扫描，或拍照上传。"),
}
NOTES = {"gps": "照片里的拍摄位置等信息已去除。", "active": "文件里的脚本、链接、表单或附件已去除，页面按图像保留。"}


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence, clean. All pages of `pdf` are A4 sheets, upright; landscape ones by /Rotate."""

    kind: str
    """pdf, png or jpeg: what was handed in."""
    pages: int
    pdf: bytes
    original_sha256: str
    pdf_sha256: str
    notes: tuple[str, ...]
    """What was taken out, in Chinese, for whoever handed it in."""
    codes: tuple[tuple[str, ...], ...] = ()
    """What the QR codes on each page say."""


def clean(data: bytes, name: str, opened_by: Opener) -> Evidence:
    """Turn what a person handed in into clean A4 pages.

    Args:
        data: the whole file, 20 MB at most.
        name: the user's name for it; only ever used in messages.
        opened_by: opens it behind walls.

    Raises:
        Refused: anything but one sound PDF (200 pages), PNG or JPEG (40 megapixels); says what to do.
        NeedsPerson: there is nobody to open it behind walls.
    """
    kind = kind_of(data, name)
    found = _opened(data, kind, name, opened_by)
    notes = [NOTES[each] for each in found.notes if each in NOTES]
    if kind == "pdf" and any(each in data for each in ACTIVE):
        notes.append(NOTES["active"])
    pdf = _sheets(found.sheets, whole=kind == "pdf")
    return Evidence(kind, len(found.sheets), pdf, hashlib.sha256(data).hexdigest(), hashlib.sha256(pdf).hexdigest(),
                    tuple(notes), tuple(each.codes for each in found.sheets))


def arranged(pages: Sequence[tuple[bytes, int]]) -> bytes:
    """A PDF of these pages in this order: each a PDF that `clean` made, and the page's place in it (from 0)."""
    readers: dict[bytes, PdfReader] = {}
    writer = PdfWriter()
    for pdf, place in pages:
        writer.add_page(readers.setdefault(pdf, PdfReader(io.BytesIO(pdf))).pages[place])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def seal_picture(data: bytes, name: str, opened_by: Opener) -> bytes:
    """A seal picture cut to what is drawn on it, written afresh as PNG with its opacity.

    Raises Refused for anything but one sound PNG of 5 MB and 20 megapixels at most.
    """
    if len(data) > LARGEST_SEAL:
        raise _refused("seal", name)
    if kind_of(data, name) != "png":
        raise _refused("png", name)
    sheet = _opened(data, "seal", name, opened_by).sheets[0]
    if len(sheet.jpeg) != sheet.width * sheet.height * 4:
        raise _refused("broken", name)
    out = io.BytesIO()
    Image.frombytes("RGBA", (sheet.width, sheet.height), sheet.jpeg).save(out, "PNG")
    return out.getvalue()


def look(data: bytes, name: str, opened_by: Opener) -> None:
    """Have a PDF opened behind walls and nothing drawn: for PDFs of our own that keep their text.

    Raises Refused unless it is a sound PDF without pass-phrase, of 5,000 pages at most.
    """
    if not data.startswith(b"%PDF-"):
        raise _refused("kind", name)
    if len(data) > LARGEST_OWN:
        raise _refused("vast", name)
    _opened(data, "look", name, opened_by)


def kind_of(data: bytes, name: str) -> str:
    """pdf, png or jpeg, by the first bytes alone. Raises Refused for others and for two files in one."""
    if not data:
        raise _refused("empty", name)
    if len(data) > LARGEST:
        raise _refused("large", name)
    kind = next((kind for magic, kind in KINDS.items() if data.startswith(magic)), None)
    if kind is None:
        raise _refused("kind", name)
    if zipfile.is_zipfile(io.BytesIO(data)) or (kind == "png" and _after_png(data)):
        raise _refused("mixed", name)
    return kind


def _after_png(data: bytes) -> bool:
    """Whether anything follows the IEND chunk (PNG, 11.2.5)."""
    place = 8
    while place + 12 <= len(data):
        size, kind = int.from_bytes(data[place:place + 4], "big"), data[place + 4:place + 8]
        place += 12 + size
        if kind == b"IEND":
            return place < len(data)
    return False


def _opened(data: bytes, kind: str, name: str, opened_by: Opener) -> Opened:
    found = opened_by(data, kind)
    if found.bad:
        raise _refused(found.bad if found.bad in REASONS else "broken", name)
    if kind != "look" and not found.sheets:
        raise _refused("broken", name)
    return found


def _sheets(pages: tuple[Sheet, ...], *, whole: bool) -> bytes:
    """One PDF of the JPEGs, each as large as its sheet allows. `whole`: they are pages already and need no margin."""
    writer = PdfWriter()
    for page in pages:
        size = page.width, page.height
        sheet = writer.add_blank_page(WIDTH, HEIGHT)
        if size[0] > size[1]:
            sheet[NameObject("/Rotate")] = NumberObject(90)
        image = _image(page.jpeg, size, grey=page.grey)
        contents = DecodedStreamObject()
        contents.set_data(_placed(size, whole=whole).encode("ascii"))
        sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): DictionaryObject(
            {NameObject("/Im"): writer._add_object(image)})})  # noqa: SLF001  (pypdf's only way)
        sheet[NameObject("/Contents")] = writer._add_object(contents)  # noqa: SLF001  (pypdf's only way)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _image(jpeg: bytes, size: tuple[int, int], *, grey: bool) -> DecodedStreamObject:
    image = DecodedStreamObject()
    image.set_data(jpeg)
    names = {"/Type": "/XObject", "/Subtype": "/Image", "/Filter": "/DCTDecode",
             "/ColorSpace": "/DeviceGray" if grey else "/DeviceRGB"}
    image.update({NameObject(key): NameObject(value) for key, value in names.items()})
    numbers = {"/Width": size[0], "/Height": size[1], "/BitsPerComponent": 8}
    image.update({NameObject(key): NumberObject(value) for key, value in numbers.items()})
    return image


def _placed(size: tuple[int, int], *, whole: bool) -> str:
    """Operators that draw /Im on the sheet; a landscape picture stands with its head to the left (/Rotate 90)."""
    turned = size[0] > size[1]
    width, height = (size[1], size[0]) if turned else size
    left, foot = (0.0, 0.0) if whole else (SIDE, FOOT)
    room = WIDTH - 2 * left, HEIGHT - foot - left
    scale = min(room[0] / width, room[1] / height)
    wide, high = width * scale, height * scale
    x, y = left + (room[0] - wide) / 2, foot + (room[1] - high) / 2
    if turned:
        return f"q 0 {high:.3f} {-wide:.3f} 0 {x + wide:.3f} {y:.3f} cm /Im Do Q\n"
    return f"q {wide:.3f} 0 0 {high:.3f} {x:.3f} {y:.3f} cm /Im Do Q\n"


def _refused(reason: str, name: str) -> Refused:
    shown = "".join(each for each in name if each.isprintable())[-60:]
    what, advice = REASONS[reason]
    return Refused(f"“{shown}”{what}", where="file", advice=advice)
