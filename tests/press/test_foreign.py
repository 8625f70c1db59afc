"""A stranger's file is opened where there is nothing to take and nobody to call."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from app.errors import Refused
from app.outside import child
from app.press import foreign, sandbox
from app.press.workshop import Workshop
from tests.outside.test_child import gone
from tests.press.test_cells import below

ROOT = Path(__file__).resolve().parents[2]
BROKEN_INTO = """
import json, os, socket, sys
from pathlib import Path
{setting}
def tried(act):
    try:
        return str(act())
    except Exception as error:
        return "barred: " + type(error).__name__
found = {{
    "file": tried(lambda: Path({canary!r}).read_text()),
    "code": tried(lambda: os.listdir({root!r})),
    "home": tried(lambda: os.listdir(os.path.expanduser("~"))),
    "write": tried(lambda: Path("/tmp/x").write_bytes(b"x" * 10)),
    "net": tried(lambda: socket.create_connection(("127.0.0.1", {port}), 2)),
    "unix": tried(lambda: socket.socket(socket.AF_UNIX).connect({unix!r})),
    "processes": [each for each in os.listdir("/proc") if each.isdigit()],
    "environment": sorted(os.environ), "size": len(Path(sys.argv[1]).read_bytes()),
    "imported": tried(lambda: __import__("PIL.Image").__name__ + __import__("pypdfium2").__name__),
    "service": tried(lambda: __import__("app")),
}}
print(json.dumps({{"notes": [json.dumps(found)]}}))
"""


def hook(tmp_path: Path, **more: Any) -> Path:
    program = tmp_path / "hook.py"
    given = {"canary": "/nowhere", "root": str(ROOT), "port": 9, "unix": "/nowhere", "setting": ""} | more
    program.write_text(BROKEN_INTO.format(**given), "utf-8")
    return program


def test_whoever_breaks_into_the_decoder_finds_no_register_no_key_and_no_network(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    canary = tmp_path / "instance" / "register.db"
    canary.write_text("canary", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_UNIX) as press:
        press.bind(str(tmp_path / "press.sock"))
        press.listen()
        program = hook(tmp_path, canary=str(canary), port=listener.getsockname()[1], unix=str(tmp_path / "press.sock"))
        outside = child.run([sys.executable, str(program), str(program), "pdf"], limits=child.Limits(memory=None))
        answer, _ = foreign.opened(b"a stranger's file", "pdf", program=program)
    seen = json.loads(json.loads(outside.out)["notes"][0])
    assert (seen["file"], seen["unix"], "socket" in seen["net"]) == ("canary", "None", True), "the hook itself works"
    found = json.loads(answer["notes"][0])
    assert {name: found[name][:7] for name in ("file", "code", "write", "net", "unix", "service")} == dict.fromkeys(
        ("file", "code", "write", "net", "unix", "service"), "barred:")
    assert found["home"] in ("[]", "barred: FileNotFoundError", "barred: PermissionError")
    assert len(found["processes"]) <= 3
    assert set(found["environment"]) <= {*child.ENVIRONMENT, "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PWD"}
    assert (found["size"], found["imported"]) == (17, "PILpypdfium2")


@pytest.mark.parametrize(("setting", "reason"), [
    ("print('{\"width\": 9, \"height\": 9, \"grey\": true, \"size\": 99999999}', flush=True); sys.stdout.write('x' * 99999999)", "broken"),
    ("sys.stdout.write('x' * 9999)", "broken"), ("print('[]')", "broken"), ("print('{}')", "broken"),
    ("sys.exit(3)", "broken"), ("os.abort()", "slow"), ("x = bytearray(600 << 20)", "broken"),
    ("for _ in range(201): print('{\"width\": 9, \"height\": 9, \"grey\": true, \"size\": 1}\\nx', end='')", "broken"),
])
def test_what_a_broken_decoder_says_is_held_to_its_bounds(tmp_path: Path, setting: str, reason: str) -> None:
    program = hook(tmp_path, setting=setting)
    assert foreign.opened(b"x", "pdf", program=program) == ({"bad": reason}, [])


def test_a_decoder_that_hangs_is_killed_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "WALL", 1.0)
    started: list[child.Child] = []
    start = child.start
    monkeypatch.setattr(child, "start", lambda *given, **more: started.append(start(*given, **more)) or started[-1])
    program = hook(tmp_path, setting="os.fork(); __import__('time').sleep(600)")
    pids: list[int] = []
    heard = foreign._heard
    monkeypatch.setattr(foreign, "_heard", lambda it: (heard(it), pids.extend([it.pid, *below(it.pid)]))[0])
    assert foreign.opened(b"x", "pdf", program=program) == ({"bad": "slow"}, [])
    assert len(pids) >= 3
    assert all(gone(pid) for pid in pids)


def test_the_bench_that_fills_strangers_templates_stands_behind_the_same_walls() -> None:
    made = Workshop()
    try:
        with pytest.raises(Refused):
            made.pages(b"x", 60)
        inside = below(made._bench.pid)[-1]  # type: ignore[union-attr]
        for name in ("net", "pid", "mnt"):
            assert Path(f"/proc/{inside}/ns/{name}").readlink() != Path(f"/proc/self/ns/{name}").readlink()
        assert not Path(f"/proc/{inside}/root{ROOT}").exists()
        assert Path(f"/proc/{inside}/root{sandbox.CODE}/app/press/bench.py").exists()
    finally:
        made.close()


def test_a_machine_with_walls_is_what_these_tests_need() -> None:
    assert sandbox.obstacle() == "", "these tests need bubblewrap and unprivileged user namespaces"
