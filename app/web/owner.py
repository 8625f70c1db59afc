"""Whose page it is: a mark in every form, so that nobody sends a form that another person opened and filled in."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from flask import current_app, g, request

if TYPE_CHECKING:
    from app.law.offices import Actor

WHO = "_who"


def mark(actor: Actor | None = None) -> str:
    """`account.proof` of whoever the page is made for; "" for nobody."""
    who = actor or g.get("actor")
    return f"{who.account_id}.{_proof(who.account_id)}" if who is not None else ""


def owner() -> int | None:
    """The account whose page sent this form; None when the form does not say or says what we never wrote."""
    account, _, proof = request.form.get(WHO, "").partition(".")
    genuine = account.isascii() and account.isdigit() and hmac.compare_digest(_proof(int(account)), proof)
    return int(account) if genuine else None


def _proof(account_id: int) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"page of {account_id}".encode(), hashlib.sha256).hexdigest()[:32]
