"""What this process writes is for the service's own user alone: registers, queues, logs, whatever a library makes."""

from __future__ import annotations

import os


def keep_private() -> None:
    """For this process and all that it starts: files 0600, folders 0700."""
    os.umask(0o077)
