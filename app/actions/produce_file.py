"""Bind, sign and check the file (卷宗) that was frozen: plan → cover and index → merge → straddle seal → sign → check.

Runs from a job and may run twice: the row takes the first signed file and no second one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from app.actions.compile_file import cover_paper
from app.errors import NeedsPerson, Refused
from app.law.lives import Production
from app.law.seals import UseState
from app.outside import templates
from app.packets import contents, merge, seal, sign, verify
from app.papers import context
from app.records import audit, offices, packets, seals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.actions.desk import Desk
    from app.packets.contents import Plan
    from app.papers.kinds import Raw
    from app.records.database import Db

QR = merge.QrPlace(page=0, left=159.0, top=236.0, side=24.0)
"""The box that the cover keeps free (26 mm from 158, 235), the code below it; millimetres from the top left."""
MOST_ROUNDS = 4
"""The index may grow by a page when its page numbers do; it settles at once in practice."""


def produce_file(desk: Desk, packet_id: int) -> None:
    """Make the signed PDF of a frozen file. Raises NeedsPerson when an outside part fails, to be tried again."""
    with desk.register.reading() as db:
        row = packets.load_for_job(db, packet_id)
        office = offices.load(db, row.office_id)
        stamp = seals.approved(db, row.office_id) if desk.settings.seal_policy == "image" else None
    if row.production is not Production.WAITING:
        return
    now = desk.clock.now()
    try:
        plan, front = _front(desk, row)
        about = merge.About(title=row.title, office=office.full_name, created=now, code=row.code,
                            verify_url=f"{desk.settings.public_url}/verify/{row.code}",
                            audit_head=str(row.contents["audit_head"]))
        straddle = merge.Straddle(seal.read_seal(desk.vault.get(stamp.sha), stamp.millimetres)) if stamp else None
        merged = merge.merge(plan, about, front=front, qr=QR, straddle=straddle)
    except Refused as refused:
        with desk.change() as db:
            _needs_person(db, row, str(refused), now)
        return
    signed = sign.sign(merged, desk.keyholder.key(), location=office.full_name, now=now)
    verdict = verify.verify(signed, sign.certificates(desk.keyholder.trusted()))
    if not verdict.valid:
        raise NeedsPerson("卷宗签名后自检没有通过。", advice="；".join(verdict.reasons))
    address = desk.vault.put(signed)
    with desk.change() as db:
        if packets.mark_ready(db, row.id, pdf_sha=address, pages=len(verdict.pages), signed_at=now):
            if stamp is not None:
                seals.add_use(db, seal_id=stamp.id, packet_id=row.id, state=UseState.APPLIED.value,
                              asked_by=row.made_by, asked_at=row.made_at, applied_at=now, after_sha=address,
                              note="骑缝章")
            audit.append(db, None, "produce_file", "packet", row.id, now, case_id=row.case_id, sha256=address,
                         pages=len(verdict.pages))


def _front(desk: Desk, row: packets.Packet) -> tuple[Plan, bytes]:
    """The plan and the cover with index, made again until the index's own pages are counted right."""
    items = [_item(desk, each) for each in row.contents["items"]]
    front_pages = 2
    for _ in range(MOST_ROUNDS):
        plan = contents.plan(items, front_pages)
        front = _print_front(desk, row, plan)
        pages = contents.page_count(front, "封面与目录")
        if pages == front_pages:
            return plan, front
        front_pages = pages
    raise NeedsPerson("目录的页数定不下来。", advice="请把案件编号告诉管理员。")


def _item(desk: Desk, each: Mapping[str, Any]) -> contents.Item:
    return contents.Item(
        title=each["title"], pdf=desk.vault.get(each["sha"]), key=each["key"], follows=each["follows"],
        date=date.fromisoformat(each["date"]) if each["date"] else None, doc_no=each["doc_no"], note=each["note"],
        source_sha256=each["original_sha"])


def _print_front(desk: Desk, row: packets.Packet, plan: Plan) -> bytes:
    declared = cover_paper()
    with desk.register.reading() as db:
        lawbook = desk.lawbook(db)
    values: dict[str, Raw] = dict(row.contents["cover"]) | {
        "papers": [{"title": each.title, "doc_no": each.doc_no, "date": each.date.isoformat() if each.date else "",
                    "page": each.pages, "note": each.note} for each in plan.rows],
        "paper_count": len(plan.rows), "page_count": plan.total,
    }
    composed = context.compose(declared, values, lawbook)
    printed = desk.press.convert(templates.read(declared.kind), [composed.context], page_limit=declared.page_limit)[0]
    if not printed.good:
        raise Refused("封面与目录没有制成。", advice="；".join(each.message for each in printed.problems))
    return printed.pdf


def _needs_person(db: Db, row: packets.Packet, problem: str, now: datetime) -> None:
    if packets.mark_needs_person(db, row.id, problem):
        audit.append(db, None, "binding_failed", "packet", row.id, now, case_id=row.case_id)


def give_up(db: Db, packet_id: int, problem: str, now: datetime) -> None:
    """The job failed for the last time: the page says what happened instead of 制作中. In the job's transaction."""
    _needs_person(db, packets.load_for_job(db, packet_id), problem, now)
