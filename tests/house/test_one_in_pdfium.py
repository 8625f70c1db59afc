"""pdfium is not thread safe: in web and worker, documents are opened with it in one place, under its lock."""

from __future__ import annotations

import ast

from tests.house.source import modules

PLACE = "outside/pdfium.py"
CELLS = {"press/bench.py", "press/opening.py"}
"""Processes of one thread, behind the walls of a cell."""


def imports(source: str) -> bool:
    """Whether a module gets at the library itself."""
    return any(name.split(".")[0] == "pypdfium2" for node in ast.walk(ast.parse(source)) for name in (
        [alias.name for alias in node.names] if isinstance(node, ast.Import) else
        [node.module or ""] if isinstance(node, ast.ImportFrom) else []))


def test_only_the_locked_place_and_the_cells_get_at_the_library() -> None:
    assert {name for name, source in modules().items() if imports(source)} == {PLACE} | CELLS


def test_a_planted_import_is_found() -> None:
    assert imports("import pypdfium2 as pdfium\n")
    assert imports("from pypdfium2.raw import FPDF_GetPageCount\n")
    assert not imports("from app.outside import pdfium\n")
