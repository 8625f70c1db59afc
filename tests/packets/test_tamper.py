"""Two thousand single bytes, appended revisions, and the shadow attacks of Mainka, Mladenov and Rohlmann (NDSS 2021).

A shadow attack prepares a document before it is signed and shows something else afterwards without touching a signed
byte: *hide* takes away what covers the rest, *replace* changes what a field or font shows, *hide and replace* brings
forward objects that lay hidden in the signed bytes.
"""

from __future__ import annotations

import io
import random
import re
import subprocess  # noqa: TID251  (asks Poppler what it would have said)
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, TextStringObject

from app.packets import sign
from app.packets.verify import verify as check
from tests.packets.test_verify import container, gap, later_revision, written

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from app.outside.keyholder import Keyholder

FLIPS, PARTS = 2000, 8
WHITE = b"1 g 0 0 600 850 re f 0 g BT /F 24 Tf 60 400 Td (PAY 10000) Tj ET"


@pytest.mark.parametrize("part", range(PARTS))
def test_two_thousand_single_changed_bytes_are_all_found(packet: bytes, keyholder: Keyholder, part: int) -> None:
    """Drawn over the whole file and more densely where changes hide best: in and around the signature."""
    draw = random.Random(20260918 + part)  # noqa: S311  (a seeded draw)
    start, end = gap(packet)
    size, share = len(container(packet)) * 2, FLIPS // PARTS
    bounds = [(0, len(packet), 80), (start - 60, start + 2, 20), (start + 1, start + 1 + size, 100),
              (start + 1 + size, end, 20), (end, len(packet), 30)]
    places = [draw.randrange(low, high) for low, high, count in bounds for _ in range(count)]
    assert len(places) == share
    missed = []
    for place in places:
        changed = bytearray(packet)
        changed[place] ^= 1 << draw.randrange(8)
        found = check(bytes(changed), keyholder.trusted())
        if found.valid or not found.reasons:
            missed.append(place)
    assert missed == []


def appended(pdf: bytes, objects: dict[int, bytes], *, root: str = "", size: int = 0) -> bytes:
    """An incremental update written by hand (ISO 32000-1, 7.5.6): every signed byte stays where it is."""
    out = bytearray(pdf + b"\n")
    offsets = {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    return closed(bytes(out), pdf, offsets, root=root, size=size)


def closed(out: bytes, pdf: bytes, offsets: dict[int, int], *, root: str = "", size: int = 0) -> bytes:
    previous = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    trailer = pdf[pdf.rindex(b"trailer"):]
    root = root or re.search(rb"/Root (\d+ 0 R)", trailer)[1].decode()  # type: ignore[index]
    size = size or int(re.search(rb"/Size (\d+)", trailer)[1])  # type: ignore[index]
    start = len(out)
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in sorted(offsets.items()))
    return out + b"xref\n" + (rows or b"0 0\n") + (
        f"trailer\n<<\n/Size {size}\n/Root {root}\n/Prev {previous}\n>>\nstartxref\n{start}\n%%EOF\n".encode())


def number_of(reader: PdfReader, page: int) -> int:
    """Object number of what a page draws."""
    return reader.pages[page].raw_get("/Contents").idnum  # type: ignore[no-any-return]


def stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n" % len(data) + data + b"\nendstream"


class Attack:
    """What an attacker puts into the document before it is signed, and what is appended afterwards."""

    def __init__(self, prepare: Callable[[PdfWriter], None] | None, strike: Callable[[bytes], bytes]) -> None:
        self.prepare, self.strike = prepare, strike


def _layer(writer: PdfWriter) -> None:
    """A picture laid over a page, for *hide*."""
    form = DecodedStreamObject()
    form.set_data(b"1 g 100 100 200 200 re f")
    form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
                 NameObject("/BBox"): ArrayObject([FloatObject(each) for each in (0, 0, 600, 850)])})
    page = writer.pages[3]
    resources = page["/Resources"].get_object()
    resources[NameObject("/XObject")] = DictionaryObject({NameObject("/Cover"): writer._add_object(form)})
    content = DecodedStreamObject()
    content.set_data(page.get_contents().get_data() + b" /Cover Do")  # type: ignore[union-attr]
    page[NameObject("/Contents")] = writer._add_object(content)


def _cover_number(pdf: bytes) -> int:
    page = PdfReader(io.BytesIO(pdf)).pages[3]
    return page["/Resources"]["/XObject"].raw_get("/Cover").idnum  # type: ignore[index, no-any-return]


def _hide_by_emptying(pdf: bytes) -> bytes:
    return appended(pdf, {_cover_number(pdf): b"<< /Type /XObject /Subtype /Form /BBox [0 0 0 0] /Length 0 >>\n"
                                              b"stream\n\nendstream"})


def _hide_by_freeing(pdf: bytes) -> bytes:
    whole = closed(pdf + b"\n", pdf, {_cover_number(pdf): 0})
    return whole.replace(b"0000000000 00000 n", b"0000000000 65535 f")


def _field(writer: PdfWriter) -> None:
    """A text field that shows its value, for *replace*."""
    look = DecodedStreamObject()
    look.set_data(b"/Tx BMC BT /F 12 Tf (100) Tj ET EMC")
    look.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
                 NameObject("/BBox"): ArrayObject([FloatObject(each) for each in (0, 0, 100, 20)])})
    field = writer._add_object(DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Widget"),
        NameObject("/FT"): NameObject("/Tx"), NameObject("/T"): TextStringObject("amount"),
        NameObject("/V"): TextStringObject("100"), NameObject("/AP"): DictionaryObject({
            NameObject("/N"): writer._add_object(look)}),
        NameObject("/Rect"): ArrayObject([FloatObject(each) for each in (60, 300, 160, 320)])}))
    writer.pages[3][NameObject("/Annots")] = ArrayObject([field])


def _replace_value(pdf: bytes) -> bytes:
    note = PdfReader(io.BytesIO(pdf)).pages[3]["/Annots"][0]  # type: ignore[index]
    look = note.get_object()["/AP"].raw_get("/N").idnum
    return appended(pdf, {look: stream(b"/Tx BMC BT /F 12 Tf (10000) Tj ET EMC")})


def _replace_font(pdf: bytes) -> bytes:
    font = int(re.search(rb"\n(\d+) 0 obj\n<<\n/Type /Font\b", pdf)[1])  # type: ignore[index]
    return appended(pdf, {font: b"<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>"})


def _hidden_stream(writer: PdfWriter) -> None:
    """Another content that nothing shows yet, for *hide and replace*; kept alive by a name nobody reads."""
    hidden = DecodedStreamObject()
    hidden.set_data(WHITE)
    writer.pages[3][NameObject("/PieceInfo")] = DictionaryObject({NameObject("/Kept"): writer._add_object(hidden)})


def _hidden_offset(pdf: bytes) -> int:
    number = PdfReader(io.BytesIO(pdf)).pages[3]["/PieceInfo"].raw_get("/Kept").idnum  # type: ignore[union-attr]
    return pdf.rindex(b"\n%d 0 obj" % number) + 1


def _bring_forward(pdf: bytes) -> bytes:
    """Only the table of places changes: it points to the hidden object where the shown one was."""
    return closed(pdf + b"\n", pdf, {number_of(PdfReader(io.BytesIO(pdf)), 3): _hidden_offset(pdf)})


def _other_root(pdf: bytes) -> bytes:
    """A second catalog with pages of its own."""
    size = int(re.findall(rb"/Size (\d+)", pdf)[-1])
    form = b"%d 0 R" % PdfReader(io.BytesIO(pdf)).root_object.raw_get("/AcroForm").idnum
    objects = {
        size: b"<< /Type /Catalog /Pages %d 0 R /AcroForm %s >>" % (size + 1, form),
        size + 1: b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (size + 2),
        size + 2: b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R >>" % (size + 1, size + 3),
        size + 3: stream(WHITE)}
    return appended(pdf, objects, root=f"{size} 0 R", size=size + 4)


def _note(pdf: bytes) -> bytes:
    """A comment laid over the page, which readers deem harmless."""
    def lay(writer: PdfWriter) -> None:
        writer.pages[3][NameObject("/Annots")] = ArrayObject([writer._add_object(DictionaryObject({
            NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/FreeText"),
            NameObject("/Contents"): TextStringObject("PAY 10000"),
            NameObject("/Rect"): ArrayObject([FloatObject(each) for each in (0, 0, 595, 842)])}))])

    return later_revision(pdf, lay)


def _fewer_pages(pdf: bytes) -> bytes:
    def take(writer: PdfWriter) -> None:
        pages = writer.root_object["/Pages"]
        del pages["/Kids"][4]  # type: ignore[index]

    return later_revision(pdf, take)


def _empty_revision(pdf: bytes) -> bytes:
    return appended(pdf, {})


ATTACKS = {
    "hide: the layer emptied": Attack(_layer, _hide_by_emptying),
    "hide: the layer freed": Attack(_layer, _hide_by_freeing),
    "replace: what a field shows": Attack(_field, _replace_value),
    "replace: the font": Attack(None, _replace_font),
    "hide and replace: a hidden stream brought forward": Attack(_hidden_stream, _bring_forward),
    "hide and replace: another root": Attack(None, _other_root),
    "a comment laid over the page": Attack(None, _note),
    "a page taken out of the tree": Attack(None, _fewer_pages),
    "a revision that changes nothing": Attack(None, _empty_revision),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_shadow_attacks_are_refused_with_a_reason(unsigned: bytes, keyholder: Keyholder, now: dt.datetime,
                                                  name: str) -> None:
    attack, prepared = ATTACKS[name], unsigned
    if attack.prepare is not None:
        writer = PdfWriter(clone_from=io.BytesIO(unsigned))
        attack.prepare(writer)
        prepared = written(writer)
    signed = sign.sign(prepared, keyholder.key(), location="演示", now=now)
    shown = attack.strike(signed)
    assert shown.startswith(signed), "an attack that changes signed bytes is none"
    assert len(PdfReader(io.BytesIO(shown)).pages) > 0
    found = check(shown, keyholder.trusted())
    assert not found.valid
    assert any("追加" in each for each in found.reasons), found.reasons


@pytest.mark.parametrize("name", ["replace: the font", "hide and replace: another root"])
def test_the_attacks_are_real(packet: bytes, tmp_path: Path, name: str) -> None:
    """A common reader still calls the signature valid; only a line about the whole document betrays the attack."""
    (tmp_path / "shown.pdf").write_bytes(ATTACKS[name].strike(packet))
    said = subprocess.run(["pdfsig", "-nocert", str(tmp_path / "shown.pdf")], capture_output=True, check=False, text=True)
    assert "Signature is Valid" in said.stdout
    assert "Total document signed" not in said.stdout


def test_the_prepared_documents_alone_are_not_packets_either(unsigned: bytes, keyholder: Keyholder,
                                                             now: dt.datetime) -> None:
    """What an attacker would have to put in before signing shows against the manifest."""
    for prepare in (_layer, _field):
        writer: Any = PdfWriter(clone_from=io.BytesIO(unsigned))
        prepare(writer)
        signed = sign.sign(written(writer), keyholder.key(), location="演示", now=now)
        assert not check(signed, keyholder.trusted()).valid
