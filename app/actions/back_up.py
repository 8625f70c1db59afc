"""Backup while in use, its check, and the way back (security.md: a backup made at any moment restores bit-exact)."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import NeedsPerson, Refused
from app.outside import archive
from app.outside.vault import Vault, write_whole
from app.records import addresses, audit, portable, schema
from app.records.database import Register

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.actions.desk import Desk

MANIFEST, REGISTER, FILES, KEYS = "manifest.json", "register.db", "vault", "keys"
SECRET = "secret"  # noqa: S105  (the name of a file)
FORMAT = 1
RESTORED = "restored"
"""In an instance that came out of a backup until `flask init` has ended the sessions of that day."""
LAST = Path("backups/last")
"""In the instance: when the last backup was made, for whoever watches."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    made_at: str
    sha256: str
    """Of the whole file."""
    bytes: int
    files: int
    missing: tuple[str, ...]
    """Files that the register names and the store did not have, by address."""
    audit_head: str


def back_up(desk: Desk, path: Path, *, with_keys: bool = False) -> Backup:
    """Write register and files as they are at one moment into `path`; the service goes on meanwhile.

    Files are written before the rows that name them and never altered, so whatever the snapshot of the register names
    is in the store. `with_keys` adds the signing keys and the secret: such a file opens everything.
    """
    schema.require_head(desk.register)
    now = desk.clock.now()
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=desk.settings.instance) as folder:
        copy = Path(folder) / REGISTER
        portable.snapshot(desk.register, copy)
        manifest = _manifest(copy, desk.vault, now, kind="sqlite" if desk.register.sqlite else "postgresql")
        keys = _keys(desk) if with_keys else {}
        manifest["keys"] = {name: archive.digest_of(path) for name, path in keys.items()}
        with archive.writing(path) as out:
            out.add(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
            out.add_file(REGISTER, copy)
            for address in manifest["files"]:
                out.add_file(f"{FILES}/{address[:2]}/{address}", desk.vault.path(address))
            for name, path_of_key in keys.items():
                out.add_file(name, path_of_key)
    digest = archive.require_whole(path)
    with desk.change() as db:
        audit.append(db, None, "back_up", "register", 0, now, sha256=digest, files=len(manifest["files"]),
                     with_keys=with_keys)
    _note(desk, now)
    return _told(manifest, digest, path)


def _manifest(copy: Path, vault: Vault, now: datetime, *, kind: str) -> dict[str, Any]:
    with portable.looking(copy) as register:
        with register.reading() as db:
            known, head = addresses.known(db), audit.head(db)
        tables = {name: asdict(each) for name, each in portable.rows(register).items()}
    held = {address for address in known if vault.path(address).exists()}
    return {"format": FORMAT, "made_at": now.isoformat(), "schema": schema.head(), "database": kind, "keys": {},
            "audit_head": head, "register_sha256": archive.digest_of(copy), "rows": tables,
            "files": sorted(held), "missing": sorted(each for each in known if known[each] and each not in held)}


def _keys(desk: Desk) -> dict[str, Path]:
    """Where the signing keys and the secret lie, by their names in a backup."""
    found = {f"{KEYS}/{each.name}": each for each in sorted((desk.settings.instance / KEYS).iterdir())}
    return found | {SECRET: desk.settings.secret_path}


def _note(desk: Desk, now: datetime) -> None:
    place = desk.settings.instance / LAST
    place.parent.mkdir(mode=0o700, exist_ok=True)
    write_whole(place, now.isoformat().encode())


def _told(manifest: Mapping[str, Any], digest: str, path: Path) -> Backup:
    return Backup(made_at=manifest["made_at"], sha256=digest, bytes=path.stat().st_size, files=len(manifest["files"]),
                  missing=tuple(manifest["missing"]), audit_head=manifest["audit_head"])


def restore(path: Path, into: Path, database_url: str = "") -> Backup:
    """Unpack a backup into a folder that is not there yet or empty; it is there whole or not at all.

    With `database_url` the register also goes into that empty database. Raises Refused when a single byte of the
    backup was altered, and when what was unpacked is not what was packed.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Refused("目标目录不是空的，没有改动它。", where=into.name, advice="请换一个空目录。")
    half = into.with_name(f".tmp-{into.name}")
    shutil.rmtree(half, ignore_errors=True)
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        told = _unpack(path, half)
        if database_url:
            register = Register(database_url)
            try:
                portable.load(half / REGISTER, register)
            finally:
                register.close()
        write_whole(half / RESTORED, told.sha256.encode())
        if into.exists():
            into.rmdir()
        half.rename(into)
    except OSError as error:
        raise NeedsPerson(f"恢复失败：{error.strerror or '未知原因'}。", advice="请检查磁盘空间和目录权限。") from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return told


def verify_backup(path: Path) -> Backup:
    """Restore a backup to a passing place and compare everything. Raises Refused with what is wrong."""
    with tempfile.TemporaryDirectory(prefix=".verify-", dir=path.parent) as folder:
        return _unpack(path, Path(folder) / "restored")


def _unpack(path: Path, into: Path) -> Backup:
    digest = archive.require_whole(path)
    manifest: dict[str, Any] = {}
    found: dict[str, str] = {}
    into.mkdir(mode=0o700)
    for name, content in archive.members(path):
        if name == MANIFEST:
            manifest = json.loads(content.read())
            if manifest.get("format") != FORMAT:
                raise Refused("这份备份是别的版本写的。", where=path.name, advice="请用写它的那个版本恢复。")
            continue
        found[name], _ = archive.unpack(content, into / name)
    _require_same(manifest, found, into)
    return _told(manifest, digest, path)


def _require_same(manifest: Mapping[str, Any], found: Mapping[str, str], into: Path) -> None:
    """Everything that was packed is there, is what it was, and agrees with itself."""
    wanted = {f"{FILES}/{address[:2]}/{address}": address for address in manifest.get("files", ())}
    wanted[REGISTER] = manifest.get("register_sha256", "")
    wanted |= manifest.get("keys", {})
    wrong = [name for name, sha in wanted.items() if found.get(name) != sha]
    if foreign := sorted(found.keys() - wanted.keys()):
        raise Refused("备份里有清单上没有的文件。", where=foreign[0][-30:], advice="不要用这一份恢复；它被重新打包过。")
    if wrong:
        raise Refused(f"备份里有{len(wrong)}个文件与清单不符。", where=wrong[0][-12:])
    if said := portable.faults(into / REGISTER):
        raise Refused("备份里的登记库有损坏。", where=said[0][:60])
    with portable.looking(into / REGISTER) as register:
        schema.require_head(register)
        differs = [name for name, each in portable.rows(register).items() if asdict(each) != manifest["rows"].get(name)]
        with register.reading() as db:
            bad, head, known = audit.first_bad(db), audit.head(db), addresses.known(db)
    if differs:
        raise Refused("备份里的登记与清单不符。", where=differs[0])
    if bad is not None or head != manifest["audit_head"]:
        raise Refused("备份里的留痕链不完整。", where=f"第{bad}条" if bad else "链头")
    lost = [each for each in known if known[each] and each not in manifest["files"] and each not in manifest["missing"]]
    if lost:
        raise Refused(f"备份里少了{len(lost)}个登记过的文件。", where=lost[0][:12])
