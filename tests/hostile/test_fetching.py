from __future__ import annotations

import http.server
import io
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pytest
from PIL import Image

from app.papers.lint import lint
from app.papers.pdf_text import page_texts
from app.press.cells import Cell, CellFailed, DocumentRefused
from tests.papers.docs import body_with, changed, paper, related

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.press
MARK = (255, 0, 254)
CANARY = "金丝雀文本"


@dataclass
class Bait:
    """A server on the loopback that counts who calls, a picture and a text on the disk that must not be read."""

    folder: Path
    port: int = 0
    calls: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/canary.png"

    @property
    def picture(self) -> str:
        return f"file://{self.folder}/canary.png"

    @property
    def text(self) -> str:
        return f"{self.folder}/canary.txt"


@pytest.fixture(scope="module")
def bait(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bait]:
    made = Bait(tmp_path_factory.mktemp("bait"))
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), MARK).save(picture, "PNG")
    (made.folder / "canary.png").write_bytes(picture.getvalue())
    (made.folder / "canary.txt").write_text(CANARY, "utf-8")

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            made.calls.append(self.command)
            self.send_response(200)
            self.send_header("Content-Length", str(len(picture.getvalue())))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(picture.getvalue())

        do_GET = do_HEAD = do_OPTIONS = do_PROPFIND = answer  # noqa: N815  (http.server's names)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()


def linked_picture(target: str) -> bytes:
    drawing = ('<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="width:100pt;height:100pt">'
               '<v:imagedata xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:href="rId99" '
               'r:id="rId99"/></v:shape></w:pict></w:r></w:p>')
    return related(paper("文"), "image", target, xml=drawing)


def linked_drawing(target: str) -> bytes:
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:extent cx="1270000" cy="1270000"/><wp:docPr id="1" name="p"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/>'
        '<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="rId99" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/><a:stretch><a:fillRect/></a:stretch>'
        '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1270000" cy="1270000"/></a:xfrm>'
        '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>')
    return related(paper("文"), "image", target, xml=drawing)


def field_of(code: str) -> bytes:
    return body_with(paper("文"), (
        '<w:p><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>旧</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'))


def attached(target: str) -> bytes:
    rel = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
           'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
           f'Target="{target}" TargetMode="External"/></Relationships>')
    link = ('<w:attachedTemplate xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
            'r:id="rId1"/><w:zoom')
    return changed(paper("文"), "word/settings.xml", lambda text: text.replace("<w:zoom", link, 1),
                   **{"word___rels__settings.xml.rels": rel})


def chunk(target: str) -> bytes:
    xml = ('<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId99"/>')
    return related(paper("文"), "aFChunk", target, xml=xml)


def ole(target: str) -> bytes:
    xml = ('<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" '
           'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" Type="Link" ProgID="Word.Document.12" '
           'ShapeID="_x1" DrawAspect="Content" r:id="rId99" UpdateMode="Always"/></w:object></w:r></w:p>')
    return related(paper("文"), "oleObject", target, xml=xml)


HOSTILE: dict[str, Callable[[Bait], bytes]] = {
    "picture from the net": lambda bait: linked_picture(bait.url),
    "picture from the disk": lambda bait: linked_picture(bait.picture),
    "drawing from the net": lambda bait: linked_drawing(bait.url),
    "drawing from the disk": lambda bait: linked_drawing(bait.picture),
    "attached template": lambda bait: attached(bait.url),
    "INCLUDEPICTURE net": lambda bait: field_of(f'INCLUDEPICTURE "{bait.url}" \\d'),
    "INCLUDEPICTURE disk": lambda bait: field_of(f'INCLUDEPICTURE "{bait.picture}" \\d'),
    "INCLUDETEXT disk": lambda bait: field_of(f'INCLUDETEXT "{bait.text}"'),
    "DDEAUTO": lambda bait: field_of(f'DDEAUTO soffice "{bait.text}" a'),
    "altChunk net": lambda bait: chunk(bait.url),
    "altChunk disk": lambda bait: chunk(f"file://{bait.text}"),
    "OLE link net": lambda bait: ole(bait.url),
    "OLE link disk": lambda bait: ole(f"file://{bait.text}"),
}


def shown(pdf: bytes) -> bool:
    """Whether the canary picture or text is on a page."""
    if CANARY in "".join(page_texts(pdf)):
        return True
    document = pdfium.PdfDocument(pdf)
    return any(MARK in {colour for _, colour in page.render(scale=1).to_pil().convert("RGB").getcolors(1 << 20) or ()}
               for page in document)


def leaks(cell: Cell, bait: Bait, name: str) -> tuple[int, bool]:
    """Calls to the listener and whether a canary came out, for one hostile document on this cell."""
    bait.calls.clear()
    try:
        pdf = cell.convert(HOSTILE[name](bait), "docx", 40)
    except (DocumentRefused, CellFailed):
        return len(bait.calls), False
    return len(bait.calls), shown(pdf)


@pytest.fixture(scope="module", params=[(True, True), (True, False), (False, True)],
                ids=["walls and profile", "walls alone", "profile alone"])
def guarded(request: pytest.FixtureRequest) -> Iterator[Cell]:
    walls, profile = request.param
    cell = Cell(walls=walls, guarded=profile)
    yield cell
    cell.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_fetched_and_no_canary_comes_out(guarded: Cell, bait: Bait, name: str) -> None:
    assert leaks(guarded, bait, name) == (0, False)


def test_without_walls_and_profile_the_documents_do_bite(bait: Bait) -> None:
    """The twin: shows that the documents above are sharp."""
    cell = Cell(walls=False, guarded=False)
    try:
        found = {name: leaks(cell, bait, name) for name in HOSTILE}
    finally:
        cell.close()
    assert found["drawing from the net"][0] > 0
    assert found["drawing from the disk"][1]


@pytest.mark.parametrize("name", HOSTILE)
def test_lint_alone_refuses_them(bait: Bait, name: str) -> None:
    codes = {each.code for each in lint(HOSTILE[name](bait), {}) if not each.note}
    assert codes & {"external", "embedded", "field"}
