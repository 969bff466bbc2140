"""JSON of a file that a person may have written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aiwatch.errors import FileError, Problem


def parse_json(text: str, path: Path) -> Any:
    """The value that ``text``, the content of ``path``, spells. Raises `FileError` when it is not JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FileError([Problem(path, error.lineno, f"not JSON: {error.msg}")]) from None
    except (RecursionError, ValueError):
        raise FileError([Problem(path, 1, "not JSON that can be read: nested too deeply")]) from None
