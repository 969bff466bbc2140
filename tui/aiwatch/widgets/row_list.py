"""A list of one-line rows that is moved in by the keys of every panel."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import OptionList

from aiwatch.widgets.row_keys import LIST_ACTIONS, cursor_keys


class RowList(OptionList):
    """Textual's list with keys that can be moved, and half pages."""

    BINDINGS: ClassVar[list[BindingType]] = [*cursor_keys(LIST_ACTIONS)]
    auto_links = reactive(False)

    @property
    def row_text(self) -> str:
        """The row under the cursor as it is shown, without its styles; empty without one."""
        option = self.highlighted_option
        return option.prompt.plain if option is not None and isinstance(option.prompt, Content) else ""

    def action_half_page(self, pages: int) -> None:
        """Move the cursor by half of what is on screen, to a row that is no heading."""
        if self.highlighted is None:
            return
        many = max(1, self.scrollable_content_region.height // 2)
        target = min(max(0, self.highlighted + pages * many), self.option_count - 1)
        rows = [row for row in range(self.option_count) if not self.get_option_at_index(row).disabled]
        if rows:
            self.highlighted = min(rows, key=lambda row: (abs(row - target), -pages * row))
