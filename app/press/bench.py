"""`python -m app.press.bench`: the process of the workshop.

Loaded once behind the walls of a cell, it forks for each piece of work, within limits. Frames (outside/frames.py) on
stdin and stdout. The fork may use so much memory and processor; past the wall limit the press kills the whole bench.
"""

from __future__ import annotations

import io
import os
import resource
import signal
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, cast

import pypdfium2 as pdfium

from app.errors import FanxiaoError, NeedsPerson, Refused
from app.outside import frames
from app.papers import render
from app.papers.package import Package
from app.papers.settle import settled
from app.press.telling import tell

if TYPE_CHECKING:
    from collections.abc import Callable

MEMORY, CPU = 768 << 20, 8
"""Of one piece of work: bytes of address space above what the bench has loaded; seconds of processor."""
MAX_PAGES = 300
WILD = "处理这份文件用时或内存过多，已停止。"
Answer = tuple[dict[str, Any], list[bytes]]


def fill_or_say(template: bytes, context: dict[str, Any]) -> render.Filled | FanxiaoError:
    """The filled document, or the reason why this one cannot be filled."""
    try:
        return render.fill_whole(template, context)
    except FanxiaoError as error:
        return error
    except TypeError as error:
        return Refused(f"送来的内容不合要求：{error}")


def fill(head: dict[str, Any], blobs: list[bytes]) -> Answer:
    """One document for each context. Raises Refused when the template is at fault."""
    template, contexts = blobs[0], [thawed(each) for each in head["contexts"]]
    render.compiled(template)
    done = [fill_or_say(template, each) for each in contexts]
    documents = [
        tell(each) if isinstance(each, FanxiaoError) else {"ok": True, "printed": each.printed} for each in done]
    return ({"documents": documents, "must_show": sorted(render.always_printed(template))},
            [b"" if isinstance(each, FanxiaoError) else each.docx for each in done])


def pages(head: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Each page as PNG. Raises Refused when it is no PDF or has too many pages."""
    try:
        document = pdfium.PdfDocument(blobs[0])
    except pdfium.PdfiumError as error:
        raise Refused("不是完好的 PDF 文件，或设有密码。", advice="请另存为不带密码的 PDF 再试。") from error
    if len(document) > MAX_PAGES:
        raise Refused(f"PDF 超过{MAX_PAGES}页。")
    scale = min(max(int(head["dpi"]), 36), 200) / 72
    return {}, [_png(page, scale) for page in document]


def settle(_head: dict[str, Any], blobs: list[bytes]) -> Answer:
    """A docx without the setting by which LibreOffice loses punctuation. Raises Refused when it is no docx."""
    return {}, [settled(Package.read(blobs[0])).with_parts({})]


WORK: dict[str, Callable[[dict[str, Any], list[bytes]], Answer]] = {"fill": fill, "pages": pages, "settle": settle}


def thawed(context: dict[str, Any]) -> dict[str, Any]:
    """JSON has lists where a context has tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in context.items()}


def main() -> None:
    """Serve until stdin ends."""
    source, target = cast("IO[bytes]", sys.stdin.buffer), cast("IO[bytes]", sys.stdout.buffer)
    while (asked := frames.receive(source)) is not None:
        head, blobs = _in_a_fork(*asked)
        frames.send(target, head, blobs)


def _png(page: Any, scale: float) -> bytes:
    target = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(target, "PNG", compress_level=3)
    return target.getvalue()


def _in_a_fork(head: dict[str, Any], blobs: list[bytes]) -> Answer:
    out, into = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(out)
        _work(head, blobs, into)
    os.close(into)
    try:
        with open(out, "rb") as stream:  # noqa: PTH123  (a descriptor has no path)
            answer = frames.receive(stream)
    except OSError:
        answer = None
    finally:
        os.waitpid(worker, 0)
    return answer or (tell(NeedsPerson(WILD, advice="请检查模板或文件；确属正常的请联系管理员。")), [])


def _work(head: dict[str, Any], blobs: list[bytes], into: int) -> NoReturn:
    """In the fork: bounded, one answer, then gone. An empty answer means that it ran wild."""
    _bound()
    try:
        try:
            answer, out = WORK[head["work"]](head, blobs)
            answer = {"ok": True, **answer}
        except FanxiaoError as error:
            answer, out = tell(error), []
        with open(into, "wb") as stream:  # writes: the pipe to the bench, no file
            frames.send(stream, answer, out)
    finally:
        os._exit(0)


def _bound() -> None:
    loaded = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (loaded + MEMORY, loaded + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


if __name__ == "__main__":
    main()
