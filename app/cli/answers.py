"""How commands answer: results to stdout, progress and errors to stderr, exit codes 0, 1, 2, 3."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from app.errors import FanxiaoError

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


def as_json(value: Any) -> None:
    """Print exactly one JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def told(function: Callable[P, T]) -> Callable[P, T]:
    """Turn an error of ours into its Chinese sentences and its exit code."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except FanxiaoError as error:
            click.echo(f"错误：{error}", err=True)
            for each in getattr(error, "problems", ()):
                click.echo(f"  {each.where}：{each.message}{each.advice}", err=True)
            raise SystemExit(error.exit_code) from None

    return wrapped
