"""All tables of the register in one metadata, for migrations and tests."""

from __future__ import annotations

from app.records import (
    accounts,
    audit,
    cases,
    database,
    failures,
    files,
    jobs,
    numbers,
    offices,
    packets,
    papers,
    services,
    sessions,
    students,
    workdays,
)

ROOMS = (accounts, audit, cases, failures, files, jobs, numbers, offices, packets, papers, services, sessions, students,
         workdays)
metadata = database.metadata
