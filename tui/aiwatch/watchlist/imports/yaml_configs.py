"""The files of ticker and tickrs: YAML with lists of symbols, and lots in ticker's.

ticker: ``watchlist`` (symbols), ``lots`` (``symbol``, ``quantity``, ``unit_cost``, ``fixed_cost``) and ``groups``
(``name``, ``watchlist``, ``holdings``, which are lots). tickrs: ``symbols``. Both spell symbols as Yahoo does; ticker
has crypto-currencies under ``.X`` and ``.CG`` besides.
"""

from __future__ import annotations

from aiwatch.watchlist.imports.collector import Gathering, Section
from aiwatch.watchlist.imports.yaml_nodes import Node, compose

_LOTS = ("lots", "holdings")
_LOT_KEYS = ("symbol", "quantity", "unit_cost", "fixed_cost")


def read_ticker(text: str, gathering: Gathering) -> None:
    """Read ticker's configuration: a list of what stands outside of groups, then one for each group."""
    root = _root_of(text, gathering)
    _read_group(root, gathering, gathering.section(), known=("groups",))
    for key, groups in root.pairs():
        if key == "groups":
            for group in _items(groups, "groups", gathering):
                name = next((value.text for key, value in group.pairs() if key == "name"), "")
                _read_group(group, gathering, gathering.section(name or ""), known=("name",))


def read_tickrs(text: str, gathering: Gathering) -> None:
    """Read tickrs' configuration: one list."""
    section = gathering.section()
    settings = []
    for key, value in _root_of(text, gathering).pairs():
        if key == "symbols":
            _list_symbols(value, "symbols", gathering, section)
        else:
            settings.append((value.line, key))
    _tell_settings(settings, gathering)


def _root_of(text: str, gathering: Gathering) -> Node:
    document = compose(text, gathering.path)
    if document.left_out:
        what = f"aliases repeat more than the whole file has: {document.left_out} of the repetitions are left out"
        gathering.complain(1, what)
    return document.root


def _read_group(group: Node, gathering: Gathering, section: Section, known: tuple[str, ...]) -> None:
    settings = []
    for key, value in group.pairs():
        if key == "watchlist":
            _list_symbols(value, key, gathering, section)
        elif key in _LOTS:
            for lot in _items(value, key, gathering):
                _add_lot(lot, gathering, section)
        elif key not in known:
            settings.append((value.line, key))
    _tell_settings(settings, gathering)


def _list_symbols(value: Node, key: str, gathering: Gathering, section: Section) -> None:
    for item in _items(value, key, gathering):
        if item.text:
            section.add(item.text, item.line)
        else:
            gathering.complain(item.line, f"an item of {key!r} is no symbol")


def _add_lot(lot: Node, gathering: Gathering, section: Section) -> None:
    values = dict(lot.pairs())
    told = {key: value.text or "" for key, value in values.items()}
    if len(values) != len(lot.pairs()):
        gathering.complain(lot.line, "a key of a lot stands twice: the last one counts")
    if not told.get("symbol"):
        return gathering.complain(lot.line, "a lot has no symbol")
    for key, value in values.items():
        if key not in _LOT_KEYS:
            gathering.complain(value.line, f"{key!r} of a lot of {told['symbol']} is not kept")
    mention = section.find(told["symbol"], lot.line)
    if mention is None:
        return None
    quantity, price, fee = (gathering.number(told.get(key, ""), lot.line, key) for key in _LOT_KEYS[1:])
    made = gathering.lot(quantity, price, fee, lot.line)
    if made is not None:
        mention.lots.append(made)
    return None


def _items(value: Node, key: str, gathering: Gathering) -> tuple[Node, ...]:
    items = value.items()
    if items is None:
        gathering.complain(value.line, f"{key!r} is not a list")
    return items or ()


def _tell_settings(settings: list[tuple[int, str]], gathering: Gathering) -> None:
    if settings:
        gathering.complain(settings[0][0], f"not kept, as they are no stocks: {', '.join(key for _, key in settings)}")
