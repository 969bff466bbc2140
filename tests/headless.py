"""What a screen without a terminal may leave out: the joining of its parts to one picture, which nobody gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.geometry import Region

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

whole_update = Compositor.render_update
"""As Textual has it."""


def draw_parts(
    compositor: Compositor, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
) -> RenderableType | None:
    """Let the widgets draw what Textual would have them draw, and when; stands in for ``Compositor.render_update``.

    To cut their lines and to join the pieces is a large part of a paint, and a headless app throws the outcome away.
    Screenshots (``full``), and the lines that a test reads, are joined as ever.
    """
    if full:
        return whole_update(compositor, full, screen_stack, simplify)
    visible_screen_stack.set([] if screen_stack is None else screen_stack)
    dirty = compositor._dirty_regions.copy()
    compositor._dirty_regions.clear()
    if dirty:
        for _ in compositor._get_renders(Region.from_union(dirty).intersection(compositor.size.region)):
            pass
    return None
