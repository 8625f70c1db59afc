"""A leader signs on paper: the 发文稿纸 of a submitted paper is printed, and once signed registered and issued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.actions import case_facts, issuing, keep_scan, paper_matters
from app.actions.approve_paper import require_ready
from app.actions.draft_paper import require_own
from app.errors import Problem, Refused
from app.law import powers
from app.law.deadlines import chinese_date
from app.law.lives import PaperState, ScanRole
from app.outside import templates
from app.packets import bundle
from app.papers import catalogue, context
from app.papers.kinds import Life
from app.records import accounts, audit, cases, offices, papers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.actions.desk import Desk
    from app.actions.keep_scan import Upload
    from app.law.lawbook import Lawbook
    from app.law.offices import Actor
    from app.papers.kinds import Paper, Printable, Raw
    from app.records.database import Db

CODE_LETTERS = 8


@dataclass(frozen=True)
class Signed:
    """What stands on the signed 发文稿纸: who signed, when, its 稿本号; the number if the 党政办 gave it; the scan."""

    paper: str
    signer_id: int
    signed_on: date
    code: str
    number: str = ""
    scan: Upload | None = None


def draft_code(row: papers.Paper) -> str:
    """稿本号: the beginning of the SHA-256 of the draft's PDF, so that what was signed is told from a later draft."""
    letters = (row.pdf_sha or "")[:CODE_LETTERS].upper()
    return f"{letters[:4]}-{letters[4:]}" if letters else ""


def signers(db: Db, actor: Actor, row: papers.Paper) -> dict[int, str]:
    """Who of the paper's office may sign it: holders of the power to approve who had no hand in the draft."""
    return {each.actor.account_id: each.actor.name for each in accounts.of_office(db, actor.office_id)
            if each.enabled and powers.allowed(each.actor, powers.Power.APPROVE_PAPER)
            and each.actor.account_id not in row.hands}


def print_slip(desk: Desk, actor: Actor, public_id: str) -> bytes:
    """The 发文稿纸 with the draft's text behind it, as one PDF. Changes nothing."""
    powers.require(actor, powers.Power.VIEW_CASES)
    with desk.register.reading() as db:
        row = papers.load_paper(db, actor, public_id)
        require_own(actor, row)
        _require_submitted(row)
        declared = slip_paper()
        composed = context.compose(declared, _slip_values(desk, db, row, declared), desk.lawbook(db))
    printed = desk.press.convert(templates.read(declared.kind), [composed.context], page_limit=declared.page_limit)[0]
    if not printed.good:
        raise Refused("发文稿纸没有制成。", advice="；".join(each.message for each in printed.problems))
    return bundle.together(printed.pdf, desk.vault.get(row.pdf_sha or ""))


def register_signed(desk: Desk, actor: Actor, signed: Signed) -> str:
    """Issue the paper that a leader signed on its 发文稿纸; answers its number.

    Raises Refused for whoever had a hand in the draft, for a draft that is not the one that was signed, for a day on
    which the text would read otherwise.
    """
    powers.require(actor, powers.Power.REGISTER_SIGNED)
    with desk.register.reading() as db:
        _require_right(desk, db, actor, signed)
    if signed.scan is None:
        raise _at("scan", "请选择签好的发文稿纸扫描件。", "没有签字的稿纸，不能登记。")
    kept, now, blanks = keep_scan.keep_file(desk, signed.scan), desk.clock.now(), issuing.blanks(desk)
    with desk.change() as db:
        row, signer = _require_right(desk, db, actor, signed)
        seen = case_facts.view(db, actor, cases.load_by_key(db, actor, row.case_id))
        paper_matters.require_step(seen, catalogue.paper(row.kind), signed.signed_on, actor.level)
        lawbook = desk.lawbook(db)
        frozen = _dated(db, row, seen, signed.signed_on, lawbook)
        doc_no = issuing.issue(db, actor, row, seen, issuing.Issue(
            on=signed.signed_on, now=now, signer_id=signed.signer_id, signer=signer, frozen=frozen, lawbook=lawbook,
            blanks=blanks, number=signed.number, signed_by=signer))
        keep_scan.enter(db, actor, row, ScanRole.APPROVAL, kept, now)
        audit.append(db, actor, "register_signed", "paper", row.id, now, case_id=row.case_id, kind=row.kind,
                     doc_no=doc_no, day=signed.signed_on.isoformat(), signer=signed.signer_id,
                     sha256=kept.original_sha)
    return doc_no


def slip_paper() -> Paper:
    """The declaration of the 发文稿纸."""
    return next(each for each in catalogue.PAPERS if each.life is Life.SLIP)


def _slip_values(desk: Desk, db: Db, row: papers.Paper, declared: Paper) -> dict[str, Raw]:
    frozen, office = row.frozen or {}, offices.load(db, row.office_id)
    parties = "、".join(str(each["name"]) for each in frozen.get("guardians") or ())
    served = catalogue.paper(row.kind).served
    to = parties if served else "、".join(str(frozen[name]) for name in ("recipient_township", "recipient_bureau")
                                         if frozen.get(name))
    known: dict[str, Raw] = {
        "organ": office.full_name, "organ_level": office.level.value, "slip_title": row.title, "slip_to": to or "存卷",
        "slip_enclosed": f"无（随文附送送达回证{len(frozen.get('guardians') or ())}份）" if served else "无",
        "doc_no": "",
        "issue_date": row.issue_date.isoformat() if row.issue_date else "", "slip_pages": row.pages or 1,
        "slip_code": draft_code(row), "slip_drafter": row.drafter, "phone": office.phone,
        "slip_sent": desk.clock.day_of(row.submitted_at).isoformat() if row.submitted_at else ""}
    return {each.name: known[each.name] for each in declared.fields}


def _require_right(desk: Desk, db: Db, actor: Actor, signed: Signed) -> tuple[papers.Paper, str]:
    """The paper and the signer's name, if this may be registered by this person now."""
    row = papers.load_paper(db, actor, signed.paper)
    require_own(actor, row)
    if actor.account_id in row.hands:
        raise Refused("起草、修改、送审过的人不能登记签发。", where="register",
                      advice="请由本单位另一人核对发文稿纸后登记。")
    require_ready(row, actor)
    signer = signers(db, actor, row).get(signed.signer_id)
    if signer is None:
        raise _at("signer", "签发人应是本单位有签发权、没有经手起草的领导。", "请照发文稿纸上的签名选择。")
    if signed.code.strip().upper().replace("—", "-") != draft_code(row):
        raise _at("code", "稿本号与现在的稿子不一致，签的不是这一稿。",
                  "请核对发文稿纸右上角；送审稿后来改过的，请重新打印发文稿纸送签。")
    sent = desk.clock.day_of(row.submitted_at) if row.submitted_at else signed.signed_on
    if signed.signed_on > desk.clock.today():
        raise _at("signed_on", "签发日期不能在今天以后。", "请照发文稿纸填写。")
    if signed.signed_on < sent:
        raise _at("signed_on", f"签发日期早于送审日期{chinese_date(sent)}。", "请照发文稿纸填写。")
    return row, signer


def _require_submitted(row: papers.Paper) -> None:
    if row.late or row.state is not PaperState.SUBMITTED:
        raise Refused(f"这份文书现在是“{row.state.label}”，没有要签的发文稿纸。", advice="送审以后、签发以前可以打印。")
    if not row.at_hand:
        raise Refused("样张还在制作，制成后才能打印发文稿纸。", where=row.title,
                      advice=row.problem or "请稍等几秒再刷新。")


def _dated(db: Db, row: papers.Paper, seen: case_facts.CaseView, on: date, lawbook: Lawbook) -> Mapping[str, Raw]:
    """The frozen values as of the day of the signature (GB/T 9704-2012, 7.3.5.4: 成文日期 is the day of 签发).

    Refused when more than the date would read otherwise than in the text that was signed.
    """
    frozen: Mapping[str, Raw] = row.frozen or {}
    before = row.issue_date
    if before is None or on == before:
        return frozen
    declared = catalogue.paper(row.kind)
    facts = case_facts.facts(db, seen, declared, offices.load(db, row.office_id), on)
    try:
        printed = context.compose(declared, dict(frozen) | facts, lawbook).context
    except Refused as refused:
        problem = refused.problems[0] if refused.problems else Problem("", refused.what, refused.advice)
        raise _at("signed_on", f"改到{chinese_date(on)}，正文就不成立了：{problem.message}", RESEND) from None
    then, now = chinese_date(before), chinese_date(on)
    changed = {name for name, text in printed.items() if not _same(text, (row.printed or {}).get(name), then, now)}
    if changed:
        raise _at("signed_on", f"改到{now}，正文除日期外还有{len(changed)}处会变，与领导签的不一样。", RESEND)
    return dict(frozen) | facts


RESEND = "请退回，由起草人把成文日期改好，重新送审、重印发文稿纸再签。"


def _same(new: Printable, old: Printable | None, then: str, now: str) -> bool:
    """Whether a printed value differs by the date at most. What was kept as JSON comes back with lists for tuples."""
    if isinstance(new, str) and isinstance(old, str):
        return new in (old, old.replace(then, now))
    if isinstance(new, list | tuple) and isinstance(old, list | tuple):
        return len(new) == len(old) and all(
            one.keys() == other.keys() and all(_same(one[name], other[name], then, now) for name in one)
            for one, other in zip(new, old, strict=True))
    return new == old


def _at(where: str, what: str, advice: str) -> Refused:
    return Refused(what, advice=advice, problems=(Problem(where, what, advice),))
