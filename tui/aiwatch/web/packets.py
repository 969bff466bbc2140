"""What goes between the browser, the server and the program of a tab. Pure, and fail closed.

The program speaks Textual's web protocol: a letter, four bytes of length (big-endian), and the payload. ``D`` is what
is drawn or typed, ``M`` a JSON object, ``P`` a part of a file that is handed over, which aiwatch never does.
The browser sends JSON lists: a word and its value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

DATA, META, PART = b"D", b"M", b"P"
HEAD = 5
"""Bytes before the payload: the letter and the length."""
READY = b"__GANGLION__\n"
"""The line after which the program speaks in packets."""
MOST_BYTES = 16 * 1024 * 1024
"""The longest payload that is taken from a program; a whole screen is a thousandth of it."""
COLUMNS, LINES = (10, 1000), (4, 500)
"""The smallest and the greatest size of a terminal in cells."""


class BadPacket(ValueError):
    """Bytes that are no packet of the protocol."""


def packet(letter: bytes, payload: bytes) -> bytes:
    """``payload`` as the program reads it."""
    return letter + len(payload).to_bytes(4, "big") + payload


def meta(kind: str, **values: object) -> bytes:
    """A message to the program: ``quit``, ``resize``, ``focus`` or ``blur``, with what belongs to it."""
    return packet(META, msgspec.json.encode({"type": kind, **values}))


def head(data: bytes) -> tuple[bytes, int]:
    """The letter of a packet and the length of its payload, of its first `HEAD` bytes. Raises `BadPacket`."""
    letter, length = data[:1], int.from_bytes(data[1:HEAD], "big")
    if len(data) != HEAD or letter not in (DATA, META, PART) or length > MOST_BYTES:
        raise BadPacket(f"no packet of a program: {data!r}")
    return letter, length


def size(columns: object, lines: object) -> tuple[int, int] | None:
    """A size of a terminal within bounds; ``None`` for what are no whole numbers."""
    try:
        wide, high = int(columns), int(lines)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return None
    return _within(wide, COLUMNS), _within(high, LINES)


def to_program(text: str) -> bytes | None:
    """What the program is sent for a message of the browser; ``None`` for one that is not for it, or is none."""
    match _decoded(text):
        case ["stdin", str(typed)]:
            return packet(DATA, typed.encode())
        case ["resize", {"width": columns, "height": lines}]:
            cells = size(columns, lines)
            return None if cells is None else meta("resize", width=cells[0], height=cells[1])
        case ["focus" | "blur" as kind, *_]:
            return meta(kind)
    return None


def answer_to(text: str) -> str | None:
    """What the browser is answered at once: a ping's own value."""
    match _decoded(text):
        case ["ping", str(value)]:
            return msgspec.json.encode(["pong", value]).decode()
    return None


def link_for_browser(payload: bytes) -> str | None:
    """The message that lets the browser open the page that a program's ``payload`` names; ``None`` for any other."""
    match _decoded(payload):
        case {"type": "open_url", "url": str(url)} if url.startswith(("https://", "http://")):
            return msgspec.json.encode(["open_url", {"url": url, "new_tab": True}]).decode()
    return None


def _decoded(text: str | bytes) -> list[Any] | Mapping[str, Any] | None:
    try:
        decoded = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return decoded if isinstance(decoded, list | dict) else None


def _within(number: int, bounds: tuple[int, int]) -> int:
    return max(bounds[0], min(bounds[1], number))
