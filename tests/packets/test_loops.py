"""Signing and checking work where the caller runs an event loop of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.packets import verify

if TYPE_CHECKING:
    from app.outside.keyholder import Keyholder


def test_a_packet_is_checked_inside_a_running_loop(packet: bytes, keyholder: Keyholder) -> None:
    async def look() -> bool:
        return verify.verify(packet, keyholder.trusted()).valid

    assert asyncio.run(look())
