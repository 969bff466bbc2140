"""What a screen without a terminal may leave out: to draw what is drawn over at once, to join the parts to one picture,
which nobody gets, to read a style sheet that an app before it has read, and to work out what its rules come to for a
node of a kind that there was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual._styles_cache import StylesCache
from textual.css.match import _check_selectors
from textual.css.model import CombinatorType
from textual.css.styles import Styles
from textual.css.stylesheet import Stylesheet
from textual.geometry import Region
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import App
    from textual.css.model import RuleSet
    from textual.css.types import CSSLocation
    from textual.dom import DOMNode
    from textual.screen import Screen

whole_update = Compositor.render_update
"""As Textual has it."""

parse_rules = Stylesheet._parse_rules
"""As Textual has it: each app parses its sheets anew."""

_rules: dict[tuple[object, ...], list[RuleSet]] = {}
"""The rules of every sheet read so far, by all that their meaning hangs on: text, place, precedence and variables."""


class _RulesMap(dict[str, "list[RuleSet]"]):
    """The rules of a style sheet by the type, class or id that each names, and what is the same for all its apps."""

    def __init__(self, rules: Iterable[RuleSet]) -> None:
        super().__init__()
        self.in_turn = tuple(reversed(tuple(rules)))
        for rule in reversed(self.in_turn):
            for name in rule.selector_names:
                self.setdefault(name, []).append(rule)
        self.candidates: dict[frozenset[str], tuple[tuple[RuleSet, ...], frozenset[str]]] = {}
        """By the types, classes and id of a node: the rules that may be meant for it, and their pseudo classes."""
        self.outcomes: dict[tuple[object, ...], dict[str, Any]] = {}
        """By the rules that match a node, each with how specific it is: what they come to."""

    def meant_for(self, names: frozenset[str]) -> tuple[tuple[RuleSet, ...], frozenset[str]]:
        """The rules that may be meant for a node of these names, and their pseudo classes."""
        if names not in self.candidates:
            meant = {rule for name in names for rule in self.get(name, ())}
            rules = tuple(rule for rule in self.in_turn if rule in meant)
            self.candidates[names] = rules, frozenset().union(*(rule.pseudo_classes for rule in rules))
        return self.candidates[names]


_maps: dict[tuple[int, ...], _RulesMap] = {}
"""The rules of every style sheet so far, by which they are: to compare a thousand rules takes longer, and none goes."""

_IN_ORDER = frozenset({"first-of-type", "last-of-type", "first-child", "last-child", "empty"})
_USUAL = Styles()
_OF_MANY_NODES = frozenset(Stylesheet._EXCLUDE_PSEUDO_CLASSES_FROM_CACHE)

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
    visible_screen_stack.set([] if screen_stack is None else screen_stack)
    if _unseen:
        return None
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
    cuts, visible = compositor.cuts, compositor.visible_widgets
    reaching = {widget: at for widget, at in visible.items() if region.overlaps(at[0].intersection(at[1]))}
    compositor._visible_widgets = reaching
    try:
        chops = compositor._render_chops(region, rows.__contains__)
    finally:
        compositor._visible_widgets = visible
    strips = []
    for row in rows:
        ends = cuts[row][1:]
        parts = [
            strip or Strip.blank(end - start) for (start, strip), end in zip(chops[row].items(), ends, strict=True)
        ]
        strips.append(Strip.join(parts).crop(region.x, region.right))
    return strips


@contextmanager
def undrawn() -> Iterator[None]:
    """Let no screen draw by itself until the end of the block.

    Who looks meanwhile sees the present picture: widgets draw the lines that are asked for.
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


def draw_contents(app: App[Any]) -> None:
    """Let the widgets of the top screen of ``app`` draw what has changed and is their own: contents and titles.

    Whatever cannot be drawn raises here as it does in `draw_changes`; frames, padding and empty containers, which are
    Textual's own and a large part of a paint, are left out.
    """
    if app.screen_stack:
        compositor = app.screen._compositor
        visible_screen_stack.set(app._background_screens)
        dirty = compositor._dirty_regions
        area = Region.from_union(dirty).intersection(compositor.size.region) if dirty else Region()
        for widget, (region, clip) in compositor.visible_widgets.items():
            crop = region.intersection(clip)
            if crop and area.overlaps(crop):
                _draw_content(widget, crop.translate(-region.offset))


def _draw_content(widget: Widget, crop: Region) -> None:
    """Draw the lines of ``widget`` within ``crop`` that it would draw for a paint now."""
    kind = type(widget)
    if kind.render_lines is not Widget.render_lines:
        widget.render_lines(crop)
        return
    if widget._border_title or widget._border_subtitle:
        for line in {0, widget.outer_size.height - 1}.intersection(crop.line_range):
            widget.render_lines(Region(crop.x, line, crop.width, 1))
    if (kind.render, kind.render_line) != (Widget.render, Widget.render_line) and kind is not ScrollBar:
        drawn = widget._styles_cache
        is_new = drawn._width != widget.outer_size.width
        top, height = widget.styles.gutter.top, widget.content_size.height
        for line in crop.line_range:
            if top <= line < top + height and (is_new or line not in drawn._cache or drawn.is_dirty(line)):
                widget.render_line(line - top)


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
    held, variables = vars(sheet).get("_variables_held", (None, frozenset()))
    if held is not sheet._variables:  # another theme brings others, never the same ones changed
        held, variables = sheet._variables, frozenset(sheet._variables.items())
        vars(sheet)["_variables_held"] = held, variables
    everywhere = (*here, variables)
    if everywhere not in _rules:
        _rules[everywhere] = parse_rules(sheet, *here)
    rules = sheet._parse_cache[here] = _rules[everywhere]
    return rules


def apply_known(
    sheet: Stylesheet, node: DOMNode, *, animate: bool = False, cache: dict[tuple[Any, ...], Any] | None = None
) -> None:
    """Give ``node`` the styles that ``Stylesheet.apply`` gives it, for which it stands in.

    Textual seeks the rules that are meant for a node, joins them and sets each of their values for every node and
    every time anew. Here what is the same for all apps is worked out once, and a value that is there is not set again.
    """
    known = _known_rules(sheet)
    rules, pseudo = known.meant_for(frozenset(node._selector_names))
    node._has_hover_style = "hover" in pseudo
    node._has_focus_within = "focus-within" in pseudo
    node._has_order_style = not pseudo.isdisjoint(_IN_ORDER)
    node._has_odd_or_even = "odd" in pseudo or "even" in pseudo
    key: tuple[Any, ...] = ()
    outcome: dict[str, Any] | None = None
    if cache is not None and pseudo.isdisjoint(_OF_MANY_NODES):
        name = node._id if node._id is not None and f"#{node._id}" in known else None
        key = (node._parent, name, node.classes, node._pseudo_classes_cache_key, node._css_type_name)
        outcome = cache.get(key)
    if outcome is None:
        matches = _matches(rules, node.css_path_nodes)
        by = tuple((id(rule), specificity) for rule, specificity in matches)
        outcome = known.outcomes.get(by)
        if outcome is None:
            outcome = known.outcomes[by] = _outcome(matches)
        if outcome and key and cache is not None:
            cache[key] = outcome
    if outcome:
        _set_changed(sheet, node, outcome, animate)
    sheet._process_component_classes(node)


def _known_rules(sheet: Stylesheet) -> _RulesMap:
    rules = sheet.rules  # which it parses again after another source came in
    if not isinstance(sheet._rules_map, _RulesMap):
        here = tuple(map(id, rules))
        if here not in _maps:
            _maps[here] = _RulesMap(rules)
        sheet._rules_map = _maps[here]
    return sheet._rules_map


def _matches(rules: Iterable[RuleSet], path: list[DOMNode]) -> list[tuple[RuleSet, Any]]:
    """Which of ``rules`` match the last node of ``path``, each with how specific it is, as ``Stylesheet._check_rule``
    finds them.

    Textual goes down the whole path for each rule; here the last node is asked first, and mostly that is all.
    """
    node = path[-1]
    matches = []
    for rule in rules:
        for choice in rule.selector_set:
            *above, own = choice.selectors
            if own.check(node):
                is_alone = not above and own.combinator is CombinatorType.DESCENDENT
                if is_alone or _check_selectors(choice.selectors, path):
                    matches.append((rule, choice.specificity))
    return matches


def _outcome(matches: list[tuple[RuleSet, Any]]) -> dict[str, Any]:
    """What rules come to that all match a node: the most specific value of each, as ``Stylesheet.apply`` joins them."""
    values: dict[str, list[tuple[Any, Any]]] = {}
    initial: tuple[set[str], set[str]] = (set(), set())
    for rule, specificity in matches:
        for name, weight, value in rule.styles.extract_rules(specificity, rule.is_default_rules, rule.tie_breaker):
            if value is None:
                initial[rule.is_default_rules].add(name)
            values.setdefault(name, []).append((weight, value))
    outcome = {name: max(choice, key=itemgetter(0))[1] for name, choice in values.items()}
    for is_default, names in enumerate(initial):
        for name in names:
            if outcome[name] is None:
                rest = [choice for choice in values[name] if bool(choice[0][0]) == bool(is_default)]
                if rest:
                    outcome[name] = max(rest, key=itemgetter(0))[1]
                elif is_default:
                    outcome[name] = getattr(_USUAL, name)
                else:
                    initial[1].add(name)
    return outcome


def _set_changed(sheet: Stylesheet, node: DOMNode, outcome: dict[str, Any], animate: bool) -> None:
    """Set what differs from what ``node`` has, as ``Stylesheet.replace_rules`` sets all."""
    if animate and "transitions" in outcome:
        sheet.replace_rules(node, cast("Any", outcome), animate=True)
        return
    base = node.styles.base
    present = cast("dict[str, Any]", base._rules)
    for name in present.keys() | outcome.keys():
        value = outcome.get(name)
        if value is None or present.get(name) is not value:
            setattr(base, name, value)
    node.notify_style_update()


def forget_drawn() -> None:
    """Free the lines of widgets that have gone: Textual holds those of the last thousand for colours of their edges."""
    StylesCache.get_inner_outer.cache_clear()
