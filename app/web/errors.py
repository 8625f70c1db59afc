"""One page for everything that ends badly: what, where, what to do, and a code for the help desk."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.errors import FanxiaoError, NotVisible
from app.outside.faults import frames_of

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

ABSENT = 404
BROKEN = 500
WORDS = {
    400: ("请求不完整。", "请返回上一页，刷新后再试。"),
    405: ("这个地址不能这样用。", "请从菜单进入。"),
    413: ("文件或表单太大。", "单个文件不超过20 MB；扫描件请用200–300 dpi、黑白或灰度，或分几次上传。"),
    429: ("试得太频繁，请稍候。", "请等一分钟再试。"),
}


def add_error_pages(app: Flask) -> None:
    """Answer every error with the one page."""
    app.register_error_handler(FanxiaoError, _known)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def _page(status: int, what: str, advice: str, where: str = "") -> ResponseReturnValue:
    code = secrets.token_hex(4).upper()
    current_app.logger.warning("answer %d to %s, help code %s", status, request.endpoint, code)
    return render_template("errors/error.html", status=status, what=what, advice=advice, where=where, code=code), status


def _known(error: FanxiaoError) -> ResponseReturnValue:
    where = error.where if error.where.isascii() is False else ""
    return _page(error.status, error.what, error.advice, where)


def _stale(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, "这个页面放得太久，或不是从本系统打开的，没有办理。", "请返回上一页，刷新后再交一次。")


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or BROKEN
    if status < 400:  # noqa: PLR2004  (redirects of the router are not errors)
        return error.get_response()
    if status == ABSENT:
        return _known(NotVisible())
    what, advice = WORDS.get(status, ("没有办成。", "请刷新后再试；还是不行，请把下面的编号告诉管理员。"))
    return _page(status, what, advice)


def _unknown(error: Exception) -> ResponseReturnValue:
    """A fault of ours. The log gets places, never the message: it could hold what somebody typed."""
    current_app.logger.error("fault at %s: %s", request.endpoint, frames_of(error))
    return _page(BROKEN, "系统出了问题，这一步没有办成。",
                 "已存的草稿还在。请稍后再试；还是不行，请把下面的编号告诉管理员。")
