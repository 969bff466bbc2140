"""What every screen of aiwatch shares: it takes keys from its first paint on, one after the other, and is left once;
and how little of one is drawn that changes all the time.

Each key, paste and click acts where all before it have led. A terminal hands over what was typed quickly in one piece:
a slow line, a macro, ``tmux send-keys``. Textual takes every event of it at once, but a key that opens something does
so a turn of the loop later, or many turns, when a file is read first; what follows it would act on the board, or on a
dialog that has no rows yet or was closed. So the next event waits until the one before has been handled, whatever it
set going has come to rest, and the screen that is then in front can take it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partialmethod
from itertools import pairwise
from typing import Any, ClassVar, Protocol, TypeVar, cast

from rich.console import Console
from rich.segment import Segment
from textual import events, on
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate, ReflowResult
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingsMap, BindingType
from textual.cache import FIFOCache
from textual.content import _CONTROL_STRIP_TRANSLATE, Content, _strip_control_codes
from textual.dom import DOMNode
from textual.geometry import Region, Size
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from aiwatch.files.bounded import Replacements
from aiwatch.screens.keys.keyboard import Keyboard
from aiwatch.widgets.beat import Followers, shine_through

Result = TypeVar("Result")


class _OurApp(Protocol):
    """An app whose keys can be moved, that says what failed and can be drawn anew."""

    keyboard: Keyboard

    def report_fault(self, error: BaseException) -> None: ...

    def redraw(self) -> None: ...


def breakpoints_at(width: int, points: Sequence[tuple[int, str]]) -> dict[str, bool]:
    """Which classes a screen of ``width`` cells has. Textual says so only after a layout, to the screen in front."""
    least = max((point for point, _ in points if point <= width), default=0)
    return {name: point == least for point, name in points}


def bindings_within(screen: Screen[Any], widget: Widget) -> list[tuple[DOMNode, BindingsMap]]:
    """The nodes from ``widget`` outwards to ``screen``, without that, each with its keys as a person moved them; none
    where it is on the screen no more."""
    nodes = widget.ancestors_with_self
    inner = [(node, node._bindings.copy()) for node in nodes[: nodes.index(screen)]] if screen in nodes else []
    for _, bindings in inner:
        bindings.apply_keymap(screen.app._keymap)
    return inner


def redraw(app: App[Any]) -> None:
    """Write the whole picture of ``app`` anew."""
    cast(_OurApp, app).redraw()


def clean_content() -> None:
    """Let Textual's content, of which everything but the board is made, take no control characters from anybody.

    Textual leaves out five of them that break lines; an escape sequence goes through. Its table is what every content
    is cleaned by, in its own widgets too.
    """
    _strip_control_codes.__defaults__ = (_CLEANED,)
    if Content.__add__ is _ADD:  # the two that take a text as it is
        for name, join in (("__add__", _ADD), ("append", _APPEND)):
            setattr(Content, name, partialmethod(_joined, join))


_ADD, _APPEND = Content.__add__, Content.append
_CLEANED = Replacements(_CONTROL_STRIP_TRANSLATE)


def _joined(content: Content, join: Callable[[Content, Content | str], Content], addition: Content | str) -> Content:
    """``addition`` behind ``content``; a text is cleaned as content is."""
    return join(content, Content(addition) if isinstance(addition, str) else addition)


@contextmanager
def reported(app: App[Any]) -> Iterator[None]:
    """Say what failed of aiwatch itself in the block, and go on."""
    try:
        yield
    except Exception as error:
        cast(_OurApp, app).report_fault(error)


class ChangedLines(Compositor):
    """A compositor that draws the lines of the widgets that are seen there; of a picture that changed in part, the
    changed ones.

    Textual's has every widget drawn that the hull of all changes touches, and the frames and containers that others
    cover. A clock in the top line and a figure in the bottom one would be the whole screen.
    """

    def __init__(self) -> None:
        super().__init__()
        self.followers = Followers()

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay out. Of followers that have other places then, nothing waits."""
        result = super().reflow(parent, size)
        self._full_map_invalidated = False  # it was just made, and Textual would lay out once more to make it again
        self._dirty_regions |= self.followers.moved()
        return result

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """The whole picture. ``simplify`` joins the segments that look alike, for a picture that goes to a file."""
        self._dirty_regions.clear()
        width, height = self.size
        lines = [chop.values() for chop in self._drawn([(y, 0, width) for y in range(height)])]
        if simplify:
            joined = [[Strip.join(line).simplify().discard_meta()] for line in lines]
            return LayoutUpdate(cast("Any", joined), self.size.region)
        return LayoutUpdate(cast("Any", lines), self.size.region)

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed since the last picture; ``None`` when nothing did."""
        regions, self._dirty_regions = self.followers.due(self._dirty_regions), set()
        if not regions:
            return None
        cuts = self.cuts
        spans = [span for span in self._regions_to_spans(regions) if span[0] < len(cuts)]
        return ChopsUpdate(cast("Any", self._drawn(spans)), spans, [cut_set[1:] for cut_set in cuts])

    def _drawn(self, spans: Sequence[tuple[int, int, int]]) -> list[dict[int, Strip | None]]:
        """The pieces of each line by their columns, those drawn that ``spans`` touch: lines with a first column and the
        one after the last."""
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [{}] * len(cuts)
        columns: dict[int, dict[int, int]] = {}
        """By line, the columns at which pieces begin that changed and have not been drawn yet, with those after their
        ends."""
        for y, first, end in spans:
            chops[y] = chops[y] or dict.fromkeys(cuts[y][:-1])
            pieces = {x: after for x, after in pairwise(cuts[y]) if x < end and after > first}
            if pieces:
                columns.setdefault(y, {}).update(pieces)
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            inside, rows = range(shown.x, shown.right), range(shown.y, shown.bottom)
            lines = {y: [x for x in columns[y] if x in inside] for y in columns if y in rows}
            lines = {y: starts for y, starts in lines.items() if starts}
            if lines:
                top, last = min(lines), max(lines)
                left = min(min(starts) for starts in lines.values())
                right = max(max(columns[y][x] for x in starts) for y, starts in lines.items())
                strips = widget.render_lines(Region(left - region.x, top - region.y, right - left, last + 1 - top))
                for y in lines:
                    places = [cut for cut in cuts[y] if left <= cut <= right]
                    ends, strip = [cut - left for cut in places[1:]], strips[y - top]
                    parts = [strip] if len(ends) == 1 else _parts_of(strip, ends)
                    for x, part in zip(places, parts, strict=False):
                        if chops[y][x] is None:  # what lies above was drawn first
                            chops[y][x] = part
                        columns[y].pop(x, None)
                    if not columns[y]:
                        del columns[y]
            if not columns:
                break
        return chops


class Written(CompositorUpdate):
    """An update that is spelled already."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, console: Console) -> str:
        """The text, whatever the console."""
        return self._text


class _Part(Strip):
    """A part of a strip that is drawn once. The seven caches of a strip are made when they are first asked for."""

    def __init__(self, segments: list[Segment], cell_length: int) -> None:
        self._segments = segments
        self._cell_length = cell_length
        self._render_cache = self._link_ids = self._cell_count = None

    def __getattr__(self, name: str) -> FIFOCache[Any, Any]:
        if not name.endswith("_cache"):
            raise AttributeError(name)
        cache: FIFOCache[Any, Any] = FIFOCache(4)
        setattr(self, name, cache)
        return cache


def _parts_of(strip: Strip, ends: Sequence[int]) -> list[Strip]:
    """``strip`` in parts that end at the cells ``ends``; unlike `Strip.divide`, without keeping them."""
    parts = Segment.divide(strip, ends)
    return [_Part(part, end - begin) for part, begin, end in zip(parts, (0, *ends), ends, strict=False)]


def _note_painted(screen: BaseScreen[Any]) -> None:
    """A function of Python's own: Textual asks for its parameters, and those of a built-in one take a tenth of what the
    first price waits for."""
    screen.is_painted = True


class BaseScreen(Screen[Result]):
    """A screen that takes keys from its first paint on, and can be left any number of times: only the first counts."""

    is_painted = False
    is_left = False

    def _compositor_refresh(self) -> None:
        """Paint what changed; below a screen that it shines through, have that one paint it. Textual's asks for that
        for ever, sixty times a second, and also below a screen through which nothing is seen."""
        if self is self.app.screen or self.app.is_inline:
            super()._compositor_refresh()
        else:
            shine_through(self)

    @on(events.Mount)
    def await_paint(self) -> None:
        """Take keys once the screen has been painted with all that it is mounted with."""
        self.call_after_refresh(_note_painted, self)

    def _screen_resized(self, size: Size) -> None:
        """Lay out for another size. The first layout and the terminal both tell of the size there is: for that, what
        asked for another layout has one at the next paint, and nothing else needs any."""
        if size != self._compositor.size:
            self.fit(size)
            super()._screen_resized(size)

    def fit(self, size: Size) -> None:
        """Get ready to be laid out for ``size``, so that one layout is enough."""
        self.update_classes(breakpoints_at(size.width, self.HORIZONTAL_BREAKPOINTS or ()), animate=False)

    @on(Worker.StateChanged)
    def report_end(self, event: Worker.StateChanged) -> None:
        """Say what a worker ended by: nobody waits for it."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            cast(_OurApp, self.app).report_fault(event.worker.error)

    def takes(self, event: events.Event) -> bool:
        """Whether ``event``, a key, a paste or a click, would now do what a person means by it."""
        return self.is_painted and not self.is_left

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave the screen with ``result``; nothing happens when it was left before, or another covers it."""
        if self.is_left or not self.is_active:
            return AwaitComplete()
        self.is_left = True
        return super().dismiss(result)


def is_key_of(screen: Screen[Any], name: str, event: events.Key) -> bool:
    """Whether ``event`` is a key of the action called ``name`` now, and none of the own keys of ``screen``."""
    keys = cast(_OurApp, screen.app).keyboard.keys[name]
    return event.key in keys and event.key not in screen.active_bindings


class BaseDialog(ModalScreen[Result], BaseScreen[Result]):
    """A screen in a frame over another one, which goes on being painted. The key that hides everything hides it too."""

    def hint(self, name: str, words: str, before: str = "") -> str:
        """The present keys of the action called ``name`` with ``words`` for what they do: `Keyboard.hint`."""
        return cast(_OurApp, self.app).keyboard.hint(name, words, before)

    def action_close(self) -> None:
        """Leave the screen without a result."""
        self.dismiss(None)

    @on(events.Click)
    def leave_beside(self, event: events.Click) -> None:
        """Leave it by a click beside its frame, unless it has a button for that, as what can be filled in has."""
        is_beside = self.get_widget_at(*event.screen_offset)[0] is self
        if is_beside and not self.query("Button"):
            self.action_close()

    @on(events.Key)
    async def hide(self, event: events.Key) -> None:
        """Hide everything, unless somebody types."""
        if is_key_of(self, "view.stealth", event):
            event.stop()
            await self.run_action("app.stealth")


class InfoDialog(BaseDialog[None]):
    """A dialog that only shows something. It is closed by its own keys, and by those of the action that opens it."""

    OPENED_BY: ClassVar[str] = ""
    """The id of that action."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close", id="dialog.close", tooltip="Close the dialog"),
    ]

    @on(events.Key)
    def close_again(self, event: events.Key) -> None:
        """Close it by the key that opened it."""
        if is_key_of(self, self.OPENED_BY, event):
            event.stop()
            self.action_close()
