from __future__ import annotations

import io
import os
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from docxtpl import DocxTemplate
from jinja2 import Environment

from app.errors import Refused
from app.papers import language, render
from app.papers.lint import lint
from tests.hostile.payloads import COUNT, RESOURCES, payloads
from tests.papers.docs import body_with, changed, paper, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.outside.press import Press

CONTEXT = {"name": "张三", "rows": ({"text": "一"}, {"text": "二"})}
SECRET = "canary-value-of-the-environment"
FOOTNOTES = ('<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
             "<w:footnote><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote></w:footnotes>")


@dataclass
class Trap:
    """A file that must not come to be, a listener that must not be called, a secret that must not come out."""

    file: Path
    listener: socket.socket

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def called(self) -> bool:
        try:
            self.listener.accept()
        except BlockingIOError:
            return False
        return True

    def sprung(self, output: str = "") -> bool:
        return self.file.exists() or self.called() or SECRET in output


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trap]:
    monkeypatch.setenv("FANXIAO_CANARY", SECRET)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield Trap(tmp_path / "canary", listener)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def box(payload: str) -> bytes:
    return body_with(paper("文"), (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r>'
        f"<w:t>{escaped(payload)}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"))


def footnote(payload: str) -> bytes:
    return changed(paper("文"), "[Content_Types].xml", lambda text: text.replace("</Types>", (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.footnotes+xml"/></Types>')), **{"word__footnotes.xml": FOOTNOTES.format(escaped(payload))})


PLACES: dict[str, Callable[[str], bytes]] = {
    "body": paper, "table": lambda payload: paper("文", table=[[payload, "x"]]),
    "header": lambda payload: paper("文", header=payload), "footer": lambda payload: paper("文", footer=payload),
    "title": lambda payload: paper("文", title=payload), "box": box, "footnote": footnote,
}
"""The payload in each place of a docx that is filled."""


def test_there_are_enough_payloads_and_each_is_another() -> None:
    assert COUNT >= 100
    assert len(set(payloads("/f", 1))) == COUNT


@pytest.mark.parametrize("number", range(COUNT))
def test_a_payload_is_refused_by_lint_and_by_filling_and_nothing_runs(trap: Trap, number: int) -> None:
    payload = payloads(str(trap.file), trap.port)[number]
    template = paper("固定文字", payload)
    started = time.monotonic()
    codes = {each.code for each in lint(template, CONTEXT) if not each.note}
    assert codes & {"forbidden", "undefined", "fill", "split"}, payload
    with pytest.raises(Refused):
        render.fill(template, CONTEXT)  # type: ignore[arg-type]
    assert not trap.sprung()
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("place", list(PLACES))
def test_payloads_are_refused_in_every_place(trap: Trap, place: str) -> None:
    for payload in payloads(str(trap.file), trap.port)[::9]:
        with pytest.raises(Refused):
            render.fill(PLACES[place](payload), CONTEXT)  # type: ignore[arg-type]
    assert not trap.sprung()


def test_a_lawful_tag_is_filled_in_every_place() -> None:
    for place, make in PLACES.items():
        assert "张三" in "".join(parts(render.fill(make("{{ name }}"), {"name": "张三"})).values()), place


LIVE = [each for each in range(COUNT) if payloads("/f", 1)[each].startswith(("{{ cycler", "{{ joiner", "{{ lipsum.__globals"))
        and any(word in payloads("/f", 1)[each] for word in ("popen", "environ", "create_connection"))]


@pytest.mark.parametrize("number", LIVE)
def test_the_same_payloads_do_run_where_nothing_guards(trap: Trap, number: int) -> None:
    """The twin: without it the tests above might be passing because the payloads are blunt."""
    payload = payloads(str(trap.file), trap.port)[number]
    careless = DocxTemplate(io.BytesIO(paper("固定文字", payload)))
    with suppress(OSError):
        careless.render(dict(CONTEXT), Environment())  # noqa: S701  (careless on purpose)
    target = io.BytesIO()
    careless.save(target)
    assert trap.sprung(parts(target.getvalue())["word/document.xml"])


@pytest.mark.parametrize("layer", ["list", "names", "lookup"])
def test_with_one_layer_off_the_others_still_hold(trap: Trap, monkeypatch: pytest.MonkeyPatch, layer: str) -> None:
    environment = language.TemplateEnvironment()
    if layer == "list":
        monkeypatch.setattr(language, "check", lambda tree: None)
    elif layer == "names":
        environment.globals.update(Environment(autoescape=True).globals)
        environment.filters.update(Environment(autoescape=True).filters)
    else:
        monkeypatch.setattr(language.TemplateEnvironment, "getattr", Environment.getattr)
        monkeypatch.setattr(language.TemplateEnvironment, "getitem", Environment.getitem)
    resources = {each.format(file="", port=0) for each in RESOURCES}
    for payload in payloads(str(trap.file), trap.port):
        if payload in resources:
            continue
        try:
            output = environment.from_string(payload).render(render.plain(CONTEXT))  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001, S112  (whatever stops it will do)
            continue
        assert not trap.sprung(output), payload
    assert not trap.sprung()


def test_with_all_layers_off_a_payload_does_run(trap: Trap) -> None:
    Environment().from_string(f"{{{{ cycler.__init__.__globals__.os.popen('touch {trap.file}').read() }}}}").render()  # noqa: S701
    assert trap.sprung()


@pytest.mark.press
def test_resource_payloads_do_not_hold_up_the_press(press: Press) -> None:
    started = time.monotonic()
    for payload in RESOURCES:
        with pytest.raises(Refused):
            press.convert(paper(payload.format(file="/f", port=1)), [CONTEXT])
    assert time.monotonic() - started < 5 * len(RESOURCES)
    assert press.alive()


@pytest.mark.press
def test_a_huge_tangle_of_markup_is_given_up_and_the_press_lives(press: Press) -> None:
    tangle = body_with(paper("文"), "<w:p><w:r><w:t>" + "{" * 200_000 + "</w:t></w:r></w:p>" + "<w:tc>{% colspan " * 3_000
                       + "</w:tc>" * 3_000)
    with pytest.raises(Exception, match=r"已停止|有误|完好|打断"):
        press.convert(tangle, [CONTEXT])
    assert press.alive()


def test_the_canary_is_in_the_environment_where_it_could_be_read(trap: Trap) -> None:
    assert os.environ["FANXIAO_CANARY"] == SECRET
