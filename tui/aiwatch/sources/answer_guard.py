"""What every reader of an answer shares: JSON of a bounded number of parts, and one error for whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import msgspec

from aiwatch.errors import Garbled
from aiwatch.files.bounded import mapped

MOST_PARTS = 50_000
"""Lists and objects in an answer, and fields of all its objects; a real one has some thousands, and each costs memory
and time to make."""

Read = TypeVar("Read", bound=Callable[..., Any])


def raises_garbled(read: Read) -> Read:
    """``read``, whose last argument is the host: whatever it raises beside aiwatch's own errors becomes `Garbled`."""

    @wraps(read)
    def guarded(*arguments: Any) -> Any:
        with mapped(lambda why: Garbled(str(arguments[-1]), f"an answer that cannot be read: {why}")):
            return read(*arguments)

    return guarded  # type: ignore[return-value]  # of the same signature


def decode_json(body: bytes) -> Any:
    """The value that the JSON ``body`` spells. Raises `ValueError` or `RecursionError`."""
    if body.count(b"[") + body.count(b"{") > MOST_PARTS or body.count(b":") > MOST_PARTS:
        raise ValueError("JSON of too many parts")
    return msgspec.json.decode(body)
