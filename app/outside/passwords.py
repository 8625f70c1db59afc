"""Passwords as argon2id hashes (ASVS 11.4.2)."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_hasher = PasswordHasher()
NOBODY = _hasher.hash(secrets.token_hex(16))
"""A hash to check against when there is no such account, so that the answer takes as long."""


def hashed(password: str) -> str:
    return _hasher.hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Whether the password belongs to the hash."""
    try:
        return _hasher.verify(password_hash, password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False


def fresh() -> str:
    """A random first password, easy to read aloud (about 59 bits)."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
