"""How a program learns that its screen is drawn in a browser: by the driver that the server names to it."""

from __future__ import annotations

from collections.abc import Mapping

DRIVER_VARIABLE = "TEXTUAL_DRIVER"
BROWSER_DRIVER = "aiwatch.screens.browser_driver:BrowserDriver"
"""Textual's driver of a screen that the server of ``aiwatch web`` draws, which names it in `DRIVER_VARIABLE`."""


def is_in_browser(environment: Mapping[str, str]) -> bool:
    """Whether the screen is drawn in a browser, as ``environment`` says: there is no terminal then."""
    return environment.get(DRIVER_VARIABLE) == BROWSER_DRIVER
