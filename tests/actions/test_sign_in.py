"""Signing in and out: nothing told about who exists, a lock that frees itself, dead sessions stay dead."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.actions import failed_sign_in, manage_accounts, sign_in
from app.errors import Refused
from app.outside import codes, passwords
from app.records import accounts, failures, sessions
from app.records.database import Db
from tests.people import PASSWORD

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from tests.people import Cast


def enter(desk: Desk, login: str = "clerk", password: str = PASSWORD) -> sign_in.OpenSession:
    return sign_in.sign_in(desk, sign_in.SignIn(login, password))


def off(desk: Desk, login: str) -> None:
    manage_accounts.disable_account(desk, None, manage_accounts.id_of(desk, login))


def answer(desk: Desk, login: str, password: str = PASSWORD + "?") -> str:
    with pytest.raises(Refused) as caught:
        enter(desk, login, password)
    return str(caught.value)


def test_whoever_signs_in_is_known_by_the_token_alone(desk: Desk) -> None:
    opened = enter(desk)
    found = sign_in.who(desk, opened.token)
    assert found == opened.actor
    assert found is not None
    assert found.name == "演示王干事"
    assert sign_in.who(desk, opened.token + "x") is None
    with desk.register.reading() as db:
        stored = db.execute(sessions.sessions.select()).one()
    assert opened.token not in str(tuple(stored))


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer_for_the_same_work(
        desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    fits = passwords.fits
    monkeypatch.setattr(passwords, "fits", lambda stored, given: checked.append(stored) or fits(stored, given))
    assert answer(desk, "nobody") == answer(desk, "clerk")
    assert len(checked) == 2
    off(desk, "second")
    assert answer(desk, "second", PASSWORD) == answer(desk, "nobody")


def test_five_failures_lock_and_the_lock_frees_itself(cast: Cast) -> None:
    for _ in range(5):
        answer(cast.desk, "clerk")
    assert answer(cast.desk, "clerk", PASSWORD) == answer(cast.desk, "clerk")
    assert enter(cast.desk, "leader")
    cast.clock.move_to(cast.clock.now() + timedelta(minutes=2))
    assert enter(cast.desk)
    for _ in range(4):
        answer(cast.desk, "clerk")
    assert enter(cast.desk)


def test_the_lock_grows_to_a_quarter_of_an_hour_and_no_further(cast: Cast) -> None:
    for _ in range(20):
        answer(cast.desk, "clerk")
        with cast.desk.register.reading() as db:
            found = failures.tally(db, "clerk", "")
        if found.locked_until:
            assert found.locked_until - cast.clock.now() <= timedelta(minutes=15)
            cast.clock.move_to(found.locked_until)
    assert enter(cast.desk)


def test_guesses_made_at_the_same_moment_all_count(cast: Cast) -> None:
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: answer(cast.desk, "clerk"), range(5)))
    with cast.desk.register.reading() as db:
        found = failures.tally(db, "clerk", "")
    assert (found.failures, found.locked_until is not None) == (5, True)


def test_the_session_of_a_disabled_account_is_dead_at_once(desk: Desk) -> None:
    opened = enter(desk)
    off(desk, "clerk")
    assert sign_in.who(desk, opened.token) is None


def test_a_disabled_account_is_dead_even_if_its_session_row_lives(desk: Desk) -> None:
    opened = enter(desk)
    with desk.register.transaction() as db:
        accounts.change(db, opened.actor.account_id, enabled=False)
    assert sign_in.who(desk, opened.token) is None


def test_signing_out_kills_the_token_and_no_other(desk: Desk) -> None:
    one, other = enter(desk), enter(desk)
    sign_in.sign_out(desk, one.actor, one.token)
    assert sign_in.who(desk, one.token) is None
    assert sign_in.who(desk, other.token)


def test_a_session_is_over_after_ten_hours(cast: Cast) -> None:
    opened = enter(cast.desk)
    cast.clock.move_to(cast.clock.now() + timedelta(hours=9, minutes=59))
    assert sign_in.who(cast.desk, opened.token)
    cast.clock.move_to(cast.clock.now() + timedelta(minutes=1))
    assert sign_in.who(cast.desk, opened.token) is None


def test_a_reset_password_ends_all_sessions_and_frees_the_lock(cast: Cast) -> None:
    opened = enter(cast.desk)
    for _ in range(5):
        answer(cast.desk, "clerk")
    fresh = manage_accounts.reset_password(cast.desk, None, cast.clerk.account_id)
    assert sign_in.who(cast.desk, opened.token) is None
    assert enter(cast.desk, password=fresh)
    assert answer(cast.desk, "clerk", PASSWORD)


def guess(cast: Cast, login: str, address: str, password: str = "wrong") -> bool:  # noqa: S107  (an invented one)
    try:
        sign_in.sign_in(cast.desk, sign_in.SignIn(login, password, address))
    except Refused:
        return False
    return True


def test_a_stranger_elsewhere_does_not_lock_an_official_out(cast: Cast) -> None:
    for _ in range(6):
        assert not guess(cast, "clerk", "203.0.113.9")
    assert not guess(cast, "clerk", "203.0.113.9", PASSWORD), "locked there"
    assert guess(cast, "clerk", "10.0.0.5", PASSWORD)


def test_guesses_from_very_many_addresses_lock_the_account_for_a_while(cast: Cast) -> None:
    for number in range(failed_sign_in.MANY_FAILURES - 1):
        guess(cast, "clerk", f"203.0.113.{number}")
    assert guess(cast, "second", "10.0.0.5", PASSWORD)
    guess(cast, "clerk", "198.51.100.1")
    assert not guess(cast, "clerk", "10.0.0.5", PASSWORD)
    cast.clock.move_to(cast.clock.now() + failed_sign_in.LONGEST_LOCK)
    assert guess(cast, "clerk", "10.0.0.5", PASSWORD)


def test_a_name_that_nobody_bears_leaves_the_same_rows_and_is_locked_alike(
        cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    execute = Db.execute
    monkeypatch.setattr(Db, "execute", lambda db, query: asked.append(str(query)) or execute(db, query))
    seen = []
    for login in ("clerk", "nobody", "second"):
        if login == "second":
            off(cast.desk, login)
        asked.clear()
        lines = cast.lines()
        for _ in range(6):
            guess(cast, login, "203.0.113.9")
        seen.append((list(asked), cast.lines() - lines))
    assert seen[0] == seen[1] == seen[2]


def test_failures_of_yesterday_are_forgotten(cast: Cast) -> None:
    for number in range(30):
        guess(cast, f"made up {number}", "203.0.113.9")
    cast.clock.move_to(cast.clock.now() + timedelta(days=1, minutes=1))
    guess(cast, "clerk", "203.0.113.9")
    with cast.desk.register.reading() as db:
        assert len(db.execute(failures.sign_in_failures.select()).all()) == 2


@pytest.mark.parametrize("reset", ["reset_password", "disable_account"])
def test_a_change_that_began_before_a_reset_does_not_win_over_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, reset: str,
) -> None:
    opened = enter(desk)
    whose, weakness = manage_accounts.id_of(desk, "clerk"), passwords.weakness

    def meanwhile(*given: str) -> str:
        getattr(manage_accounts, reset)(desk, None, whose)
        return weakness(*given)

    monkeypatch.setattr(passwords, "weakness", meanwhile)
    with pytest.raises(Refused, match="刚刚有改动"):
        sign_in.change_password(desk, opened.token, PASSWORD, "a thief's phrase 99x")
    with desk.register.reading() as db:
        found = accounts.find(db, whose)
    assert found is not None
    assert not passwords.fits(found.password_hash, "a thief's phrase 99x")


def test_a_code_proved_after_a_reset_opens_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, now = codes.fresh(), desk.clock.now()
    sign_in.keep_authenticator(desk, enter(desk).token, secret, codes.code_at(secret, now - timedelta(seconds=30)))
    waiting, step_of = enter(desk), codes.step_of
    assert waiting.stage is sign_in.Stage.CODE

    def meanwhile(*given: object) -> int | None:
        manage_accounts.reset_password(desk, None, waiting.actor.account_id)
        return step_of(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(codes, "step_of", meanwhile)
    with pytest.raises(Refused, match="刚刚有改动"):
        sign_in.prove(desk, waiting.token, codes.code_at(secret, now))
