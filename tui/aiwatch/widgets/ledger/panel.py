"""The panel of the ledger: the tabs of its views, the rows of the chosen one, its filter and its summary.

The first view is made at once; the others are loaded when one is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from aiwatch.ledger.records import Ledger
from aiwatch.ledger.views import SCREEN_VIEWS, everything, is_large, target_of
from aiwatch.widgets.beat import every_second
from aiwatch.widgets.ledger.context import PRINTED, LedgerContext
from aiwatch.widgets.ledger.list import LedgerList
from aiwatch.widgets.ledger.rows import BEING_READ, SORTS, ListRow, Shown, ViewQuery, commitment_table, first_headings
from aiwatch.widgets.tab_line import TabLine

if TYPE_CHECKING:
    from textual.widgets import Input

    from aiwatch.ledger.amounts import Rate
    from aiwatch.widgets.filter_box import FilterBox

_FRAME = 2
"""Rows of the panel's frame."""

VIEWS = tuple((view.key, view.title) for view in SCREEN_VIEWS)
"""The keys of the views in the order of their tabs, with their titles."""

SORTED_VIEWS = tuple(view.key for view in SCREEN_VIEWS if view.sorts)
"""The views with more than one order."""

_VIEW_OF = {
    "total": "totals",
    "circle": "deals",
    "gets": "deals",
    "pays": "deals",
    "entity": "who",
    "source": "sources",
    "left": "sources",
    "event": "timeline",
    "year": "years",
    "rate": "years",
    "delivered": "delivered",
}


class LedgerRequest(Message):
    """What the panel cannot do itself: ``add`` a record of the reader's own, ``undo`` the last one, or ``look`` for
    what the ``view`` that is now shown has beside the ledger's files."""

    def __init__(self, wish: str, view: str = "") -> None:
        super().__init__()
        self.wish = wish
        self.view = view


class LedgerColumn(Vertical):
    """The ledger over the record that its cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "a",
            "add_record",
            "add",
            show=False,
            id="ledger.add",
            tooltip="Write a commitment of your own into the ledger",
        ),
        Binding(
            "z",
            "undo_record",
            "undo",
            show=False,
            id="ledger.undo",
            tooltip="Take the commitment back that was added last",
        ),
        Binding("m", "map", "map", id="ledger.map", tooltip="Show who pays whom as a map, or as a table again"),
    ]

    class MapToggled(Message):
        """The ledger shows another view than before, which is to be seen."""

    def action_add_record(self) -> None:
        """Write a commitment of your own into the ledger."""
        self.post_message(LedgerRequest("add"))

    def action_undo_record(self) -> None:
        """Take the commitment back that was added last."""
        self.post_message(LedgerRequest("undo"))

    def action_map(self) -> None:
        """Show who pays whom as a map, or as a table again."""
        self.query_one(LedgerPanel).toggle_map()
        self.post_message(self.MapToggled())


class LedgerPanel(Vertical):
    """One view of the ledger at a time. ``context`` gives the ledger as it is to be read now."""

    DEFAULT_CSS = """
    LedgerPanel {
        & #ledger-head { height: 1; display: none; }
        & #ledger-head.-shown { display: block; }
        & #ledger-summary { height: auto; max-height: 4; padding: 0 1; background: $panel; color: $quiet; }
    }
    """

    view: reactive[str] = reactive(VIEWS[0][0], init=False)
    """The key of the view shown."""
    asked: reactive[ViewQuery] = reactive(ViewQuery(), init=False)
    """Order and filter of the rows, the same for every view."""

    list = getters.query_one("#commitments", LedgerList)
    tab_line = getters.query_one(TabLine)
    summary = getters.query_one("#ledger-summary", Static)
    head = getters.query_one("#ledger-head", Static)

    def __init__(
        self,
        context: Callable[[], LedgerContext],
        hint: Callable[[str, str], str] = lambda name, words: "",
        *,
        id: str | None = None,
        classes: str = "",
    ) -> None:
        """``hint`` gives the present keys of an action, by its id, with words for what they do."""
        super().__init__(id=id, classes=classes)
        self._ledger_context = context
        self._hint = hint
        self._heads: tuple[str, Content | None] | None = None
        self._rates: tuple[Rate, ...] = ()
        """Those that the sums were last converted at."""
        self._to_make: Callable[[], Shown] | None = None
        """The rows of a large ledger that a thread is to make next."""
        self.is_making = False
        """Whether a thread makes rows now."""

    def compose(self) -> ComposeResult:
        yield TabLine()
        yield Static(id="ledger-head", classes="-shown")  # as the first view has it
        yield LedgerList(self._rows_at, first_keys(self._ledger_context().ledger), id="commitments")
        yield Static(id="ledger-summary")

    def on_mount(self) -> None:
        """Name the tabs; live figures and rates move on by themselves."""
        self.tab_line.tabs, self.tab_line.chosen = VIEWS, self.view
        every_second(self, self.move_on)

    @property
    def front(self) -> Widget:
        """What takes the keys: the rows."""
        return self.list

    @property
    def rows_needed(self) -> int:
        """The rows of a panel that shows all of the view: its frame, its tabs, its head, its sums."""
        around = [child for child in self.children if child.display and child is not self.list]
        return _FRAME + sum(child.outer_size.height or 1 for child in around) + self.list.virtual_size.height

    @property
    def key(self) -> str:
        """The key of the row under the cursor; empty without one."""
        return self.list.key

    @property
    def filter_box(self) -> FilterBox:
        """The box that narrows the rows."""
        from aiwatch.widgets.filter_box import filter_box_of  # not in the first paint

        return filter_box_of(self, "ledger-filter", "show only what matches: name, kind, status, id")

    def _rows_at(self, width: int) -> Sequence[ListRow] | None:
        """The rows of the view; ``None`` where the ledger is so large that a thread makes them, from which the list
        gets them when they are there."""
        context = self._ledger_context()
        self._rates = context.rates if context.currency else ()
        make = partial(_made, self.view, context, self.asked, width)
        if not is_large(context.ledger):
            return self._present(make())
        self._to_make = make
        if not self.is_making:
            self.is_making = True
            self._make()
        return None

    @work(group="ledger-rows", exit_on_error=False)
    async def _make(self) -> None:
        """Make rows in a thread until those are there that were asked for last."""
        try:
            while self._to_make is not None:
                make, self._to_make = self._to_make, None
                shown = await asyncio.to_thread(make)
                if self._to_make is None:
                    self.list.take(self._present(shown))
        finally:
            self.is_making = False

    def _present(self, shown: Shown) -> Sequence[ListRow]:
        """Show what is said about the rows, and give these."""
        heads = shown.summary, shown.head
        if heads != self._heads:
            self._heads = heads
            self.summary.update(Content(heads[0]))
            self.head.set_class(shown.head is not None, "-shown")
            self.head.update(shown.head or "")
        return shown.rows or (ListRow("", Content.styled(self._why_empty(), "not bold $quiet")),)

    def _why_empty(self) -> str:
        """Why there is no row, with the key that helps."""
        if self.asked.text:
            return f"Nothing matches “{self.asked.text.strip()}”{self._hint('panel.back', 'shows all')}"
        if not self._ledger_context().ledger.complete:
            return BEING_READ
        return f"Nothing in this view{self._hint('ledger.view', 'shows the next')}"

    def why_nothing(self) -> str:
        """Why the cursor is on no row, with the key that helps."""
        if self.asked.text:
            return f"No record selected, none matches the filter{self._hint('panel.back', 'shows all')}"
        return f"No record selected, this view has none{self._hint('ledger.view', 'shows the next')}"

    @on(LedgerList.Widened)
    def widen_head(self, event: LedgerList.Widened) -> None:
        """Put the titles above the columns as they are now."""
        event.stop()
        self.head.update(self.list.head or "")

    def move_on(self) -> None:
        """Show what follows the quotes: the claims since then, and sums converted at other rates than before."""
        if self.view == "claims" or (self._rates and self._ledger_context().rates != self._rates):
            self.list.redraw()

    def redraw(self) -> None:
        """Show the ledger as it is to be read now, the cursor where it was."""
        self.list.redraw()

    def step(self, by: int) -> None:
        """Show the view that many tabs further on, round and round."""
        keys = [key for key, _ in VIEWS]
        self.view = keys[(keys.index(self.view) + by) % len(keys)]

    def go_to(self, key: str) -> None:
        """Put the cursor on the row called ``key``, in this view or in the first that has it."""
        if not self.list.has(key):
            if self.asked.text:
                self.clear_filter()
            view = view_of(self._ledger_context().ledger, key)
            if not self.list.has(key) and view:
                self.view = view
        if self.list.has(key) or is_large(self._ledger_context().ledger):
            self.list.redraw(key)

    def toggle_map(self) -> None:
        """Show the deals as a map, or as a table again."""
        self.asked = replace(self.asked, mapped=self.view != "deals" or not self.asked.mapped)
        self.view = "deals"

    def watch_view(self, view: str) -> None:
        """Show the view from its first row."""
        self.tab_line.chosen = view
        self.list.start_over()
        self.post_message(LedgerRequest("look", view))

    def watch_asked(self) -> None:
        """Show the rows in the order asked for, and those that match."""
        self.list.redraw()

    @on(LedgerList.Turned)
    def turn(self, event: LedgerList.Turned) -> None:
        """Show the view beside this one."""
        event.stop()
        self.step(event.by)

    @on(TabLine.Picked)
    def pick_view(self, event: TabLine.Picked) -> None:
        """Show the view whose tab was clicked."""
        event.stop()
        self.view = event.key

    # Filter and order

    def show_filter(self) -> None:
        """Open the box that narrows the rows."""
        self.filter_box.open()

    def clear_filter(self) -> bool:
        """Show every row again; returns whether there was a filter, or a box for it."""
        was_on = bool(self.query("FilterBox.-shown"))
        if self.query("#ledger-filter"):
            self.filter_box.close()
        self.asked = replace(self.asked, text="")
        return was_on

    def narrow_to(self, text: str) -> None:
        """Show only what matches ``text``, or every row again where it is empty."""
        if text:
            self.asked = replace(self.asked, text=text)
            self.filter_box.hold(text)
        else:
            self.clear_filter()

    def step_back(self) -> bool:
        """Leave the filter, and say whether there was one to leave."""
        was_on = self.clear_filter()
        if was_on:
            self.list.focus()
        return was_on

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show only what matches, as it is typed."""
        event.stop()
        self.asked = replace(self.asked, text=event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep what is typed and go back to the rows."""
        event.stop()
        self.list.focus()
        if not event.value:
            self.clear_filter()

    def sort_by_next(self) -> None:
        """Sort by the next thing; only commitments have more than one order."""
        if self.view in SORTED_VIEWS:
            at = SORTS.index(self.asked.sort)
            self.asked = replace(self.asked, sort=SORTS[(at + 1) % len(SORTS)], reverse=False)

    def reverse(self) -> None:
        """Reverse the sort order."""
        self.asked = replace(self.asked, reverse=not self.asked.reverse)


def show(view: str, context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    """What ``view`` shows in rows of ``width`` cells."""
    if view == "all":
        return commitment_table(context, everything(context.ledger), query, width)
    from aiwatch.widgets.ledger.more_views import FURTHER_VIEWS

    return FURTHER_VIEWS[view](context, query, width)


def _made(view: str, context: LedgerContext, query: ViewQuery, width: int) -> Shown:
    """What ``view`` shows, with the rates of its sums."""
    shown = show(view, context, query, width)
    if not context.currency or view == "conflicts":
        return shown
    return replace(shown, summary=f"{shown.summary}\n{context.rate_words()} · {PRINTED} printed in {context.currency}")


def first_keys(ledger: Ledger) -> list[str]:
    """The keys of the first view's rows, empty for headings: what can be known before there is a width."""
    return [key for records in first_headings(everything(ledger)) for key in ("", *(record.id for record in records))]


def view_of(ledger: Ledger, key: str) -> str:
    """The first view that has a row called ``key``; empty when none has."""
    if key in ledger.commitments:
        return "all"
    for name, records in (("signals", ledger.signals), ("claims", ledger.claims), ("conflicts", ledger.conflicts)):
        if key in records:
            return name
    return _VIEW_OF.get(target_of(key).kind, "")
