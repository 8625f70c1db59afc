"""The press as a process: `python -m app.press` is that of the installation, as its unit starts it.

`python -m app.press SOCKET CELLS` is one for the while, as tests and single commands start it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.errors import FanxiaoError
from app.outside import logs, umask
from app.press.server import serve, serve_at
from app.settings import load_settings

umask.keep_private()
logs.set_up()
try:
    if len(sys.argv) > 1:
        serve_at(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        serve(load_settings())
except FanxiaoError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(error.exit_code)
