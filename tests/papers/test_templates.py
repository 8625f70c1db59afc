"""The shipped templates: made by the script alone, to the metrics of GB/T 9704, and of the right length in print."""

from __future__ import annotations

import re
import subprocess  # noqa: TID251  (the script is run as whoever sets type runs it)
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from app.outside import shipped
from app.papers import catalogue
from app.papers.context import compose
from app.papers.kinds import Field, LongText, PersonName, Rows, Text

if TYPE_CHECKING:
    from app.outside.press import Press

ROOT = Path(__file__).resolve().parents[2]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KINDS = [each.kind for each in catalogue.PAPERS]
LENGTHS = {"school_report": 2, "criticism_record": 3, "rectification_order": 2, "service_receipt": 1,
           "compliance_check": 1, "case_index": 2, "approval_slip": 1}


def part(kind: str, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(catalogue.template_path(kind)) as archive:
        return etree.fromstring(archive.read(name))


def test_the_script_gives_the_same_bytes_as_are_shipped(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "scripts" / "typeset_templates.py"), str(tmp_path)], check=True,
                   capture_output=True)
    assert {path.name for path in tmp_path.iterdir()} == {f"{kind}.docx" for kind in KINDS}
    for kind in KINDS:
        assert (tmp_path / f"{kind}.docx").read_bytes() == catalogue.template_path(kind).read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_that_of_the_standard(kind: str) -> None:
    root = part(kind)
    margins, = root.iter(f"{W}pgMar")
    millimetres = {side: round(int(str(margins.get(f"{W}{side}"))) * 25.4 / 1440, 1)
                   for side in ("top", "left", "right")}
    assert millimetres == {"top": 37.0, "left": 28.0, "right": 26.0}
    grid, = root.iter(f"{W}docGrid")
    assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("lines", "579")


@pytest.mark.parametrize("kind", KINDS)
def test_every_run_names_its_fonts(kind: str) -> None:
    runs = [run for run in part(kind).iter(f"{W}r") if run.find(f"{W}t") is not None]
    assert runs
    for run in runs:
        fonts = run.find(f"{W}rPr/{W}rFonts")
        assert fonts is not None
        assert fonts.get(f"{W}hint") == "eastAsia"
        assert len({fonts.get(f"{W}{script}") for script in ("eastAsia", "ascii", "hAnsi")}) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_number_stands_outside(kind: str) -> None:
    sides = [str(part(kind, f"word/footer{number}.xml").findall(f"{W}p")[-1].find(f"{W}pPr/{W}jc").get(f"{W}val"))
             for number in (1, 2)]
    assert sides == ["right", "left"]


@pytest.mark.parametrize("kind", ["school_report", "rectification_order"])
def test_what_is_sealed_holds_the_last_words_the_organ_and_the_date_together(kind: str) -> None:
    texts = [("".join(p.itertext()), p.find(f"{W}pPr/{W}keepNext") is not None) for p in part(kind).iter(f"{W}p")]
    at = [text for text, _ in texts].index("{{ organ }}", 3)
    assert [text for text, _ in texts[at - 2:at + 2]] == ["", "（盖章）", "{{ organ }}", "{{ issue_date }}"]
    assert all(keeps for _, keeps in texts[at - 3:at + 1])


def test_the_cover_keeps_a_square_for_the_code() -> None:
    frame, = part("case_index").iter(f"{W}framePr")
    side, left, top = (int(str(frame.get(f"{W}{name}"))) * 25.4 / 1440 for name in ("w", "x", "y"))
    assert side >= 22
    assert left + side <= 210 - 26 + 0.1
    assert top + side <= 297 - 35 + 0.1


def test_no_template_carries_a_picture_or_a_link() -> None:
    for kind in KINDS:
        with zipfile.ZipFile(catalogue.template_path(kind)) as archive:
            assert not [name for name in archive.namelist() if "media" in name]
            assert not re.search(rb"External|w:drawing|w:pict", b"".join(map(archive.read, archive.namelist())))


@pytest.mark.press
@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_prints_whole_and_on_the_pages_it_should(kind: str, real_press: Press) -> None:
    paper = catalogue.paper(kind)
    made = compose(paper, catalogue.sample(kind), shipped.lawbook())
    template = catalogue.template_path(kind).read_bytes()
    printed, = real_press.convert(template, [made.context], page_limit=paper.page_limit)
    assert printed.problems == ()
    assert printed.pages == LENGTHS[kind]


@pytest.mark.press
def test_an_order_to_one_guardian_prints_on_two_pages(real_press: Press) -> None:
    paper, sample = catalogue.paper("rectification_order"), catalogue.sample("rectification_order")
    guardians: Any = sample["guardians"]
    one = sample | {"guardians": guardians[:1], "deadline_mode": "fixed", "serve_on": "2026-09-18"}
    made = compose(paper, one, shipped.lawbook())
    printed, = real_press.convert(catalogue.template_path(paper.kind).read_bytes(), [made.context])
    assert printed.pages == 2


SENTENCE = "2026年9月29日再次入户核实原因，学生仍在家中，监护人没有提出正当理由；"
LONG_NAME = "阿卜杜热合曼·玛依拉古丽·买买提·吐尔逊𠮷𫖮𬭸㛃䶮"


def stretched(field: Field, value: Any) -> Any:
    """The longest value that the field takes; what has no length stays as it is in the sample."""
    match field:
        case Rows():
            fill = [{column.name: stretched(column, row.get(column.name)) for column in field.columns} for row in value]
            return [fill[number % len(fill)] for number in range(min(field.most, 40))]
        case Text() | LongText():
            return (SENTENCE * 30)[:field.max_length]
        case PersonName():
            return LONG_NAME
        case _:
            return value


@pytest.mark.press
@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_values_and_rarest_names_print_whole(kind: str, real_press: Press) -> None:
    paper, sample = catalogue.paper(kind), catalogue.sample(kind)
    data = {each.name: stretched(each, sample[each.name]) for each in paper.fields if each.name in sample}
    for name in {"officers", "county_area"} & set(data):
        data[name] = sample[name]
    made = compose(paper, data, shipped.lawbook())
    printed, = real_press.convert(catalogue.template_path(kind).read_bytes(), [made.context])
    assert printed.problems == ()
    assert printed.pages <= paper.page_limit
