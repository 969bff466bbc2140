"""The vi keys for every list that Textual gives arrows only."""

from __future__ import annotations

from textual.binding import Binding

CURSOR_KEYS = (
    Binding("j", "cursor_down", "down", show=False),
    Binding("k", "cursor_up", "up", show=False),
    Binding("g", "first", "top", show=False),
    Binding("G", "last", "bottom", show=False),
)
