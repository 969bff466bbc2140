"""A row of tabs, one of them chosen; keeps the chosen one in sight when there is no room for all."""

from __future__ import annotations

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from aiwatch.formatting.text import clip

_GAP = 2
_LONGEST = 22


class TabLine(Widget):
    """Tabs of one row. ``tabs`` are (key, title); ``chosen`` is a key."""

    DEFAULT_CSS = """
    TabLine { height: 1; padding: 0 1; color: $text-muted; }
    """

    tabs: reactive[tuple[tuple[str, str], ...]] = reactive(())
    chosen: reactive[str] = reactive("")

    class Picked(Message):
        """A tab was clicked."""

        def __init__(self, line: TabLine, key: str) -> None:
            super().__init__()
            self.line = line
            self.key = key

        @property
        def control(self) -> TabLine:
            """The row of tabs it belongs to."""
            return self.line

    def render(self) -> Content:
        visible = self._visible()
        parts = []
        for key, title, _ in visible:
            if key == self.chosen:
                parts.append(Content.styled(f"▸{title}", "bold $heading"))
            else:
                parts.append(Content(f" {title}"))
        row = Content(" " * (_GAP - 1)).join(parts)
        before = bool(visible) and visible[0][0] != self.tabs[0][0]
        after = bool(visible) and visible[-1][0] != self.tabs[-1][0]
        return Content.assemble("‹" if before else "", row, " ›" if after else "")

    def on_click(self, event: Click) -> None:
        """Pick the tab under the pointer; a mark at an end picks the first tab out of sight there."""
        place = event.get_content_offset(self)
        key = self._key_at(place.x) if place is not None else None
        if key is not None:
            self.post_message(self.Picked(self, key))

    def _key_at(self, x: int) -> str | None:
        visible = self._visible()
        keys = [key for key, _ in self.tabs]
        shown = [keys.index(key) for key, _, _ in visible]
        if not shown:
            return None
        if x == 0 and shown[0] > 0:
            return keys[shown[0] - 1]
        for key, title, start in visible:
            end = start + Content(title).cell_length + 1
            if start <= x < end:
                return key
        return keys[shown[-1] + 1] if x > end and shown[-1] + 1 < len(keys) else None

    def _visible(self) -> list[tuple[str, str, int]]:
        """The tabs that fit with the chosen one among them, as (key, title, first cell)."""
        tabs = [(key, clip(title, _LONGEST).rstrip()) for key, title in self.tabs]
        widths = [Content(title).cell_length + _GAP for _, title in tabs]
        at = next((index for index, (key, _) in enumerate(tabs) if key == self.chosen), 0)
        first, last = 0, len(tabs)
        room = self.content_size.width - 2
        while first < at and sum(widths[first:last]) > room:
            if last - 1 > at:
                last -= 1
            else:
                first += 1
        while last - 1 > at and sum(widths[first:last]) > room:
            last -= 1
        placed, start = [], 1 if first else 0
        for (key, title), width in zip(tabs[first:last], widths[first:last], strict=True):
            placed.append((key, title, start))
            start += width
        return placed
