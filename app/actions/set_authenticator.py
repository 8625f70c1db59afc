"""Set up an authenticator on the telephone: a secret is offered, and kept once a code proves that it arrived.

Until then the offer is nowhere but on the person's screen, sealed: opening the page writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.actions import sign_in
from app.actions.sign_in import OpenSession, Stage
from app.outside import codes
from app.outside.sealing import Sealer

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.actions.sign_in import Standing

LONGEST = timedelta(minutes=30)


@dataclass(frozen=True)
class Offer:
    """A secret for one account; `sealed` travels with the form and comes back with the code."""

    secret: str
    sealed: str


@dataclass(frozen=True)
class Given:
    """The password, asked for when somebody sets one up of their own accord; and the address."""

    password: str
    address: str


def offer(desk: Desk, standing: Standing, sealed: str = "") -> Offer:
    """The offer that came back with the form, or a new one when it is another's, changed or too old."""
    sealer, now = Sealer(desk.settings.secret_path, "offer"), desk.clock.now()
    found = sealer.opened(sealed, now, LONGEST) if sealed else None
    whose, _, secret = (found or b"").decode().partition(" ")
    if whose == str(standing.account.id) and secret:
        return Offer(secret, sealed)
    secret = codes.fresh()
    return Offer(secret, sealer.seal(f"{standing.account.id} {secret}".encode(), now))


def accept(desk: Desk, token: str, offered: Offer, code: str, given: Given) -> OpenSession:
    """Keep the offered secret. Raises Refused for a wrong code or password."""
    standing = sign_in.require_stage(desk, token, Stage.ENROL, Stage.OPEN)
    if standing.stage is Stage.OPEN:
        sign_in.require_password(desk, standing.account, given.password, given.address)
    return sign_in.keep_authenticator(desk, token, offered.secret, code, given.address)
