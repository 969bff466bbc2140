"""Textual's driver for a screen in a browser, which ends when nobody reads it any more."""

from __future__ import annotations

from contextlib import suppress

from textual import messages
from textual.drivers.web_driver import WebDriver


class BrowserDriver(WebDriver):
    """Speaks with the server of ``aiwatch web`` through standard input and output; leaves when the server has gone."""

    def write(self, data: str) -> None:
        """Send ``data`` to be drawn, or nowhere when nobody is there."""
        with suppress(OSError):
            super().write(data)

    def write_meta(self, data: dict[str, object]) -> None:
        """Send a message, or nowhere when nobody is there."""
        with suppress(OSError):
            super().write_meta(data)

    def run_input_thread(self) -> None:
        """Read what is typed until the server closes, or is gone; then leave the app."""
        super().run_input_thread()
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._app.post_message, messages.ExitApp())
