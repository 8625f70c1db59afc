"""A value that begins like a formula leaves as text, and comes back in as text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from app.actions import import_pupils
from app.intake.school_list import COLUMNS
from app.records import papers, seals, students
from app.reports.ledger import workbook
from tests.actions.acts import asked_use
from tests.lists import pupil

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser

FORMULA = '=HYPERLINK("http://evil.example","点我")'


@pytest.mark.parametrize(("who", "path", "send"), [
    ("clerk", "/students/export", True), ("clerk", "/register/export", True), ("keeper", "/seals/uses.xlsx", False)])
def test_a_formula_that_somebody_typed_leaves_as_text(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser], who: str, path: str, *, send: bool) -> None:
    cast = at_stage("admonished" if who == "keeper" else "ordered")
    if who == "keeper":
        asked_use(cast)
    with cast.desk.register.transaction() as db:
        db.execute(students.students.update().values(village=FORMULA))
        db.execute(papers.papers.update().values(title=FORMULA))
        db.execute(seals.seal_uses.update().values(note=FORMULA))
    browser = browse(who, cast)
    answer = browser.send(path) if send else browser.get(path)
    assert answer.status_code == 200, answer.text
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == FORMULA]
    assert cells, "the value is there, as it was typed"
    for cell in cells:
        assert (cell.data_type, cell.number_format, cell.quotePrefix) == ("s", "@", True)


def test_a_formula_in_a_text_cell_of_a_list_comes_in_as_text(cast: Cast) -> None:
    row = pupil(1, village="=1+1")
    data = workbook("名单", [(words, 16) for words in COLUMNS.values()], [[str(row.get(name, "")) for name in COLUMNS]])
    batch = import_pupils.receive_list(cast.desk, cast.school, data, "名单.xlsx")
    with cast.desk.register.reading() as db:
        plan = import_pupils.look_at_list(cast.desk, cast.school, db, batch)[1]
    assert plan.problems == ()
    assert plan.new[0][1].student.village == "=1+1"
