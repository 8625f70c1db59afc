"""Passwords: which will do, and their argon2id hashes (ASVS 6.2, 11.4.2)."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 10, 200
"""Characters of a password; the longest only so that nobody lets us hash a book."""
DIFFERENT = 5
"""So many different characters at least: 1111111111 is no secret."""
COMMON = frozenset({
    "1234567890", "0123456789", "12345678910", "123456789a", "a123456789", "aa123456789", "abc123456789", "qwertyuiop",
    "1qaz2wsx3edc", "qwer123456", "qwe123456789", "password12", "password123", "password1234", "passw0rd123",
    "p@ssw0rd123", "admin12345", "admin123456", "administrator", "woaini1314", "woaini520", "woaini1314520",
    "iloveyou123", "5201314520", "guyuan2026", "guyuan123456", "fanxiao123", "fanxiao2026", "kongchuobaoxue",
    "1q2w3e4r5t", "asdfghjkl;", "zxcvbnm123", "9876543210", "0987654321", "abcd123456", "abcdefghij", "mima123456",
})
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


def weakness(password: str, login: str, name: str) -> str:
    """Why a password will not do, in Chinese; "" when it will."""
    plain = password.casefold()
    if len(password) < LEAST:
        return f"新口令至少{LEAST}个字符，现有{len(password)}个。"
    if len(password) > MOST:
        return f"新口令最多{MOST}个字符。"
    if any("\ud800" <= each <= "\udfff" for each in password):
        return "新口令里有不能用的字符。"
    if login.casefold() in plain or (name and name in password):
        return "新口令里不要有账号名或姓名。"
    if plain in COMMON or plain.replace(" ", "") in COMMON or len(set(plain)) < DIFFERENT:
        return "这个口令太常见，容易被猜到。"
    return ""
