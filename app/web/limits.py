"""How often and how much one address may ask (ASVS 6.3.1); one web process, so the counts live in memory."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)

MAX_UPLOAD = 20 * 1024 * 1024
MAX_FORM = 2 * 1024 * 1024
MAX_PARTS = 2000
