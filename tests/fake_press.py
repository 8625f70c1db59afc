"""A press that prints at once: small real PDFs, which say what they were made of."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from app.outside.press import Opened, Press, Printed, opened
from app.press import foreign

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.errors import Problem

A4 = (595.276, 841.890)


class FakePress(Press):
    """`faults` are raised one after the other before anything is printed; `problems` come with each paper."""

    def __init__(self) -> None:
        super().__init__(Path("/nowhere"))
        self.asked: list[dict[str, Any]] = []
        self.faults: list[Exception] = []
        self.problems: tuple[Problem, ...] = ()

    def convert(self, template: bytes | str, contexts: Sequence[Mapping[str, Any]], *, draft: bool = False,
                page_limit: int | None = None, seconds: float | None = None) -> list[Printed]:
        if self.faults:
            raise self.faults.pop(0)
        self.asked += [{"context": each, "draft": draft, "seconds": seconds} for each in contexts]
        printed = []
        for each in contexts:
            digest = hashlib.sha256(json.dumps([dict(each), draft], sort_keys=True, default=str).encode()).hexdigest()
            printed.append(Printed(digest.encode(), sheet(digest), 1, self.problems))
        return printed

    def convert_file(self, data: bytes, suffix: str) -> bytes:
        return sheet(hashlib.sha256(data + suffix.encode()).hexdigest())

    def open_evidence(self, data: bytes, kind: str) -> Opened:
        """The real opening, behind real walls: a machine without them fails here and says why."""
        return opened(*foreign.opened(data, kind))

    def pages(self, pdf: bytes, dpi: int = 110, *, seconds: float | None = None) -> list[bytes]:
        out = io.BytesIO()
        Image.new("L", (210, 297), 255).save(out, "PNG")
        return [out.getvalue() for _ in PdfReader(io.BytesIO(pdf)).pages]

    def alive(self) -> bool:
        return True


def sheet(words: str) -> bytes:
    """One A4 page that says `words` (ASCII)."""
    writer = PdfWriter()
    page = writer.add_blank_page(*A4)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                             NameObject("/BaseFont"): NameObject("/Helvetica")})
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F 9 Tf 60 760 Td ({words}) Tj ET".encode("ascii"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject(
        {NameObject("/F"): writer._add_object(font)})})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
