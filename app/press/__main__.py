"""`python -m app.press SOCKET CELLS`: a press for the while, as tests and single commands start it."""

from __future__ import annotations

import sys
from pathlib import Path

from app.press.server import serve_at

serve_at(Path(sys.argv[1]), int(sys.argv[2]))
