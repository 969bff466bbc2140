"""Programs run beside the screen, for what is heavy to import: pandas or a dictionary never enter its own process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

_NEW_PROCESS_GROUP = 0x200
"""``subprocess.CREATE_NEW_PROCESS_GROUP``, which is there on Windows alone."""


def module_command(name: str) -> tuple[str, ...]:
    """The command that runs the module ``name`` as a program, by this interpreter."""
    return (sys.executable, "-P", "-m", name)


def apart(platform: str = sys.platform) -> dict[str, Any]:
    """How a process is started apart from our terminal, so that Ctrl+C there is not its: keyword arguments of
    `subprocess.Popen`."""
    return {"creationflags": _NEW_PROCESS_GROUP} if platform == "win32" else {"start_new_session": True}


async def printed_by(command: Sequence[str], *, stdin: bytes = b"", seconds: float = 60.0) -> bytes | None:
    """What ``command`` prints when it is ``stdin`` that on standard input; ``None`` when it fails in any way.

    It is ended after ``seconds``, and when the task that waits for it is cancelled.
    """
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        child = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=nothing)
    except OSError:
        return None
    try:
        async with asyncio.timeout(seconds):
            printed, _ = await child.communicate(stdin)
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return printed if child.returncode == 0 else None
