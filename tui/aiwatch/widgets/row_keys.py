"""The keys that move in every list and text: arrows and their like, and what vi has for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from textual.binding import Binding

CURSOR: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "cursor.open": ("enter", "open", "Open what the cursor is on, or follow the chosen link"),
        "cursor.up": ("up,k", "up", "A row up"),
        "cursor.down": ("down,j", "down", "A row down"),
        "cursor.left": ("left,h", "left", "The view, list or link before"),
        "cursor.right": ("right,l", "right", "The next view, list or link"),
        "cursor.page-up": ("pageup,ctrl+b", "page up", "A page up"),
        "cursor.page-down": ("pagedown,ctrl+f", "page down", "A page down"),
        "cursor.half-up": ("ctrl+u", "half a page up", "Half a page up"),
        "cursor.half-down": ("ctrl+d", "half a page down", "Half a page down"),
        "cursor.first": ("home,g", "first", "The first row"),
        "cursor.last": ("end,G", "last", "The last row"),
    }
)
"""By the id that a user's keymap calls it: its keys, its name, what it does. One id moves in every panel."""


def cursor_keys(actions: Mapping[str, str]) -> list[Binding]:
    """The bindings of a widget that does ``actions``, each under the last part of its id: ``up``, ``page-down``."""
    made = []
    for name, action in actions.items():
        keys, description, tooltip = CURSOR[f"cursor.{name}"]
        shown = name == "open"
        made.append(Binding(keys, action, description, show=shown, id=f"cursor.{name}", tooltip=tooltip))
    return made


LIST_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "open": "select",
        "up": "cursor_up",
        "down": "cursor_down",
        "page-up": "page_up",
        "page-down": "page_down",
        "half-up": "half_page(-1)",
        "half-down": "half_page(1)",
        "first": "first",
        "last": "last",
    }
)
"""What a list of Textual's does, and `half_page` of its subclass."""

SCROLL_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "up": "scroll_up",
        "down": "scroll_down",
        "page-up": "page_up",
        "page-down": "page_down",
        "half-up": "half_page(-1)",
        "half-down": "half_page(1)",
        "first": "scroll_home",
        "last": "scroll_end",
    }
)
"""What a text that scrolls does, and `half_page` of its subclass."""
