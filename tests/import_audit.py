"""Imports modules and reports what they do to the outside world meanwhile. Run in a process of its own.

``python import_audit.py SOURCE_ROOT THEN MODULE…`` prints a line for each file opened, folder listed, socket, process
or database that code under SOURCE_ROOT asked for, itself or through the standard library, while it was imported. Behind
a NUL it prints the traceback of the statements THEN, which it runs afterwards, or nothing where they did not fail.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from types import FrameType

_OUTSIDE = ("open", "os.", "shutil.", "socket.", "sqlite3.", "subprocess.", "tempfile.", "urllib.", "pathlib.", "glob.")
_HARMLESS = ("os.putenv", "os.unsetenv")


def _nearest(frame: FrameType | None, root: str) -> str:
    """The place in code under ``root`` that is nearest in the stack; empty when an import or a package comes first."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(root):
            return f"{name.removeprefix(root)}:{frame.f_lineno}"
        if name.startswith("<frozen importlib") or "site-packages" in name:
            return ""
        frame = frame.f_back
    return ""


def main(root: str, then: str, modules: list[str]) -> None:
    """Import ``modules``, found in the folder ``root``, and print what was seen; then run ``then``."""
    seen: list[str] = []
    sys.path.insert(0, root)
    sys.dont_write_bytecode = True

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(_OUTSIDE) and event not in _HARMLESS:
            place = _nearest(sys._getframe(1), root)
            if place:
                seen.append(f"{place} {event} {arguments[:1]}")

    sys.addaudithook(note)
    for module in modules:
        importlib.import_module(module)
    sys.stdout.write("\n".join(seen) + "\0")
    try:
        exec(then, {})
    except BaseException:
        sys.stdout.write(traceback.format_exc())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
