"""The files of ticker and tickrs: YAML with lists of symbols, and lots in ticker's.

ticker: ``watchlist`` (symbols), ``lots`` (``symbol``, ``quantity``, ``unit_cost``, ``fixed_cost``) and ``groups``
(``name``, ``watchlist``, ``holdings``, which are lots). tickrs: ``symbols``. Both spell symbols as Yahoo does; ticker
has crypto-currencies under ``.X`` and ``.CG`` besides.

YAML as a tree of nodes with their lines, whose scalars stay the text that was written.

Nothing is constructed, so that ``NO`` stays a ticker, ``000001`` a code, and no tag of a file can do anything. What an
alias repeats is copied, but no more of it than the file itself has: a few lines may otherwise spell billions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from aiwatch.errors import FileError, Problem
from aiwatch.watchlist.imports.collector import Gathering, Section

_SPARE = 1_000
"""Nodes that the aliases of even the smallest file may repeat."""
_MOST_NODES = 25_000
"""Nodes of a file at most: those of some three thousand lots, in about a second."""
_DEEPEST = 100
"""Brackets within brackets, far more than either program writes: before PyYAML gives up by itself, thousands of them
take a second."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a YAML file; ``line`` is where it begins.

    ``text`` is a scalar as it is written, an empty text for nothing or null; ``None`` for a list or a mapping.
    """

    line: int = 1
    text: str | None = ""
    sequence: tuple[Node, ...] | None = None
    mapping: tuple[tuple[str, Node], ...] = ()

    def items(self) -> tuple[Node, ...] | None:
        """The items of a list, none for nothing; ``None`` for anything else."""
        return () if self.text == "" else self.sequence

    def pairs(self) -> tuple[tuple[str, Node], ...]:
        """The keys and values of a mapping, a key that stands twice twice; none for anything else."""
        return self.mapping


@dataclass(frozen=True, slots=True)
class Document:
    """The first document of a file; ``left_out`` is how many repetitions by aliases were too many, and are missing."""

    root: Node
    left_out: int


def compose(text: str, path: Path) -> Document:
    """The first document of ``text``. Raises `FileError` when it is not YAML."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        copier = _Copier()
        node = None if root is None else copier.copy(root, root.start_mark.line + 1)
        return Document(node or Node(), copier.left_out)
    except _TooManyNodes as error:
        raise FileError([Problem(path, error.line, f"{error}: split the file and import each part")]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FileError([Problem(path, line, f"not YAML: {error.problem}")]) from None
    except (yaml.YAMLError, RecursionError):
        raise FileError([Problem(path, 1, "not YAML: a control character, or nested too deeply")]) from None
    except ValueError as error:  # an escape beyond Unicode, say
        raise FileError([Problem(path, 1, f"not YAML: {error}")]) from None


class _TooManyNodes(Exception):
    """A file has more nodes than are read; ``line`` is where the first of them is that is too many."""

    def __init__(self, line: int) -> None:
        super().__init__(f"more than {_MOST_NODES:,} entries, the most that are read of one file; nothing is imported")
        self.line = line


class _Loader(yaml.SafeLoader):
    """Gives up at the node that is one too many, or too deep, without reading the rest of the file."""

    _nodes = 0

    def fetch_flow_collection_start(self, TokenClass: type[yaml.Token]) -> None:  # noqa: N803 (its name in PyYAML)
        if self.flow_level >= _DEEPEST:
            raise yaml.YAMLError
        super().fetch_flow_collection_start(TokenClass)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise _TooManyNodes(self.peek_event().start_mark.line + 1)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)


class _Copier:
    """Copies what `yaml` composed: every node once, and again for each alias as long as that may go on."""

    def __init__(self) -> None:
        self.left_out = 0
        self._seen: set[int] = set()
        self._within: set[int] = set()
        self._repeated = 0

    def copy(self, node: yaml.Node, line: int) -> Node | None:
        """``node`` and all in it; ``None`` where it is one repetition too many."""
        name = id(node)
        if name in self._within or (name in self._seen and self._repeated >= len(self._seen) + _SPARE):
            self.left_out += 1
            return None
        self._repeated += name in self._seen
        self._seen.add(name)
        self._within.add(name)
        copied = self._copied(node, line)
        self._within.discard(name)
        return copied

    def _copied(self, node: yaml.Node, line: int) -> Node:
        if isinstance(node, yaml.SequenceNode):
            items = (self.copy(item, item.start_mark.line + 1) for item in node.value)
            return Node(line, None, tuple(item for item in items if item is not None))
        if isinstance(node, yaml.MappingNode):
            pairs = ((_key(key), self.copy(value, key.start_mark.line + 1)) for key, value in node.value)
            return Node(line, None, None, tuple((key, value or Node()) for key, value in pairs))
        return Node(line, "" if node.tag == "tag:yaml.org,2002:null" else str(node.value))


def _key(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else "?"


_LOTS = ("lots", "holdings")
_LOT_KEYS = ("symbol", "quantity", "unit_cost", "fixed_cost")


def read_ticker(text: str, gathering: Gathering) -> None:
    """Read ticker's configuration: a list of what stands outside of groups, then one for each group."""
    root = _root_of(text, gathering)
    _read_group(root, gathering, gathering.section(), columns=("groups",))
    for key, groups in root.pairs():
        if key == "groups":
            for group in _items(groups, "groups", gathering):
                name = next((value.text for key, value in group.pairs() if key == "name"), "")
                _read_group(group, gathering, gathering.section(name or ""), columns=("name",))


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
        gathering.add_problem(1, what)
    return document.root


def _read_group(group: Node, gathering: Gathering, section: Section, columns: tuple[str, ...]) -> None:
    settings = []
    for key, value in group.pairs():
        if key == "watchlist":
            _list_symbols(value, key, gathering, section)
        elif key in _LOTS:
            for lot in _items(value, key, gathering):
                _add_lot(lot, gathering, section)
        elif key not in columns:
            settings.append((value.line, key))
    _tell_settings(settings, gathering)


def _list_symbols(value: Node, key: str, gathering: Gathering, section: Section) -> None:
    for item in _items(value, key, gathering):
        if item.text:
            section.add(item.text, item.line)
        else:
            gathering.add_problem(item.line, f"an item of {key!r} is no symbol")


def _add_lot(lot: Node, gathering: Gathering, section: Section) -> None:
    values = dict(lot.pairs())
    fields = {key: value.text or "" for key, value in values.items()}
    if len(values) != len(lot.pairs()):
        gathering.add_problem(lot.line, "a key of a lot stands twice: the last one counts")
    if not fields.get("symbol"):
        return gathering.add_problem(lot.line, "a lot has no symbol")
    for key, value in values.items():
        if key not in _LOT_KEYS:
            gathering.add_problem(value.line, f"{key!r} of a lot of {fields['symbol']} is not kept")
    mention = section.find(fields["symbol"], lot.line)
    if mention is None:
        return None
    quantity, price, fee = (gathering.number(fields.get(key, ""), lot.line, key) for key in _LOT_KEYS[1:])
    made = gathering.lot(quantity, price, fee, lot.line)
    if made is not None:
        mention.lots.append(made)
    return None


def _items(value: Node, key: str, gathering: Gathering) -> tuple[Node, ...]:
    items = value.items()
    if items is None:
        gathering.add_problem(value.line, f"{key!r} is not a list")
    return items or ()


def _tell_settings(settings: list[tuple[int, str]], gathering: Gathering) -> None:
    if settings:
        gathering.add_problem(
            settings[0][0], f"not kept, as they are no stocks: {', '.join(key for _, key in settings)}"
        )
