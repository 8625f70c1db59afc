from __future__ import annotations

import io
import socket
import subprocess  # noqa: TID251  (starts a press to kill it)
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from openpyxl import Workbook

from app.errors import NeedsPerson, Refused
from app.outside import shipped
from app.outside.press import Press, running_press
from app.papers.catalogue import PAPERS, sample, template_path
from app.papers.context import compose
from app.papers.pdf_text import page_texts
from app.press import bench
from app.press.workshop import Workshop
from app.settings import Settings
from tests.outside.test_child import gone
from tests.papers.docs import paper

pytestmark = pytest.mark.press
ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = paper("当事人：{{ name }}", "{%p for r in rows %}", "{{ r.text }}", "{%p endfor %}")


def test_contexts_become_documents_in_their_order(press: Press) -> None:
    made = press.convert(TEMPLATE, [{"name": f"演示{number}", "rows": ({"text": "一"},)} for number in range(5)])
    assert [f"演示{number}" in page_texts(each.pdf)[0] for number, each in enumerate(made)] == [True] * 5
    assert all(each.good and each.pages == 1 for each in made)


@pytest.mark.parametrize("kind", [each.kind for each in PAPERS])
def test_every_shipped_paper_prints_its_sample_without_a_problem(press: Press, kind: str) -> None:
    declared = next(each for each in PAPERS if each.kind == kind)
    digest = sha256(template_path(kind).read_bytes()).hexdigest()
    context = compose(declared, sample(kind), shipped.lawbook()).context
    made = press.convert(digest, [context], page_limit=declared.page_limit)[0]
    assert made.problems == ()


def test_a_document_that_fails_leaves_its_neighbours_alone(press: Press) -> None:
    good = {"name": "好", "rows": ()}
    made = press.convert(TEMPLATE, [good, {"name": "缺"}, {"name": "坏\ud800", "rows": ()}, {"name": 5, "rows": ()}, good])
    assert [bool(each.pdf) for each in made] == [True, False, False, False, True]
    assert "没有的名称：rows" in made[1].problems[0].message
    assert made[2].problems[0].where == "name"
    assert made[0].good
    assert made[4].good


def test_a_box_and_a_length_are_told_with_the_document(press: Press) -> None:
    made = press.convert(TEMPLATE, [{"name": "\U00031350", "rows": tuple({"text": "长" * 900} for _ in range(5))}], page_limit=1)
    messages = "".join(each.message for each in made[0].problems)
    assert "印成了空框" in messages
    assert "最多1页" in messages
    assert made[0].pdf


def test_a_draft_is_marked_and_its_text_is_the_same(press: Press) -> None:
    context = {"name": "张三", "rows": ()}
    plain, draft = (press.convert(TEMPLATE, [context], draft=flag)[0] for flag in (False, True))
    assert page_texts(plain.pdf) == page_texts(draft.pdf)
    dark = [sum(1 for value in pdfium.PdfDocument(each.pdf)[0].render(scale=0.5).to_pil().convert("L").tobytes() if value < 250)
            for each in (plain, draft)]
    assert dark[1] > dark[0] + 2000


def test_a_template_that_is_refused_is_told_with_its_place(press: Press) -> None:
    with pytest.raises(Refused, match="下划线"):
        press.convert(paper("文", "{{ x.__class__ }}"), [{}])
    with pytest.raises(Refused, match="没有这个模板"):
        press.convert("0" * 64, [{}])
    with pytest.raises(Refused, match="docx"):
        press.convert(b"nothing", [{}])


def test_files_for_the_packet_become_pdf(press: Press) -> None:
    book, target = Workbook(), io.BytesIO()
    book.active["A1"] = "演示表"
    book.save(target)
    assert "演示表" in page_texts(press.convert_file(target.getvalue(), ".xlsx"))[0]
    assert "封面" in page_texts(press.convert_file(paper("封面"), "docx"))[0]
    with pytest.raises(Refused, match="只能转换"):
        press.convert_file(b"x", "html")
    with pytest.raises(Refused, match="docx"):
        press.convert_file(b"x", "docx")


def test_a_file_that_cannot_be_printed_needs_a_person(press: Press) -> None:
    with pytest.raises(NeedsPerson, match="没能印出这份文件"):
        press.convert_file(b"PK\x03\x04 broken", "xlsx")


def test_pages_become_pictures(press: Press) -> None:
    pdf = press.convert_file(paper("一", "x\n" * 200), "docx")
    pictures = press.pages(pdf, dpi=60)
    assert len(pictures) == len(page_texts(pdf)) > 1
    assert all(each.startswith(b"\x89PNG") for each in pictures)
    with pytest.raises(Refused, match="PDF"):
        press.pages(b"no pdf")


def test_many_may_ask_at_once(press: Press) -> None:
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda n: press.convert(TEMPLATE, [{"name": f"同时{n}", "rows": ()}])[0], range(6)))
    assert [f"同时{number}" in page_texts(each.pdf)[0] for number, each in enumerate(made)] == [True] * 6


def test_nonsense_on_the_line_does_not_end_the_press(press: Press) -> None:
    for data in (b"", b"\0", b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x02[]"):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(press.socket_path))
            line.sendall(data)
    with pytest.raises(Refused, match="不认识"):
        press._ask({"op": "nothing"}, [])
    with pytest.raises(NeedsPerson, match="内部出错"):
        press._ask({"op": "convert"}, [])
    assert press.alive()


def test_the_socket_is_for_its_owner_only(press: Press) -> None:
    assert press.socket_path.stat().st_mode & 0o777 == 0o600


def test_a_running_press_is_used_and_a_dead_ones_socket_is_taken_over(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path)
    settings.press_socket.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(settings.press_socket))
    script = ("import sys; from pathlib import Path; from app.press.server import serve; from app.settings import Settings\n"
              "serve(Settings(instance=Path(sys.argv[1])))")
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT) as served:
        press = Press(settings.press_socket)
        deadline = time.monotonic() + 30
        while not press.alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        with running_press(settings) as found:
            assert found.socket_path == settings.press_socket
        second = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, check=False)
        assert "打印服务已经在运行" in second.stderr.decode()
        assert press.health()["obstacle"] == ""
        served.terminate()
        assert served.wait(15) == 0
    assert not settings.press_socket.exists()


def test_a_press_that_is_killed_leaves_no_soffice(tmp_path: Path) -> None:
    from tests.press.test_cells import below  # noqa: PLC0415

    script = "import sys; from pathlib import Path; from app.press.server import serve_at; serve_at(Path(sys.argv[1]), 1)"
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "s")], cwd=ROOT) as served:
        press = Press(tmp_path / "s")
        deadline = time.monotonic() + 30
        while not press.alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        press.convert(TEMPLATE, [{"name": "一", "rows": ()}])
        pids = below(served.pid)
        assert len(pids) >= 4
        served.kill()
    assert all(gone(pid) for pid in pids)


def wild(_head: dict[str, object], _blobs: list[bytes]) -> bench.Answer:
    while True:
        pass


def greedy(_head: dict[str, object], _blobs: list[bytes]) -> bench.Answer:
    return {"size": len("a" * 3_000_000_000)}, []


@pytest.mark.parametrize("work", [wild, greedy])
def test_work_that_runs_wild_is_stopped_and_told(monkeypatch: pytest.MonkeyPatch, work: object) -> None:
    monkeypatch.setattr(bench, "WORK", {"x": work})
    monkeypatch.setattr(bench, "CPU", 1)
    answer, _ = bench._in_a_fork({"work": "x"}, [])
    assert answer["what"] == bench.WILD


def test_work_within_its_limits_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "WORK", {"x": lambda _head, blobs: ({"n": 1}, blobs)})
    assert bench._in_a_fork({"work": "x"}, [b"ab"]) == ({"ok": True, "n": 1}, [b"ab"])


def test_a_bench_that_hangs_is_replaced() -> None:
    workshop = Workshop(seconds=0.0)
    try:
        with pytest.raises(NeedsPerson):
            workshop.pages(b"x", 60)
        workshop.seconds = 30
        with pytest.raises(Refused):
            workshop.pages(b"x", 60)
    finally:
        workshop.close()


def test_threads_share_one_bench() -> None:
    workshop = Workshop()
    results: list[int] = []

    def ask() -> None:
        done, _ = workshop.fill(TEMPLATE, [{"name": "一", "rows": ()}] * 3)
        results.append(len(done))

    try:
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    finally:
        workshop.close()
    assert results == [3, 3, 3, 3]
