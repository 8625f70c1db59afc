"""验真, for everybody: by the code of the QR, or by comparing a file. The page never shows a name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.records import packets
from app.web.access import PUBLIC, Pages
from app.web.desk import the_desk
from app.web.limits import limiter

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.records.packets import Packet

pages = Pages("verify")
LIMIT = "60 per minute"
LONGEST_CODE = 40


@dataclass(frozen=True)
class Result:
    """What the page says: `tone` is good, bad or open."""

    tone: str
    words: str
    why: str


INTACT = Result("good", "真实完整", "这份文件与登记的一致，一个字节也没有改动。")
ON_RECORD = Result("good", "登记属实", "登记库里有这一卷。手里的文件有没有被改动，请在下面选择文件比对。")
CHANGED = Result("bad", "已被改动", "验真码在登记库里，但这份文件与登记的不一致，不要采信。")
VOID = Result("bad", "已作废", "出具单位已将这一卷作废，不要再使用；请向出具单位索取新卷。")
REPLACED = "出具单位此后另立了新卷，请以新卷为准。"
UNKNOWN = Result("open", "无法确认", "登记库里没有这个验真码或这份文件。请核对验真码；仍查不到的，请向出具单位核实。")


@pages.page("/verify", PUBLIC, "GET", "POST")
@limiter.limit(LIMIT)
def ask() -> ResponseReturnValue:
    """Type a code or choose a file."""
    code = _code(request.values.get("code", ""))
    if request.method == "GET":
        return redirect(url_for("verify.show", code=code), 303) if code else _page("", None, None)
    file = request.files.get("file")
    if file is None or not file.filename:
        return redirect(url_for("verify.show", code=code), 303) if code else _page("", None, None)
    digest = hashlib.sha256(file.read()).hexdigest()
    same = _find(pdf_sha=digest)
    if same is not None and code in ("", same.code):
        return _page(same.code, _standing(same, INTACT), same)
    known = _find(code=code) if code else None
    return _page(code, CHANGED if known else UNKNOWN, known)


@pages.page("/verify/<code>", PUBLIC)
@limiter.limit(LIMIT)
def show(code: str) -> ResponseReturnValue:
    """The page behind the QR code."""
    code = _code(code)
    found = _find(code=code)
    return _page(code, _standing(found, ON_RECORD) if found else UNKNOWN, found), 200 if found else 404


def _standing(found: Packet, result: Result) -> Result:
    """What is said of a genuine file: void, or replaced when there is a later one."""
    if found.voided_at is not None:
        return VOID
    with the_desk().register.reading() as db:
        return replace(result, why=result.why + REPLACED) if packets.is_replaced(db, found) else result


def _find(*, code: str = "", pdf_sha: str = "") -> Packet | None:
    with the_desk().register.reading() as db:
        return packets.find_for_public(db, code=code, pdf_sha=pdf_sha)


def _code(given: str) -> str:
    return given.strip().upper()[:LONGEST_CODE]


def _page(code: str, result: Result | None, found: Packet | None) -> str:
    return render_template("verify/show.html", code=code, result=result, found=found)
