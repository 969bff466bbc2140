"""Which program a file is of, by its name and its content.

JSON of a file that a person may have written.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aiwatch.errors import FileError, Problem
from aiwatch.files.csv_rows import head_of


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


FORMATS = {
    "ticker": "ticker's .ticker.yaml",
    "tickrs": "tickrs' config.yml",
    "mop": "mop's .moprc",
    "stockstui": "stocksTUI's lists.json or portfolios.json",
    "csv": "a CSV table with a column Symbol, such as Yahoo's portfolios",
    "txt": "a plain or TradingView list of symbols",
    "toml": "aiwatch's own watchlist file",
}
"""Every format that is read, and what it is of."""

SYMBOL_COLUMNS = ("symbol", "ticker", "code")


def format_of(text: str, path: Path) -> str:
    """The format of ``text``, the content of ``path``. Raises `FileError` for one that is of none."""
    suffix = path.suffix.lower()
    start = text.lstrip()[:1]
    if suffix == ".toml":
        return "toml"
    if start == "{" or suffix == ".json":
        return _json_format(text, path)
    if suffix in (".yaml", ".yml"):
        return _yaml_format(text, path)
    if header_of(text) is not None:
        return "csv"
    if suffix == ".csv":
        raise _not_known(path, "the first line of a CSV file names its columns, and one of them must be Symbol")
    return "txt"


def header_of(text: str) -> tuple[str, list[str]] | None:
    """The delimiter and the columns of a CSV text, in small letters; ``None`` when no column has symbols."""
    head = head_of(text, lambda cells: any(name in _folded(cells) for name in SYMBOL_COLUMNS))
    return None if head is None else (head[0], _folded(head[1]))


def _folded(cells: list[str]) -> list[str]:
    return [cell.strip().casefold() for cell in cells]


def _json_format(text: str, path: Path) -> str:
    data = parse_json(text, path)
    if isinstance(data, dict):
        if any(key.casefold() == "tickers" for key in data):
            return "mop"
        if "portfolios" in data or any(isinstance(value, list) for value in data.values()):
            return "stockstui"
    raise _not_known(path, "neither a .moprc of mop (Tickers) nor lists of stocksTUI")


def _yaml_format(text: str, path: Path) -> str:
    from aiwatch.watchlist.imports.yaml_configs import compose

    keys = {key for key, _ in compose(text, path).root.pairs()}
    if keys & {"watchlist", "lots", "groups", "holdings"}:
        return "ticker"
    if "symbols" in keys:
        return "tickrs"
    raise _not_known(path, "neither a file of ticker (watchlist, lots, groups) nor of tickrs (symbols)")


def _not_known(path: Path, why: str) -> FileError:
    return FileError([Problem(path, 1, why)], hint=f"Say what it is with --format: {', '.join(FORMATS)}.")
