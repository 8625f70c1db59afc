"""What served its purpose goes; a list that was read in stays, for its undo."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.actions import forget_passing
from app.records import batches

if TYPE_CHECKING:
    from tests.people import Cast


def test_a_list_that_was_looked_at_and_never_read_in_goes_after_a_week(cast: Cast) -> None:
    desk, now = cast.desk, cast.clock.now()
    with desk.change() as db:
        for done_at in (None, now):
            batches.add(db, kind=batches.IMPORT, office_id=cast.school.office_id, account_id=cast.school.account_id,
                        made_at=now, done_at=done_at, source_sha="a" * 64, summary={})
    cast.clock.move_to(now + timedelta(days=6))
    assert forget_passing.forget_passing(desk) == 0
    cast.clock.move_to(now + timedelta(days=8))
    assert forget_passing.forget_passing(desk) == 1
    with desk.register.reading() as db:
        assert [row.done_at is None for row in db.execute(batches.batches.select())] == [False]
