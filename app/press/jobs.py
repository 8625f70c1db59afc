"""What the press can be asked: convert, convert_file, open_evidence, pages, health, ping."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import repeat
from pathlib import Path
from typing import Any

from app.errors import FanxiaoError, NeedsPerson, Problem, Refused
from app.papers import readback, render
from app.press import draft, foreign
from app.press.bench import fill_or_say, thawed
from app.press.cells import FILTERS
from app.press.pool import Pool
from app.press.workshop import Workshop

SHIPPED = Path(__file__).resolve().parents[1] / "templates_docx"
MAX_CONTEXTS = 500
Answer = tuple[dict[str, Any], list[bytes]]


@dataclass(frozen=True)
class Order:
    """What holds for every document of one question."""

    shipped: bool
    page_limit: int | None
    draft: bool
    seconds: float | None
    must_show: frozenset[str]


class Jobs:
    """One press: its cells, and its workshop for what may run wild."""

    def __init__(self, cells: int) -> None:
        self.pool = Pool(cells)
        self.workshop = Workshop()

    def close(self) -> None:
        self.pool.close()
        self.workshop.close()

    def warm(self) -> None:
        """Start a cell before the first document asks for one."""
        self.pool.warm()
        self.workshop.warm()

    def do(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        """Answer one question. Raises Refused or NeedsPerson in Chinese."""
        match head.get("op"):
            case "convert":
                return self._convert(head, blobs)
            case "convert_file":
                return self._convert_file(str(head["suffix"]), blobs[0])
            case "open_evidence":
                return foreign.opened(blobs[0], str(head["kind"]))
            case "pages":
                return {}, self.workshop.pages(blobs[0], int(head["dpi"]))
            case "health":
                return self._health(), []
            case "ping":
                return {}, []
        raise Refused("打印服务不认识这个请求。")

    def _convert(self, head: dict[str, Any], blobs: list[bytes]) -> Answer:
        contexts = [thawed(each) for each in head["contexts"]]
        if len(contexts) > MAX_CONTEXTS:
            raise Refused(f"一次最多印{MAX_CONTEXTS}份。")
        template, shipped = _template(str(head["template"]), blobs)
        if shipped:
            must_show = render.always_printed(template)
            filled = [fill_or_say(template, each) for each in contexts]
        elif self.pool.obstacle:
            raise NeedsPerson("本机没有隔离环境，只能打印随系统提供的模板。", advice=self.pool.obstacle)
        else:
            filled, must_show = self.workshop.fill(template, contexts)
        limit = None if head.get("page_limit") is None else int(head["page_limit"])
        order = Order(shipped, limit, bool(head.get("draft")), _seconds(head.get("seconds")), frozenset(must_show))
        with ThreadPoolExecutor(2 * self.pool.size) as threads:
            done = list(threads.map(self._print, contexts, filled, repeat(order)))
        return {"documents": [each[0] for each in done]}, [blob for each in done for blob in each[1:]]

    def _health(self) -> dict[str, Any]:
        return {"cells": self.pool.size, "made": self.pool.made, "restarts": self.pool.restarts,
                "obstacle": self.pool.obstacle}

    def _convert_file(self, suffix: str, data: bytes) -> Answer:
        if suffix not in FILTERS:
            raise Refused("只能转换 docx、odt、xlsx 文件。")
        if self.pool.obstacle:
            raise NeedsPerson("本机没有隔离环境，这份文件不予处理。", advice=self.pool.obstacle)
        settled = self.workshop.settle(data) if suffix == "docx" else data
        return {}, [self.pool.convert(settled, suffix, trusted=False)]

    def _print(self, context: dict[str, Any], filled: render.Filled | FanxiaoError, order: Order,
               ) -> tuple[dict[str, Any], bytes, bytes]:
        """One document; whatever is wrong with it is its own problem and not its neighbours'."""
        try:
            if isinstance(filled, FanxiaoError):
                raise filled
            pdf = self.pool.convert(filled.docx, "docx", trusted=order.shipped, seconds=order.seconds)
            report = readback.read_back(context, filled, pdf, order.page_limit, must_show=order.must_show)
            if order.draft:
                pdf = draft.marked(pdf)
        except FanxiaoError as error:
            problems = getattr(error, "problems", ()) or (Problem(error.where, error.what, error.advice),)
            return {"pages": 0, "problems": [_told(each) for each in problems]}, b"", b""
        return {"pages": report.pages, "problems": [_told(each) for each in report.problems]}, filled.docx, pdf


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _told(problem: Problem) -> list[str]:
    return [problem.where, problem.message, problem.advice]


def _template(name: str, blobs: list[bytes]) -> tuple[bytes, bool]:
    """The template's bytes and whether it is one of ours."""
    shipped = {sha256(data).hexdigest(): data for data in (path.read_bytes() for path in SHIPPED.glob("*.docx"))}
    if name:
        if name not in shipped:
            raise Refused("没有这个模板。", advice="请核对模板，或重新启动打印服务。")
        return shipped[name], True
    return blobs[0], sha256(blobs[0]).hexdigest() in shipped
