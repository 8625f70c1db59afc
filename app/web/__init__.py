"""The doors for browsers: an explicit list of pages; there is no scanning."""

from __future__ import annotations

from app.web import (
    account,
    assets,
    cases,
    drafts,
    fields,
    health,
    held,
    home,
    keeps,
    packets,
    papers,
    register,
    scans,
    services,
    sign_in,
    students,
    verify,
)

PAGES = tuple(room.pages for room in (
    assets, health, sign_in, account, home, students, cases, drafts, keeps, papers, services, scans, register, packets, verify,
    fields, held))
