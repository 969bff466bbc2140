"""The look of aiwatch: its two themes, and the meaning of the colours that every theme must have.

``up`` and ``down`` are the colours of a gain and a loss where green means up; where red means up they change places.
This is the only module with colour values in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.color import Color, ColorParseError
from textual.theme import Theme

MEANINGS = {
    "up": "#3fb950",
    "down": "#f85149",
    "flat": "#9aa4b2",
    "stale": "#768390",
    "closed": "#768390",
    "limit": "#e3b341",
    "demo": "#d2a8ff",
    "flash-up": "#1f5130",
    "flash-down": "#6b2327",
    "heading": "#79c0ff",
    "quiet": "#8b949e",
}
"""Theme variables that widgets use; a theme that lacks one gets these."""

_LIGHT_MEANINGS = {
    "up": "#1a7f37",
    "down": "#c4232c",
    "flat": "#57606a",
    "stale": "#818b98",
    "closed": "#818b98",
    "limit": "#9a6700",
    "demo": "#8250df",
    "flash-up": "#aceebb",
    "flash-down": "#ffcecb",
    "heading": "#0550ae",
    "quiet": "#6e7781",
}

COLOUR_BLIND = {
    "up": "#56b4e9",
    "down": "#e69f00",
    "limit": "#f0e442",
    "flash-up": "#134a6b",
    "flash-down": "#6b4600",
}
"""A gain and a loss that no colour blindness mixes up, on a dark ground: Okabe and Ito's sky blue and orange."""
_COLOUR_BLIND_LIGHT = {
    "up": "#0072b2",
    "down": "#b04a00",
    "limit": "#6b5900",
    "flash-up": "#b9def3",
    "flash-down": "#fbd9a5",
}
_MONOCHROME = {"flash-up": "#4a4a4a", "flash-down": "#4a4a4a"}
_MONOCHROME_LIGHT = {"flash-up": "#d0d0d0", "flash-down": "#d0d0d0"}
_SAID_BY_WORDS = ("up", "down", "limit", "demo", "error", "warning", "success")
"""What monochrome shows as plain text: a sign or a word beside it says the same."""

_QUIET = {
    "block-cursor-text-style": "none",
    "block-cursor-background": "#1f3a5f",
    "block-cursor-foreground": "#f0f6fc",
    "block-cursor-blurred-background": "#1b222c",
    "block-cursor-blurred-foreground": "#d5dbe3",
    "border": "#58a6ff",
    "border-blurred": "#30363d",
    "scrollbar": "#30363d",
    "scrollbar-background": "#0d1117",
    "scrollbar-corner-color": "#0d1117",
}
_QUIET_LIGHT = {
    "block-cursor-text-style": "none",
    "block-cursor-background": "#cfe4ff",
    "block-cursor-foreground": "#0b1f38",
    "block-cursor-blurred-background": "#e6eaf0",
    "block-cursor-blurred-foreground": "#24292f",
    "border": "#0969da",
    "border-blurred": "#d0d7de",
    "scrollbar": "#d0d7de",
    "scrollbar-background": "#ffffff",
    "scrollbar-corner-color": "#ffffff",
}

DARK = Theme(
    name="aiwatch-dark",
    primary="#58a6ff",
    secondary="#79c0ff",
    accent="#58a6ff",
    warning="#e3b341",
    error="#f85149",
    success="#3fb950",
    foreground="#d5dbe3",
    background="#0d1117",
    surface="#0d1117",
    panel="#161b22",
    variables=MEANINGS | _QUIET,
)

LIGHT = Theme(
    name="aiwatch-light",
    primary="#0969da",
    secondary="#0550ae",
    accent="#0969da",
    warning="#9a6700",
    error="#c4232c",
    success="#1a7f37",
    foreground="#24292f",
    background="#ffffff",
    surface="#ffffff",
    panel="#f6f8fa",
    dark=False,
    variables=_LIGHT_MEANINGS | _QUIET_LIGHT,
)

THEMES = (DARK, LIGHT)


def in_scheme(variables: Mapping[str, str], scheme: str, *, dark: bool, few_colours: bool = False) -> dict[str, str]:
    """A theme's ``variables`` as the colour scheme called ``scheme`` has them: ``colour-blind``, ``monochrome``, or any
    other, which leaves them alone. Where the terminal has ``few_colours``, a cursor is told by more than its ground."""
    told = dict(variables)
    if scheme == "colour-blind":
        told |= COLOUR_BLIND if dark else _COLOUR_BLIND_LIGHT
    elif scheme == "monochrome":
        told |= dict.fromkeys(_SAID_BY_WORDS, told["foreground"]) | (_MONOCHROME if dark else _MONOCHROME_LIGHT)
        told = {name: _grey(value) for name, value in told.items()}
        told["block-cursor-text-style"] = "bold"
    if few_colours:
        told["block-cursor-text-style"] = "bold underline"
    return told


def _grey(value: str) -> str:
    """A colour as bright as ``value`` without its hue; what is no plain colour stays."""
    try:
        return Color.parse(value).monochrome.hex
    except ColorParseError:
        return value
