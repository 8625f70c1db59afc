"""One page for everything that ends badly: what, where, what to do, a code for the help desk, and what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.errors import FanxiaoError, NotVisible
from app.outside.faults import frames_of
from app.web import late, owner
from app.web.limits import WAIT_SECONDS
from app.web.request_log import request_id

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
WAIT = {429: WAIT_SECONDS, 503: 30}
"""Seconds after which it is worth while to try again."""
SECRETS = ("password", "secret", "token", "totp", "code")
"""Fields whose names hold one of these words are never sent back."""
WRITTEN_ANEW = {"csrf_token", "_who"}
"""Fields that the form gets anew; its key of one use stays, so that what was done after all is not done twice."""
KEEPS = {429, 500, 503}
"""After these the same form may be sent once more."""
STALE = "这个页面放得太久，或不是从本系统打开的，没有办理。"


def add_error_pages(app: Flask) -> None:
    """Answer every error with the one page."""
    app.register_error_handler(FanxiaoError, _known)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def _page(status: int, what: str, advice: str, where: str = "", *, keep: bool = False) -> ResponseReturnValue:
    code = request_id()
    current_app.logger.warning("answer %d to %s, request %s", status, request.endpoint, code)
    kept, files = typed() if keep or status in KEEPS else ([], False)
    headers = {"Retry-After": str(WAIT[status])} if status in WAIT else {}
    return render_template("errors/error.html", status=status, what=what, advice=advice, where=where, code=code,
                           kept=kept, files=files, there=request.path), status, headers


def typed() -> tuple[list[tuple[str, str]], bool]:
    """What the form held, to be sent once more, and whether files have to be chosen again; nothing that is secret."""
    if request.method != "POST" or request.endpoint in (None, "sign_in.enter"):
        return [], False
    try:
        form, files = request.form, any(each.filename for each in request.files.values())
    except RequestEntityTooLarge:
        return [], False
    return [(name, value) for name, value in form.items(multi=True)
            if name not in WRITTEN_ANEW and not any(word in name.casefold() for word in SECRETS)], files


def _known(error: FanxiaoError) -> ResponseReturnValue:
    where = error.where if error.where.isascii() is False else ""
    return _page(error.status, error.what, error.advice, where)


def _stale(_error: CSRFError) -> ResponseReturnValue:
    """The token is of an earlier session; the page's mark proves that the same person opened it: nothing is lost."""
    if late.by_script():
        return Response("登录已更新。", 401, mimetype="text/plain")
    if g.get("actor") is not None and owner.owner() == g.actor.account_id:
        return render_template("held/stale.html", form=late.form_sent()), 400
    return _page(400, STALE, "请返回上一页，刷新后再交一次。")


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or BROKEN
    if status < 400:  # noqa: PLR2004  (redirects of the router are not errors)
        return error.get_response()
    if status == ABSENT:
        return _known(NotVisible())
    what, advice = WORDS.get(status, ("没有办成。", "请刷新后再试；还是不行，请把下面的代码告诉管理员。"))
    return _page(status, what, advice)


def _unknown(error: Exception) -> ResponseReturnValue:
    """A fault of ours. The log gets places, never the message: it could hold what somebody typed."""
    current_app.logger.error("fault at %s, request %s: %s", request.endpoint, request_id(), frames_of(error))
    return _page(BROKEN, "系统出了问题，这一步没有办成。",
                 "已存的草稿还在。请稍后再试；还是不行，请把下面的代码告诉管理员。")
