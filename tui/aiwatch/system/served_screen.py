"""How a program knows that its screen is drawn in a browser: one variable, which names Textual's driver for it."""

from __future__ import annotations

from collections.abc import Mapping

DRIVER_VARIABLE = "TEXTUAL_DRIVER"
BROWSER_DRIVER = "aiwatch.screens.browser_driver:BrowserDriver"


def is_in_browser(environment: Mapping[str, str]) -> bool:
    """Whether the server of ``aiwatch web`` draws the screen, as ``environment`` says: there is no terminal then."""
    return environment.get(DRIVER_VARIABLE) == BROWSER_DRIVER
