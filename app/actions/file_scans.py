"""盖章件批量上传: a pile of scans is taken apart by the codes on the pages, and each whole paper is filed.

What is not sure is not filed: pages without a code, papers that are not whole, papers of others are listed with the
reason, to be filed by hand on their own page.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.actions import keep_scan
from app.actions.keep_scan import WANTED, Kept, Upload
from app.errors import NotVisible, Refused
from app.intake import codes, evidence
from app.law import powers
from app.law.lives import ScanRole
from app.papers import catalogue
from app.papers.kinds import Life
from app.records import papers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.actions.desk import Desk
    from app.intake.codes import Mark, Match
    from app.law.offices import Actor

MOST_FILES = 30
ROLE = {Life.ISSUED: ScanRole.STAMPED, Life.RECORD: ScanRole.SIGNED_RECORD, Life.RECEIPT: ScanRole.RECEIPT}
"""As what a page with a code comes back: proofs are photos and bear none."""
ANOTHER = "不是您经办范围内的文书。"


@dataclass(frozen=True)
class Filed:
    """A paper whose scan was filed."""

    paper: str
    title: str
    doc_no: str
    case_no: str
    pages: int
    said: str


@dataclass(frozen=True)
class Left:
    """What was not filed: the file's name, its pages (from 1; none: the whole file), whose they are, and why."""

    name: str
    pages: tuple[int, ...]
    title: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """What became of a pile."""

    filed: tuple[Filed, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True)
class _Page:
    upload: Upload
    pdf: bytes
    place: int
    mark: Mark | None


def file_scans(desk: Desk, actor: Actor, uploads: Sequence[Upload]) -> Outcome:
    """Take the files apart and file every paper that is whole; each in a transaction with its own audit line.

    Raises NotVisible when all that was recognised belongs to others.
    """
    powers.require(actor, powers.Power.KEEP_SCAN)
    if not 0 < len(uploads) <= MOST_FILES:
        raise Refused(f"请选择1至{MOST_FILES}个文件。", where="file", advice="多出的分几次上传。")
    pages, left = _opened(desk, uploads)
    heaps: dict[str, list[_Page]] = defaultdict(list)
    for page in pages:
        if page.mark is not None:
            heaps[page.mark.paper].append(page)
    left += _listed((page for page in pages if page.mark is None), "", "没有读到文书的二维码。")
    filed: list[Filed] = []
    hidden = 0
    for paper, heap in heaps.items():
        try:
            done = _filed(desk, actor, paper, heap)
        except NotVisible:
            hidden += 1
            left += _listed(heap, "", ANOTHER)
        else:
            filed += [done] if isinstance(done, Filed) else []
            left += done if isinstance(done, list) else []
    if heaps and hidden == len(heaps):
        raise NotVisible(f"这些扫描件都{ANOTHER}", advice="请核对是否拿错了纸件。")
    return Outcome(tuple(filed), tuple(left))


def _opened(desk: Desk, uploads: Sequence[Upload]) -> tuple[list[_Page], list[Left]]:
    pages: list[_Page] = []
    left: list[Left] = []
    for upload in uploads:
        try:
            cleaned = evidence.clean(upload.data, upload.name, desk.press.open_evidence)
        except Refused as refused:
            left.append(Left(upload.name, (), "", str(refused)))
            continue
        pages += [_Page(upload, cleaned.pdf, place, mark) for place, mark in enumerate(codes.marks(cleaned.codes))]
    return pages, left


def _filed(desk: Desk, actor: Actor, paper: str, heap: Sequence[_Page]) -> Filed | list[Left]:
    """The paper, filed; or its pages with the reason why not. Raises NotVisible for another office's."""
    with desk.register.reading() as db:
        row = papers.load_paper(db, actor, paper)
    life = catalogue.paper(row.kind).life
    title = f"{row.title}{row.doc_no}"
    try:
        if life not in ROLE or not WANTED[life]:
            return _listed(heap, title, "这种文书不收扫描件。")
        keep_scan.require_wanted(actor, row, ROLE[life])
        match = codes.match([each.mark for each in heap], row.pages or 1, "")
        keep_scan.file_scan(desk, actor, paper, ROLE[life], _kept(desk, heap, match))
    except Refused as refused:
        return _listed(heap, title, str(refused))
    return Filed(paper, row.title, row.doc_no, row.case_no, len(heap), match.said)


def _kept(desk: Desk, heap: Sequence[_Page], match: Match) -> Kept:
    ordered = [heap[place] for place in match.order]
    pdf = evidence.arranged([(each.pdf, each.place) for each in ordered])
    originals = list(dict.fromkeys(each.upload for each in heap))
    original = originals[0].data if len(originals) == 1 else _bundle(originals)
    return Kept(originals[0].name[:255], desk.vault.put(original), desk.vault.put(pdf), len(ordered), (), match.how)


def _bundle(originals: Sequence[Upload]) -> bytes:
    """The originals of a paper that came in several files, byte for byte, as one file; the same ones give the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, each in enumerate(originals, 1):
            archive.writestr(zipfile.ZipInfo(f"{number:03d}"), each.data)
    return out.getvalue()


def _listed(pages: Iterable[_Page], title: str, why: str) -> list[Left]:
    """One line a file."""
    places: dict[Upload, list[int]] = defaultdict(list)
    for page in pages:
        places[page.upload].append(page.place + 1)
    return [Left(upload.name, tuple(numbers), title, why) for upload, numbers in places.items()]
