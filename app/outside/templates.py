"""The shipped docx templates: file name = kind of paper."""

from __future__ import annotations

from pathlib import Path

from app.errors import NeedsPerson

FOLDER = Path(__file__).resolve().parent.parent / "templates_docx"


def read(kind: str) -> bytes:
    """The template's bytes. Raises NeedsPerson when the installation lacks it."""
    path = FOLDER / f"{kind}.docx"
    if not path.is_file():
        raise NeedsPerson("缺少文书模板。", where=path.name, advice="请重新安装程序。")
    return path.read_bytes()
