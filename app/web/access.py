"""Closed unless listed: every page names who may ask for it, and the service does not start with one that does not."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from flask import Blueprint, g, redirect, request, url_for

from app.actions import sign_in
from app.errors import NotVisible
from app.law.powers import Power, allowed
from app.web.desk import the_desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from app.law.offices import Actor

COOKIE = "fanxiao_session"


class Door(Enum):
    """Pages that no power stands for."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


PUBLIC = Door.PUBLIC
SIGNED_IN = Door.SIGNED_IN
Needs: TypeAlias = "Door | Power"
View = TypeVar("View", bound="Callable[..., ResponseReturnValue]")


class Pages(Blueprint):
    """The pages of one noun. Each is added with what it needs; there is no other way to add one."""

    def __init__(self, name: str) -> None:
        super().__init__(name, __name__)
        self.needs: dict[str, Needs] = {}

    def page(self, rule: str, needs: Needs, *methods: str) -> Callable[[View], View]:
        """Add a page under `rule` for GET, or for the methods named."""

        def add(view: View) -> View:
            endpoint = view.__name__
            self.add_url_rule(rule, endpoint, view, methods=methods or ("GET",))
            self.needs[f"{self.name}.{endpoint}"] = needs
            return view

        return add


def guard(app: Flask, rooms: tuple[Pages, ...]) -> None:
    """Add the pages and stand at the door. Raises RuntimeError for a page without an entry."""
    table: dict[str, Needs] = {}
    for room in rooms:
        app.register_blueprint(room)
        table |= room.needs
    unlisted = {rule.endpoint for rule in app.url_map.iter_rules()} - table.keys()
    if unlisted:
        raise RuntimeError(f"pages without an entry in the table of access: {sorted(unlisted)}")
    app.extensions["fanxiao_access"] = table
    app.before_request(lambda: _admit(table))


def _admit(table: dict[str, Needs]) -> ResponseReturnValue | None:
    g.actor = None
    if request.endpoint is None:
        return None
    needs = table[request.endpoint]
    if request.endpoint == "assets.static" or request.blueprint == "health":
        return None
    token = request.cookies.get(cookie_name())
    g.actor = sign_in.who(the_desk(), token) if token else None
    if needs is PUBLIC:
        return None
    if g.actor is None:
        back = request.path if request.method == "GET" else None  # never the query: an address is kept in logs
        return redirect(url_for("sign_in.ask", back=back), 303)
    if isinstance(needs, Power) and not allowed(g.actor, needs):
        raise NotVisible
    return None


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host; browsers take it only over https."""
    return f"__Host-{COOKIE}" if over_https() else COOKIE


def over_https() -> bool:
    """Whether people reach the service over https."""
    return the_desk().settings.public_url.startswith("https:")


def the_actor() -> Actor:
    """Who asks. Only for pages that need a person signed in."""
    if g.actor is None:
        raise NotVisible
    return cast("Actor", g.actor)


def may(power: str) -> bool:
    """Whether who asks holds the power of this name (for templates)."""
    return g.get("actor") is not None and allowed(g.actor, Power[power])
