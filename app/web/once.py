"""A form that is sent twice (double click, back button, impatience) brings its thing about once.

Every form carries a key of one use (`csrf()` writes it). Every page that takes a POST claims it with its act, unless
its entry in the table says why the same form may come again. The same key with other values is another form: whoever
goes back, corrects a box and sends again is not told that nothing was to do.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, g, redirect, request, url_for

from app.actions.deed import AlreadyDone, answered, deed
from app.web.desk import the_desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from flask.typing import ResponseReturnValue

ONCE = "_once"
LEADS_ON = range(300, 400)


def once_only(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """The view, done once for each key."""

    @wraps(view)
    def run(**gaps: Any) -> ResponseReturnValue:
        if request.method != "POST" or g.actor is None or not request.form.get(ONCE):
            return view(**gaps)
        return _once(partial(view, **gaps), _key(), g.actor.account_id)

    return run


def _once(view: Callable[[], ResponseReturnValue], key: str, account_id: int) -> ResponseReturnValue:
    desk = the_desk()
    first = answered(desk, key, account_id)
    if first is not None:
        return _again(first)
    g.deed = doing = deed(desk, key, account_id)
    try:
        answer = current_app.make_response(view())
    except AlreadyDone as done:
        return _again(done.answer)
    except Exception:
        doing.close("")
        first = answered(desk, key, account_id)  # the first one may have come through while this one looked
        if first is not None:
            return _again(first)
        raise
    finally:
        g.deed = None
    if not doing.close(_leads_to(answer)) and (first := answered(desk, key, account_id)) is not None:
        return _again(first)
    return answer


def _leads_to(answer: Response) -> str:
    """The address a finished act leads to; "" for a form that came back, or an answer for one browser alone."""
    own = "Set-Cookie" in answer.headers
    return (answer.location or "") if answer.status_code in LEADS_ON and not own else ""


def _again(first: str) -> ResponseReturnValue:
    flash("已经办好。这张表交了不止一次，只办了一次。", "told")
    return redirect(first or url_for("home.today"), 303)


def _key() -> str:
    """The form's key with all it holds, files too, as 64 hexadecimal digits."""
    held = [(name, request.form.getlist(name)) for name in sorted(request.form) if name not in {"csrf_token", "_held"}]
    files = [(name, each.filename, hashlib.sha256(each.stream.read()).hexdigest())
             for name, each in sorted(request.files.items(multi=True), key=lambda pair: pair[0])]
    for each in request.files.values():
        each.stream.seek(0)
    said = json.dumps([request.path, g.actor.account_id, held, files], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
