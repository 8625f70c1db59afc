"""The walls of a cell: bubblewrap with its own processes, network and files, where the machine allows it."""

from __future__ import annotations

import sys
import sysconfig
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.outside import child, fonts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SYSTEM = ("/usr", "/lib", "/lib64", "/bin")
"""Programs and libraries. On merged systems three of them are links into /usr."""
LIBRARIES, CODE = "/tmp/libraries", "/tmp/code"  # noqa: S108  (names inside the walls)
"""Where our interpreter finds its packages, and code of ours, inside."""
NEEDED = ("/etc/ld.so.cache", "/etc/libreoffice", "/etc/localtime", "/etc/fonts/conf.d", "/var/cache/fontconfig")
WHY_NOT = {
    "absent": "没有安装 bubblewrap：上传的模板和文件不予处理，只打印随系统提供的模板。请安装 bubblewrap。",
    "barred": "本机或容器不允许 bubblewrap 建立隔离环境（用户命名空间被限制）：上传的模板和文件不予处理，"
              "只打印随系统提供的模板。请放开用户命名空间，或给容器相应权限。",
}


def walls() -> list[str]:
    """The bubblewrap arguments: everything apart, only system folders, an empty /tmp, no home, no repository."""
    argv = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv",
            "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", "/etc"]  # noqa: S108  (the cell's own)
    for name in SYSTEM:
        path = Path(name)
        if path.is_symlink():
            argv += ["--symlink", str(path.readlink()), name]
        elif path.is_dir():
            argv += ["--ro-bind", name, name]
    for name in NEEDED:
        argv += ["--ro-bind-try", name, name]
    for folder in fonts.folders():
        if not folder.is_relative_to("/usr"):
            argv += ["--ro-bind", str(folder), str(folder)]
    return argv


def enclosed(argv: Sequence[str], *, env: dict[str, str], files: dict[str, int],
             folders: Mapping[str, Path] | None = None) -> list[str]:
    """`argv` inside the walls.

    `files`: name inside → descriptor whose content it shows; `folders`: name inside → folder; both read-only.
    """
    command = walls()
    for name, folder in (folders or {}).items():
        command += ["--ro-bind", str(folder), name]
    for name, fd in files.items():
        command += ["--ro-bind-data", str(fd), name]
    for name, value in {**child.ENVIRONMENT, **env}.items():
        command += ["--setenv", name, value]
    return [*command, "--", *argv]


def python(argv: Sequence[str], *, files: dict[str, int], code: Path | None = None,
           before: Sequence[str] = ()) -> list[str]:
    """Our own interpreter with its packages inside the walls, and nothing of the service but `files` and `code`.

    `code` is a package that is shown at `CODE`, to import from; `before` a command inside that starts the interpreter.
    """
    folders = {LIBRARIES: Path(sysconfig.get_path("purelib"))}
    base = Path(sys.base_prefix)
    if not base.is_relative_to("/usr"):
        folders[str(base)] = base
    if code:
        folders[f"{CODE}/{code.name}"] = code
    env = {"PYTHONPATH": f"{CODE}:{LIBRARIES}", "PYTHONDONTWRITEBYTECODE": "1"}
    program = str(Path(sys.executable).resolve())
    return enclosed([*before, program, "-s", "-P", *argv], env=env, files=files, folders=folders)


@lru_cache(maxsize=1)
def obstacle() -> str:
    """Why cells have no walls on this machine, in Chinese; empty when they have."""
    try:
        done = child.run(enclosed(["/usr/bin/true"], env={}, files={}), limits=child.Limits(memory=None, wall=10))
    except FileNotFoundError:
        return WHY_NOT["absent"]
    return "" if done.code == 0 else WHY_NOT["barred"]
