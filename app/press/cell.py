"""One LibreOffice inside its cell. Runs under the system's Python (with `uno`), imports nothing of the application.

Frames on stdin and stdout: 4 bytes length (big-endian) of a JSON head, the head, then `size` bytes of body.
Ask `{"filter": …, "size": …}` + document → `{"ok": true, "ms": …, "rss": …, "size": …}` + PDF, or `{"ok": false,
"error": …}`. The first frame out is `{"ready": true}`. Ends when stdin ends.
"""

import json
import os
import struct
import subprocess  # noqa: TID251  (this file is the cell: it alone knows the soffice in it)
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue

SOFFICE = "/usr/lib/libreoffice/program/soffice.bin"
RESTART_ME = 81
NAME = "file:///nowhere/document"
"""What soffice takes for the document's address. With `private:stream` it would trust it and follow its links."""
START_SECONDS = 60
GUARDS = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": ("int", "3"), "DisableMacrosExecution": ("boolean", "true"),
        "BlockUntrustedRefererLinks": ("boolean", "true"), "DisableActiveContent": ("boolean", "true"),
        "DisablePythonRuntime": ("boolean", "true"),
    },
    "/org.openoffice.Office.Writer/Content/Update": {"Link": ("int", "0"), "Field": ("boolean", "false")},
    "/org.openoffice.Office.Calc/Content/Update": {"Link": ("int", "1")},
}
"""The careful profile: no macro, no link followed, nothing active (names as in the configuration schema)."""


def profile_text(settings: dict[str, dict[str, tuple[str, str]]]) -> str:
    """The `registrymodifications.xcu` of a fresh profile."""
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, props in settings.items() for name, (_kind, value) in props.items())
    return ('<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
            'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"{items}</oor:items>")


def prop(name: str, value: object) -> object:
    """A PropertyValue."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


class Office:
    """A soffice of our own and the bridge to it."""

    def __init__(self, folder: str, *, guarded: bool) -> None:
        self.pipe = f"cell{os.getpid()}"
        self.profile = f"{folder}/profile"
        settings = Path(self.profile, "user", "registrymodifications.xcu")
        settings.parent.mkdir(mode=0o700, parents=True)
        settings.write_text(profile_text(GUARDS if guarded else {}), "utf-8")  # writes: into the cell's own tmpfs
        self.spawn()
        self.context = self.connect()
        self.services = self.context.ServiceManager
        self.desktop = self.services.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)

    def spawn(self) -> None:
        """Start soffice in our own process group, so that whoever kills us kills it."""
        self.process = subprocess.Popen(  # noqa: S603  (a fixed program and our own names)
            [SOFFICE, f"-env:UserInstallation=file://{self.profile}", "--headless", "--invisible", "--norestore",
             "--nologo", "--nodefault", "--nolockcheck", f"--accept=pipe,name={self.pipe};urp;"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def connect(self) -> Any:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                return resolver.resolve(f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext")
            except Exception:  # noqa: BLE001  (uno raises many kinds while the other side is not up)
                code = self.process.poll()
                if code == RESTART_ME:
                    self.spawn()
                elif code is not None:
                    raise RuntimeError(f"soffice ended with {code}") from None
                time.sleep(0.02)
        raise RuntimeError("soffice did not answer")

    def convert(self, data: bytes, import_filter: str, export_filter: str) -> bytes:
        """Document bytes → PDF bytes, through streams: no file is written."""
        source = self.services.createInstanceWithArgumentsAndContext(
            "com.sun.star.io.SequenceInputStream", (uno.ByteSequence(data),), self.context)
        document = self.desktop.loadComponentFromURL(NAME, "_blank", 0, (
            prop("InputStream", source), prop("Hidden", True), prop("FilterName", import_filter),
            prop("MacroExecutionMode", 0), prop("UpdateDocMode", 0), prop("ReadOnly", True)))
        if document is None:
            raise RuntimeError("the document could not be read")
        try:
            target = self.services.createInstanceWithContext("com.sun.star.io.SequenceOutputStream", self.context)
            document.storeToURL("private:stream", (prop("FilterName", export_filter), prop("OutputStream", target)))
            return bytes(target.getWrittenBytes().value)
        finally:
            document.close(True)

    def resident(self) -> int:
        """Resident memory in MB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines()
        return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def read_exactly(size: int) -> bytes:
    """So much of stdin; the end of stdin is the end of the cell."""
    data = sys.stdin.buffer.read(size)
    if len(data) < size:
        sys.exit(0)
    return data


def send(head: dict[str, object], body: bytes = b"") -> None:
    """One frame to the cell's owner."""
    text = json.dumps({**head, "size": len(body)}).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(text)) + text + body)
    sys.stdout.buffer.flush()


def main() -> None:
    """argv: folder for the profile, then `open` to leave the careful profile out (tests of the other layers only)."""
    office = Office(sys.argv[1], guarded="open" not in sys.argv[2:])
    send({"ready": True})
    while True:
        head = json.loads(read_exactly(struct.unpack(">I", read_exactly(4))[0]))
        data = read_exactly(head["size"])
        started = time.monotonic()
        try:
            pdf = office.convert(data, head["filter"], head["export"])
        except Exception as error:  # noqa: BLE001  (any failure of this document is an answer, the cell's owner decides)
            if office.process.poll() is not None:
                sys.exit(1)
            send({"ok": False, "error": f"{type(error).__name__}: {error}"[:500]})
            continue
        send({"ok": True, "ms": round((time.monotonic() - started) * 1000), "rss": office.resident()}, pdf)


if __name__ == "__main__":
    main()
