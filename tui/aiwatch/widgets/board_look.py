"""The look of the quote board: its component classes and their colours, all of them theme variables."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

COMPONENT_CLASSES = {
    "board--header",
    "board--sorted",
    "board--cursor",
    "board--cursor-away",
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
"""``cursor-away`` is the cursor's row while the board has no focus; ``line`` the day's sparkline, a large
patch of colour and therefore a quiet one. Digits of a price that fell are underlined, so that a terminal of few
colours shows which way it went."""

DEFAULT_CSS = """
Board {
    height: 1fr;
    overflow-x: hidden;
    scrollbar-size-vertical: 1;

    & > .board--header { color: $text-muted; }
    & > .board--sorted { color: $foreground; text-style: bold; }
    & > .board--cursor { color: $accent; background: $block-cursor-background; text-style: bold; }
    & > .board--cursor-away { color: $text-muted; background: $block-cursor-blurred-background; }
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
