"""`python -m tests.numbers.torture URL TOTAL SEED FOLDER`: officials who issue papers at once, roll back, and are killed.

Eight processes take numbers by the product's own code until TOTAL are given, each with its paper and its audit line in
one transaction; one in a hundred is rolled back. What was committed is told to a file of FOLDER afterwards, as a screen
would tell it. Now and then one process is killed with SIGKILL and another takes its place. Prints what was done as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select

from app.records import audit, numbers
from app.records.cases import cases
from app.records.database import Db, Register, new_public_id
from app.records.papers import papers

WORKERS = 8
PLACE = ("演示吉强政", "责改", 2026)
ROLLED_BACK = 0.01
NOW = datetime(2026, 9, 18, 2, tzinfo=UTC)
KILL_AFTER = (0.02, 0.08)
"""What part of all that will be told is told between one kill and the next."""


class RolledBack(Exception):
    """The transaction is given up on purpose."""


class Enough(Exception):
    """All numbers are given; the one too many goes back."""


def issue(db: Db, number: int, common: dict[str, object]) -> None:
    """The paper that bears the number, and the line that tells of it."""
    doc_no = f"{PLACE[0]}{PLACE[1]}〔{PLACE[2]}〕{number}号"
    key = db.insert(insert(papers).values(
        **common, public_id=new_public_id(), doc_no=doc_no, seq=number, organ=PLACE[0], series=PLACE[1], year=PLACE[2]))
    audit.append(db, None, "approve_paper", "paper", key, NOW, doc_no=doc_no)


def work(url: str, total: int, dice: random.Random, told: Path, common: dict[str, object]) -> None:
    """Issue papers until `total` numbers are given."""
    register = Register(url)
    screen = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with contextlib.suppress(Enough):
        while True:
            with contextlib.suppress(RolledBack):
                with register.transaction() as db:
                    number = numbers.take(db, *PLACE)
                    if number > total:
                        raise Enough
                    issue(db, number, common)
                    if dice.random() < ROLLED_BACK:
                        raise RolledBack
                os.write(screen, b"%d\n" % number)
    register.close()


def common_values(url: str) -> dict[str, object]:
    """What all these papers share: the first case of the register."""
    register = Register(url)
    with register.reading() as db:
        case = db.execute(select(cases).limit(1)).one()
    register.close()
    return {"kind": "rectification_order", "title": "责令限期改正通知书", "case_id": case.id, "state": "issued",
            "office_id": case.township_id, "typed": {}, "drafter_id": case.opened_by, "drafted_at": NOW}


def start(url: str, total: int, seed: str, folder: Path, common: dict[str, object], number: int) -> int:
    """A process of its own; answers its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work(url, total, random.Random(f"{seed}-{number}"), folder / f"{number}.told", common)  # noqa: S311  (dice of a test)
        code = 0
    except Exception as error:  # noqa: BLE001  (the parent fails when one of us does)
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    finally:
        os._exit(code)


def heard(folder: Path) -> int:
    """How many bytes were told."""
    return sum(each.stat().st_size for each in folder.glob("*.told"))


def main(url: str, total: int, seed: str, folder: Path) -> None:
    began, dice = time.monotonic(), random.Random(seed)  # noqa: S311  (dice of a test)
    common = common_values(url)
    alive = {start(url, total, seed, folder, common, number) for number in range(WORKERS)}
    started, killed, failed = WORKERS, 0, 0
    whole = sum(len(str(number)) + 1 for number in range(1, total + 1))
    due = whole * dice.uniform(*KILL_AFTER)
    while alive:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            alive.discard(pid)
            code = os.waitstatus_to_exitcode(status)
            if code == -signal.SIGKILL:
                killed += 1
                alive.add(start(url, total, seed, folder, common, started))
                started += 1
            failed += code not in {0, -signal.SIGKILL}
        elif heard(folder) > due:
            os.kill(dice.choice(sorted(alive)), signal.SIGKILL)
            due += whole * dice.uniform(*KILL_AFTER)
        else:
            time.sleep(0.01)
    sys.stdout.write(json.dumps({"killed": killed, "failed": failed, "seconds": round(time.monotonic() - began, 1)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
