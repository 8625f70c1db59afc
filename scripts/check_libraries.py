"""Every library is pinned, and installed as scripts/constraints.txt says: exit 1 with the differences."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([\w.!+-]+)$")


def pins(text: str) -> tuple[dict[str, str], list[str]]:
    """Versions by normalised name, and the lines that pin nothing."""
    found: dict[str, str] = {}
    loose: list[str] = []
    for raw in text.splitlines():
        line = raw.split("#")[0].strip()
        if not line or line.startswith("-r "):
            continue
        match = PINNED.match(line)
        if match is None:
            loose.append(line)
        else:
            found[re.sub(r"[-_.]+", "-", match[1]).lower()] = match[2]
    return found, loose


def installed(name: str) -> str | None:
    """The installed version; None when it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def check(root: Path = ROOT) -> list[str]:
    """Differences, one line each."""
    locked, loose = pins((root / "scripts/constraints.txt").read_text("utf-8"))
    wrong = [f"scripts/constraints.txt: not pinned: {line}" for line in loose]
    for file in ("requirements.txt", "requirements-dev.txt"):
        wanted, loose = pins((root / file).read_text("utf-8"))
        wrong += [f"{file}: not pinned: {line}" for line in loose]
        wrong += [f"{file}: {name} is not in scripts/constraints.txt at {pin}; run `make lock`"
                  for name, pin in wanted.items() if locked.get(name) != pin]
    wrong += [f"{name}: installed {installed(name)}, scripts/constraints.txt says {pin}"
              for name, pin in locked.items() if installed(name) != pin]
    return wrong


if __name__ == "__main__":
    differences = check()
    print("\n".join(differences) or "libraries: all pinned, all as pinned")
    sys.exit(1 if differences else 0)
