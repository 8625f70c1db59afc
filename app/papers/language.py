"""The language of templates: docxtpl's tags, cut down to names, dotted names, `if` and `for`.

A template is data, never a program. Four layers, each of which holds alone (tests/hostile): what may be written (the
list of allowed nodes), what is there to be named (no globals, five filters), how a name is looked up (keys of plain
mappings only, never an attribute of an object) and what may come out (text).
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILTERS = ("length", "upper", "lower", "trim")
LOOP = frozenset({"index", "index0", "first", "last", "length"})
MAX_LOOPS, MAX_NODES = 2, 5_000
"""Loops in loops; nodes of a part (a long paper has some hundreds)."""

LINE_BREAK = "\v"
"""Stands for a line end of a value while a part is rendered (no value may hold it); line ends count paragraphs."""

printed: ContextVar[list[str] | None] = ContextVar("printed", default=None)
"""While a document is filled: every text that a tag put out, in order. The read-back looks for each of them."""


class Forbidden(TemplateSyntaxError):
    """The template says something that templates may not say. `lineno` counts paragraphs (render.py sees to it)."""


class TemplateEnvironment(SandboxedEnvironment):
    """Jinja for papers: autoescape and strict names always, nothing else to call on."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_put_out, cache_size=0)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Every way into the environment comes through here, so nothing is compiled unchecked."""
        tree = super()._parse(source, name, filename)
        check(tree)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any | Undefined:
        """Keys of plain mappings and nothing more: no attribute of any object can be reached."""
        if type(obj) is dict and isinstance(argument, str) and argument in obj:
            return obj[argument]
        return self.undefined(obj=obj, name=argument)

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002  (the sandbox's own question; the answer is always no)
        return False


def _put_out(value: Any) -> str:
    """What a tag may put out. A list or a flag in a sentence is a mistake of the template."""
    if isinstance(value, Undefined):
        return str(value)  # raises with the name
    if type(value) is not str and type(value) is not int:
        raise TypeError(f"a tag may print text only, not {type(value).__name__}")
    text = str(value)
    seen = printed.get()
    if seen is not None and text:
        seen.append(text)
    return text.replace("\n", LINE_BREAK)


def check(tree: nodes.Template) -> None:
    """Raise Forbidden at the first node that is not on the list."""
    if sum(1 for _ in tree.find_all(nodes.Node)) > MAX_NODES:
        raise Forbidden("模板过于复杂", 1)
    _check(tree, loops=0)


def _check(node: nodes.Node, loops: int, line: int = 1) -> None:
    line = node.lineno or line  # some nodes have none of their own
    if (why := _objection(node, loops)) is not None:
        raise Forbidden(why, line)
    for each in node.iter_child_nodes():
        _check(each, loops + isinstance(node, nodes.For), line)


PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.And, nodes.Or, nodes.Not, nodes.Compare)


def _objection(node: nodes.Node, loops: int) -> str | None:  # noqa: PLR0911  (one line for each kind of node)
    """Why this node may not stand in a template, in Chinese; None when it may."""
    match node:
        case nodes.Name():
            return "名称不得以下划线开头" if node.name.startswith("_") else None
        case nodes.Getattr():
            return _dotted(node.node, node.attr)
        case nodes.Getitem(arg=nodes.Const(value=str() as key)):
            return _dotted(node.node, key)
        case nodes.Const():
            return None if node.value is None or isinstance(node.value, str | bool | int) else "不允许的常量"
        case nodes.For():
            return _loop(node, loops)
        case nodes.Filter():
            return _filter(node)
        case nodes.CondExpr():
            return None if node.expr2 is not None else "条件表达式要写 else"
        case nodes.Operand():
            return None if node.op in {"eq", "ne", "lt", "lteq", "gt", "gteq"} else f"不允许的比较 {node.op}"
    return None if isinstance(node, PLAIN) else f"不允许的写法 {type(node).__name__}"


def _dotted(owner: nodes.Expr, key: str) -> str | None:
    if key.startswith("_"):
        return "名称不得以下划线开头"
    return None if isinstance(owner, nodes.Name) else "只能写 名称 或 行.名称"


def _loop(node: nodes.For, loops: int) -> str | None:
    if loops >= MAX_LOOPS:
        return f"循环最多套{MAX_LOOPS}层"
    if node.recursive or node.test is not None or not isinstance(node.target, nodes.Name):
        return "循环只能写成 for 行 in 名称"
    return None if isinstance(node.iter, nodes.Name) else "循环只能写成 for 行 in 名称"


def _filter(node: nodes.Filter) -> str | None:
    if node.name not in FILTERS or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        return f"不允许的过滤器 {node.name}"
    return None if isinstance(node.node, nodes.Name | nodes.Getattr | nodes.Getitem) else "过滤器只能用在名称上"


@dataclass(frozen=True)
class Use:
    """One place where a template names a value: `name`, or `name`.`column` inside a loop over it."""

    name: str
    column: str
    line: int
    put_out: bool
    """Printed, not only tested."""
    always: bool
    """Outside any `if` and `for`."""


def uses(tree: nodes.Template) -> Iterator[Use]:
    """Every use of a context name in a checked tree, loop variables resolved to the list they run over."""
    yield from _uses(tree, {}, put_out=False, always=True)


def _uses(node: nodes.Node, scope: Mapping[str, str], *, put_out: bool, always: bool) -> Iterator[Use]:
    match node:
        case nodes.Name():
            if node.name not in scope:
                yield Use(node.name, "", node.lineno, put_out, always)
        case nodes.Getattr(node=nodes.Name() as owner) | nodes.Getitem(node=nodes.Name() as owner):
            column = node.attr if isinstance(node, nodes.Getattr) else node.arg.value  # type: ignore[attr-defined]
            if scope.get(owner.name) != "":
                yield Use(scope.get(owner.name, owner.name), column, node.lineno, put_out, always)
        case nodes.For(target=nodes.Name() as row, iter=nodes.Name() as rows):
            yield Use(scope.get(rows.name) or rows.name, "", node.lineno, put_out=False, always=always)
            inner = {**scope, "loop": "", row.name: scope.get(rows.name) or rows.name}
            for each in (*node.body, *node.else_):
                yield from _uses(each, inner, put_out=False, always=False)
        case nodes.If() | nodes.CondExpr():
            yield from _uses(node.test, scope, put_out=False, always=always)
            for each in node.iter_child_nodes(exclude=("test",)):
                yield from _uses(each, scope, put_out=put_out, always=False)
        case _:
            for each in node.iter_child_nodes():
                yield from _uses(each, scope, put_out=put_out or isinstance(node, nodes.Output), always=always)
