"""Headers of every answer: what the browser may load, keep and frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
          "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")


def add_headers(app: Flask) -> None:
    """Set the headers on every answer, errors included."""

    @app.after_request
    def _set(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["X-Frame-Options"] = "DENY"
        answer.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if not answer.cache_control.immutable:  # only files under an address of their content are kept by a browser
            answer.headers["Cache-Control"] = "no-store"
        return answer
