"""No form makes a thing twice: every page that takes a POST is done once, or stands here with the reason."""

from __future__ import annotations

import re
from pathlib import Path

from app import web
from app.web.access import PUBLIC

AGAIN = {
    "students.index", "ledger.export", "students.reveal", "cases.index", "audit.index", "watching.ask", "admin_accounts.index",
    "audit.export", "audit.export_whole", "fields.say", "drafts.edit", "drafts.keep",
    "account.password", "account.authenticator", "sign_in.code", "scans.pile",
    "admin_accounts.reset", "admin_import.ask", "admin_import.hand_out",
    "register.index", "register.export", "register.book"}
"""Pages whose form may come again; each states why in its own line (`again=`)."""
TEMPLATES = Path(web.__file__).resolve().parents[1] / "templates"
POSTING = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.DOTALL)


def test_only_the_pages_on_the_list_may_come_again() -> None:
    found = {name: why for room in web.PAGES for name, why in room.again.items() if room.needs[name] is not PUBLIC}
    assert set(found) == AGAIN
    assert all(found.values())


def test_every_form_carries_its_key() -> None:
    without = [f"{path.relative_to(TEMPLATES)}: {form[:90]}" for path in sorted(TEMPLATES.rglob("*.html"))
               for form in POSTING.findall(path.read_text("utf-8")) if "csrf(" not in form]
    assert without == []


def test_only_a_form_that_is_sent_again_keeps_its_first_key() -> None:
    same = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")
            if "csrf(once=false)" in path.read_text("utf-8")}
    assert same == {"held/form.html", "errors/error.html", "admin/import_done.html"}
