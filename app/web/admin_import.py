"""系统管理·表格导入: a workbook of schools, classes, villages and accounts; looked at first, passwords shown once.

Between looking and confirming the workbook is kept by nobody but the page itself, sealed for the person who sent it.
"""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flask import render_template, request, send_file

from app.actions import import_offices
from app.actions.import_offices import Handed
from app.errors import Refused
from app.intake import sheets
from app.law.powers import Power
from app.outside.sealing import Sealer
from app.reports.passwords_book import passwords_book
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("admin_import")
TEMPLATE = Path(__file__).resolve().parents[1] / "templates_xlsx/offices.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 1 << 20
"""Bytes of a workbook: it travels in the page once more."""
LOOK_TIME, HAND_TIME = timedelta(hours=1), timedelta(minutes=30)


@pages.page("/admin/import", Power.MANAGE_OFFICES, "GET", "POST", again="looking changes nothing")
def ask() -> ResponseReturnValue:
    """Choose a workbook; or see what the one sent would bring about."""
    if request.method != "POST":
        return render_template("admin/import.html", refused=None)
    file = request.files.get("file")
    data = file.stream.read() if file else b""
    try:
        _require_small(data)
        plan = import_offices.look_at_offices(
            the_desk(), the_actor(), sheets.read(data, (file and file.filename) or "表格"))
    except Refused as refused:
        return render_template("admin/import.html", refused=refused), refused.status
    sealed = _sealer("workbook").seal(b"%d " % the_actor().account_id + data, the_desk().clock.now())
    return render_template("admin/import_look.html", plan=plan, workbook=sealed), 422 if plan.problems else 200


@pages.page("/admin/import/confirm", Power.MANAGE_OFFICES, "POST")
def confirm() -> ResponseReturnValue:
    """Bring about what was shown, all of it or nothing."""
    desk, actor = the_desk(), the_actor()
    content = _sealer("workbook").opened(request.form.get("workbook", ""), desk.clock.now(), LOOK_TIME) or b""
    whose, _, data = content.partition(b" ")
    if whose != b"%d" % actor.account_id:
        raise Refused("这一页放得太久了，没有导入。", advice="请重新上传表格核对。")
    handed = import_offices.import_offices(desk, actor, sheets.read(data, "表格"), request.form.get("seen", ""))
    told = json.dumps([actor.account_id, [list(vars(each).values()) for each in handed]]).encode()
    return render_template("admin/import_done.html", handed=handed,
                           sealed=_sealer("first passwords").seal(told, desk.clock.now()))


@pages.page("/admin/import/passwords", Power.MANAGE_OFFICES, "POST", again="the same sheet again")
def hand_out() -> ResponseReturnValue:
    """The first passwords as a sheet, from the page that showed them; the service keeps none."""
    desk = the_desk()
    told = _sealer("first passwords").opened(request.form.get("handed", ""), desk.clock.now(), HAND_TIME)
    whose, rows = json.loads(told) if told else (0, [])
    if whose != the_actor().account_id:
        raise Refused("口令表只在导入后半小时内可以下载。", advice="没有记下的，请在“账号”里重置口令。")
    return send_file(io.BytesIO(passwords_book([Handed(*each) for each in rows])), XLSX, as_attachment=True,
                     download_name="初始口令.xlsx")


@pages.page("/admin/import/template.xlsx", Power.MANAGE_OFFICES)
def template() -> ResponseReturnValue:
    """The empty workbook with its notes."""
    return send_file(TEMPLATE, XLSX, as_attachment=True, download_name="单位和人员导入模板.xlsx")


def _require_small(data: bytes) -> None:
    if len(data) > LARGEST:
        raise Refused("表格超过 1 MB。", where="file", advice="请删去图片和多余的工作表，或分成几个文件。")


def _sealer(purpose: str) -> Sealer:
    return Sealer(the_desk().settings.secret_path, purpose)
