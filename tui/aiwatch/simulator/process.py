"""Runs the exchange as a child process. Light to import: the web server is loaded in the child alone."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from aiwatch.errors import AiwatchError
from aiwatch.simulator import ExchangeOptions, ExchangeUrls

START_TIMEOUT = 15.0
"""Seconds the child has to say where it listens."""
_END_TIMEOUT = 2.0
_KEPT = 2000


class ExchangeFailed(AiwatchError):
    """The demo exchange could not be started as a process of its own."""

    title = "Demo exchange failed"


@asynccontextmanager
async def exchange_process(
    options: ExchangeOptions | None = None,
    *,
    start_timeout: float = START_TIMEOUT,
    command: tuple[str, ...] = (sys.executable, "-P", "-m", "aiwatch.simulator"),
    ended: Callable[[str], None] = lambda why: None,
) -> AsyncIterator[ExchangeUrls]:
    """Start an exchange as a child process and give its addresses; it is ended on leaving.

    The child also ends by itself when this process dies, for its standard input ends then. Nothing is printed.
    Raises `ExchangeFailed` when the child cannot be started, ends early, or does not say in ``start_timeout`` seconds
    where it listens. ``command`` is what is started, with the options' arguments after it. ``ended`` is called with a
    sentence when the child ends by itself within the block.
    """
    words = (*command, *(options or ExchangeOptions()).arguments())
    pipe = asyncio.subprocess.PIPE
    try:
        child = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, stderr=pipe)
    except OSError as error:
        raise ExchangeFailed(f"the demo exchange cannot be started: {error.strerror or error}") from error
    errors = bytearray()
    listening = asyncio.create_task(_keep_last(child.stderr, errors), name="exchange errors")
    watching: asyncio.Task[None] | None = None
    try:
        urls = await _urls(child, start_timeout, listening, errors)
        watching = asyncio.create_task(_watch(child, listening, errors, ended), name="exchange process")
        yield urls
    finally:
        if watching is not None:
            watching.cancel()
        await _end(child)
        await listening


async def _watch(
    child: asyncio.subprocess.Process,
    listening: asyncio.Task[None],
    errors: bytearray,
    ended: Callable[[str], None],
) -> None:
    """Tell of the child's end, with its own last words."""
    await child.wait()
    await asyncio.shield(listening)
    ended(f"the demo exchange has ended: {_reason(child, errors)}")


async def _urls(
    child: asyncio.subprocess.Process, seconds: float, listening: asyncio.Task[None], errors: bytearray
) -> ExchangeUrls:
    assert child.stdout is not None
    try:
        line = await asyncio.wait_for(child.stdout.readline(), seconds)
    except TimeoutError:
        raise ExchangeFailed(f"the demo exchange did not start in {seconds:g} s") from None
    try:
        urls = json.loads(line)
        return ExchangeUrls(**{name: str(urls[name]) for name in ExchangeUrls.__struct_fields__})
    except (ValueError, KeyError, TypeError):
        pass
    await _end(child)
    await listening
    raise ExchangeFailed(f"the demo exchange did not start: {_reason(child, errors)}")


def _reason(child: asyncio.subprocess.Process, errors: bytearray) -> str:
    """Why the child ended: the last line that it wrote, else its status."""
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return "".join(filter(str.isprintable, lines[-1])) if lines else f"it ended with status {child.returncode}"


async def _keep_last(stream: asyncio.StreamReader | None, errors: bytearray) -> None:
    """Read ``stream`` to its end, so that the child never waits for room in it, and keep the last of it."""
    while stream is not None and (piece := await stream.read(4096)):
        errors += piece
        del errors[:-_KEPT]


async def _end(child: asyncio.subprocess.Process) -> None:
    """End the child: by the end of its input, else by asking, else by force."""
    if child.stdin is not None:
        child.stdin.close()
    for end in (None, child.terminate, child.kill):
        if child.returncode is not None:
            return
        if end is not None:
            with suppress(ProcessLookupError):
                end()
        with suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), _END_TIMEOUT)
