"""Wrong passwords and codes: counted for a name, borne or not, and locked for a while (ASVS 6.3.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.records import audit, failures
from app.records.failures import EVERYWHERE, Tally

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.records.database import Db

FREE_FAILURES, MANY_FAILURES = 5, 100
"""From one address; and from all together, far more, or whoever knows a name could keep its owner out."""
LONGEST_LOCK = timedelta(minutes=15)
NO_ACCOUNT = 0
"""Subject of the audit line of a name that nobody bears."""


def locked(db: Db, login: str, address: str, now: datetime) -> bool:
    """Whether nobody is let in under this name from this address now."""
    until = [failures.tally(db, login, each).locked_until for each in (address, EVERYWHERE)]
    return any(each is not None and each > now for each in until)


def note(desk: Desk, account_id: int, login: str, address: str) -> None:
    """The same rows for a name that nobody bears. Counted inside the transaction: guesses of one moment all count."""
    now = desk.clock.now()
    with desk.change() as db:
        here = failures.tally(db, login, address).failures + 1
        everywhere = failures.tally(db, login, EVERYWHERE).failures + 1
        over = here - FREE_FAILURES
        failures.note(db, login, address, Tally(here, now + _lock(over) if over >= 0 else None), now)
        rounds, rest = divmod(everywhere, MANY_FAILURES)
        until = now + _lock(rounds) if rest == 0 else failures.tally(db, login, EVERYWHERE).locked_until
        failures.note(db, login, EVERYWHERE, Tally(everywhere, until), now)
        audit.append(db, None, "sign_in_failed", "account", account_id, now, failures=here)


def _lock(times: int) -> timedelta:
    """Doubles from a minute."""
    return min(timedelta(minutes=2 ** min(times, 10)), LONGEST_LOCK)
