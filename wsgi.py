"""The application for Flask's command line and for gunicorn."""

import sys

from app import create_app
from app.errors import FanxiaoError
from app.outside import logs, umask

umask.keep_private()
logs.set_up()
try:
    app = create_app()
except FanxiaoError as error:
    sys.stderr.write(f"错误：{error}\n")
    raise SystemExit(error.exit_code) from None
