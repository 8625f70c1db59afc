"""印章和用印: pictures of the own office's seal and who approved them, uses that wait, and the 用印登记."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, send_file, url_for

from app.actions import manage_seals, use_seal
from app.errors import NotVisible, Problem, Refused
from app.law.lives import SEALED_ON_PAPER, PaperState, Production
from app.law.powers import Power, allowed
from app.law.seals import LARGEST, SMALLEST, USUAL_WIDTH, SealState, UseState
from app.papers import catalogue
from app.records import papers, seals
from app.reports.audit_book import workbook
from app.web import pictures
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response
    from flask.typing import ResponseReturnValue

    from app.records.database import Db
    from app.records.files import Scan
    from app.records.papers import Paper as Row

pages = Pages("seals")
HEAD = ("文书或卷宗", "文号", "印章", "印章保管人", "状态", "申请人", "申请时间", "审批人", "审批时间", "盖章时间",
        "页", "左（毫米）", "下（毫米）", "盖章前文件SHA-256", "盖章后文件SHA-256", "说明")
WIDTHS = (24, 24, 20, 12, 10, 12, 18, 12, 18, 18, 6, 10, 10, 68, 68, 40)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Block:
    """What the page of a paper says of its seal."""

    uses: tuple[seals.SealUse, ...]
    sealed: bool
    may_ask: bool

    @property
    def shown(self) -> bool:
        return bool(self.uses) or self.sealed or self.may_ask


def block(db: Db, row: Row, scans: Sequence[Scan]) -> Block:
    """The seal of a paper that the page has loaded in charge; the actions ask again."""
    actor, uses = the_actor(), seals.uses_of_paper(db, row.id)
    waits = any(each.state in (UseState.ASKED, UseState.APPROVED) for each in uses)
    may_ask = (the_desk().settings.seal_policy == "image" and row.office_id == actor.office_id
               and allowed(actor, Power.KEEP_SCAN) and row.state is PaperState.ISSUED
               and row.production is Production.READY and catalogue.paper(row.kind).sealed
               and row.sealed_sha is None and not waits and not any(each.role in SEALED_ON_PAPER for each in scans))
    return Block(uses, row.sealed_sha is not None, may_ask)


def waiting(db: Db) -> int:
    """How much waits for this person's approval."""
    actor = the_actor()
    if the_desk().settings.seal_policy != "image" or not allowed(actor, Power.APPROVE_SEAL):
        return 0
    asked = seals.uses_of_office(db, actor.office_id, (UseState.ASKED,))
    return len(asked) + sum(each.state is SealState.WAITING for each in seals.of_office(db, actor.office_id))


@pages.page("/seals", Power.VIEW_SEAL_USES)
def index() -> ResponseReturnValue:
    """The office's seals and the uses that wait."""
    _require_policy()
    return _index()


def _index(problems: tuple[Problem, ...] = ()) -> ResponseReturnValue:
    actor = the_actor()
    with the_desk().register.reading() as db:
        rows = seals.of_office(db, actor.office_id)
        asked = seals.uses_of_office(db, actor.office_id, (UseState.ASKED, UseState.APPROVED))
    return render_template("seals/index.html", rows=rows, asked=asked, problems=problems, given=request.form,
                           usual=USUAL_WIDTH[actor.level], least=SMALLEST, most=LARGEST,
                           pictured=_may_look()), 422 if problems else 200


@pages.page("/seals", Power.KEEP_SEALS, "POST")
def upload() -> ResponseReturnValue:
    """上传印章图样; another person approves it."""
    _require_policy()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _index((Problem("file", "请选择印章图片。"),))
    try:
        manage_seals.upload_seal(the_desk(), the_actor(), manage_seals.NewSeal(
            request.form.get("title", ""), file.read(), file.filename, _width(request.form.get("width", "")),
            special="special" in request.form))
    except Refused as refused:
        return _index(refused.problems or (Problem(refused.where, refused.what, refused.advice),))
    flash("印章图样已上传，等待本单位领导审批。", "told")
    return _back()


def _width(given: str) -> float:
    try:
        return round(float(given), 1)
    except ValueError:
        raise Refused("请填写印章直径的毫米数。", where="width") from None


@pages.page("/seals/<public_id>/approve", Power.APPROVE_SEAL, "POST")
def approve(public_id: str) -> ResponseReturnValue:
    """批准启用."""
    manage_seals.approve_seal(the_desk(), the_actor(), public_id)
    flash("已批准启用。原来的印章图样自动停用、留存。", "told")
    return _back()


@pages.page("/seals/<public_id>/refuse", Power.APPROVE_SEAL, "POST")
def refuse(public_id: str) -> ResponseReturnValue:
    """不批准, with the reason."""
    manage_seals.refuse_seal(the_desk(), the_actor(), public_id, request.form.get("note", ""))
    flash("没有批准，印章管理员会看到原因。", "told")
    return _back()


@pages.page("/seals/<public_id>/retire", Power.KEEP_SEALS, "POST")
def retire(public_id: str) -> ResponseReturnValue:
    """停用, with the reason."""
    manage_seals.retire_seal(the_desk(), the_actor(), public_id, request.form.get("note", ""))
    flash("已停用。以前盖过章的文书不受影响。", "told")
    return _back()


@pages.page("/seals/<public_id>.png", Power.VIEW_SEAL_USES)
def picture(public_id: str) -> Response:
    """The picture, for whoever keeps or approves the office's seals and for nobody else."""
    _require_policy()
    if not _may_look():
        raise NotVisible
    with the_desk().register.reading() as db:
        seal = seals.load_seal(db, the_actor().office_id, public_id)
    return pictures.file(seal.sha, "印章图样.png", "image/png")


@pages.page("/papers/<public_id>/seal", Power.KEEP_SCAN, "POST")
def ask(public_id: str) -> ResponseReturnValue:
    """申请用印 on the page of a paper."""
    use_seal.ask_seal(the_desk(), the_actor(), public_id)
    flash("已申请用印，等待本单位领导审批。", "told")
    return redirect(url_for("papers.show", public_id=public_id), 303)


@pages.page("/papers/<public_id>/sealed.pdf", Power.VIEW_CASES)
def sealed(public_id: str) -> Response:
    """The PDF with the seal on it; it stays when pictures are no longer allowed."""
    with the_desk().register.reading() as db:
        row = papers.load_paper(db, the_actor(), public_id)
    return pictures.file(row.sealed_sha, f"{row.title}{row.doc_no}（盖章）.pdf")


@pages.page("/seals/uses/<public_id>/approve", Power.APPROVE_SEAL, "POST")
def approve_use(public_id: str) -> ResponseReturnValue:
    """批准用印; the seal is laid at once."""
    use_seal.approve_use(the_desk(), the_actor(), public_id)
    flash("已批准，正在盖章。结果见用印登记和文书页。", "told")
    return _back()


@pages.page("/seals/uses/<public_id>/refuse", Power.APPROVE_SEAL, "POST")
def refuse_use(public_id: str) -> ResponseReturnValue:
    """不批准用印, with the reason."""
    use_seal.refuse_use(the_desk(), the_actor(), public_id, request.form.get("note", ""))
    flash("没有批准，申请人会看到原因。", "told")
    return _back()


@pages.page("/seals/uses", Power.VIEW_SEAL_USES)
def uses() -> ResponseReturnValue:
    """用印登记 of the office."""
    _require_policy()
    rows, wrong = _asked()
    return render_template("seals/uses.html", rows=rows, wrong=wrong, states=list(UseState),
                           given=request.args), 422 if wrong else 200


@pages.page("/seals/uses.xlsx", Power.VIEW_SEAL_USES)
def export_uses() -> Response:
    """The same as a table."""
    _require_policy()
    data = workbook(HEAD, map(_texts, _asked()[0]), sheet_name="用印登记", widths=WIDTHS)
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, etag=False,
                     download_name=f"用印登记{the_desk().clock.today():%Y%m%d}.xlsx")


def _texts(use: seals.SealUse) -> tuple[str, ...]:
    return (use.title, use.doc_no or "", use.seal_title, use.keeper, use.state.label, use.asker, _moment(use.asked_at),
            use.approver or "", _moment(use.approved_at), _moment(use.applied_at), str(use.page or ""),
            _tenths(use.x_tenths), _tenths(use.y_tenths), use.before_sha, use.after_sha, use.note)


def _moment(at: datetime | None) -> str:
    return f"{the_desk().clock.local(at):%Y-%m-%d %H:%M}" if at else ""


def _tenths(value: int | None) -> str:
    return "" if value is None else f"{value / 10:.1f}"


def _asked() -> tuple[tuple[seals.SealUse, ...], str]:
    """The lines that are asked for, or what of the question could not be read."""
    state = request.args.get("state", "")
    states = [each for each in UseState if not state or each.value == state]
    try:
        since, until = _start(request.args.get("since", "")), _start(request.args.get("until", ""), after=1)
    except (ValueError, OverflowError):
        return (), "日期没有看懂，请写成 2026-09-18 这样。"
    with the_desk().register.reading() as db:
        return seals.uses_of_office(db, the_actor().office_id, states, since, until), ""


def _start(day: str, after: int = 0) -> datetime | None:
    """The moment at which a local day begins, `after` days later."""
    if not day:
        return None
    there = ZoneInfo(the_desk().clock.zone)
    return datetime.combine(date.fromisoformat(day) + timedelta(days=after), time(), there).astimezone(UTC)


def _require_policy() -> None:
    manage_seals.require_policy(the_desk().settings)


def _may_look() -> bool:
    return any(allowed(the_actor(), power) for power in (Power.KEEP_SEALS, Power.APPROVE_SEAL))


def _back() -> ResponseReturnValue:
    return redirect(url_for("seals.index"), 303)
