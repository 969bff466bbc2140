"""The look of aiwatch: its two themes, and the meaning of the colours that every theme must have.

``up`` and ``down`` are the colours of a gain and a loss where green means up; where red means up they change places.
This is the only module with colour values in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.color import Color, ColorParseError
from textual.theme import Theme

MEANINGS = {
    "up": "#3fb950",
    "down": "#fb5f57",
    "flat": "#9aa4b2",
    "stale": "#8b949e",
    "closed": "#8b949e",
    "limit": "#56d4dd",
    "demo": "#d2a8ff",
    "flash-up": "#1f5130",
    "flash-down": "#6b2327",
    "heading": "#79c0ff",
    "quiet": "#8b949e",
}
"""Theme variables that widgets use; a theme that lacks one gets these. ``limit`` is a price at its daily limit and
nothing else; what wants attention is ``warning``."""

LIGHT_MEANINGS = {
    "up": "#116b2c",
    "down": "#c4232c",
    "flat": "#57606a",
    "stale": "#59636e",
    "closed": "#59636e",
    "limit": "#8f2a7a",
    "demo": "#7340d0",
    "flash-up": "#aceebb",
    "flash-down": "#ffcecb",
    "heading": "#0550ae",
    "quiet": "#59636e",
}
"""The same on a light ground."""

COLOUR_BLIND = {
    "up": "#56b4e9",
    "down": "#e69f00",
    "limit": "#cc79a7",
    "warning": "#f0e442",
    "flash-up": "#134a6b",
    "flash-down": "#6b4600",
}
"""A gain and a loss that no colour blindness mixes up, on a dark ground: Okabe and Ito's sky blue and orange."""
_COLOUR_BLIND_LIGHT = {
    "up": "#006aa6",
    "down": "#b04a00",
    "limit": "#8f3a6b",
    "warning": "#6b5900",
    "flash-up": "#b9def3",
    "flash-down": "#fbd9a5",
}
_MONOCHROME = {"flash-up": "#4a4a4a", "flash-down": "#4a4a4a"}
_MONOCHROME_LIGHT = {"flash-up": "#d0d0d0", "flash-down": "#d0d0d0"}
_SAID_BY_WORDS = ("up", "down", "limit", "demo", "error", "warning", "success")
"""What monochrome shows as plain text: a sign or a word beside it says the same."""

READABLE = 4.5
"""The least contrast of a text with its ground, by WCAG 2."""
_TEXTS = ("up", "down", "flat", "stale", "closed", "limit", "demo", "heading", "quiet", "error", "warning", "success")
"""The variables that texts are coloured with."""

_QUIET = {
    "block-cursor-text-style": "none",
    "block-cursor-background": "#172940",
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
    "block-cursor-background": "#ddeeff",
    "block-cursor-foreground": "#0b1f38",
    "block-cursor-blurred-background": "#eceff3",
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
    error="#fb5f57",
    success="#3fb950",
    foreground="#d5dbe3",
    background="#0d1117",
    surface="#0d1117",
    panel="#161b22",
    variables=MEANINGS | _QUIET,
)

LIGHT = Theme(
    name="aiwatch-light",
    primary="#0860c7",
    secondary="#0550ae",
    accent="#0860c7",
    warning="#855600",
    error="#c4232c",
    success="#116b2c",
    foreground="#24292f",
    background="#ffffff",
    surface="#ffffff",
    panel="#f6f8fa",
    dark=False,
    variables=LIGHT_MEANINGS | _QUIET_LIGHT,
)

THEMES = (DARK, LIGHT)


def in_scheme(
    variables: Mapping[str, str], scheme: str, *, dark: bool, few_colours: bool = False, own: bool = True
) -> dict[str, str]:
    """A theme's ``variables`` as the colour scheme called ``scheme`` has them: ``colour-blind``, ``monochrome``, or any
    other, which leaves them alone. Where the terminal has ``few_colours``, a cursor differs by more than its ground. A
    theme that is not aiwatch's ``own`` is made readable."""
    colours = dict(variables)
    if scheme == "colour-blind":
        colours |= COLOUR_BLIND if dark else _COLOUR_BLIND_LIGHT
    elif scheme == "monochrome":
        colours |= dict.fromkeys(_SAID_BY_WORDS, colours["foreground"]) | (_MONOCHROME if dark else _MONOCHROME_LIGHT)
        colours = {name: _grey(value) for name, value in colours.items()}
        colours["block-cursor-text-style"] = "bold"
    if not own:
        colours |= _readable(colours)
    if Color.parse(colours["background"]).ansi is None and "quiet" in colours:
        colours["text-disabled"] = colours["quiet"]  # what stands in an empty box is to be read too
    if few_colours:
        colours["block-cursor-text-style"] = "bold underline"
    return colours


def contrast(first: Color, second: Color) -> float:
    """The contrast of two colours by WCAG 2: 1 for none, 21 for black on white."""
    dim, bright = sorted((_luminance(first), _luminance(second)))
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: Color) -> float:
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _readable(variables: Mapping[str, str]) -> dict[str, str]:
    """What must differ in a theme of somebody else's, so that every text can be read on every ground it may lie on.

    A theme of the terminal's own colours says nothing of them: there the cursor has the terminal's ground, and a style.
    """
    text, ground = Color.parse(variables["foreground"]), Color.parse(variables["background"])
    if text.ansi is not None or ground.ansi is not None:
        grounds = dict.fromkeys(("block-cursor-background", "block-cursor-blurred-background"), "ansi_default")
        texts = dict.fromkeys(("block-cursor-foreground", "block-cursor-blurred-foreground"), "ansi_default")
        return {**grounds, **texts, "block-cursor-text-style": "bold underline"}
    surfaces = [ground, *(Color.parse(variables[name]) for name in ("surface", "panel"))]
    text = _apart(text, surfaces)
    cursor = _ground(ground, Color.parse(variables["accent"]), text)
    away = _ground(ground, text, text, share=0.12)
    readable = {
        "foreground": text.hex,
        "block-cursor-background": cursor.hex,
        "block-cursor-blurred-background": away.hex,
        **dict.fromkeys(("block-cursor-foreground", "block-cursor-blurred-foreground"), text.hex),
    }
    for name in ("flash-up", "flash-down"):
        readable[name] = _ground(ground, Color.parse(variables[name]), text, share=1).hex
    for name in (*_TEXTS, "accent"):
        readable[name] = _apart(Color.parse(variables[name]), [*surfaces, cursor, away]).hex
    return readable


def _ground(ground: Color, colour: Color, text: Color, share: float = 0.3) -> Color:
    """``ground`` with a ``share`` of ``colour``, or as much of it as leaves ``text`` readable with room to spare."""
    steps = (ground.blend(colour, share * step / 10, alpha=1) for step in range(10, 0, -1))
    return next((mixed for mixed in steps if contrast(mixed, text) >= READABLE + 0.5), ground)


def _apart(colour: Color, grounds: Sequence[Color]) -> Color:
    """``colour``, moved towards white or black until it can be read on all of ``grounds``."""
    ends = sorted(
        (Color(255, 255, 255), Color(0, 0, 0)), key=lambda end: -min(contrast(end, ground) for ground in grounds)
    )
    steps = (colour.blend(ends[0], step / 20, alpha=1) for step in range(21))
    return next((step for step in steps if min(contrast(step, ground) for ground in grounds) >= READABLE), ends[0])


def _grey(value: str) -> str:
    """A colour as bright as ``value`` without its hue; what is no plain colour stays."""
    try:
        return Color.parse(value).monochrome.hex
    except ColorParseError:
        return value
