from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from app.cli.papers import papers_group
from app.papers import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

ORDER = "rectification_order"


def run(*words: str) -> Result:
    return CliRunner().invoke(papers_group, list(words))


def data_file(folder: Path, **changes: Any) -> str:
    path = folder / "data.json"
    path.write_text(json.dumps(catalogue.sample(ORDER) | changes, ensure_ascii=False), "utf-8")
    return str(path)


def test_the_list_names_kind_title_issuers_and_step() -> None:
    found = json.loads(run("list", "--json").stdout)
    assert found[2] == {
        "kind": ORDER, "title": "责令限期改正通知书", "issuers": ["township", "county"], "step": "order"}
    assert "责令限期改正通知书（签发文书；乡镇（街道）、县（区）" in run("list").stdout


@pytest.mark.parametrize("kind", [each.kind for each in catalogue.PAPERS])
def test_schema_and_sample_are_one_json_value(kind: str) -> None:
    assert json.loads(run("schema", kind).stdout)["title"] == catalogue.paper(kind).title
    assert json.loads(run("sample", kind).stdout) == catalogue.sample(kind)


def test_an_unknown_kind_is_wrong_usage() -> None:
    result = run("schema", "bogus")
    assert result.exit_code == 2
    assert "没有“bogus”这种文书" in result.stderr


def test_a_paper_that_the_rules_refuse_names_the_field(tmp_path: Path) -> None:
    data = data_file(tmp_path, findings="自2026年9月7日起未到校，罚款500元。")
    result = run("render", ORDER, data, "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "findings" in result.stderr
    assert result.stdout == ""


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text("{", "utf-8")
    result = run("render", ORDER, str(tmp_path / "data.json"), "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "不是合格的 JSON" in result.stderr


def test_the_shipped_templates_have_no_fault() -> None:
    for each in catalogue.PAPERS:
        result = run("lint", str(catalogue.template_path(each.kind)), "--json")
        assert (result.exit_code, json.loads(result.stdout)) == (0, [])


def test_a_template_of_another_paper_has_faults() -> None:
    result = run("lint", str(catalogue.template_path("service_receipt")), "--kind", ORDER, "--json")
    assert result.exit_code == 1
    assert {"where", "code", "message", "fix"} == set(json.loads(result.stdout)[0])
    assert "undefined" in {each["code"] for each in json.loads(result.stdout)}


@pytest.mark.press
def test_a_paper_is_rendered_as_a_draft_without_its_number(tmp_path: Path) -> None:
    result = run("render", ORDER, data_file(tmp_path), "--out", str(tmp_path / "out"), "--png", "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["pages"] == 2
    assert (tmp_path / "out" / f"{ORDER}.pdf").read_bytes().startswith(b"%PDF")
    assert [path.endswith(f"{ORDER}-{number}.png") for number, path in enumerate(found["png"], 1)] == [True, True]
    assert "（待编号）".encode() in _document(tmp_path / "out" / f"{ORDER}.docx")


def _document(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml")


@pytest.mark.parametrize("command", ["list", "schema", "sample", "render", "lint"])
def test_every_command_has_an_example(command: str) -> None:
    assert f"例：flask papers {command}" in run(command, "--help").stdout
