"""The commands that run the service: what they print, what they answer, what they refuse."""

from __future__ import annotations

import ast
import json
import subprocess  # noqa: TID251  (the whole command, with an umask of its own)
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.actions import sign_in
from app.cli import service
from app.cli.audit import audit as audit_group
from app.errors import Refused
from app.records import accounts, audit, numbers, offices, packets
from tests.people import COUNTY, TOWNSHIP

if TYPE_CHECKING:
    from collections.abc import Callable

    from click import Command
    from click.testing import Result

    from tests.people import Cast


@pytest.fixture
def cast(at_stage: Callable[[str], Cast], monkeypatch: pytest.MonkeyPatch) -> Cast:
    found = at_stage("ordered")
    monkeypatch.setenv("FANXIAO_INSTANCE", str(found.desk.settings.instance))
    return found


def run(command: Command, *words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def test_init_builds_everything_and_a_second_one_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANXIAO_INSTANCE", str(tmp_path / "fresh"))
    first, second = run(service.init), run(service.init)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "登记库已建好或升级" in first.stdout
    assert "已录入71个单位" in first.stdout
    assert second.stdout == "初始化完成。\n"
    assert oct((tmp_path / "fresh" / "secret").stat().st_mode)[-3:] == "600"


def test_whatever_the_umask_all_that_lies_in_an_instance_is_its_owners_alone(tmp_path: Path) -> None:
    flask = f"umask 022; FANXIAO_INSTANCE={tmp_path}/fresh exec {sys.executable} -m flask init"
    done = subprocess.run(["bash", "-c", flask], cwd=Path(__file__).parents[2], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [tmp_path / "fresh", *(tmp_path / "fresh").rglob("*")]
    assert len(found) > 3
    assert {str(each): oct(each.stat().st_mode) for each in found if each.stat().st_mode & 0o077} == {}


@pytest.mark.parametrize("door", ["wsgi.py", "app/worker/__main__.py", "app/press/__main__.py"])
def test_every_process_keeps_its_files_private_before_anything_else(door: str) -> None:
    tree = ast.parse((Path(__file__).parents[2] / door).read_text("utf-8"))
    acts = [node for node in tree.body if not isinstance(node, (ast.Expr, ast.ImportFrom, ast.Import))
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))]
    assert ast.unparse(acts[0]) == "umask.keep_private()"


def test_an_account_is_added_disabled_and_reset(cast: Cast) -> None:
    added = run(service.account, "add", "ma", "--name", "演示马某某", "--office", TOWNSHIP, "--role", "township_clerk")
    assert added.exit_code == 0, added.output
    password = added.stdout.split()[-1]
    assert sign_in.sign_in(cast.desk, sign_in.SignIn("ma", password)).actor.name == "演示马某某"
    reset = run(service.account, "reset", "ma")
    assert sign_in.sign_in(cast.desk, sign_in.SignIn("ma", reset.stdout.split()[-1]))
    assert run(service.account, "disable", "ma").exit_code == 0
    again = run(service.account, "reset", "ma")
    with pytest.raises(Refused):
        sign_in.sign_in(cast.desk, sign_in.SignIn("ma", again.stdout.split()[-1]))


def test_a_lost_telephone_is_forgotten_and_a_disabled_account_comes_back(cast: Cast) -> None:
    assert run(service.account, "reset", "clerk", "--second-factor").exit_code == 1, "there is none"
    with cast.desk.change() as db:
        accounts.change(db, cast.clerk.account_id, totp_secret="sealed")
    reset = run(service.account, "reset", "clerk", "--second-factor")
    opened = sign_in.sign_in(cast.desk, sign_in.SignIn("clerk", reset.stdout.split()[-1]))
    assert opened.stage is sign_in.Stage.PASSWORD
    assert run(service.account, "disable", "second").exit_code == 0
    assert run(service.account, "enable", "second").exit_code == 0
    assert run(service.account, "enable", "second").exit_code == 1


def test_a_workbook_of_offices_is_looked_at_and_imported(cast: Cast, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(Path(service.__file__).parents[1] / "templates_xlsx/offices.xlsx")
    book["村"].append(["", TOWNSHIP, "演示新村"])
    book["账号"].append(["", "mals", "演示马老师", TOWNSHIP, "乡镇干部", ""])
    book.save(tmp_path / "单位.xlsx")
    looked = run(service.office, "import", str(tmp_path / "单位.xlsx"), "--dry-run", "--json")
    assert json.loads(looked.stdout) == {
        "imported": False, "schools": 0, "changed": 0, "classes": 0, "villages": 1, "accounts": 1, "unchanged": 0,
        "passwords": [], "problems": []}
    done = json.loads(run(service.office, "import", str(tmp_path / "单位.xlsx"), "--json").stdout)
    assert done["imported"]
    assert sign_in.sign_in(cast.desk, sign_in.SignIn("mals", done["passwords"][0]["password"]))
    book["村"].append(["", "没有镇", "演示新村"])
    book.save(tmp_path / "单位.xlsx")
    bad = run(service.office, "import", str(tmp_path / "单位.xlsx"))
    assert (bad.exit_code, "村!B5：没有这个乡镇" in bad.stdout) == (1, True)


@pytest.mark.parametrize(("words", "told"), [
    (("add", "clerk", "--name", "演示马某", "--office", TOWNSHIP, "--role", "township_clerk"), "已经有了"),
    (("add", "Ma 1", "--name", "演示马某", "--office", TOWNSHIP, "--role", "township_clerk"), "账号名只能"),
    (("add", "ma", "--name", "演示马某", "--office", COUNTY, "--role", "township_clerk"), "不能放在"),
    (("add", "ma", "--name", "演示马某", "--office", "000000", "--role", "township_clerk"), "没有这个单位"),
    (("disable", "nobody"), "没有账号"), (("reset", "nobody"), "没有账号"),
])
def test_an_account_that_does_not_fit_is_refused_in_chinese(cast: Cast, words: tuple[str, ...], told: str) -> None:
    done = run(service.account, *words)
    assert done.exit_code == 1
    assert told in done.stderr
    with cast.desk.register.reading() as db:
        assert accounts.find_login(db, "ma") is None


def test_an_office_is_set_and_its_numbers_begin_where_paper_ended(cast: Cast) -> None:
    assert run(service.office, "set", COUNTY, "--organ-code", "演示教", "--phone", "0954-2000009").exit_code == 0
    assert run(service.office, "series", COUNTY, "--series", "责改", "--year", "2026", "--start", "8").exit_code == 0
    with cast.desk.register.reading() as db:
        office = offices.load_code(db, COUNTY)
        assert (office.organ_code, office.phone) == ("演示教", "0954-2000009")
        assert numbers.peek(db, "演示教", "责改", 2026) == 8
    back = run(service.office, "series", TOWNSHIP, "--series", "责改", "--year", "2026", "--start", "1")
    assert (back.exit_code, "已经用到1号" in back.stderr) == (1, True)
    assert run(service.office, "set", COUNTY, "--phone", "电话").exit_code == 1


def test_the_chain_is_verified_and_its_first_bad_line_named(cast: Cast) -> None:
    good = run(audit_group, "verify", "--json")
    with cast.desk.register.reading() as db:
        head = audit.head(db)
    assert good.exit_code == 0
    assert json.loads(good.stdout)["first_bad"] is None
    assert json.loads(good.stdout)["head"] == head
    with cast.desk.register.transaction() as db:
        db.execute(text("UPDATE audit SET verb = 'forged' WHERE id = 7"))
    bad = run(audit_group, "verify")
    assert (bad.exit_code, bad.stdout) == (1, "第7条起与链不符。\n")


def test_a_chain_whose_end_was_cut_off_is_found_by_the_heads_that_packets_and_people_keep(
        at_stage: Callable[[str], Cast], monkeypatch: pytest.MonkeyPatch) -> None:
    cast = at_stage("filed")
    monkeypatch.setenv("FANXIAO_INSTANCE", str(cast.desk.settings.instance))
    with cast.desk.register.reading() as db:
        head = audit.head(db)
        code, kept = next(iter(packets.kept_heads(db).items()))
    assert run(audit_group, "verify", "--head", head).exit_code == 0
    with cast.desk.register.transaction() as db:
        db.execute(text("DELETE FROM audit WHERE digest = :head"), {"head": head})
    assert run(audit_group, "verify").exit_code == 0
    cut = run(audit_group, "verify", "--head", head)
    assert (cut.exit_code, head in cut.stdout) == (1, True)
    with cast.desk.register.transaction() as db:
        db.execute(text("DELETE FROM audit WHERE id >= (SELECT id FROM audit WHERE digest = :head)"), {"head": kept})
    cut = run(audit_group, "verify", "--json")
    assert (cut.exit_code, json.loads(cut.stdout)["lost_heads"]) == (1, [code])


def test_a_service_that_was_not_initialised_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANXIAO_INSTANCE", str(tmp_path / "none"))
    for command in (service.web_command, service.serve_command):
        done = run(command)
        assert (done.exit_code, "flask init" in done.stderr) == (1, True)
