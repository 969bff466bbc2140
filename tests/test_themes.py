"""What the colour schemes make of a theme: what must be read can be read, and monochrome has no hue."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from aiwatch.settings import COLOURS
from aiwatch.settings import THEMES as THEME_NAMES
from aiwatch.themes import MEANINGS, THEMES, in_scheme
from aiwatch.widgets.tone import CONVENTIONS

READABLE = 3.4
"""The least contrast of a text with its ground; what moves with the market has more."""
PLAIN = 4.5


def variables(theme: Theme, scheme: str, **more: bool) -> dict[str, str]:
    """The colours with a meaning of ``theme`` in ``scheme``."""
    told = MEANINGS | theme.variables | {"foreground": str(theme.foreground), "background": str(theme.background)}
    return in_scheme(told | {"error": str(theme.error), "text": "auto 87%"}, scheme, dark=theme.dark, **more)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2: 1 for none, 21 for black on white."""
    dim, bright = sorted(luminance(Color.parse(colour)) for colour in (one, other))
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: Color) -> float:
    """The relative luminance of a colour."""
    parts = (part / 255 for part in (colour.r, colour.g, colour.b))
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_settings_and_screen_know_the_same_schemes() -> None:
    assert COLOURS == CONVENTIONS


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("scheme", COLOURS)
def test_what_must_be_read_can_be_read(theme: Theme, scheme: str) -> None:
    told = variables(theme, scheme)
    for name in ("up", "down", "flat", "limit", "heading"):
        assert contrast(told[name], told["background"]) >= PLAIN, name
    for name in ("stale", "closed", "quiet"):
        assert contrast(told[name], told["background"]) >= READABLE, name
    for name in ("flash-up", "flash-down"):
        assert contrast(told["foreground"], told[name]) >= PLAIN, name
        assert contrast(told["background"], told[name]) > 1.2, name


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_schemes_of_red_and_green_are_the_theme_s_own(theme: Theme) -> None:
    for scheme in ("auto", "red-up", "green-up"):
        assert variables(theme, scheme)["up"] == theme.variables["up"]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_scheme_for_colour_blind_eyes_differs_in_blue(theme: Theme) -> None:
    up, down = (Color.parse(variables(theme, "colour-blind")[name]) for name in ("up", "down"))
    assert up.b - down.b > 100, "the eyes that mix up red and green tell blue from what has none"


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_monochrome_has_no_hue(theme: Theme) -> None:
    for name, value in variables(theme, "monochrome").items():
        if value.startswith("#"):
            colour = Color.parse(value)
            assert colour.r == colour.g == colour.b, name
    assert variables(theme, "monochrome")["text"] == "auto 87%"


def test_a_cursor_is_underlined_where_colours_are_few() -> None:
    assert variables(THEMES[0], "auto")["block-cursor-text-style"] == "none"
    assert variables(THEMES[0], "auto", few_colours=True)["block-cursor-text-style"] == "bold underline"


def test_every_theme_there_is_may_be_named() -> None:
    assert set(THEME_NAMES) == {theme.name for theme in THEMES} | set(BUILTIN_THEMES)
