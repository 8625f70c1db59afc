"""The client of the press: docx and values in, paper out. The press itself is `flask press` (app/press)."""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import Interrupted, NeedsPerson, NotNow, Problem, Refused
from app.outside import child, frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.settings import Settings

START_SECONDS = 30.0
ANSWER_SECONDS = 900.0
ROOT = Path(__file__).resolve().parents[2]
GONE = "打印服务没有应答。"
BROKEN = "打印服务在制作中途停了。"
ASK = "请管理员查看 flask press 是否在运行（flask doctor 会说明）。"


@dataclass(frozen=True)
class Printed:
    """One document as it came from the press. `pdf` is empty when it could not be made; `problems` then say why."""

    docx: bytes
    pdf: bytes
    pages: int
    problems: tuple[Problem, ...]

    @property
    def good(self) -> bool:
        """Made, read back whole, and nothing to complain of."""
        return bool(self.pdf) and not self.problems


@dataclass(frozen=True)
class Sheet:
    """One page of a foreign file as it was drawn: pixels, whether it is grey, the JPEG, and what its QR codes say.

    Of a seal, `jpeg` holds its plain RGBA bytes.
    """

    width: int
    height: int
    grey: bool
    jpeg: bytes
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A foreign file, opened. `bad` is the key of the reason why it could not be (`intake.evidence` has the words)."""

    sheets: tuple[Sheet, ...] = ()
    notes: tuple[str, ...] = ()
    bad: str = ""


class Press:
    """Speaks to the press of this machine; a connection for each question, so threads may share one."""

    def __init__(self, socket_path: Path, *, seconds: float = ANSWER_SECONDS) -> None:
        self.socket_path = socket_path
        self.seconds = seconds

    def convert(self, template: bytes | str, contexts: Sequence[Mapping[str, Any]], *, draft: bool = False,
                page_limit: int | None = None, seconds: float | None = None) -> list[Printed]:
        """Fill `template` (docx bytes, or the SHA-256 of a shipped one) once for each context and print it.

        A document that fails is answered with its problems and leaves its neighbours alone. Raises Refused when the
        template itself is refused, NeedsPerson when the press cannot be reached, or not within `seconds`: it then gives
        the document up as well.
        """
        head = {"op": "convert", "contexts": [dict(each) for each in contexts], "draft": draft,
                "page_limit": page_limit, "seconds": seconds, "template": template if isinstance(template, str) else ""}
        answer, blobs = self._ask(head, [template] if isinstance(template, bytes) else [], seconds)
        return [Printed(blobs[2 * i], blobs[2 * i + 1], int(each["pages"]),
                        tuple(Problem(*found) for found in each["problems"]))
                for i, each in enumerate(answer["documents"])]

    def convert_file(self, data: bytes, suffix: str) -> bytes:
        """A docx, odt or xlsx as PDF (for packets). Raises Refused or NeedsPerson in Chinese."""
        return self._ask({"op": "convert_file", "suffix": suffix.lstrip(".").lower()}, [data])[1][0]

    def open_evidence(self, data: bytes, kind: str) -> Opened:
        """A stranger's file (pdf, png, jpeg; look: a PDF of which nothing is drawn; seal), opened behind walls.

        Raises NeedsPerson when the press cannot be reached or its machine has no walls.
        """
        return opened(*self._ask({"op": "open_evidence", "kind": kind}, [data]))

    def pages(self, pdf: bytes, dpi: int = 110, *, seconds: float | None = None) -> list[bytes]:
        """Each page as PNG. Raises Refused when it is no readable PDF, NeedsPerson as `convert`."""
        return self._ask({"op": "pages", "dpi": dpi}, [pdf], seconds)[1]

    def health(self) -> dict[str, Any]:
        """State of the press: cells, walls (why not, in Chinese), documents made."""
        return self._ask({"op": "health"}, [])[0]

    def alive(self) -> bool:
        try:
            return bool(self._ask({"op": "ping"}, [], seconds=5.0)[0].get("ok"))
        except NeedsPerson:
            return False

    def _ask(self, head: dict[str, Any], blobs: Sequence[bytes], seconds: float | None = None,
             ) -> tuple[dict[str, Any], list[bytes]]:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(seconds or self.seconds)
                _connect(line, self.socket_path)
                with line.makefile("wb") as ask, line.makefile("rb") as hear:
                    frames.send(ask, head, blobs)
                    answer = frames.receive(hear)
        except ConnectionError as error:
            raise Interrupted(BROKEN, advice=ASK) from error
        except OSError as error:
            raise NeedsPerson(GONE, advice=ASK) from error
        if answer is None:
            raise Interrupted(BROKEN, advice=ASK)
        if not answer[0].get("ok"):
            problems = tuple(Problem(*each) for each in answer[0].get("problems", ()))
            what, advice = str(answer[0].get("what", GONE)), str(answer[0].get("advice", ""))
            if answer[0].get("kind") == "refused":
                raise Refused(what, advice=advice, problems=problems)
            raise NeedsPerson(what, advice=advice or ASK)
        return answer


def _connect(line: socket.socket, path: Path) -> None:
    """Raises NotNow when no press is there: it was asked nothing, so what it would have been asked is not at fault."""
    try:
        line.connect(str(path))
    except OSError as error:
        raise NotNow(GONE, advice=ASK) from error


def opened(answer: Mapping[str, Any], blobs: Sequence[bytes]) -> Opened:
    """What the press says of a foreign file."""
    if "bad" in answer:
        return Opened(bad=str(answer["bad"]))
    sheets = tuple(Sheet(int(width), int(height), bool(grey), jpeg, tuple(map(str, codes)))
                   for (width, height, grey, codes), jpeg in zip(answer["shapes"], blobs, strict=True))
    return Opened(sheets, tuple(answer["notes"]))


@contextmanager
def running_press(settings: Settings) -> Iterator[Press]:
    """The press of this installation, started for the while when none is running. Raises NeedsPerson."""
    press = Press(settings.press_socket)
    if press.alive():
        yield press
        return
    with tempfile.TemporaryDirectory(prefix="fanxiao-press-") as folder:
        path = Path(folder) / "press.sock"
        served = child.start(
            [sys.executable, "-m", "app.press", str(path), str(settings.soffice_pool)], quiet=False,
            limits=child.Limits(memory=None, cpu=None, file_size=None),
            env={"PYTHONPATH": str(ROOT), "FANXIAO_INSTANCE": str(settings.instance)})
        try:
            yield _when_alive(Press(path), served)
        finally:
            served.kill()


def _when_alive(press: Press, served: child.Child) -> Press:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and served.running():
        if press.alive():
            return press
        time.sleep(0.05)
    raise NeedsPerson("打印服务没能启动。",
                      advice="请运行 flask doctor 查看 LibreOffice、python3-uno 和 bubblewrap 是否装好。")
