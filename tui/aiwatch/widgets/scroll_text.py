"""A text that scrolls by the keys that move in every list."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll

from aiwatch.widgets.cursor_keys import SCROLL_ACTIONS, cursor_keys


class ScrollText(VerticalScroll):
    """Holds a text that may be longer than there is room."""

    BINDINGS: ClassVar[list[BindingType]] = [*cursor_keys(SCROLL_ACTIONS)]

    def action_half_page(self, pages: int) -> None:
        """Scroll by half of what is on screen."""
        self.scroll_relative(y=pages * max(1, self.scrollable_content_region.height // 2), animate=False)
