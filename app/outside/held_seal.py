"""A form sealed under a token that only one browser's cookie holds: the register alone cannot open it (ASVS 11.3)."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken


def place_of(token: str) -> str:
    """Under what the register finds the forms of this browser: tells nothing of the key."""
    return _derived("place", token).hex()


def seal(token: str, content: bytes) -> bytes:
    """Sealed with the browser's key (Fernet: AES-128-CBC and HMAC)."""
    return _fernet(token).encrypt(content)


def opened(token: str, sealed: bytes) -> bytes | None:
    """The content; None when another browser sealed it."""
    try:
        return _fernet(token).decrypt(sealed)
    except InvalidToken:
        return None


def _fernet(token: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived("key", token)))


def _derived(purpose: str, token: str) -> bytes:
    return hashlib.sha256(f"fanxiao held form {purpose} {token}".encode("utf-8", "surrogatepass")).digest()
