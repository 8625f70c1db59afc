"""Closed unless listed: every page names who may ask for it, and the service does not start with one that does not.

A session that waits for something (a code, a first change of the password, an authenticator) opens the one page where
that is done and nothing else. One that nobody used for an hour is over: the moment of the last page stands, signed and
bound to the session, in the browser's other cookie, so that looking at pages never writes to the register.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from flask import Blueprint, current_app, g, redirect, request, session, url_for

from app.actions import sign_in
from app.actions.sign_in import Stage
from app.errors import NotVisible
from app.law.powers import Power, allowed
from app.records.sessions import token_hash
from app.web import late, owner
from app.web.desk import the_desk
from app.web.once import once_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from app.actions.sign_in import OpenSession, Standing
    from app.law.offices import Actor

COOKIE = "fanxiao_session"
SEEN = "seen"
"""In Flask's signed cookie: which session was last used, and when (seconds)."""
IDLE = timedelta(minutes=60)
SEEN_EVERY = 60
"""Seconds after which the moment is written anew."""


class Door(Enum):
    """Pages that no power stands for."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105  (the name of a door)
    ENROL = "enrol"


PUBLIC = Door.PUBLIC
SIGNED_IN = Door.SIGNED_IN
STAGES = {Door.CODE: {Stage.CODE}, Door.PASSWORD: {Stage.PASSWORD, Stage.OPEN}, Door.ENROL: {Stage.ENROL, Stage.OPEN}}
"""Doors of the way in, each with the sessions that may pass it."""
WAITS_AT = {Stage.CODE: "sign_in.code", Stage.PASSWORD: "account.password", Stage.ENROL: "account.authenticator"}
"""The page where a session waits that is not open yet."""
Needs: TypeAlias = "Door | Power"
View = TypeVar("View", bound="Callable[..., ResponseReturnValue]")


class Pages(Blueprint):
    """The pages of one noun. Each is added with what it needs; there is no other way to add one."""

    def __init__(self, name: str) -> None:
        super().__init__(name, __name__)
        self.needs: dict[str, Needs] = {}
        self.again: dict[str, str] = {}

    def page(self, rule: str, needs: Needs, *methods: str, again: str = "") -> Callable[[View], View]:
        """Add a page under `rule` for GET, or for the methods named.

        A form that comes twice is done once, unless `again` says why it may be.
        """

        def add(view: View) -> View:
            endpoint = view.__name__
            self.add_url_rule(rule, endpoint, view if again else once_only(view), methods=methods or ("GET",))
            self.needs[f"{self.name}.{endpoint}"] = needs
            if again:
                self.again[f"{self.name}.{endpoint}"] = again
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
    g.actor = g.standing = None
    if request.endpoint is None:
        return None
    needs = table[request.endpoint]
    if request.endpoint == "assets.static" or request.blueprint == "health":
        return None
    g.standing = standing = _standing()
    if standing is not None and standing.stage is Stage.OPEN:
        g.actor = standing.actor
    if needs is PUBLIC:
        return None
    return late.too_late() if standing is None else _admit_to(needs, standing)


def _admit_to(needs: Needs, standing: Standing) -> ResponseReturnValue | None:
    if isinstance(needs, Door) and standing.stage in STAGES.get(needs, set()):
        return None
    if standing.stage is not Stage.OPEN:
        return redirect(url_for(WAITS_AT[standing.stage]), 303)
    if owner.owner() not in (None, standing.account.id):
        return late.of_another()
    passes = allowed(standing.actor, needs) if isinstance(needs, Power) else needs is SIGNED_IN
    if not passes:
        raise NotVisible
    return None


def _standing() -> Standing | None:
    """The session of who asks, unless it was left alone for too long."""
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    now, mark = int(the_desk().clock.now().timestamp()), _mark(token)
    whose, seen = session.get(SEEN, ("", 0))
    if whose != mark or now - seen >= IDLE.total_seconds():
        return None
    standing = sign_in.standing_of(the_desk(), token)
    if standing is not None and now - seen >= SEEN_EVERY:
        session[SEEN] = [mark, now]
    return standing


def _mark(token: str) -> str:
    return token_hash(token)[:16]


def remember(opened: OpenSession) -> None:
    """Begin the browser's session anew for a session just opened: nothing from before it is carried over."""
    session.clear()
    session[SEEN] = [_mark(opened.token), int(the_desk().clock.now().timestamp())]


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host; browsers take it only over https."""
    return f"__Host-{COOKIE}" if over_https() else COOKIE


def over_https() -> bool:
    """Whether people reach the service over https."""
    return the_desk().settings.public_url.startswith("https:")


def the_token() -> str:
    """The token of who asks."""
    return request.cookies.get(cookie_name(), "")


def the_standing() -> Standing:
    """The session of who asks, open or waiting. Only for pages behind a door of the way in."""
    if g.standing is None:
        raise NotVisible
    return cast("Standing", g.standing)


def the_actor() -> Actor:
    """Who asks. Only for pages that need a person signed in."""
    if g.actor is None:
        raise NotVisible
    return cast("Actor", g.actor)


def may(power: str) -> bool:
    """Whether who asks holds the power of this name (for templates)."""
    return g.get("actor") is not None and allowed(g.actor, Power[power])


def opens(endpoint: str) -> bool:
    """Whether who asks may open the page; a door to a page that stays shut is not shown."""
    needs = current_app.extensions["fanxiao_access"][endpoint]
    return not isinstance(needs, Power) or (g.get("actor") is not None and allowed(g.actor, needs))
