"""Signing and checking work where the caller runs an event loop of its own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from app.packets import verify

if TYPE_CHECKING:
    from app.outside.keyholder import Keyholder


def test_a_packet_is_checked_inside_a_running_loop(packet: bytes, keyholder: Keyholder) -> None:
    async def look() -> bool:
        return verify.verify(packet, keyholder.trusted()).valid

    with ThreadPoolExecutor(1) as own:  # other tests of this process may have left a loop of theirs running
        assert own.submit(asyncio.run, look()).result()
