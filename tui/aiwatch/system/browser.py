"""Shows pages in a browser, where there is one that the person at the keyboard can see."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping

OPENERS = ("xdg-open", "wslview")
"""Programs that open an address with what the desktop has for it, where neither macOS nor Windows does."""

PATIENCE = 3.0
"""Seconds after which a browser that is still starting counts as started."""


def browser_of(environment: Mapping[str, str], platform: str = sys.platform) -> Callable[[str], bool]:
    """A function that opens an address and says whether that worked; it may take seconds, so call it in a thread.

    Over ssh, and without a desktop, it opens nothing: a browser would start where nobody sees it, or draw over the
    screen.
    """
    opener = _opener(environment, platform)
    return (lambda url: _run([opener, url])) if opener is not None else lambda url: False


def _opener(environment: Mapping[str, str], platform: str) -> str | None:
    if any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")):
        return None
    if platform == "darwin":
        return "open"
    if platform == "win32":
        return "explorer"
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY") or environment.get("WSL_DISTRO_NAME")):
        return None
    path = environment.get("PATH")
    return next((program for name in OPENERS if (program := shutil.which(name, path=path))), None)


def _run(command: list[str]) -> bool:
    """Run ``command`` apart from the terminal, on which nothing of it may be seen."""
    nowhere = subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
    except OSError:
        return False
    try:
        return process.wait(PATIENCE) == 0 or command[0] == "explorer"  # which always says that it failed
    except subprocess.TimeoutExpired:
        threading.Thread(target=process.wait, name="browser", daemon=True).start()  # or it stays a zombie
        return True
