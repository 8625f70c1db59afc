"""No key, password or token in what git keeps: exit 1 with the places found."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from scripts.kept import ROOT, kept_files, text_of

if TYPE_CHECKING:
    from pathlib import Path

NEVER_KEPT = re.compile(
    r"(^|/)(settings\.toml|secret|\.env|id_rsa|demo-accounts\.json)$|\.(p12|pfx|key|jks|db|sqlite3?|kdbx)$")
"""Names of files that hold keys or people. Tests make theirs in a temporary folder."""

PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}")
SECRETS = {
    "cloud key": re.compile(r"\b(?:AKIA|ASIA|LTAI)[0-9A-Za-z]{16,}\b"),
    "access token": re.compile(
        r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|glpat-[\w-]{20,}|xox[abp]-[\w-]{10,}|npm_[A-Za-z0-9]{36})\b"),
    "signed token": re.compile(r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{15,}"),
    "password in a URL": re.compile(
        r"\b[a-z][a-z0-9+]{2,}://[^\s:/@'\"<>{}$]+:(?!\.\.\.|…)[^\s/@'\"<>{}$]+@(?!localhost|127\.0\.0\.1)[\w.]+"),
    "password written down": re.compile(
        r"(?i)\b(?:password|passwd|passphrase|secret_key|api_key|token)"
        r"\s*[:=]\s*['\"](?=[^'\"]*\d)[^'\"\s{}<>$%]{8,}['\"]"),
}
ACCEPTED = re.compile(r"secrets-check: .{8,}")
"""A line that must hold such a text says why: `# secrets-check: reason`."""


def findings(name: str, text: str | None) -> list[str]:
    """What is wrong with a file of this name and text, one line each."""
    found = [f"{name}: a file of this name is never kept in git"] if NEVER_KEPT.search(name) else []
    for number, line in enumerate((text or "").splitlines(), start=1):
        if not ACCEPTED.search(line):
            found += [f"{name}:{number}: {what}" for what, sign in SECRETS.items() if sign.search(line)]
    if PRIVATE_KEY.search(text or ""):
        found.append(f"{name}: private key")
    return found


def check(paths: list[Path]) -> list[str]:
    """All findings in these files."""
    return [line for path in paths for line in findings(path.relative_to(ROOT).as_posix(), text_of(path))]


if __name__ == "__main__":
    wrong = check(kept_files())
    print("\n".join(wrong) or "secrets: none found")
    sys.exit(1 if wrong else 0)
