"""A network between client and server: what is sent arrives later, in both directions."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DELAY = 0.001
"""How many seconds a packet takes, at least: a timer may be late by as much again."""


@contextmanager
def network(near: Path, far: Path) -> Iterator[None]:
    """Listen on the socket `near`, and lead whoever connects there to the socket `far`."""

    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(far)
        await asyncio.gather(_carry(reader, back), _carry(there, writer))

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_unix_server(lead, near))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry what comes from one end to the other, until the one closes."""
    loop = asyncio.get_running_loop()
    while data := await reader.read(65536):
        loop.call_later(DELAY, writer.write, data)
    writer.close()
