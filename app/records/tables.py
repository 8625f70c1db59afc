"""All tables of the register in one metadata, for migrations and tests."""

from __future__ import annotations

from app.records import (
    accounts,
    audit,
    batches,
    cases,
    database,
    failures,
    files,
    held,
    jobs,
    keeps,
    looks,
    numbers,
    offices,
    once,
    packets,
    papers,
    places,
    seals,
    services,
    sessions,
    students,
    workdays,
)

ROOMS = (accounts, audit, batches, cases, failures, files, held, jobs, keeps, looks, numbers, offices, once, packets,
         papers, places, seals, services, sessions, students, workdays)
metadata = database.metadata
