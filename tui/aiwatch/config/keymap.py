"""The ``[keys]`` table of the settings file: which preset of keys, and which actions have other keys of the user's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from aiwatch.files.toml_document import Document, Table

PRESETS = ("both", "plain", "vim")
"""``plain`` has arrows, PgUp, PgDn and function keys, ``vim`` has vi's letters, ``both`` has all of them."""

_PRESET = "preset"


class OwnKeys(Struct, frozen=True):
    """The keys (none or more) that the user gave to the action called ``id``, and where that is written."""

    id: str
    keys: tuple[str, ...]
    path: Path
    line: int


class KeySettings(Struct, frozen=True):
    """One of `PRESETS`, and what the user set beside it, in the file's order."""

    preset: str = PRESETS[0]
    own: tuple[OwnKeys, ...] = ()


class KeyRules(Struct, frozen=True):
    """What a ``[keys]`` table is checked by: the ids there are, what is wrong with a key's name (empty: nothing), and
    the one name of a key that has several."""

    ids: tuple[str, ...]
    wrong_key: Callable[[str], str]
    normal: Callable[[str], str]


def read_key_settings(document: Document, rules: KeyRules | None) -> KeySettings:
    """The ``[keys]`` of ``document``; what is wrong is noted there. Without ``rules`` no id and no key is looked at,
    which is for commands that show no screen."""
    table = document.table("keys")
    preset = table.choice(_PRESET, PRESETS, PRESETS[0])
    own = [_own(document, *entry, rules) for entry in _entries(document, table, "")]
    return KeySettings(preset, tuple(sorted((entry for entry in own if entry), key=lambda entry: entry.line)))


def _entries(document: Document, table: Table, area: str) -> Iterator[tuple[Table, str, str]]:
    """Each entry as its table, its key there and its id: ``"board.sort" = …`` and ``board.sort = …`` are the same."""
    for key, value in table.values.items():
        if isinstance(value, Mapping) and not area:
            yield from _entries(document, document.table(f"keys.{key}"), f"{key}.")
        elif key != _PRESET or area:
            yield table, key, area + key


def _own(document: Document, table: Table, key: str, name: str, rules: KeyRules | None) -> OwnKeys | None:
    if rules is not None and name not in rules.ids:
        table.add_problem(key, _unknown(name, rules.ids))
        return None
    keys = list(_keys(table, key, table.values[key]))
    if rules is not None:
        for wrong in filter(None, map(rules.wrong_key, keys)):
            table.add_problem(key, f"{name!r}: {wrong}")
        keys = list(map(rules.normal, keys))
    return OwnKeys(name, tuple(dict.fromkeys(keys)), document.path, table.line_of(key))


def _unknown(name: str, ids: tuple[str, ...]) -> str:
    import difflib  # only a mistake needs it

    near = difflib.get_close_matches(name, [*ids, _PRESET], n=1, cutoff=0.5)
    tail = f"did you mean {near[0]!r}?" if near else "the README lists the actions"
    return f"unknown action {name!r}, {tail}"


def _keys(table: Table, key: str, value: Any) -> Iterator[str]:
    """The keys of a text ``"s,f5"`` or a list ``["s", "f5"]``; an empty one takes the action's keys away."""
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        table.add_problem(key, f"{key!r} must be keys in quotes, such as 's' or 's,f5', not {value!r}")
        return
    for text in texts:
        yield from (part.strip() or part for part in _parts(text))


def _parts(text: str) -> list[str]:
    return [text] if text in (",", " ") else [part for part in text.split(",") if part.strip()]
