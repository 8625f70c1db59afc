"""The settings of one installation: instance/settings.toml, then FANXIAO_… from the environment."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "FANXIAO_"
SEAL_POLICIES = ("wet", "image")
SECOND_FACTORS = ("required", "offered")
NOT_YET = ("store_url", "mail_url", "clamav")
"""Settings whose names are promised and whose parts are still to come: one that silently did nothing would mislead."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What can be set. An unknown key stops the start, because a misspelt one would silently do nothing."""

    instance: Path
    """Folder of everything that is not code: register, files, keys, socket."""
    database_url: str = ""
    """SQLAlchemy URL; empty means SQLite in `instance`."""
    queue_url: str = ""
    """Empty means Huey's embedded SQLite queue; `redis://…` for several machines."""
    store_url: str = ""
    """Empty means the folder `instance`/vault."""
    secret_file: str = ""
    """File with the secret that protects cookies and keys; empty means `instance`/secret (made by `flask init`)."""
    timezone: str = "Asia/Shanghai"
    city_code: str = "640400"
    mail_url: str = ""
    clamav: str = ""
    seal_policy: str = "wet"
    """`wet`: papers are stamped by hand and scanned; `image`: an approved seal picture may be placed as well."""
    second_factor: str = "required"
    """`required`: who approves or keeps a seal signs in with a code of the telephone as well; `offered`: may do so."""
    workers: int = 2
    soffice_pool: int = 1
    public_url: str = "http://127.0.0.1:8000"
    """Address under which people reach the service; printed in QR codes. `https:` makes cookies Secure."""
    host: str = "127.0.0.1"
    port: int = 8000
    behind_proxy: bool = False
    """One proxy stands in front and sets X-Forwarded-For itself: the address of who asks is taken from it."""
    metrics_token: str = ""
    """Opens /metrics to whoever brings it as a bearer; empty means that only this machine may ask."""
    demo: bool = False
    """Shows the banner 演示数据."""

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.instance / 'register.db'}"

    @property
    def secret_path(self) -> Path:
        return Path(self.secret_file) if self.secret_file else self.instance / "secret"

    @property
    def press_socket(self) -> Path:
        return self.instance / "run" / "press.sock"


def default_instance() -> Path:
    """The folder `instance` beside the code, unless FANXIAO_INSTANCE names another."""
    return Path(os.environ.get("FANXIAO_INSTANCE", "")
                or Path(__file__).resolve().parent.parent / "instance")


def load_settings(instance: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises Refused with the name of the key that is unknown or of the wrong type."""
    env = os.environ if env is None else env
    folder = (instance or default_instance()).resolve()
    given: dict[str, Any] = {}
    path = folder / "settings.toml"
    if path.exists():
        try:
            given |= tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise Refused(f"设置文件 {path.name} 不是合格的 TOML：{error}", where="settings.toml") from error
    for key, value in env.items():
        if key.startswith(PREFIX) and key != "FANXIAO_INSTANCE":
            given[key.removeprefix(PREFIX).lower()] = value
    known = {field.name: field.type for field in fields(Settings) if field.name != "instance"}
    values: dict[str, Any] = {key: _typed(key, value, known) for key, value in given.items()}
    settings = Settings(instance=folder, **values)
    for key in NOT_YET:
        if getattr(settings, key):
            raise Refused(f"设置项 {key} 还没有对应的功能。", where=key, advice="请删去这一行。")
    if settings.seal_policy not in SEAL_POLICIES:
        raise Refused(f"seal_policy 只能是 {'、'.join(SEAL_POLICIES)}。", where="seal_policy")
    if settings.second_factor not in SECOND_FACTORS:
        raise Refused(f"second_factor 只能是 {'、'.join(SECOND_FACTORS)}。", where="second_factor")
    return settings


def _typed(key: str, value: object, known: Mapping[str, Any]) -> object:
    if key not in known:
        raise Refused(f"不认识的设置项 {key}。", where="settings.toml", advice="请核对拼写，或删去这一行。")
    kind = known[key]
    if kind == "int":
        try:
            return int(str(value))
        except ValueError:
            raise Refused(f"设置项 {key} 应是整数。", where=key) from None
    if kind == "bool":
        if str(value).lower() not in {"true", "false", "1", "0"}:
            raise Refused(f"设置项 {key} 应是 true 或 false。", where=key)
        return str(value).lower() in {"true", "1"}
    if not isinstance(value, str):
        raise Refused(f"设置项 {key} 应是文字。", where=key)
    return value
