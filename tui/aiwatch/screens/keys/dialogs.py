"""The keys that each dialog has for itself. They cannot be moved: the dialog names them where they are needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

from textual.binding import Binding

from aiwatch.screens.keys.keyboard import keys_of, shown_key

DIALOGS: Mapping[str, str] = MappingProxyType(
    {
        "help": "In the help",
        "find": "While finding a stock",
        "add_stock": "While adding a stock",
        "lists": "While naming, choosing or deleting a list",
        "columns": "While choosing columns",
        "sort": "In the sort menu",
        "alert_rules": "While setting alerts",
        "add_record": "While writing a commitment",
        "pages": "While choosing a page",
        "compare": "While choosing what to compare with",
        "alert_log": "In the log of alerts",
        "comparison.screen": "While a list is compared",
    }
)
"""The modules of dialogs, and of other screens, with keys of their own, loaded when the help is opened, and when those
keys count."""


def dialog_rows() -> list[tuple[str, list[tuple[str, str]]]]:
    """When the keys count, and for each its name and what it does."""
    return [
        (heading, [(_shown(binding), binding.tooltip) for binding in bindings_in(name)])
        for name, heading in DIALOGS.items()
    ]


def bindings_in(name: str) -> list[Binding]:
    """The bindings of the dialogs in the module called ``name`` that have a name of their own."""
    module = import_module(f"aiwatch.screens.{name if '.' in name else f'dialogs.{name}'}")
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == module.__name__]
    return list(dict.fromkeys(binding for kind in kinds for binding in _own(kind)))


def _own(kind: type) -> Iterator[Binding]:
    for binding in vars(kind).get("BINDINGS", ()):
        if isinstance(binding, Binding) and binding.id:
            yield binding


def _shown(binding: Binding) -> str:
    return " ".join(map(shown_key, keys_of(binding.key)))
