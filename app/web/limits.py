"""How often and how much one person and one address may ask (ASVS 2.4.1, 6.3.1); the counts live in this process.

What is dear is known by what is sent, so that no new page is forgotten: a file, a search, a list taken out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

if TYPE_CHECKING:
    from flask import Flask

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)

MAX_UPLOAD = 20 * 1024 * 1024
MAX_FORM = 2 * 1024 * 1024
MAX_PARTS = 2000
UPLOAD_FROM = 256 * 1024
"""Bytes of a form from which on it counts as one with a file; a draft that keeps itself is smaller."""
LOGIN_LONGEST = 100
WAIT_SECONDS = 60
"""What a refused asker is told to wait: the longest of the windows."""


class Rate:
    """What one person may do in a minute, and how much more one address: a town hall stands behind one."""

    def __init__(self, person: int, address: int) -> None:
        self.person: RateLimitItem = parse(f"{person} per minute")
        self.address: RateLimitItem = parse(f"{address} per minute")


RATES = {"upload": Rate(60, 300), "export": Rate(10, 40), "search": Rate(60, 300), "sign_in": Rate(10, 120),
         "print": Rate(10, 40)}
PRINTED = {"register.book", "signed.slip"}
"""What starts an office program to print: dear for whoever waits for a paper to be made."""


def add_limits(app: Flask) -> None:
    """Look at each request after it is known who asks."""
    limiter.init_app(app)
    app.before_request(_look)


def _look() -> None:
    kind = _kind()
    if kind is None:
        return
    rate = RATES[kind]
    address, person = request.remote_addr or "", _person(kind)
    counts = [(rate.person, ("person", *person))] if person else []
    counts.append((rate.address, ("address", address)))
    for item, who in counts:  # the person first: what one is refused does not use up what a whole town hall may ask
        if not limiter.limiter.hit(item, kind, *who):
            raise TooManyRequests


def _kind() -> str | None:
    endpoint = request.endpoint or ""
    if endpoint in PRINTED:
        return "print"
    if "export" in endpoint.rpartition(".")[2]:
        return "export"
    if request.method != "POST":
        return None
    if endpoint == "sign_in.enter":
        return "sign_in"
    if request.mimetype == "multipart/form-data" and (request.content_length or 0) >= UPLOAD_FROM:
        return "upload"
    return "search" if "q" in request.form else None


def _person(kind: str) -> tuple[str, ...]:
    """The account; of who signs in the name that was typed, whether there is one or not, with the address.

    By the name alone anybody could keep its owner out; guesses from many addresses are `failed_sign_in`'s to count.
    """
    if kind == "sign_in":
        return request.form.get("login", "").strip().casefold()[:LOGIN_LONGEST], request.remote_addr or ""
    actor = g.get("actor")
    return (str(actor.account_id),) if actor else ()
