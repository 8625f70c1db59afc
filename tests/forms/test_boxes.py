"""A box for each kind of field."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from app.errors import Problem, Refused
from app.forms import boxes, notes
from app.forms.paper_form import answers, facts_of, form_for
from app.forms.sheet import Sheet
from app.papers import catalogue, kinds
from app.papers.kinds import Group, Life, Paper

ROWS = kinds.Rows(name="people", label="人员", row_label="人", least=2, most=3, columns=(
    kinds.PersonName(name="name", label="姓名"), kinds.Flag(name="present", label="到场")))
GROUP = Group(title="组", fields=(
    kinds.Text(name="title", label="标题", max_length=5),
    kinds.Choice(name="few", label="少", options={"a": "甲", "b": "乙"}),
    kinds.Choice(name="many", label="多", required=False, options={str(each): f"第{each}" for each in range(9)}),
    kinds.Day(name="day", label="日期"), kinds.Flag(name="sure", label="确定"), ROWS))
GOOD = {"title": "题目", "few": "a", "day": "2026-09-18", "people-0-name": "马某", "people-1-name": "海某",
        "people-1-present": "y"}


def sheet(**given: str) -> Sheet:
    return Sheet((GROUP,), None, MultiDict(GOOD | given))


def test_every_kind_of_field_has_a_box() -> None:
    form = sheet().form
    assert [type(form[each.name]) for each in GROUP.fields] == [
        boxes.Line, boxes.Open, boxes.Listed, boxes.DayBox, boxes.Tick, boxes.RowsBox]


def test_a_good_sheet_holds_and_gives_parsed_values() -> None:
    good = sheet()
    assert good.check()
    assert good.values()["people"] == ({"name": "马某", "present": False}, {"name": "海某", "present": True})


def test_what_was_typed_is_kept_word_for_word() -> None:
    bad = sheet(title="太长的一个标题 ", day="2026-02-30", few="z")
    assert not bad.check()
    assert bad.raw()["title"] == "太长的一个标题 "
    assert bad.raw()["day"] == "2026-02-30"
    assert {each.where for each in bad.problems} == {"title", "day", "few"}
    assert bad["day"].errors
    assert bad.anchor(bad.problems[0]) == "title"


def test_a_problem_of_a_row_stands_at_its_box() -> None:
    bad = sheet(**{"people-1-name": "1"})
    assert not bad.check()
    assert bad.anchor(bad.problems[0]) == "people-1-name"
    assert not bad["people"].entries[0].form["name"].errors


def test_a_problem_after_an_empty_row_stands_at_the_row_that_has_it() -> None:
    bad = sheet(**{"people-0-name": "", "people-2-name": "1"})
    assert not bad.check()
    assert bad.anchor(bad.problems[0]) == "people-2-name"


def test_a_problem_of_the_whole_has_no_anchor() -> None:
    whole = sheet()
    whole.refuse([Problem("elsewhere", "不对。")])
    assert whole.anchor(whole.problems[0]) == ""


def test_rows_are_added_and_removed_without_script() -> None:
    some = sheet()
    some.reshape("add:people")
    assert len(some["people"].entries) == 3
    some.reshape("add:people")
    assert len(some["people"].entries) == 3, "not more than may be"
    some.reshape("remove:people:0")
    assert [row["name"] for row in some.raw()["people"]][:1] == ["海某"]  # type: ignore[index,union-attr]


def test_more_rows_than_may_be_are_refused_in_chinese_before_a_box_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(sheet(**{"people-2-name": "丁某"})["people"].entries) == 3
    many = {f"people-{number}-name": "" for number in range(1900)}
    monkeypatch.setattr(boxes.FieldList, "process", lambda *_, **__: pytest.fail("boxes were made"))
    with pytest.raises(Refused, match="人员最多3人"):
        sheet(**many)


@pytest.mark.parametrize("command", ["", "add:", "add:title", "remove:people:x", "drop:people", "add:nothing"])
def test_an_odd_command_changes_nothing(command: str) -> None:
    some = sheet()
    before = some.raw()
    some.reshape(command)
    assert some.raw() == before


def test_a_field_name_that_a_form_uses_itself_stops_at_once() -> None:
    with pytest.raises(ValueError, match="errors"):
        boxes.form_class((kinds.Text(name="errors", label="x"),))


def typed(paper: Paper) -> dict[str, kinds.Raw]:
    names = {each.name for each in paper.typed()}
    return {name: raw for name, raw in catalogue.sample(paper.kind).items() if name in names}


def sent(raw: dict[str, kinds.Raw]) -> MultiDict[str, str]:
    """What a browser would send for these values."""
    found: list[tuple[str, str]] = []
    for name, value in raw.items():
        if isinstance(value, list):
            for number, row in enumerate(value):
                assert isinstance(row, dict)
                found += [(f"{name}-{number}-{sub}", "y" if cell is True else str(cell))
                          for sub, cell in row.items() if cell not in (False, None)]
        elif value not in (False, None):
            found.append((name, "y" if value is True else str(value)))
    return MultiDict(found)


@pytest.mark.parametrize("paper", catalogue.PAPERS, ids=lambda each: each.kind)
def test_the_form_of_every_paper_accepts_its_sample(paper: Paper) -> None:
    form = form_for(paper, {}, sent(typed(paper)))
    assert form.check(), form.problems
    assert form.values().items() >= form_for(paper, typed(paper)).values().items()


@pytest.mark.parametrize("paper", catalogue.PAPERS, ids=lambda each: each.kind)
def test_every_typed_field_of_every_paper_is_on_its_form(paper: Paper) -> None:
    names = {each.name for each in form_for(paper).fields}
    assert names - {"issue_date"} == {each.name for each in paper.typed()}
    assert ("issue_date" in names) == (paper.life is Life.ISSUED)


def test_facts_show_id_numbers_masked() -> None:
    for paper in catalogue.PAPERS:
        data = catalogue.sample(paper.kind)
        shown = " ".join(text for _, text in facts_of(paper, data))
        for row in data.get("guardians") or []:  # type: ignore[union-attr]
            assert str(row.get("id_number") or "none") not in shown, paper.kind  # type: ignore[union-attr]


def test_answers_leave_out_what_is_empty() -> None:
    order = catalogue.paper("rectification_order")
    shown = [label for _, lines in answers(order, {"term_days": "7"}) for _, label, _ in lines]
    assert "改正期限" in " ".join(shown)
    assert all("事实" not in label for label in shown)


ID = kinds.IdNumber(name="id", label="身份证号")
NAME = kinds.PersonName(name="name", label="姓名")


@pytest.mark.parametrize(("kind", "raw", "wanted"), [
    (kinds.Day(name="d", label="日期"), "2026-09-28", "2026年9月28日　星期一"),
    (kinds.Moment(name="m", label="时间"), "2026-09-18T19:30", "2026年9月18日19时30分　星期五"),
    (ID, "640499201103150022", "女，2011年3月15日出生"),
    (NAME, "马依拉•阿卜杜热合曼", "间隔号已统一为“·”"),
    (NAME, "李㛃", "“㛃”属生僻字，字库已有，打印无误"),
    (kinds.LongText(name="t", label="事实"), "罚款500元", "不要写“罚款"),
])
def test_a_value_says_what_it_is(kind: kinds.Field, raw: str, wanted: str) -> None:
    assert wanted in "".join(notes.notes_of(kind, raw))


def test_a_wrong_value_says_why_only_when_asked_while_typing() -> None:
    assert notes.notes_of(ID, "640499201103150021") == ()
    assert "校验码" in "".join(notes.said(ID, "640499201103150021"))
    assert notes.said(ID, "") == ()
