"""`python -m app.worker [WORKERS]`: the worker as a process of its own."""

from __future__ import annotations

import sys

from app.actions.desk import open_desk
from app.errors import FanxiaoError
from app.outside import logs, umask
from app.settings import load_settings
from app.worker import run

umask.keep_private()
logs.set_up()
try:
    settings = load_settings()
    run(open_desk(settings), int(sys.argv[1]) if len(sys.argv) > 1 else settings.workers)
except FanxiaoError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(error.exit_code)
