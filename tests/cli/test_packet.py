"""`flask packet`: what interfaces promise, on real files."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from docx import Document
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfReader, PdfWriter

from app.cli import packet as command
from app.outside.clock import Clock
from app.outside.keyholder import Keyholder
from app.packets import seal
from tests.fake_press import FakePress

if TYPE_CHECKING:
    from pathlib import Path

NOW = Clock().now()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("FANXIAO_INSTANCE", str(tmp_path / "instance"))
    Keyholder(tmp_path / "instance" / "keys").make_demo_authority(NOW - dt.timedelta(days=1))
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_blank_page(842, 595)
    writer.write(tmp_path / "a.pdf")
    Image.new("RGB", (800, 600), "navy").save(tmp_path / "d.png")
    (tmp_path / "seal.png").write_bytes(seal.demo_seal())
    return tmp_path


def manifest(folder: Path, *files: Any, **more: Any) -> str:
    given = {"title": "演示卷宗", "office": "西吉县演示乡人民政府",
             "items": [{"title": f"材料{each}", "file": each} for each in files]} | more
    (folder / "manifest.json").write_text(json.dumps(given, ensure_ascii=False), "utf-8")
    return str(folder / "manifest.json")


def run(*arguments: Any) -> Any:
    return CliRunner().invoke(command.packet_group, [str(each) for each in arguments])


class Printer(FakePress):
    """Stands for the press where its real one is not what is tested: answers one page for the cover."""

    def convert_file(self, data: bytes, suffix: str) -> bytes:
        out = io.BytesIO()
        writer = PdfWriter()
        writer.add_blank_page(595, 842)
        writer.write(out)
        return out.getvalue()


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> Any:
    class Running:
        def __enter__(self) -> Any:
            return Printer()

        def __exit__(self, *_: object) -> Any:
            return None

    monkeypatch.setattr(command, "running_press", lambda _settings: Running())


@pytest.mark.press
def test_every_promised_kind_of_file_becomes_one_signed_packet(folder: Path) -> None:
    document = Document()
    document.add_paragraph("责令限期改正通知书（演示）")
    document.save(folder / "b.docx")
    book = Workbook()
    book.active.append(["演示甲", "返校"])
    book.save(folder / "c.xlsx")
    path = manifest(folder, "a.pdf", "b.docx", "c.xlsx", "d.png", straddle_seal=True)
    done = run("build", path, "--out", folder / "p.pdf", "--seal", folder / "seal.png", "--json")
    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["signed"] is True
    assert [each["pages"] for each in answer["items"]] == [[1, 2], [3, 3], [4, 4], [5, 5]]
    reader = PdfReader(folder / "p.pdf")
    assert len(reader.pages) == answer["pages"] == 7
    assert "演示卷宗" in reader.pages[0].extract_text()
    assert "材料 d.png 5" in reader.pages[1].extract_text()
    assert all("/FxS" in page["/Resources"]["/XObject"] for page in reader.pages)
    checked = run("verify", folder / "p.pdf", "--json")
    assert checked.exit_code == 0
    found = json.loads(checked.stdout)
    assert (found["valid"], found["covers_whole_file"], found["manifest_ok"], found["trusted"]) == (True,) * 4
    assert len(found["pages"]) == 7


@pytest.mark.usefixtures("printer")
def test_a_changed_packet_ends_with_one_and_plain_words(folder: Path) -> None:
    assert run("build", manifest(folder, "a.pdf", "d.png"), "--out", folder / "p.pdf").exit_code == 0
    data = bytearray((folder / "p.pdf").read_bytes())
    data[len(data) // 2] ^= 4
    (folder / "p.pdf").write_bytes(bytes(data))
    done = run("verify", folder / "p.pdf")
    assert done.exit_code == 1
    assert "核验不通过" in done.stdout
    assert json.loads(run("verify", folder / "p.pdf", "--json").stdout)["valid"] is False


@pytest.mark.usefixtures("printer")
def test_a_foreign_root_does_not_vouch(folder: Path, tmp_path: Path) -> None:
    other = Keyholder(tmp_path / "other")
    other.make_demo_authority(NOW - dt.timedelta(days=1))
    run("build", manifest(folder, "a.pdf"), "--out", folder / "p.pdf")
    assert run("verify", folder / "p.pdf", "--trust", folder / "instance/keys/demo-root.pem").exit_code == 0
    done = run("verify", folder / "p.pdf", "--trust", other.demo_root)
    assert done.exit_code == 1
    assert "不在信任的证书之列" in done.stdout


@pytest.mark.usefixtures("printer")
def test_a_packet_of_a_foreign_key_does_not_pass_where_own_roots_are(
        folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Keyholder(tmp_path / "other")
    other.make_demo_authority(NOW - dt.timedelta(days=1))
    run("build", manifest(folder, "a.pdf"), "--out", folder / "p.pdf", "--p12", other.folder / "signer.p12",
        "--p12-pass-file", other.folder / "signer.pass")
    done = run("verify", folder / "p.pdf")
    assert done.exit_code == 1
    assert "不在信任的证书之列" in done.stdout
    monkeypatch.setenv("FANXIAO_INSTANCE", str(folder / "empty"))
    bare = run("verify", folder / "p.pdf")
    assert bare.exit_code == 0
    assert bare.stdout.startswith("只核验了未被改动，签名人身份未核验")
    assert "核验通过" not in bare.stdout


@pytest.mark.usefixtures("printer")
def test_an_office_signs_with_its_own_p12(folder: Path, tmp_path: Path) -> None:
    own = Keyholder(tmp_path / "own")
    own.make_demo_authority(NOW - dt.timedelta(days=1))
    done = run("build", manifest(folder, "a.pdf"), "--out", folder / "p.pdf", "--p12", own.folder / "signer.p12",
               "--p12-pass-file", own.folder / "signer.pass", "--json")
    assert json.loads(done.stdout)["signed_by"] == "返校演示签名（仅供演示）"
    assert run("verify", folder / "p.pdf", "--trust", own.demo_root).exit_code == 0
    wrong = run("build", manifest(folder, "a.pdf"), "--out", folder / "q.pdf", "--p12", own.folder / "signer.p12")
    assert wrong.exit_code == 1
    assert "P12" in wrong.stderr
    assert not (folder / "q.pdf").exists()


@pytest.mark.usefixtures("printer")
def test_without_any_key_it_says_that_the_packet_is_unsigned(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANXIAO_INSTANCE", str(folder / "empty"))
    done = run("build", manifest(folder, "a.pdf"), "--out", folder / "p.pdf", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["signed"] is False
    assert "没有签名" in done.stderr
    assert "没有签名" in run("verify", folder / "p.pdf").stdout


@pytest.mark.usefixtures("printer")
def test_a_straddle_seal_without_a_picture_is_said_and_not_drawn(folder: Path) -> None:
    done = run("build", manifest(folder, "a.pdf", straddle_seal=True), "--out", folder / "p.pdf")
    assert "没有加盖" in done.stderr
    assert all("/FxS" not in page["/Resources"]["/XObject"] for page in PdfReader(folder / "p.pdf").pages)


@pytest.mark.usefixtures("printer")
@pytest.mark.parametrize(("more", "word"), [
    ({"items": []}, "没有 items"),
    ({"itmes": []}, "不认识的项"),
    ({"title": ""}, "title"),
    ({"title": "\U0010fffd"}, "打印不出来"),
    ({"items": [{"title": "甲", "file": "../../etc/passwd"}]}, "清单所在的目录"),
    ({"items": [{"title": "甲", "file": "/etc/passwd"}]}, "清单所在的目录"),
    ({"items": [{"title": "甲", "file": "none.pdf"}]}, "没有找到"),
    ({"items": [{"title": "甲", "file": "manifest.json"}]}, "不支持"),
    ({"items": [{"title": "甲", "file": "a.pdf", "date": "九月"}]}, "不是日期"),
    ({"items": [{"title": "甲", "file": "a.pdf", "pages": 3}]}, "不认识的项"),
    ({"items": ["a.pdf"]}, "对象"),
    ({"seal_mm": "42"}, "毫米"),
])
def test_a_faulty_manifest_is_refused_by_its_place(folder: Path, more: Any, word: Any) -> None:
    done = run("build", manifest(folder, "a.pdf", **more), "--out", folder / "p.pdf")
    assert done.exit_code == 1, done.output
    assert word in done.stderr
    assert not (folder / "p.pdf").exists()


@pytest.mark.usefixtures("printer")
@pytest.mark.parametrize("data", [b"%PDF-1.7\nbroken", b"MZ", b""])
def test_a_broken_item_is_refused_by_its_name(folder: Path, data: Any) -> None:
    (folder / "a.pdf").write_bytes(data)
    done = run("build", manifest(folder, "a.pdf"), "--out", folder / "p.pdf")
    assert done.exit_code == 1
    assert "a.pdf" in done.stderr


def test_broken_json_is_refused(folder: Path) -> None:
    (folder / "m.json").write_text("{", "utf-8")
    done = run("build", folder / "m.json", "--out", folder / "p.pdf")
    assert done.exit_code == 1
    assert "JSON" in done.stderr


def test_wrong_usage_ends_with_two(folder: Path) -> None:
    assert run("build", "none.json").exit_code == 2
    assert run("verify", folder / "none.pdf").exit_code == 2


@pytest.mark.parametrize("name", ["build", "verify"])
def test_help_is_in_chinese_with_an_example(name: str) -> None:
    assert "例：flask packet" in run(name, "--help").stdout
