"""What lies in the store beside what the register knows: forgotten files are laid aside, never thrown away at once.

A file whose row was never committed, or whose row now names another, is nobody's. It goes to the folder `aside` of the
store and comes back from there when a row names it after all.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from app.outside.vault import ADDRESS, TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.outside.vault import Vault

ASIDE = "aside"


def held(vault: Vault) -> Iterator[str]:
    """Every address that lies in the store, in no order."""
    for folder in vault.root.iterdir():
        if folder.is_dir() and folder.name != ASIDE:
            yield from (each.name for each in folder.iterdir() if ADDRESS.fullmatch(each.name))


def lies(vault: Vault, address: str) -> bool:
    return vault.path(address).is_file()


def older(vault: Vault, address: str, moment: float) -> bool:
    """Whether the file was last put before `moment` (seconds since 1970); False when it is not there."""
    return _older(vault.path(address), moment)


def lay_aside(vault: Vault, address: str, moment: float) -> bool:
    """Take a file out of the store; answers whether it is out.

    Somebody may put the same bytes at this instant: then the file is young again, and goes back.
    """
    place, aside = vault.path(address), vault.root / ASIDE / address
    aside.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        place.rename(aside)
    except FileNotFoundError:
        return False
    if _older(aside, moment):
        return True
    bring_back(vault, address)
    return False


def bring_back(vault: Vault, address: str) -> bool:
    """Put a file that was laid aside where it was; answers whether it is there, whole."""
    aside = vault.root / ASIDE / address
    if not aside.is_file() or _digest(aside) != address:
        return False
    vault.put(aside.read_bytes())
    aside.unlink()
    return True


def throw_away(vault: Vault, moment: float) -> int:
    """Remove what was laid aside and has not been touched since `moment`; answers how many."""
    folder = vault.root / ASIDE
    return _remove(folder.iterdir(), moment) if folder.is_dir() else 0


def clear_halves(vault: Vault, moment: float) -> int:
    """Remove what a killed process left half written before `moment`; answers how many."""
    return _remove(vault.root.rglob(f"{TEMPORARY}*"), moment)


def rotten(vault: Vault, address: str) -> bool:
    """Whether the file's content is no longer what its address says."""
    return lies(vault, address) and _digest(vault.path(address)) != address


def _remove(places: Iterator[Path], moment: float) -> int:
    old = [each for each in places if _older(each, moment)]
    for each in old:
        each.unlink(missing_ok=True)
    return len(old)


def _older(place: Path, moment: float) -> bool:
    try:
        return place.stat().st_mtime < moment
    except FileNotFoundError:
        return False


def _digest(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
