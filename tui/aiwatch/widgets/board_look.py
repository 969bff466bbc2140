"""The look of the quote board: its component classes and their colours, all of them theme variables."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

CURSOR, PICKED, CURSOR_PICKED = "▌", "*", "»"
"""Signs at the left of the cursor's row, of a marked one, and of the cursor's where it is marked."""

COMPONENT_CLASSES = {
    "board--header",
    "board--sorted",
    "board--cursor",
    "board--cursor-away",
    "board--picked",
    "board--cursor-picked",
    "board--cursor-away-picked",
    "board--muted",
    "board--up",
    "board--down",
    "board--flat",
    "board--line-up",
    "board--line-down",
    "board--limit",
    "board--stale",
    "board--closed",
    "board--auction",
    "board--flash-up",
    "board--flash-down",
}
"""``cursor-away`` is the cursor's row while the board has no focus; ``picked`` a row that is marked; ``line`` the day's
sparkline, a large patch of colour and therefore a quiet one. Digits of a price that fell are underlined, so that a
terminal of few colours shows which way it went."""

DEFAULT_CSS = """
Board {
    height: 1fr;
    overflow-x: hidden;
    scrollbar-size-vertical: 1;

    & > .board--header { color: $text-muted; }
    & > .board--sorted { color: $foreground; text-style: bold; }
    & > .board--cursor { color: $accent; background: $block-cursor-background; text-style: bold; }
    & > .board--cursor-away { color: $text-muted; background: $block-cursor-blurred-background; }
    & > .board--picked { color: $accent; background: $accent 14%; }
    & > .board--cursor-picked { color: $accent; background: $block-cursor-background; text-style: bold; }
    & > .board--cursor-away-picked { color: $text-muted; background: $block-cursor-blurred-background; }
    & > .board--muted { color: $text-muted; }
    & > .board--up { color: $up; }
    & > .board--down { color: $down; }
    & > .board--flat { color: $flat; }
    & > .board--line-up { color: $up 60%; }
    & > .board--line-down { color: $down 60%; }
    & > .board--limit { color: $limit; text-style: bold; }
    & > .board--stale { color: $stale; }
    & > .board--closed { color: $closed; }
    & > .board--auction { color: $foreground; text-style: italic; }
    & > .board--flash-up { color: auto; background: $flash-up; text-style: bold; }
    & > .board--flash-down { color: auto; background: $flash-down; text-style: bold underline; }
}
"""


def ground_of(*, current: bool, focused: bool, picked: bool) -> str:
    """The component that a row lies on: that of the cursor, of a marked row, of both, or none."""
    cursor = ("board--cursor" if focused else "board--cursor-away") if current else ""
    if picked:
        return f"{cursor}-picked" if cursor else "board--picked"
    return cursor


def sign_of(ground: str) -> str:
    """The sign at the left of a row on ``ground``, which says the same as its colour."""
    if ground.endswith("picked"):
        return PICKED if ground == "board--picked" else CURSOR_PICKED
    return CURSOR if ground else " "


def look(board: Widget, component: str, ground: str) -> Style:
    """The style of ``component`` on the background of ``ground``; empty names are the board's own text and
    background. A component with a background of its own keeps it."""
    style = Style(color=board.rich_style.color, bgcolor=board.rich_style.bgcolor)
    for name in filter(None, (ground, component)):
        own, whole = board.get_component_styles(name), board.get_component_rich_style(name)
        colour = whole.color if name == component and own.has_rule("color") else None
        style += Style(color=colour, bgcolor=whole.bgcolor if own.has_rule("background") else None)
        style += own.text_style
    return style
