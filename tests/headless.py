"""What a screen without a terminal may leave out: the joining of its parts to one picture, which nobody gets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.geometry import Region

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import App
    from textual.screen import Screen

whole_update = Compositor.render_update
"""As Textual has it."""

_unseen = 0
"""How many blocks of `drawn_once` are open."""


def draw_parts(
    compositor: Compositor, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
) -> RenderableType | None:
    """Let the widgets draw what Textual would have them draw, and when; stands in for ``Compositor.render_update``.

    To cut their lines and to join the pieces is a large part of a paint, and a headless app throws the outcome away.
    Screenshots (``full``), and the lines that a test reads, are joined as ever. Within `drawn_once` what has changed
    waits until its end.
    """
    if full:
        return whole_update(compositor, full, screen_stack, simplify)
    if _unseen:
        return None
    visible_screen_stack.set([] if screen_stack is None else screen_stack)
    dirty = compositor._dirty_regions.copy()
    compositor._dirty_regions.clear()
    if dirty:
        for _ in compositor._get_renders(Region.from_union(dirty).intersection(compositor.size.region)):
            pass
    return None


@contextmanager
def drawn_once(app: App[Any]) -> Iterator[None]:
    """Let the screen of ``app`` draw what changes meanwhile at the end of the block, once, however often it changed."""
    global _unseen
    _unseen += 1
    try:
        yield
    finally:
        _unseen -= 1
    if not _unseen and app.screen_stack:
        draw_parts(app.screen._compositor, screen_stack=app._background_screens)
