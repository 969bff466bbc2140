"""The look of the quote board: its parts and their colours, all of them theme variables."""

from __future__ import annotations

import re

from rich.style import Style
from textual.style import Style as VisualStyle
from textual.widget import Widget

CURSOR, PICKED, CURSOR_PICKED = "▌", "*", "»"
"""Signs at the left of the cursor's row, of a marked one, and of the cursor's where it is marked."""

DEFAULT_CSS = "Board { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }"

LOOKS = {
    "header": "$text-muted",
    "sorted": "bold $foreground",
    "cursor": "bold $accent on $block-cursor-background",
    "cursor-away": "$text-muted on $block-cursor-blurred-background",
    "picked": "$accent on $accent 14%",
    "cursor-picked": "bold $accent on $block-cursor-background",
    "cursor-away-picked": "$text-muted on $block-cursor-blurred-background",
    "muted": "$text-muted",
    "up": "$up",
    "down": "$down",
    "flat": "$flat",
    "line-up": "$up 60%",
    "line-down": "$down 60%",
    "limit": "bold $limit",
    "stale": "$stale",
    "closed": "$closed",
    "auction": "italic $foreground",
    "flash-up": "bold on $flash-up",
    "flash-down": "bold underline on $flash-down",
}
"""What each part looks like. ``cursor-away`` is the cursor's row while the board has no focus; ``picked`` a row that is
marked; ``line`` the day's sparkline, a large patch of colour and therefore a quiet one. Digits of a price that fell are
underlined, so that a terminal of few colours shows which way it went.

They are no component classes: Textual would style each of those before the first paint, and again whenever the focus
comes or goes."""

_VARIABLE = re.compile(r"\$([a-z-]+)")


def ground_of(*, current: bool, focused: bool, picked: bool) -> str:
    """The part that a row lies on: that of the cursor, of a marked row, of both, or none."""
    cursor = ("cursor" if focused else "cursor-away") if current else ""
    if picked:
        return f"{cursor}-picked" if cursor else "picked"
    return cursor


def sign_of(ground: str) -> str:
    """The sign at the left of a row on ``ground``, which says the same as its colour."""
    if ground.endswith("picked"):
        return PICKED if ground == "picked" else CURSOR_PICKED
    return CURSOR if ground else " "


def look(board: Widget, part: str, ground: str) -> Style:
    """The style of ``part`` on the background of ``ground``; empty names are the board's own text and background.
    A part with a background of its own keeps it."""
    surface, variables = board.background_colors[1], board.app.theme_variables
    style = Style(color=board.rich_style.color, bgcolor=surface.rich_color)
    for name in filter(None, (ground, part)):
        own = VisualStyle.parse(_VARIABLE.sub(lambda found: variables[found[1]], LOOKS[name]))
        below = surface if own.background is None else surface + own.background
        colour = (below + own.foreground).rich_color if name == part and own.foreground is not None else None
        backdrop = below.rich_color if own.background is not None else None
        style += Style(color=colour, bgcolor=backdrop, bold=own.bold, italic=own.italic, underline=own.underline)
    return style
