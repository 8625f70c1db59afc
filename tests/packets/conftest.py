"""A key, documents to put together, and one signed packet for all tests of the checker."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from app.outside.keyholder import Keyholder
from app.packets import contents, merge, seal, sign

NOW = dt.datetime(2026, 9, 18, 8, 30, tzinfo=dt.UTC)
A4 = (595.276, 841.89)


def make_document(pages: Any = 1, size: Any = A4, word: Any = "paper", *, full: bool = False, turn: int = 0) -> bytes:
    """A PDF whose pages say `word` and their number in Helvetica; `full` draws a frame up to the edge."""
    writer = PdfWriter()
    font = writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/Font"),
                                                NameObject("/Subtype"): NameObject("/Type1"),
                                                NameObject("/BaseFont"): NameObject("/Helvetica")}))
    for number in range(1, pages + 1):
        page = writer.add_blank_page(*size)
        frame = f"2 w 4 4 {size[0] - 8} {size[1] - 8} re S " if full else ""
        stream = DecodedStreamObject()
        stream.set_data(f"{frame}BT /F 24 Tf 60 {size[1] - 80} Td ({word}{number}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
        fonts = DictionaryObject({NameObject("/F"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        if turn:
            page.rotate(turn)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="session")
def document() -> Any:
    return make_document


@pytest.fixture(scope="session")
def now() -> Any:
    return NOW


@pytest.fixture(scope="session")
def keyholder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    holder = Keyholder(tmp_path_factory.mktemp("instance") / "keys")
    holder.make_demo_authority(NOW - dt.timedelta(days=1))
    return holder


@pytest.fixture(scope="session")
def about() -> Any:
    return merge.About(title="演示卷宗", office="西吉县演示乡人民政府", created=NOW, code="FX-7K2M-9QD4",
                       verify_url="http://127.0.0.1:8000/verify/FX-7K2M-9QD4", audit_head="ab" * 32)


@pytest.fixture(scope="session")
def items() -> Any:
    return (
        contents.Item(title="责令限期改正通知书", key="order", pdf=make_document(2, word="order"),
                      date=dt.date(2026, 9, 2), doc_no="演政责改〔2026〕3号"),
        contents.Item(title="送达回证", follows="order", pdf=make_document(1, word="receipt", full=True),
                      date=dt.date(2026, 9, 9)),
        contents.Item(title="学生名册", pdf=make_document(1, (841.89, 595.276), word="wide"), date=dt.date(2026, 9, 5)),
    )


@pytest.fixture(scope="session")
def unsigned(items: Any, about: Any) -> Any:
    plan = contents.plan(items, 2)
    return merge.merge(plan, about, front=make_document(2, word="front"), qr=merge.QrPlace(0, 150, 240),
                       straddle=merge.Straddle(seal.read_seal(seal.demo_seal(side=300))))


@pytest.fixture(scope="session")
def packet(unsigned: bytes, keyholder: Keyholder) -> Any:
    return sign.sign(unsigned, keyholder.key(), location="西吉县演示乡人民政府", now=NOW)
