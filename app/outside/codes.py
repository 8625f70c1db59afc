"""Six-digit codes of an authenticator on the telephone (TOTP, RFC 6238: SHA-1, 30 seconds)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import pyotp
import segno

if TYPE_CHECKING:
    from datetime import datetime

STEP_SECONDS = 30
WINDOW = 1
"""Steps before and after the present one whose code still holds: clocks of telephones are off a little."""
ISSUER = "返校"


def fresh() -> str:
    """A new secret: 160 random bits, 32 letters and digits of base32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, or None when it belongs to none near `now`."""
    given = "".join(code.split())
    if not (given.isascii() and given.isdigit()):
        return None
    maker, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - WINDOW, present + WINDOW + 1):
        if hmac.compare_digest(maker.generate_otp(step), given):
            found = step
    return found


def code_at(secret: str, moment: datetime) -> str:
    """The code that a telephone shows at this moment."""
    return str(pyotp.TOTP(secret).generate_otp(int(moment.timestamp()) // STEP_SECONDS))


def grouped(secret: str) -> str:
    """The secret in groups of four, for typing by hand."""
    return " ".join(secret[at:at + 4] for at in range(0, len(secret), 4))


def picture(secret: str, login: str) -> str:
    """A QR code with the secret as a data address of an SVG picture; authenticators read it with the camera."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
    return str(segno.make(uri, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))
