"""Hints that name keys: the keys there are now, not those an action was made with."""

from __future__ import annotations

from textual.keys import Keys
from textual.widget import Widget


def first_key(widget: Widget, name: str) -> str:
    """The first key of the binding called ``name`` that counts where the focus is; empty when it has none."""
    for active in widget.screen.active_bindings.values():
        if active.binding.id == name and active.binding.key != Keys.Ignore:
            return widget.app.get_key_display(active.binding)
    return ""


def hint(widget: Widget, *told: tuple[str, str]) -> str:
    """Names of bindings, each or several together with the words for what they do: ``← → choose · Enter opens``."""
    parts = []
    for names, words in told:
        keys = " ".join(filter(None, (first_key(widget, name) for name in names.split())))
        if keys:
            parts.append(f"{keys} {words}")
    return " · ".join(parts)
