"""Reading the code of app/ as a tree, for the house rules that no linter knows."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"


def modules(folder: Path = APP) -> dict[str, str]:
    """Source of each module by its path under app/."""
    files = sorted(folder.rglob("*.py"))
    return {path.relative_to(APP).as_posix(): path.read_text("utf-8") for path in files}


def templates() -> dict[str, str]:
    """Source of each page template by its path under app/."""
    files = sorted((APP / "templates").rglob("*.html"))
    return {path.relative_to(APP).as_posix(): path.read_text("utf-8") for path in files}


def called(node: ast.Call) -> str:
    """Last name of what is called: `select` for both select(...) and sa.select(...)."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
