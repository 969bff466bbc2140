"""JSON of a file that a person may have written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aiwatch.errors import FileError, Problem


def parse_json(text: str, path: Path) -> Any:
    """The value that ``text``, the content of ``path``, spells. Raises `FileError` when it is not JSON.

    Lists under a key that stands twice are joined; any other such key is refused, for one of its values would be lost.
    """
    try:
        return json.loads(text, object_pairs_hook=_joined)
    except _Twice as error:
        raise FileError([Problem(path, 1, f"the key {str(error)[:40]!r} stands twice in one object")]) from None
    except json.JSONDecodeError as error:
        raise FileError([Problem(path, error.lineno, f"not JSON: {error.msg}")]) from None
    except (RecursionError, ValueError):
        raise FileError([Problem(path, 1, "not JSON that can be read: nested too deeply")]) from None


class _Twice(Exception):
    """A key stands twice in one object."""


def _joined(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if isinstance(values.get(key), list) and isinstance(value, list):
            values[key] += value
        elif key in values and values[key] != value:
            raise _Twice(key)
        else:
            values[key] = value
    return values
