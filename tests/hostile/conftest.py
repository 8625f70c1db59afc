"""The running press."""

from tests.press.running import press

__all__ = ["press"]
