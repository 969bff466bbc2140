"""What a screen without a terminal may leave out: to draw what is drawn over at once, to join the parts to one picture,
which nobody gets, and to read a style sheet that an app before it has read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual._styles_cache import StylesCache
from textual.css.stylesheet import Stylesheet
from textual.geometry import Region
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import App
    from textual.css.model import RuleSet
    from textual.css.types import CSSLocation
    from textual.screen import Screen

whole_update = Compositor.render_update
"""As Textual has it."""

parse_rules = Stylesheet._parse_rules
"""As Textual has it: each app parses its sheets anew."""

_rules: dict[tuple[object, ...], list[RuleSet]] = {}
"""The rules of every sheet read so far, by all that their meaning hangs on: text, place, precedence and variables."""

_unseen = 0
"""How many blocks of `drawn_once` and `undrawn` are open."""


def draw_parts(
    compositor: Compositor, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
) -> RenderableType | None:
    """Let the widgets draw what Textual would have them draw, and when; stands in for ``Compositor.render_update``.

    To cut their lines and to join the pieces is a large part of a paint, and a headless app throws the outcome away.
    Screenshots (``full``), and the lines that a test reads, are joined as ever. Within `drawn_once` and `undrawn` what
    has changed waits until it is drawn by `draw_changes`.
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


def strips_in(screen: Screen[Any], region: Region) -> list[Strip]:
    """What ``region`` of the terminal shows, a strip for each of its rows that are on ``screen``.

    Only what reaches into it is drawn and joined: tests look at single panels far more often than at the whole.
    """
    compositor = screen._compositor
    rows = range(compositor.size.height)[region.y : region.bottom]
    chops = compositor._render_chops(region, rows.__contains__)
    strips = []
    for row in rows:
        ends = compositor.cuts[row][1:]
        parts = [
            strip or Strip.blank(end - start) for (start, strip), end in zip(chops[row].items(), ends, strict=True)
        ]
        strips.append(Strip.join(parts).crop(region.x, region.right))
    return strips


@contextmanager
def undrawn() -> Iterator[None]:
    """Let no screen draw by itself until the end of the block.

    Who looks meanwhile sees the present picture: widgets draw the lines that are asked for. Pictures are taken without
    it: how far a panel scrolls may hang on what was drawn between, as on a terminal.
    """
    global _unseen
    _unseen += 1
    try:
        yield
    finally:
        _unseen -= 1


@contextmanager
def drawn_once(app: App[Any]) -> Iterator[None]:
    """Let the screen of ``app`` draw what changes meanwhile at the end of the block, once, however often it changed."""
    with undrawn():
        yield
    if not _unseen:
        draw_changes(app)


def draw_changes(app: App[Any]) -> None:
    """Let the widgets of the top screen of ``app`` draw now what has changed since they last did."""
    global _unseen
    if app.screen_stack:
        unseen, _unseen = _unseen, 0
        try:
            draw_parts(app.screen._compositor, screen_stack=app._background_screens)
        finally:
            _unseen = unseen


def shared_rules(
    sheet: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    """The rules of ``css``, parsed once for all apps; stands in for ``Stylesheet._parse_rules``.

    Textual itself parses a sheet once for each app, and hands the same rules out from then on.
    """
    here = (css, read_from, is_default_rules, tie_breaker, scope)
    if here in sheet._parse_cache:
        return sheet._parse_cache[here]
    everywhere = (*here, frozenset(sheet._variables.items()))
    if everywhere not in _rules:
        _rules[everywhere] = parse_rules(sheet, *here)
    rules = sheet._parse_cache[here] = _rules[everywhere]
    return rules


def forget_drawn() -> None:
    """Free the lines of widgets that have gone: Textual holds those of the last thousand for colours of their edges."""
    StylesCache.get_inner_outer.cache_clear()
