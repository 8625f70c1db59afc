"""The store keeps what it is given, whole, under its own name."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from app.errors import NeedsPerson, NotVisible
from app.outside import vault
from app.outside.vault import Vault


@pytest.fixture
def store(tmp_path: Path) -> Any:
    return Vault(tmp_path / "vault")


def test_what_is_put_comes_back_under_its_hash(store: Any) -> None:
    address = store.put(b"paper")
    assert address == hashlib.sha256(b"paper").hexdigest()
    assert store.get(address) == b"paper"


def test_nobody_else_may_read(store: Any) -> None:
    place = store.path(store.put(b"paper"))
    assert (place.stat().st_mode & 0o777, store.root.stat().st_mode & 0o777) == (0o600, 0o700)


def test_putting_twice_changes_nothing(store: Any) -> None:
    place = store.path(store.put(b"paper"))
    before = place.stat()
    store.put(b"paper")
    assert place.stat().st_ino == before.st_ino
    assert len(list(store.root.rglob("*"))) == 2


def test_a_damaged_copy_is_noticed_and_mended_by_the_next_put(store: Any) -> None:
    address = store.put(b"paper")
    store.path(address).write_bytes(b"pap3r")
    with pytest.raises(NeedsPerson, match="损坏"):
        store.get(address)
    store.put(b"paper")
    assert store.get(address) == b"paper"


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "a" * 64 + "/x",
                                  "１" * 64, "paper"])
def test_no_name_but_a_hash_leads_anywhere(store: Any, name: str) -> None:
    for ask in (store.path, store.get):
        with pytest.raises(NotVisible):
            ask(name)


def test_an_absent_file_is_not_visible(store: Any) -> None:
    with pytest.raises(NotVisible):
        store.get("0" * 64)


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_full_disk_leaves_nothing_behind(store: Any, monkeypatch: pytest.MonkeyPatch, call: Any) -> None:
    original, told = getattr(os, call), []

    def full(*given: Any, **named: Any) -> Any:
        told.append(given)
        if len(told) > 1 or call == "fsync":
            raise OSError(errno.ENOSPC, "No space left on device")
        return original(*given, **named)

    monkeypatch.setattr(vault, "_sync", lambda _folder: None)
    monkeypatch.setattr(os, call, full if call == "fsync" else
                        lambda *given, **named: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(NeedsPerson, match="磁盘已满"):
        store.put(b"paper")
    monkeypatch.undo()
    assert not [each for each in store.root.rglob("*") if each.is_file()]


def test_data_reach_the_disk_before_their_name_does(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    order = []
    monkeypatch.setattr(os, "fsync", lambda _fd: order.append("sync"))
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda a, b: (order.append("name"), replace(a, b))[1])
    store.put(b"paper")
    assert order[-3:] == ["sync", "name", "sync"]


def test_what_is_put_again_is_young_again(store: Any) -> None:
    place = store.path(store.put(b"paper"))
    os.utime(place, (0, 0))
    store.put(b"paper")
    assert place.stat().st_mtime > 0
