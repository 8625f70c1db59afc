"""Errors as they travel: from a fork to the press, and from the press to whoever asked."""

from __future__ import annotations

from typing import Any

from app.errors import FanxiaoError, NeedsPerson, Problem, Refused


def tell(error: FanxiaoError) -> dict[str, Any]:
    """The answer that carries an error."""
    problems = getattr(error, "problems", ())
    return {"ok": False, "kind": "refused" if isinstance(error, Refused) else "person", "what": error.what,
            "where": error.where, "advice": error.advice,
            "problems": [[each.where, each.message, each.advice] for each in problems]}


def told(answer: dict[str, Any]) -> FanxiaoError:
    """The error that an answer carries."""
    if answer["kind"] == "refused":
        return Refused(answer["what"], where=answer["where"], advice=answer["advice"],
                       problems=tuple(Problem(*each) for each in answer["problems"]))
    return NeedsPerson(answer["what"], where=answer["where"], advice=answer["advice"])
