"""Copies the browser files named in package.json into app/static/vendor and proves that nobody changed them.

`npm ci --ignore-scripts --legacy-peer-deps` fetches them (when a version changes); `vendor.py sync` copies files and
licences and writes vendor.lock.json; `vendor.py check` exits with 1 when a file differs from the lock.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent.parent / "app" / "static" / "vendor"
LOCK = HERE / "vendor.lock.json"
WANTED = {
    "bootstrap": ("dist/css/bootstrap.min.css", "LICENSE"),
    "htmx.org": ("dist/htmx.min.js", "LICENSE"),
}


def digest(path: Path) -> str:
    """SHA-384 of a file in the form of Subresource Integrity."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def version(name: str) -> str:
    """The version that package-lock.json pins."""
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    return str(lock["packages"][f"node_modules/{name}"]["version"])


def present() -> dict[str, str]:
    """Every vendored file with its digest."""
    return {path.relative_to(TARGET).as_posix(): digest(path) for path in sorted(TARGET.rglob("*")) if path.is_file()}


def sync() -> int:
    """Copy afresh from node_modules and write the lock; the npm lock loses its registry addresses."""
    shutil.rmtree(TARGET, ignore_errors=True)
    for name, files in WANTED.items():
        folder = TARGET / f"{name.removesuffix('.org')}-{version(name)}"
        folder.mkdir(parents=True)
        for file in files:
            copied = folder / Path(file).name
            content = (HERE / "node_modules" / name / file).read_bytes()
            lines = content.splitlines(keepends=True)
            copied.write_bytes(b"".join(line for line in lines if not line.startswith(b"/*# sourceMappingURL")))
    npm = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    for package in npm["packages"].values():
        package.pop("resolved", None)
    (HERE / "package-lock.json").write_text(json.dumps(npm, indent=2) + "\n", "utf-8")
    LOCK.write_text(json.dumps(present(), indent=2) + "\n", "utf-8")
    return check()


def check() -> int:
    """Compare the folder with the lock and the lock with the pinned versions."""
    locked = json.loads(LOCK.read_text("utf-8"))
    found = present()
    wrong = sorted(name for name in locked.keys() | found.keys() if locked.get(name) != found.get(name))
    for name in wrong:
        print(f"{name}: differs from vendor.lock.json")
    for name in WANTED:
        folder = f"{name.removesuffix('.org')}-{version(name)}/"
        if not any(file.startswith(folder) for file in locked):
            wrong.append(folder)
            print(f"{folder}: pinned in package-lock.json but not vendored")
    return 1 if wrong else 0


if __name__ == "__main__":
    commands = {"sync": sync, "check": check}
    if sys.argv[1:2] and sys.argv[1] in commands:
        sys.exit(commands[sys.argv[1]]())
    sys.exit(__doc__ or 2)
