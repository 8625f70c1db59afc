"""The web application, put together: desk, limits, headers, error pages, guarded pages."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import web
from app.actions.desk import open_desk
from app.settings import load_settings
from app.web import access, errors, headers, layout, limits, request_log, watching
from app.web import desk as desks

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.settings import Settings


def build(settings: Settings | None = None, desk: Desk | None = None) -> Flask:
    """The web application. `desk` is laid out by tests; otherwise the real one is opened by the first page."""
    settings = settings or (desk.settings if desk else load_settings())
    app = Flask("app", static_folder=None)
    if settings.behind_proxy:  # else anybody could say any address
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=0)  # type: ignore[method-assign]
    secure = settings.public_url.startswith("https:")
    app.config.update(
        SECRET_KEY=_secret(settings),
        SESSION_COOKIE_NAME="__Host-fanxiao" if secure else "fanxiao",
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=secure,
        WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=limits.MAX_UPLOAD, MAX_FORM_MEMORY_SIZE=limits.MAX_FORM, MAX_FORM_PARTS=limits.MAX_PARTS,
    )
    desks.lay(app, (lambda: desk) if desk else partial(open_desk, settings))
    request_log.add_log(app)  # first to see a request, last to see its answer
    headers.add_headers(app)
    errors.add_error_pages(app)
    access.guard(app, web.PAGES)
    limits.add_limits(app)
    watching.watch(app)
    CSRFProtect(app)
    layout.add_words(app)
    return app


def _secret(settings: Settings) -> str:
    """The secret that `flask init` made; before init a passing one, so that commands run."""
    path = settings.secret_path
    return path.read_text("ascii").strip() if path.exists() else secrets.token_hex(32)
