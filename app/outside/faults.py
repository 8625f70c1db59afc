"""What a log may say of a fault: its type and its places, never its message, which may hold what somebody typed."""

from __future__ import annotations

import traceback


def frames_of(error: BaseException) -> str:
    """The type's name and the frames of the traceback: files, lines and their code; no value, no message."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
