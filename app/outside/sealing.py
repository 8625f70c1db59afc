"""What only this installation can open again: small values under a key derived from its secret (ASVS 11.3, 13.3)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.outside import secret

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from pathlib import Path


class Sealer:
    """Seals for one purpose: what was sealed for another does not open (HKDF, RFC 5869; Fernet: AES-128-CBC, HMAC)."""

    def __init__(self, secret_path: Path, purpose: str) -> None:
        """Raises NeedsPerson when the installation has no secret."""
        derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"fanxiao {purpose}".encode())
        key = derive.derive(secret.read(secret_path).encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, content: bytes, now: datetime) -> str:
        """The content as text of the URL-safe alphabet, about a third longer, with the moment in it."""
        return self._fernet.encrypt_at_time(content, int(now.timestamp())).decode()

    def opened(self, sealed: str, now: datetime, longest: timedelta | None = None) -> bytes | None:
        """The content; None when it was not sealed here for this purpose, was changed, or is older than `longest`."""
        try:
            token = sealed.encode("ascii")
            if longest is None:
                return self._fernet.decrypt(token)
            return self._fernet.decrypt_at_time(token, int(longest.total_seconds()), int(now.timestamp()))
        except (InvalidToken, UnicodeEncodeError):
            return None
