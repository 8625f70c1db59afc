"""Finished PDFs of our own one behind the other, to be printed in one go; nothing is signed or numbered."""

from __future__ import annotations

import io

from pypdf import PdfReader, PdfWriter


def together(*files: bytes) -> bytes:
    """One PDF of the pages of all, in order."""
    writer = PdfWriter()
    for each in files:
        for page in PdfReader(io.BytesIO(each)).pages:
            writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
