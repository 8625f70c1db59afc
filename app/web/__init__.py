"""The doors for browsers: an explicit list of pages; there is no scanning."""

from __future__ import annotations

from app.web import (
    account,
    admin_accounts,
    admin_import,
    admin_offices,
    assets,
    audit_pages,
    cases,
    drafts,
    fields,
    health,
    held,
    home,
    imports,
    jobs_page,
    keeps,
    late_entry,
    ledger,
    measures,
    packets,
    papers,
    register,
    rise,
    scans,
    seals,
    services,
    sign_in,
    signed,
    students,
    verify,
    watching,
)

PAGES = tuple(room.pages for room in (
    assets, health, sign_in, account, admin_offices, admin_accounts, admin_import, home, ledger, imports, rise,
    students, cases, drafts, keeps, papers, late_entry, signed, services, scans, seals, register, packets, verify,
    fields, held, audit_pages, watching, jobs_page, measures))
