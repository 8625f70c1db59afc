"""Settings: a wrong one stops the start and says which, in words and without a trace."""

from __future__ import annotations

import os
import subprocess  # noqa: TID251  (the start of a process is what is tested)
import sys
from pathlib import Path

import pytest

from app.errors import Refused
from app.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(("env", "words"), [
    ({"FANXIAO_DATABSE_URL": "x"}, "databse_url"), ({"FANXIAO_PORT": "viel"}, "整数"),
    ({"FANXIAO_DEMO": "maybe"}, "true 或 false"), ({"FANXIAO_SEAL_POLICY": "own"}, "wet"), ({"FANXIAO_SECOND_FACTOR": "no"}, "required"),
    ({"FANXIAO_MAIL_URL": "smtp://x"}, "还没有对应的功能"),
])
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, env: dict[str, str], words: str) -> None:
    with pytest.raises(Refused) as caught:
        load_settings(tmp_path, env)
    assert words in str(caught.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('port = 9000\nhost = "0.0.0.0"\n', "utf-8")
    found = load_settings(tmp_path, {"FANXIAO_PORT": "9001"})
    assert (found.port, found.host) == (9001, "0.0.0.0")  # noqa: S104  (a setting that is read, nothing is bound)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("port =", "utf-8")
    with pytest.raises(Refused, match="TOML"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("start", [("-m", "flask", "law", "cite", "义务教育法", "58"), ("-m", "app.worker")])
def test_no_start_ends_in_a_trace(tmp_path: Path, start: tuple[str, ...]) -> None:
    env = {**os.environ, "FANXIAO_INSTANCE": str(tmp_path), "FANXIAO_FOO": "1"}
    done = subprocess.run([sys.executable, *start], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "foo" in done.stderr
    assert "Traceback" not in done.stderr
