"""All kinds of paper, in the order of the procedure: an explicit list, checked when it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law.steps import Step
from app.papers.catalogue.case_file import CASE_INDEX, SERVICE_RECEIPT
from app.papers.catalogue.enforcement import RECTIFICATION_ORDER, SCHOOL_REPORT
from app.papers.catalogue.on_site import COMPLIANCE_CHECK, CRITICISM_RECORD
from app.papers.catalogue.slip import APPROVAL_SLIP
from app.papers.kinds import Life

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.papers.kinds import Paper, Raw

PAPERS: tuple[Paper, ...] = (
    SCHOOL_REPORT, CRITICISM_RECORD, RECTIFICATION_ORDER, SERVICE_RECEIPT, COMPLIANCE_CHECK, CASE_INDEX,
    APPROVAL_SLIP,
)
APP = Path(__file__).resolve().parent.parent.parent


def paper(kind: str) -> Paper:
    """The declaration of `kind`. Raises Refused with the kinds that exist."""
    for each in PAPERS:
        if each.kind == kind:
            return each
    raise Refused(f"没有“{kind}”这种文书。", where="kind", advice=f"现有：{'、'.join(each.kind for each in PAPERS)}。")


def template_path(kind: str) -> Path:
    """The template that is shipped for `kind`."""
    return APP / "templates_docx" / f"{kind}.docx"


def sample(kind: str) -> dict[str, Raw]:
    """A complete and invented data file that composes."""
    found: dict[str, Raw] = json.loads(_sample_path(kind).read_text("utf-8"))
    return found


def require_whole(papers: Iterable[Paper]) -> None:
    """Raise ValueError if a declaration contradicts itself or lacks its template or sample."""
    seen: set[str] = set()
    for each in papers:
        names = [field.name for field in each.fields]
        for fault in (
            each.kind in seen and "is declared twice",
            bool(each.series) != (each.life is Life.ISSUED) and "has a series exactly if it is issued",
            len(names) != len(set(names)) and "has two fields of one name",
            each.done_on and each.done_on not in names and "is done on a day that it has not",
            each.hears and each.hears not in names and "hears somebody that it does not name",
            each.announced and each.announced not in names and "is announced by a flag that it has not",
            set(each.late or ()) - {field.name for field in each.typed()} and "is entered late with what nobody types",
            each.late is not None and each.life not in (Life.ISSUED, Life.RECORD) and "cannot have been done on paper",
            (each.step is Step.CHECK) != (each.present is not None) and "says what was found exactly if it is a check",
            (each.step is Step.ORDER) != (each.term is not None) and "has a term exactly if it is an order",
            not template_path(each.kind).is_file() and "has no template",
            not _sample_path(each.kind).is_file() and "has no sample",
        ):
            if fault:
                raise ValueError(f"{each.kind} {fault}")
        seen.add(each.kind)


def _sample_path(kind: str) -> Path:
    return APP / "papers" / "samples" / f"{kind}.json"


require_whole(PAPERS)
