"""What the answer of a host that cannot help says in words: how long to wait, and why."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from aiwatch.errors import LONGEST_SILENCE
from aiwatch.sources.figures import plain

_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)


def retry_after(text: str, now: datetime) -> float | None:
    """The seconds a ``Retry-After`` header asks for, written as seconds or as an HTTP date (RFC 9110 §10.2.3), at most
    `LONGEST_SILENCE`: a host whose header is wrong must not be lost for the day.

    ``None`` when it is absent or not understood; a date that has passed gives 0. ``now`` is aware.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(LONGEST_SILENCE, float(text[:20]))
    moment = moment_of(text)
    return None if moment is None else min(LONGEST_SILENCE, max(0.0, (moment - now).total_seconds()))


def moment_of(text: str) -> datetime | None:
    """The moment, aware, that an HTTP date spells (RFC 9110 §5.6.7); ``None`` for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def meaning_of(body: bytes) -> str:
    """What an error's body says, in one short line: ``code: description`` of a JSON error, else its text, tagless."""
    try:
        return plain(_description(msgspec.json.decode(body)))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return plain(_TAG.sub(" ", body.decode("utf-8", "replace")))


def _description(value: Any) -> str:
    if isinstance(value, dict):
        words = [value[key] for key in ("code", "description", "message") if isinstance(value.get(key), str)]
        if words:
            return ": ".join(words)
        return next((found for item in value.values() if (found := _description(item))), "")
    return value if isinstance(value, str) else ""
