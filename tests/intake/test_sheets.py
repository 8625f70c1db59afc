"""An uploaded workbook comes as the text that stands in it, or is refused with what to do."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from app.errors import Refused
from app.intake import sheets, workbook

if TYPE_CHECKING:
    from collections.abc import Callable

MORE = "xl/more.xml"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
RELS = ('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        'Target="{target}" TargetMode="External"/></Relationships>')
BOMB = ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY a{n + 1} "{f"&a{n or str()};" * 10}">' for n in range(9)) + "]><x>&a9;</x>")


def book(*rows: list[Any], title: str = "名单") -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows or (["姓名"], ["演示马小燕"]):
        sheet.append(row)
    return saved(made)


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def altered(data: bytes, alter: Callable[[str, bytes], bytes | None] = lambda _name, part: part,
            more: dict[str, bytes] | None = None) -> bytes:
    """The same archive with its members changed (None: left out) and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = alter(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def swapped(data: bytes, member: str, old: str, new: str) -> bytes:
    return altered(data, lambda name, part: part.replace(old.encode(), new.encode(), 1) if name == member else part)


def refusal(data: bytes, name: str = "名单.xlsx") -> str:
    with pytest.raises(Refused) as refused:
        sheets.read(data, name)
    assert refused.value.advice
    return str(refused.value)


def test_cells_come_as_the_text_that_stands_in_them() -> None:
    found = sheets.read(book(["姓名", "年级", "出生"], ["演示马小燕", 8.0, date(2011, 3, 15)],
                             [], [None, 1.5, datetime(2011, 3, 15, 8, 30), True, time(8, 30)]), "名单.xlsx")  # noqa: DTZ001  (a cell has no zone)
    assert found[0].rows == (("姓名", "年级", "出生"), ("演示马小燕", "8", "2011-03-15"), (),
                             ("", "1.5", "2011-03-15 08:30", "TRUE", "08:30:00"))
    assert not found[0].flaws
    assert found[0].value(1, 0) == "演示马小燕"
    assert found[0].value(90, 90) == ""
    assert found[0].cell(6, 27) == "名单!AB7"


def test_numbers_as_text_and_rare_characters_stay_whole() -> None:
    row = ["640499201103150022", "G640499201103150022", "𠮷犇𬭸", "a\nb", " 全角　空格 ", "<&>\"'", "=1+1"[0:0] + "+86"]
    assert sheets.read(book(row), "名单.xlsx")[0].rows == (tuple(row),)


def test_a_number_that_lost_digits_is_flagged_with_its_cell() -> None:
    found = sheets.read(book(["号码"], [int("640499" + "201103150022")], [999999999999999], ["6.40499E+17"]), "名单.xlsx")[0]
    assert found.flaws == {(1, 0): workbook.LOST, (3, 0): workbook.LOST}
    assert found.value(2, 0) == "999999999999999"


def test_a_formula_without_result_and_an_error_value_are_flagged() -> None:
    found = sheets.read(book(["=1+1", "#N/A", "ok"]), "名单.xlsx")[0]
    assert found.flaws == {(0, 0): workbook.UNCALCULATED, (0, 1): workbook.ERROR_VALUE}


def test_a_formula_with_its_result_is_the_result() -> None:
    data = altered(book(["=1+1"]), lambda name, part: part.replace(b"<v/>", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>")
                   if name == "xl/worksheets/sheet1.xml" else part)
    found = sheets.read(data, "名单.xlsx")[0]
    assert (found.value(0, 0), dict(found.flaws)) == ("2", {})


def test_hidden_sheets_say_so() -> None:
    made = Workbook()
    made.create_sheet("藏").sheet_state = "hidden"
    made.create_sheet("深藏").sheet_state = "veryHidden"
    assert [each.hidden for each in sheets.read(saved(made), "名单.xlsx")] == [False, True, True]


def test_formatted_empty_rows_to_the_end_of_the_sheet_are_nothing() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"] = "姓名"
    sheet["XFD1048576"].font = Font(bold=True)
    assert sheets.read(saved(made), "名单.xlsx")[0].rows == (("姓名",),)


def test_a_link_to_a_page_is_no_harm() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"] = "网址"
    sheet["A1"].hyperlink = "https://example.org/"
    assert sheets.read(saved(made), "名单.xlsx")[0].value(0, 0) == "网址"


def test_merged_cells_stand_at_their_first_cell() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"] = "表头"
    sheet.merge_cells("A1:C1")
    sheet["A2"] = "姓名"
    assert sheets.read(saved(made), "名单.xlsx")[0].rows == (("表头",), ("姓名",))


def test_a_byte_of_a_large_list_costs_seconds_not_minutes() -> None:
    rows = [[f"演示{row}", "640499201103150022", "六", "演示村"] for row in range(5000)]
    assert len(sheets.read(book(*rows), "名单.xlsx")[0].rows) == 5000


def _far(cell: str) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet[cell] = "远"
    return saved(made)


def _many_sheets() -> bytes:
    made = Workbook()
    for number in range(20):
        made.create_sheet(f"表{number}")
    return saved(made)


def _twice() -> bytes:
    out = io.BytesIO(book())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as again:
        again.writestr("xl/workbook.xml", b"<x/>")
    return out.getvalue()


def _locked() -> bytes:
    data = bytearray(book())
    for magic, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.index(magic)
        data[place + at] |= 1
    return bytes(data)


def _lying(size: int = 64) -> bytes:
    """The list of members says less than there is."""
    data = bytearray(altered(book(), more={MORE: b"<x>" + b" " * 100_000 + b"</x>"}))
    place = data.rindex(MORE.encode()) - 46
    data[place + 24:place + 28] = size.to_bytes(4, "little")
    return bytes(data)


def _linked() -> bytes:
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as more:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        more.writestr(link, "/etc/passwd")
    return out.getvalue()


def _declared(member: str) -> bytes:
    return altered(book(), lambda name, part: BOMB.encode() if name == member else part)


TYPES = "[Content_Types].xml"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "空文件"),
    "too large": (lambda: b"PK\x03\x04" + b"\0" * (20 << 20), "20 MB"),
    "a page of the web under another name": (lambda: b"\n<html><table></table></html>", "网页"),
    "a list of commas": ("姓名,年级\n".encode, "不是 Excel"),
    "a PDF": (lambda: b"%PDF-1.7\n", "PDF"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n", "图片"),
    "locked or of the old kind": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, ".xls"),
    "first half only": (lambda: book()[:len(book()) // 2], "损坏"),
    "only the first bytes": (lambda: b"PK\x03\x04", "损坏"),
    "noise": (lambda: b"PK\x03\x04" + bytes(range(256)) * 40, "损坏"),
    "the last bytes gone": (lambda: book()[:-30], "损坏"),
    "a letter": (lambda: swapped(book(), TYPES, MAIN, DOCX), "不是普通的 Excel"),
    "a workbook with macros by its type": (lambda: swapped(book(), TYPES, MAIN, MACRO), "宏"),
    "macros": (lambda: altered(book(), more={"xl/vbaProject.bin": b"x"}), "宏"),
    "a macro sheet": (lambda: altered(book(), more={"xl/macrosheets/sheet1.xml": b"<x/>"}), "宏"),
    "an embedded file": (lambda: altered(book(), more={"xl/embeddings/oleObject1.bin": b"x"}), "嵌入"),
    "another workbook": (lambda: altered(book(), more={"xl/externalLinks/externalLink1.xml": b"<x/>"}), "别的工作簿"),
    "a picture from the net": (lambda: altered(book(), more={"xl/drawings/_rels/d.xml.rels": RELS.format(
        kind="image", target="http://example.org/a.png").encode()}), "文件之外"),
    "a file of the machine": (lambda: altered(book(), more={"xl/_rels/x.xml.rels": RELS.format(
        kind="externalLinkPath", target="file:///etc/passwd").encode()}), "文件之外"),
    "entities in the workbook": (lambda: _declared("xl/workbook.xml"), "DOCTYPE"),
    "entities in the sheet": (lambda: _declared("xl/worksheets/sheet1.xml"), "DOCTYPE"),
    "entities in the strings": (lambda: altered(book(), more={"xl/sharedStrings.xml": BOMB.encode()}), "DOCTYPE"),
    "entities in the styles": (lambda: _declared("xl/styles.xml"), "DOCTYPE"),
    "a type without entities": (lambda: altered(book(), more={MORE: b"<!DOCTYPE x SYSTEM 'file:///x'><x/>"}), "DOCTYPE"),
    "a deep part": (lambda: altered(book(), more={MORE: b"<x>" * 100_000}), "层次过深"),
    "a bomb": (lambda: altered(book(), more={MORE: b"\0" * (60 << 20)}), "大得不正常"),
    "many small bombs": (lambda: altered(book(), more={f"xl/m{n}.bin": b"\0" * (4 << 20) for n in range(51)}), "200 MB"),
    "many members": (lambda: altered(book(), more={f"xl/m{n}": b"" for n in range(2000)}), "个文件"),
    "a member twice": (_twice, "重名"),
    "a member twice but for its case": (lambda: altered(book(), more={"XL/Workbook.XML": b"<x/>"}), "重名"),
    "a way out": (lambda: altered(book(), more={"xl/../../etc/x": b"x"}), "文件名"),
    "an absolute name": (lambda: altered(book(), more={"/etc/x": b"x"}), "文件名"),
    "a drive": (lambda: altered(book(), more={"c:x": b"x"}), "文件名"),
    "a link in the archive": (_linked, "文件名"),
    "a locked member": (_locked, "密码"),
    "more than its list says": (_lying, "损坏"),
    "another way of packing": (lambda: _packed(zipfile.ZIP_LZMA), "压缩方式"),
    "no workbook": (lambda: altered(book(), lambda name, part: None if name == "xl/workbook.xml" else part), "不是 Excel"),
    "no types": (lambda: altered(book(), lambda name, part: None if name == TYPES else part), "不是 Excel"),
    "no sheet": (lambda: altered(book(), lambda name, part: None if "sheet1" in name else part), "损坏"),
    "no XML in the sheet": (lambda: altered(book(), lambda name, part: b"x" if "sheet1" in name else part), "损坏"),
    "the last cell there can be": (lambda: _far("XFD1048576"), "XFD1048576"),
    "one row too many": (lambda: _far("A50001"), "50000行"),
    "one column too many": (lambda: _far("BM1"), "64列"),
    "sheets without end": (_many_sheets, "21张"),
    "a cell without end": (lambda: book(["姓名", "好" * 1001]), "名单!B1"),
}


def _packed(kind: int) -> bytes:
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a", kind) as more:
        more.writestr(MORE, b"<x/>" * 100)
    return out.getvalue()


@pytest.mark.parametrize("which", HOSTILE)
def test_what_is_no_sound_workbook_is_refused_with_its_reason(which: str) -> None:
    make, reason = HOSTILE[which]
    said = refusal(make())
    assert reason in said
    assert "名单.xlsx" in said


def test_the_limits_themselves_pass() -> None:
    assert sheets.read(book(["好" * 1000]), "名单.xlsx")
    assert sheets.read(_far("BL1"), "名单.xlsx")
    assert len(sheets.read(_far("A50000"), "名单.xlsx")[0].rows) == 50_000


def test_every_cut_of_a_workbook_is_refused_or_whole() -> None:
    data = book()
    for cut in range(0, len(data), len(data) // 12):
        refusal(data[:cut])


def test_a_name_shows_no_more_than_its_printable_end() -> None:
    said = refusal(b"x", "\u202e" + "长" * 100 + ".xlsx")
    assert "\u202e" not in said
    assert len(said) < 200


def test_the_reading_program_holds_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANXIAO_SECRET_KEY", "geheim")
    told = ("import json, os; print(json.dumps({'sheets': [{'name': ' '.join(sorted(os.environ)), 'hidden': False,"
            " 'rows': [], 'flaws': []}]}))")
    monkeypatch.setattr(sheets, "PROGRAM", (sheets.PROGRAM[0], "-c", told))
    assert "FANXIAO" not in sheets.read(book(), "名单.xlsx")[0].name


@pytest.mark.parametrize("deed", ["import os; os.abort()", "x = bytearray(3 << 30)", "import sys; sys.exit(3)",
                                  "open('/tmp/x-fanxiao', 'w').write('x' * 99)", "print('{')"])
def test_a_reading_program_that_dies_is_a_refusal(deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "PROGRAM", (sheets.PROGRAM[0], "-c", deed))
    assert "打不开" in refusal(book())
