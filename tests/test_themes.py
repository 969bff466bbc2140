"""What the colour schemes make of a theme: what must be read can be read, and monochrome has no hue."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from aiwatch.config.settings import COLOURS
from aiwatch.config.settings import THEMES as THEME_NAMES
from aiwatch.formatting.text import CONVENTIONS
from aiwatch.themes import MEANINGS, READABLE, THEMES, contrast, in_scheme
from tests.screens.stage import make_app

TEXTS = (
    "foreground", "up", "down", "flat", "stale", "closed", "limit", "demo", "heading", "quiet", "error", "accent"
)  # fmt: skip
GROUNDS = ("background", "surface", "panel", "block-cursor-background", "block-cursor-blurred-background")
"""What texts lie on."""


def variables(theme: Theme, scheme: str, **more: bool) -> dict[str, str]:
    """The colours with a meaning of ``theme`` in ``scheme``."""
    words = MEANINGS | theme.variables | {"foreground": str(theme.foreground), "background": str(theme.background)}
    more_of = {"error": str(theme.error), "accent": str(theme.accent), "text": "auto 87%"}
    return in_scheme(words | more_of, scheme, dark=theme.dark, **more)


def apart(expected: Mapping[str, str], name: str, ground: str) -> float:
    """The contrast of the text ``name`` with ``ground``, as it lies on the theme's own."""
    below, colour = Color.parse(expected["background"]), Color.parse(expected[ground])
    return contrast(Color.parse(expected[name]), below + colour)


def test_settings_and_screen_know_the_same_schemes() -> None:
    assert COLOURS == CONVENTIONS


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("scheme", COLOURS)
def test_what_must_be_read_can_be_read(theme: Theme, scheme: str) -> None:
    words = variables(theme, scheme)
    for name in TEXTS:
        for ground in ("background", "block-cursor-background", "block-cursor-blurred-background"):
            assert apart(words, name, ground) >= READABLE, (name, ground)
    for name in ("flash-up", "flash-down"):
        assert apart(words, "foreground", name) >= READABLE, name
        assert apart(words, "background", name) > 1.2, name
    assert apart(words, "background", "block-cursor-background") > 1.1, "the cursor's row is seen"


@pytest.mark.parametrize("scheme", COLOURS)
def test_every_theme_that_is_offered_can_be_read(scheme: str) -> None:
    app = make_app(colours=scheme)
    for name in app.available_themes:
        app.theme = name
        words = app.get_css_variables()
        if Color.parse(words["background"]).ansi is not None:
            assert words["block-cursor-background"] == "ansi_default", "nothing is known of the terminal's colours"
            assert words["block-cursor-text-style"] == "bold underline"
            continue
        for text in TEXTS:
            for ground in GROUNDS:
                assert apart(words, text, ground) >= READABLE - 0.05, (name, text, ground)


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
