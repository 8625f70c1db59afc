"""留痕查询: every verb has its word, no child is named, filters and pages hold, and what is taken out can be checked."""

from __future__ import annotations

import ast
import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from lxml import html

from app.records import audit
from app.web import audit_pages
from app.web.words import GROUPS, WORDS
from scripts import verify_audit
from tests.house.source import calls, modules
from tests.people import BOTH_PARENTS, CHILD, STRANGERS
from tests.web.conftest import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.people import Cast
    from tests.web.conftest import Browser


def said() -> tuple[set[str], set[str]]:
    """Every verb and every noun that the code writes into the chain."""
    verbs, nouns = set(), set()
    for source in modules().values():
        if "audit" not in source:
            continue
        for node in calls(ast.parse(source)):
            func = node.func
            if isinstance(func, ast.Attribute) and func.attr == "append" and isinstance(func.value, ast.Name) \
                    and func.value.id == "audit":
                verbs |= {each.value for each in ast.walk(node.args[2])
                          if isinstance(each, ast.Constant) and isinstance(each.value, str)}
                nouns |= {each.value for each in ast.walk(node.args[3])
                          if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return verbs, nouns


def test_every_verb_and_noun_of_the_chain_has_a_chinese_word() -> None:
    verbs, nouns = said()
    assert len(verbs) > 25
    assert verbs - WORDS.keys() == set()
    assert nouns - GROUPS.keys() == set()
    assert all(not word.isascii() for word in (*WORDS.values(), *GROUPS.values()))


def test_everything_that_a_whole_thread_does_has_its_word(at_stage: Callable[[str], Cast]) -> None:
    with at_stage("filed").desk.register.reading() as db:
        assert audit.verbs(db) - WORDS.keys() == set()


def numbers(answer: Any) -> list[int]:
    return [int(each) for each in html.fromstring(answer.text).xpath('//td[@data-l="序号"]/text()')]


def test_an_auditor_sees_who_did_what_and_no_child(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("filed")
    text = browse("auditor", cast).get("/audit").text
    for word in ("签发", "登记送达", "《责令限期改正通知书》", cast.leader.name, cast.load_case().case_no):
        assert word in text
    student = cast.load_student()
    for secret in (CHILD.name, student.id_number, student.guardians[0].name, student.guardians[0].phone):
        assert secret not in text


def test_lines_are_asked_for_by_day_person_act_and_case(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("filed")
    auditor = browse("auditor", cast)
    everything = len(numbers(auditor.send("/audit")))
    asked = {"verb": "approve_paper", "person": cast.leader.name, "case_no": cast.load_case().case_no,
             "since": "2026-09-18", "until": "2026-09-18"}
    assert len(numbers(auditor.send("/audit", asked))) == 1
    for name, value in asked.items():
        assert 0 < len(numbers(auditor.send("/audit", {name: value}))) < everything, name
    assert numbers(auditor.send("/audit", asked | {"until": "2026-09-17"})) == []
    assert numbers(auditor.send("/audit", asked | {"person": "leader"})) == numbers(auditor.send("/audit", asked))
    wrong = auditor.send("/audit", {"since": "昨天"})
    assert wrong.status_code == 422
    assert "日期没有看懂" in wrong.text


def test_pages_hold_all_lines_once(at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
                                   monkeypatch: pytest.MonkeyPatch) -> None:
    cast = at_stage("filed")
    auditor = browse("auditor", cast)
    everything = numbers(auditor.send("/audit"))
    monkeypatch.setattr(audit_pages, "ON_PAGE", 7)
    seen: list[int] = []
    for page in range(1, 40):
        answer = auditor.send("/audit", {"page": str(page)})
        seen += numbers(answer)
        if "下一页" not in answer.text:
            break
    assert seen == everything
    assert numbers(auditor.send("/audit", {"page": "999"})) == seen[-(len(seen) % 7 or 7):]


@pytest.mark.parametrize("login", [*STRANGERS, "clerk", "leader"])
def test_nobody_else_opens_it(login: str, at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    browser = browse(login, at_stage("opened"))
    assert browser.get("/audit").status_code == 404
    assert "留痕查询" not in browser.get("/").text


def test_an_administrator_of_another_county_sees_nothing_of_ours(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("filed")
    answer = browse("strange_admin", cast).send("/audit")
    assert cast.load_case().case_no not in answer.text
    assert cast.leader.name not in answer.text
    assert "导出整条链" not in answer.text
    assert browse("strange_admin", cast).send("/audit/export/chain").status_code == 422


def test_a_table_is_taken_out_as_text_and_leaves_a_line(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("filed")
    with cast.desk.register.transaction() as db:
        db.execute(audit.audit.update().where(audit.audit.c.id == 3).values(account_id=cast.clerk.account_id))
        db.connection.exec_driver_sql("UPDATE accounts SET name = '=1+1' WHERE login = 'clerk'")
    lines = cast.lines()
    answer = browse("auditor", cast).send("/audit/export", {"verb": "keep_scan"})
    assert cast.lines() == lines + 2, "signed in, taken out"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert any(cell.value == "=1+1" for cell in cells)
    assert {row[4] for row in sheet.iter_rows(min_row=2, values_only=True)} == {"上传扫描件"}
    assert not any(CHILD.name in str(cell.value) or BOTH_PARENTS.guardians[0][0] in str(cell.value) for cell in cells)


def test_the_whole_chain_is_taken_out_and_checked_elsewhere(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser], tmp_path: Path,
) -> None:
    cast = at_stage("filed")
    file = tmp_path / "chain.jsonl"
    file.write_bytes(browse("city_admin", cast).send("/audit/export/chain").data)
    assert CHILD.name not in file.read_text("utf-8")
    assert verify_audit.verify(verify_audit.lines_of(str(file))).valid


def test_the_words_of_the_page_are_those_of_the_office(browse: Callable[..., Browser]) -> None:
    assert "没有这样的留痕" in words(html.fromstring(browse("auditor").send("/audit", {"case_no": "无"}).text))
