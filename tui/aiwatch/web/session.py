"""A tab's program: started for its socket, fed with what is typed there, and ended with it."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from aiwatch.runtime.output import BROWSER_DRIVER, DRIVER_VARIABLE
from aiwatch.system.child_process import apart
from aiwatch.web import packets

QUIT_SECONDS, TERMINATE_SECONDS = 4.0, 2.0
"""How long a program may take to leave after a request, and after a signal."""
_PRELUDE_LINES = 100
"""Lines that a program may print before it draws."""


class Program:
    """Runs ``command`` as the screen of a tab of ``cells`` columns and lines.

    ``draw`` gets what is to be drawn, ``tell`` messages for the page. Start it once, then let `run` go until the
    program ends; `end` ends it, whatever it does.
    """

    def __init__(
        self,
        command: Sequence[str],
        cells: tuple[int, int],
        draw: Callable[[bytes], Awaitable[None]],
        tell: Callable[[str], Awaitable[None]],
    ) -> None:
        self._command = command
        self._cells = cells
        self._draw = draw
        self._tell = tell
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process, once it is started."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Start it, apart from the server's terminal, whose Ctrl+C is the server's. Raises `OSError`."""
        columns, lines = self._cells
        environment = {
            **os.environ,
            DRIVER_VARIABLE: BROWSER_DRIVER,
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "TERM": "xterm-256color",
            "TERM_PROGRAM": "textual",
            "COLUMNS": str(columns),
            "ROWS": str(lines),
        }
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, **apart()
        )

    async def send(self, data: bytes) -> None:
        """Hand ``data``, a packet, to the program; nothing where it has ended."""
        process = self._process
        if process is None or process.stdin is None or process.stdin.is_closing():
            return
        with suppress(OSError):
            process.stdin.write(data)
            await process.stdin.drain()

    async def run(self) -> None:
        """Pass on what the program draws and says until it ends, or what it writes is none of the protocol."""
        assert self._process is not None
        stdout = self._process.stdout
        assert stdout is not None
        with suppress(asyncio.IncompleteReadError, ConnectionError, packets.BadPacket, ValueError):
            if not await _is_ready(stdout):
                return
            while True:
                letter, length = packets.head(await stdout.readexactly(packets.HEAD))
                payload = await stdout.readexactly(length)
                if letter == packets.DATA:
                    await self._draw(payload)
                elif letter == packets.META:
                    link = packets.link_for_browser(payload)
                    if link is not None:
                        await self._tell(link)

    async def end(self) -> None:
        """Ask the program to leave, then tell it, then kill it; it is gone afterwards."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        await self.send(packets.meta("quit"))
        draining = asyncio.create_task(_drained(process), name="last words of a program")
        try:
            for seconds, further in ((QUIT_SECONDS, process.terminate), (TERMINATE_SECONDS, process.kill)):
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await process.wait()
                    return
                with suppress(ProcessLookupError):
                    further()
            await process.wait()
        finally:
            draining.cancel()
            await asyncio.gather(draining, return_exceptions=True)


async def _is_ready(stdout: asyncio.StreamReader) -> bool:
    for _ in range(_PRELUDE_LINES):
        line = await stdout.readline()
        if line == packets.READY:
            return True
        if not line:
            break
    return False


async def _drained(process: Process) -> None:
    """Read away what a leaving program still draws: a full pipe would keep it."""
    assert process.stdout is not None
    while await process.stdout.read(65536):
        pass
