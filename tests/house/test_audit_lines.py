"""Whatever changes the register leaves an audit line: each `desk.change()` stands in a function that appends one.

`tests/actions/test_every_action.py` proves it by doing; this one reaches the actions that no person does.
"""

from __future__ import annotations

import ast

from tests.house.source import called, calls, modules

WITHOUT: dict[str, str] = {
    "work_jobs._fail": "the line is that of GIVE_UP, which a job that failed for good calls by its kind",
    "demo_cases.fail_job": "the line is that of GIVE_UP, as with work_jobs._fail",
    "draft_paper.save_draft": "a draft binds nobody; sending it is a line, with what was frozen",
    "forget_passing.forget_passing": "keys of forms and settled keeps, which bind nobody",
    "hold_form.hold_form": "a form that came late waits for its person; sending it is the act, and a line",
    "hold_form.let_go": "the same form, done or thrown away by its person",
    "import_pupils.receive_list": "the list is only taken in to be looked at; entering it is a line",
    "note_look.note_looks": "the look log stands beside the chain (decision 29)",
}
"""`module.function` that changes something and leaves no line, each with the reason."""


def functions(tree: ast.Module) -> dict[str, ast.AST]:
    """Functions of the module and methods of its classes."""
    found: dict[str, ast.AST] = {}
    for node in tree.body:
        for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(inner, ast.FunctionDef):
                found[inner.name] = inner
    return found


def opens(node: ast.AST) -> bool:
    return any(isinstance(each, ast.With) and any(
        isinstance(item.context_expr, ast.Call) and called(item.context_expr) == "change" for item in each.items)
        for each in ast.walk(node))


def appends(node: ast.AST) -> bool:
    return any(isinstance(call.func, ast.Attribute) and call.func.attr == "append"
               and isinstance(call.func.value, ast.Name) and call.func.value.id == "audit" for call in calls(node))


def silent(source: str, elsewhere: frozenset[str] = frozenset()) -> set[str]:
    """Functions that open a change and reach no line in their module, nor through the functions named."""
    parts = functions(ast.parse(source))
    telling = {name for name, part in parts.items() if appends(part)} | elsewhere
    while more := {name for name, part in parts.items()
                   if name not in telling and {called(call) for call in calls(part)} & telling}:
        telling |= more
    return {name for name, part in parts.items() if opens(part) and name not in telling}


def shared() -> frozenset[str]:
    """Functions of actions that append a line in a transaction that another module opened."""
    return frozenset(name for path, source in modules().items() if path.startswith("actions/")
                     for name, part in functions(ast.parse(source)).items()
                     if appends(part) and not opens(part) and not name.startswith("_"))


def found() -> set[str]:
    told, telling = set(), shared()
    for path, source in modules().items():
        room, _, file = path.partition("/")
        if room in {"actions", "web", "worker", "cli"} and (room, file) != ("actions", "desk.py"):
            told |= {f"{file.removesuffix('.py')}.{name}" for name in silent(source, telling)}
    return told


def test_every_change_leaves_a_line() -> None:
    assert sorted(found() - set(WITHOUT)) == []


def test_no_exception_outlives_its_need() -> None:
    assert sorted(set(WITHOUT) - found()) == []
    assert all(len(why) >= 20 for why in WITHOUT.values())


def test_a_planted_silent_change_is_found() -> None:
    assert silent("def act(desk):\n    with desk.change() as db:\n        write(db)\n") == {"act"}
    loud = "def _tell(db):\n    audit.append(db)\n\ndef act(desk):\n    with desk.change() as db:\n        _tell(db)\n"
    assert silent(loud) == set()
