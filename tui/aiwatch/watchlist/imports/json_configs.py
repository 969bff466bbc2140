"""The files of mop and stocksTUI: JSON with lists of symbols.

mop's ``.moprc`` is an object with ``Tickers``. stocksTUI's ``lists.json`` is an object of lists by name, whose items
have ``ticker``, ``alias``, ``note`` and ``tags`` (words in one text); its ``portfolios.json`` has ``portfolios`` by
id, each with ``name``, ``description`` and ``tickers``. Both spell symbols as Yahoo does.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from aiwatch.errors import FileError, Problem
from aiwatch.files.bounded import one_line
from aiwatch.watchlist.imports.collector import Gathering, Section
from aiwatch.watchlist.imports.detect import parse_json

_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_ITEM_KEYS = ("ticker", "alias", "note", "tags")
_PORTFOLIO_KEYS = ("name", "description", "tickers", "created", "modified")


def read_mop(text: str, gathering: Gathering) -> None:
    """Read mop's profile: one list."""
    data, lines = _object(text, gathering)
    section = gathering.section()
    settings = []
    for key, value in data.items():
        if key.casefold() == "tickers":
            _list_tickers(value, key, lines, gathering, section)
        else:
            settings.append(key)
    _tell_settings(settings, gathering)


def read_stockstui(text: str, gathering: Gathering) -> None:
    """Read stocksTUI's lists or portfolios: a list for each."""
    data, lines = _object(text, gathering)
    portfolios = data.pop("portfolios", None)
    if portfolios is not None:
        if not isinstance(portfolios, dict):
            return gathering.add_problem(1, "'portfolios' is not an object")
        for key, portfolio in portfolios.items():
            _read_portfolio(key, portfolio, lines, gathering)
        return _tell_settings(data, gathering)
    for name, items in data.items():
        line = lines.of(name)
        if not isinstance(items, list):
            gathering.add_problem(line, f"{name!r} is not kept: it is no list of stocks")
            continue
        section = gathering.section(_titled(name))
        for item in items:
            _read_item(item, lines, gathering, section)
    return None


def _read_portfolio(key: str, portfolio: Any, lines: _Lines, gathering: Gathering) -> None:
    line = lines.of(key)
    if not isinstance(portfolio, dict):
        return gathering.add_problem(line, f"the portfolio {key!r} is not an object")
    section = gathering.section(_text(portfolio.get("name")) or _titled(key), _text(portfolio.get("description")))
    _list_tickers(portfolio.get("tickers", []), "tickers", lines, gathering, section)
    left = [name for name in portfolio if name not in _PORTFOLIO_KEYS]
    if left:
        gathering.add_problem(line, f"not kept of the portfolio {key!r}: {', '.join(left)}")
    return None


def _read_item(item: Any, lines: _Lines, gathering: Gathering, section: Section) -> None:
    fields = {"ticker": item} if isinstance(item, str) else item
    if not isinstance(fields, dict) or not _text(fields.get("ticker")):
        return gathering.add_problem(lines.line, "an item has no ticker")
    ticker = _text(fields["ticker"])
    line = lines.of(ticker)
    left = [key for key in fields if key not in _ITEM_KEYS]
    if left:
        gathering.add_problem(line, f"not kept of {ticker}: {', '.join(left)}")
    mention = section.add(ticker, line)
    if mention is not None:
        alias = _text(fields.get("alias"))
        mention.name = "" if alias.upper() == ticker.upper() else alias
        mention.note = _text(fields.get("note"))
        mention.tags = dict.fromkeys(_tags(fields.get("tags")))
    return None


def _list_tickers(value: Any, key: str, lines: _Lines, gathering: Gathering, section: Section) -> None:
    if not isinstance(value, list):
        return gathering.add_problem(lines.line, f"{key!r} is not a list")
    for item in value:
        if isinstance(item, str):
            section.add(item, lines.of(item))
        else:
            gathering.add_problem(lines.line, f"an item of {key!r} is no text")
    return None


def _tags(value: Any) -> tuple[str, ...]:
    texts = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(word for text in texts for word in re.split(r"[\s,]+", _text(text)) if word))


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _titled(name: str) -> str:
    words = one_line(name.replace("_", " "))
    return words[:1].upper() + words[1:]


def _tell_settings(keys: Iterable[str], gathering: Gathering) -> None:
    names = ", ".join(keys)
    if names:
        gathering.add_problem(1, f"not kept, as they are no stocks: {names}")


def _object(text: str, gathering: Gathering) -> tuple[dict[str, Any], _Lines]:
    data = parse_json(text, gathering.path)
    if not isinstance(data, dict):
        raise FileError([Problem(gathering.path, 1, "not a JSON object")])
    return data, _Lines(text)


class _Lines:
    """Where the texts of a JSON file stand, for one who asks for them in the order of the file."""

    def __init__(self, text: str) -> None:
        self.line = 1
        self._next = 0
        self._places: dict[str, list[tuple[int, int]]] = {}
        line, counted = 1, 0
        for place, match in enumerate(_TEXT.finditer(text)):
            line += text.count("\n", counted, match.start())
            counted = match.start()
            words = json.loads(match[0], strict=False).strip()
            self._places.setdefault(words, []).append((place, line))

    def of(self, text: str) -> int:
        """The line of the next text that is ``text``; where the search is now, when there is none."""
        places = self._places.get(text.strip(), [])
        at = bisect_left(places, (self._next, 0))
        if at < len(places):
            place, self.line = places[at]
            self._next = place + 1
        return self.line
