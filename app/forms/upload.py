"""A file that comes in: which one it is, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.errors import Problem
from app.law.lives import ScanRole

if TYPE_CHECKING:
    from collections.abc import Sequence

ACCEPT = "application/pdf,image/jpeg,image/png"


@dataclass(frozen=True)
class Upload:
    """What the browser sent: the bytes, the name as the person's computer has it, and the role of the scan."""

    content: bytes
    name: str
    role: ScanRole


def read_upload(files: Any, form: Any, roles: Sequence[ScanRole]) -> tuple[Upload | None, tuple[Problem, ...]]:
    """The upload, or what is missing in it. What the file really is, is looked at later (intake.evidence)."""
    file = files.get("file")
    role = form.get("role", "")
    problems = []
    if file is None or not file.filename:
        problems.append(Problem("file", "请选择扫描件。", "可以是PDF、JPG或PNG，不超过20 MB。"))
    if role not in {each.value for each in roles}:
        problems.append(Problem("role", "请选择这是什么扫描件。"))
    if problems:
        return None, tuple(problems)
    return Upload(file.read(), file.filename, ScanRole(role)), ()
