"""Files are written by app/outside/vault.py and its neighbours; elsewhere the line says `# writes: why`."""

from __future__ import annotations

import ast

from tests.house.source import called, calls, modules

PLACES = {"outside/vault.py", "outside/archive.py", "outside/child.py", "outside/fonts.py", "outside/keyholder.py"}
ALWAYS = {"write_text", "write_bytes", "NamedTemporaryFile", "TemporaryFile", "mkstemp", "copyfile", "copy2",
          "copytree", "fdopen", "symlink_to", "hardlink_to"}
REASON = "# writes: "


def opens_for_writing(node: ast.Call) -> bool:
    """Whether this is open(path, "w"…) or path.open("w"…); a mode that cannot be read counts as writing."""
    at = 1 if isinstance(node.func, ast.Name) else 0
    mode = next((word.value for word in node.keywords if word.arg == "mode"),
                node.args[at] if len(node.args) > at else None)
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        owner = node.func.value.id
        if owner == "os":
            return True
        if owner in {"Image", "zipfile", "tarfile", "pikepdf", "webbrowser"}:
            return False
    if mode is None:
        return False
    plain = isinstance(mode, ast.Constant) and isinstance(mode.value, str)
    return not plain or bool(set(mode.value) & set("wax+"))


def writes(source: str) -> list[int]:
    """Lines that write a file and give no reason."""
    lines = source.splitlines()
    found = [node for node in calls(ast.parse(source))
             if called(node) in ALWAYS or (called(node) == "open" and opens_for_writing(node))]
    return [node.lineno for node in found
            if not any(REASON in line for line in lines[node.lineno - 1:node.end_lineno])]


def test_only_the_vault_and_its_neighbours_write_files() -> None:
    found = {name: writes(source) for name, source in modules().items() if name not in PLACES}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_reason_is_a_sentence() -> None:
    lines = [line for source in modules().values() for line in source.splitlines()]
    reasons = [line.split(REASON)[1] for line in lines if REASON in line]
    assert [reason for reason in reasons if len(reason) < 12] == []


def test_planted_writes_are_found() -> None:
    assert writes("open(path, 'w').write(x)\n") == [1]
    assert writes("with path.open(mode='ab') as f:\n    f.write(x)\n") == [1]
    assert writes("path.write_text(\n    x)\n") == [1]
    assert writes("os.open(path, flags)\n") == [1]
    assert writes("open(path, mode)\n") == [1]


def test_reading_and_a_reasoned_write_pass() -> None:
    assert writes("open(path)\npath.open('rb')\nopen(p, encoding='utf-8')\nImage.open(stream)\n") == []
    assert writes("path.write_bytes(x)  # writes: the place that the command line was given\n") == []
