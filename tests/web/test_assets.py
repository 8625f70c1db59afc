"""Files for the browser."""

from __future__ import annotations

import gzip
import re
import subprocess  # noqa: TID251  (the check is a programme of its own)
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.web import assets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.conftest import Browser

APP = Path(assets.__file__).resolve().parents[1]


def test_files_are_kept_for_good_under_an_address_of_their_content(browse: Callable[..., Browser]) -> None:
    address = f"/static/{assets.version()}/fanxiao.css"
    assert address in browse().get("/sign-in").text
    assert browse().get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert browse().get("/static/0123456789ab/fanxiao.css").status_code == 404


def test_nothing_outside_the_folder_is_served(browse: Callable[..., Browser]) -> None:
    for name in ("../settings.py", "..%2fsettings.py", "/etc/passwd", "vendor/../../errors.py"):
        answer = browse().client.get(f"/static/{assets.version()}/{name}", follow_redirects=True)
        assert answer.status_code == 404, name


def test_vendored_files_are_what_was_locked() -> None:
    script = APP.parent / "scripts" / "vendor" / "vendor.py"
    found = subprocess.run([sys.executable, str(script), "check"], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_pages_hold_no_inline_style_or_script() -> None:
    for path in (APP / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text), path.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path.name


def test_the_weight_of_a_page_stays_in_its_budget() -> None:
    files = ["vendor/bootstrap-5.3.9/bootstrap.min.css", "vendor/htmx-2.0.11/htmx.min.js", "fanxiao.css", "app.js", "drafts.js",
             "session.js"]
    weight = sum(len(gzip.compress((APP / "static" / name).read_bytes())) for name in files)
    assert weight < 80_000
