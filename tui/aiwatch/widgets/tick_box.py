"""A box to tick that says by its signs, and not by its colour, whether it is on: ``[x]`` or ``[ ]``."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Checkbox


class TickBox(Checkbox):
    """Textual's check box shows an X in both states."""

    def render(self) -> Content:
        """The box and its label."""
        box = "[x]" if self.value else "[ ]"
        label = self.label.pad(1, 1).stylize_before(self.get_visual_style("toggle--label"))
        return Content(box) + label
