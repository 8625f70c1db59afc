from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from app.cli import law
from app.law.lawbook import Lawbook
from app.law.working_days import WorkingDays
from app.outside import shipped

if TYPE_CHECKING:
    from click.testing import Result


def run(*words: str) -> Result:
    return CliRunner().invoke(law.law_group, list(words))


def answer(*words: str) -> tuple[int, Any]:
    result = run(*words, "--json")
    assert result.stdout.count("\n") == 1
    return result.exit_code, json.loads(result.stdout)


def test_due_tells_the_day_the_calendar_and_the_steps() -> None:
    code, found = answer("due", "--from", "2026-09-18", "--days", "7")
    assert code == 0
    assert (found["due"], found["calendar"], found["published"]) == ("2026-09-28", "seed", True)
    assert found["steps"][0] == {"date": "2026-09-25", "why": "期满日为法定休假日（中秋节）"}


def test_due_in_words_warns_of_a_year_without_notice() -> None:
    result = run("due", "--from", "2026-12-28", "--days", "10", "--working")
    assert result.exit_code == 0
    assert "2027年1月11日（工作日10日）" in result.stdout
    assert "放假通知尚未收录" in result.stdout
    assert "随程序附带的工作日表" in result.stdout
    assert "放假通知" not in run("due", "--from", "2026-09-18", "--days", "7").stdout


def test_due_uses_the_registers_calendar_when_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Lawbook(WorkingDays(), shipped.statutes())
    monkeypatch.setattr(law.lawbook_source, "ask", lambda: (own, "register"))
    assert answer("due", "--from", "2026-09-18", "--days", "7")[1] == {
        "due": "2026-09-25", "calendar": "register", "published": False, "steps": []}
    assert "登记库的工作日表" in run("due", "--from", "2026-09-18", "--days", "7").stdout


def test_due_refuses_a_length_out_of_reason() -> None:
    result = run("due", "--from", "2026-09-18", "--days", "0")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "期限应为" in result.stderr


@pytest.mark.parametrize("words", [
    ("due", "--from", "2026-9-18", "--days", "7"), ("due", "--days", "7"), ("due", "--from", "2026-09-18",
                                                                            "--days", "x"),
    ("absence", "--first-absent", "2026-09-07", "--on", "2026-09-20", "--vacation", "2027-01-16"),
    ("absence", "--first-absent", "2026-09-07", "--on", "2026-09-20", "--vacation", "2027-01-16:x"),
    ("nothing",),
])
def test_wrong_usage_ends_with_two(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_report_dates_are_six_in_date_order() -> None:
    code, found = answer("report-dates", "--year", "2026", "--term-start", "2026-03-02", "--term-start",
                         "2026-09-01")
    assert code == 0
    assert found[0] == {"kind": "term_first_week", "due": "2026-03-06"}
    assert [each["due"] for each in found] == [
        "2026-03-06", "2026-04-30", "2026-06-30", "2026-09-04", "2026-10-30", "2026-12-31"]


def test_report_dates_in_words_say_which_one_moved() -> None:
    result = run("report-dates", "--year", "2026", "--term-start", "2026-09-01")
    assert "2026-10-30 学期中（2026-10-31休假，提前）" in result.stdout
    assert "2026-12-31 学期末\n" in result.stdout


def test_report_dates_of_another_year_are_refused() -> None:
    assert run("report-dates", "--year", "2026", "--term-start", "2025-09-01").exit_code == 1


def test_absence_tells_state_and_both_days() -> None:
    assert answer("absence", "--first-absent", "2026-09-07", "--on", "2026-10-20") == (
        0, {"state": "dropout", "suspected_on": "2026-09-15", "dropout_on": "2026-10-16"})


def test_absence_knows_returns_and_vacations() -> None:
    words = ("absence", "--first-absent", "2026-09-07", "--on", "2026-10-20", "--returned", "2026-09-11")
    assert answer(*words)[1] == {"state": "returned_probation", "suspected_on": None, "dropout_on": None}
    assert "疑似辍学：未发生" in run(*words).stdout
    code, found = answer("absence", "--first-absent", "2027-01-11", "--on", "2027-03-01", "--vacation",
                         "2027-01-16:2027-02-28")
    assert (code, found["state"], found["suspected_on"]) == (0, "absent", "2027-03-04")


def test_absence_before_it_began_is_refused() -> None:
    assert run("absence", "--first-absent", "2026-09-07", "--on", "2026-09-01").exit_code == 1


def test_id_tells_sex_birth_and_warnings_but_never_the_number() -> None:
    assert answer("id", "640499201103150022") == (0, {
        "valid": True, "sex": "女", "birth_date": "2011-03-15", "warnings": ["地区代码640499不在代码表中"]})
    result = run("id", "640499201103150022")
    assert "640499201103150022" not in result.stdout
    assert "640499********0022 有效" in result.stdout
    assert "地区代码640499" in result.stdout


def test_a_faulty_id_ends_with_one_and_says_why() -> None:
    code, found = answer("id", "640499201103150023")
    assert (code, found["valid"]) == (1, False)
    assert "校验码" in found["error"]
    result = run("id", "6404")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "现有4位" in result.stderr


def test_cite_prints_label_and_text() -> None:
    result = run("cite", "义务教育法", "58")
    assert result.stdout.startswith("《中华人民共和国义务教育法》第五十八条\n适龄儿童、少年的")
    code, found = answer("cite", "未保法", "83", "--paragraph", "2")
    assert (code, found["label"]) == (0, "《中华人民共和国未成年人保护法》第八十三条第二款")
    assert run("cite", "义务教育法", "999").exit_code == 1


@pytest.mark.parametrize("command", ["due", "report-dates", "absence", "id", "cite"])
def test_the_help_of_each_command_is_chinese_with_an_example(command: str) -> None:
    result = run(command, "--help")
    assert "例：flask law" in result.stdout
