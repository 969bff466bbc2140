"""What the answer of a host that cannot help says in words: how long to wait, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from aiwatch.errors import LONGEST_SILENCE
from aiwatch.sources.parsing import plain

MEANING_LIMIT = 16 * 1024
"""Bytes of a body that are looked at for what it means."""
_SILENT = ("script", "style")
"""The elements of a page whose content is not for people."""


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
    body = body[:MEANING_LIMIT]
    try:
        return plain(_description(msgspec.json.decode(body)))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return plain(_untagged(body.decode("utf-8", "replace")))


def _untagged(text: str) -> str:
    """``text`` without tags, scripts and styles, in one pass; a ``<`` without an end is text, as what follows."""
    small, parts, at = text.lower(), [], 0
    if len(small) != len(text):  # a few characters are longer in small letters
        small = text
    ends = {name: small.rfind(f"</{name}") for name in _SILENT}
    while (start := text.find("<", at)) >= 0 and (end := text.find(">", start)) >= 0:
        parts += [text[at:start], " "]
        for name in _SILENT:
            if small.startswith(name, start + 1) and end < ends[name]:
                end = text.find(">", small.find(f"</{name}", end))
        at = end + 1 if end >= 0 else len(text)
    return "".join([*parts, text[at:]])


def _description(value: Any) -> str:
    if isinstance(value, dict):
        words = [value[key] for key in ("code", "description", "message") if isinstance(value.get(key), str)]
        if words:
            return ": ".join(words)
        return next((text for item in value.values() if (text := _description(item))), "")
    return value if isinstance(value, str) else ""
