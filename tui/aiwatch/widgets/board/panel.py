"""The panel of the watchlists: its keys, the marks on its rows, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import ALL_LISTS, ALL_STOCKS, Watchlist
from aiwatch.widgets.board.board import Board
from aiwatch.widgets.board.lists_view import ListsView
from aiwatch.widgets.row_keys import cursor_keys

_FRAME = 2
"""Rows of the panel's frame."""

_FILINGS = "Show the newest filings of the stocks of the list"
KEYS: list[BindingType] = [
    Binding("a", "add_stock", "add", id="edit.add", tooltip="Add a stock to the list, below the cursor"),
    Binding("d", "remove_stock", "remove", id="edit.remove", tooltip="Remove the stock; of all lists, delete the list"),
    Binding("J", "place(1)", "Down", id="edit.down", show=False, tooltip="Move the stock down in the list"),
    Binding("K", "place(-1)", "Up", id="edit.up", show=False, tooltip="Move the stock up in the list"),
    Binding("m", "move_to_list", "move", id="edit.move", show=False, tooltip="Move the stock to another list"),
    Binding("space", "pick", "mark", id="edit.mark", show=False, tooltip="Mark the row, for the keys that follow"),
    Binding("z", "undo", "undo", id="edit.undo", tooltip="Undo the last edit of a list, and the ones before it"),
    Binding("e", "open_file", "edit file", id="edit.file", show=False, tooltip="Open the list's file in your editor"),
    Binding("N", "new_list", "new list", id="edit.new", show=False, tooltip="New list"),
    Binding("R", "rename_list", "rename list", id="edit.rename", show=False, tooltip="Rename the list"),
    Binding("A", "alert", "alert", id="alert.set", tooltip="Set alerts for the selected stock"),
    Binding("C", "columns", "columns", id="board.columns", tooltip="Choose the columns of this list"),
    Binding("I", "compare", "compare", id="list.compare", show=False, tooltip="Compare the stocks of the list"),
    Binding("F", "filings", "filings", id="list.filings", show=False, tooltip=_FILINGS),
    Binding("O", "order", "order", id="board.order", show=False, tooltip="Sort by one, two or three columns"),
    *cursor_keys({"left": "step(-1)", "right": "step(1)"}),
]
"""The keys that count while the board's panel has the focus."""


class ListRequest(Message):
    """Something is wanted of the lists: ``key`` is the one that it is about, empty where it is about none."""

    def __init__(self, key: str = "") -> None:
        super().__init__()
        self.key = key


class StockRequest(ListRequest):
    """Something is wanted of ``symbols`` of the list ``key``, in the order of its file."""

    def __init__(self, key: str, *symbols: Symbol) -> None:
        super().__init__(key)
        self.symbols = symbols


class AddRequested(StockRequest):
    """Stocks are to be added, below the one of ``symbols`` if there is one."""


class RemoveRequested(StockRequest):
    """Stocks are to be taken out of their list."""


class ShiftRequested(StockRequest):
    """Stocks are to be moved one place, ``by`` 1 down or by -1 up."""

    def __init__(self, by: int, key: str, *symbols: Symbol) -> None:
        super().__init__(key, *symbols)
        self.by = by


class MoveRequested(StockRequest):
    """Stocks are to be moved to another list."""


class FileRequested(StockRequest):
    """The list's file is to be opened, at the stock of ``symbols`` if there is one."""


class UndoRequested(ListRequest):
    """The last edit is to be taken back."""


class NewListRequested(ListRequest):
    """A list is to be begun."""


class RenameRequested(ListRequest):
    """The list is to have another name."""


class DeleteRequested(ListRequest):
    """The list is to go."""


class AlertRequested(StockRequest):
    """Alerts of a stock are to be set."""


class ColumnsRequested(ListRequest):
    """The columns of the list are to be chosen."""


class OrderRequested(ListRequest):
    """The order of the rows is to be chosen."""


class CompareRequested(ListRequest):
    """The stocks of the list are to be compared."""


class FilingsRequested(ListRequest):
    """The filings of the stocks of the list are to be shown; of `ALL_STOCKS` those of all lists."""


FILLING = ("edit.add", "edit.new")
"""The keys by which a list gets its first stock, and the first list is begun."""


class BoardPanel(Vertical):
    """The lists with the keys that are about them. It knows which list and which stocks a key is about, and asks for
    what is to be done with them by a `ListRequest`."""

    BINDINGS: ClassVar[list[BindingType]] = KEYS

    board = getters.query_one("#board", Board)

    def __init__(
        self,
        lists: ListsView,
        hint: Callable[[str, str], str] = lambda name, words: "",
        *,
        id: str | None = None,
        classes: str = "",
    ) -> None:
        """``hint`` gives the present keys of an action, by its id, with words for what they do."""
        super().__init__(id=id, classes=classes)
        self.lists = lists
        self._hint = hint
        self._picked_in = ""

    def compose(self) -> ComposeResult:
        yield self.lists

    def on_mount(self) -> None:
        """Let an empty list say how it gets a stock, and a filter that hides every row how it goes."""
        self.board.hints = self._hint("edit.add", "adds one"), self._hint("panel.back", "shows all")

    @property
    def front(self) -> Widget:
        """What takes the keys: the board, or the rows of all lists."""
        return self.lists.front

    def filling_keys(self) -> BindingsMap:
        """The keys, as a person moved them, by which there is something to show where nothing is."""
        bindings = self._bindings.copy()
        bindings.key_to_bindings = {
            key: chosen
            for key, many in bindings.key_to_bindings.items()
            if (chosen := [binding for binding in many if binding.id in FILLING])
        }
        bindings.apply_keymap(self.app._keymap)
        return bindings

    @property
    def rows_needed(self) -> int:
        """The rows of a panel that shows all of the list: its frame, its tabs, its head, its sums."""
        return _FRAME + self.lists.rows_needed

    @property
    def why_nothing(self) -> str:
        """Why the cursor is on no row, with the key that helps."""
        what, (adds, shows_all) = "list" if self.lists.chosen == ALL_LISTS else "stock", self.board.hints
        if self.board.filter_text:
            return f"No {what} selected, none matches the filter{shows_all}"
        if what == "list":
            return f"No list selected{self._hint('edit.new', 'begins one')}"
        return f"No stock selected, the list has none{adds}"

    def show(self, lists: Sequence[Watchlist]) -> None:
        """Show ``lists`` in place of those before; marks stay on the stocks that are still there."""
        self.lists.take(lists)
        self._count_picks()

    @on(ListsView.Changed)
    def forget_picks(self, event: ListsView.Changed) -> None:
        """Marks are those of the list shown."""
        if event.key != self._picked_in:
            self._picked_in = event.key
            self.clear_picks()

    def step_back(self) -> bool:
        """Take the marks away, and say whether there were any to take; else show every row again."""
        if self.clear_picks():
            return True
        self.lists.clear_filter()
        return False

    def action_step(self, by: int) -> None:
        """Show the list that many tabs further on."""
        self.lists.step(by)

    # What the keys are about

    def _inform(self, words: str) -> None:
        self.app.notify(words, title="Watchlists", timeout=5, markup=False)

    def key_in_front(self) -> str:
        """The key of the list shown; of all lists the cursor's, of all stocks that of the cursor's stock. Empty,
        and said, where there is none."""
        key = self.lists.overview.current if self.lists.chosen == ALL_LISTS else self.key_of(self._cursor)
        if key not in self.lists.keys:
            self._inform(f"There is no list here{self._hint('edit.new', 'begins one')}")
            return ""
        return key

    def _is_of_all_lists(self) -> bool:
        """Whether lists are shown in place of stocks, of which none can be edited; says so."""
        if self.lists.chosen == ALL_LISTS:
            self._inform(f"Open a list first{self._hint('cursor.open', 'opens the one the cursor is on')}")
        return self.lists.chosen == ALL_LISTS

    def key_of(self, symbols: Sequence[Symbol]) -> str:
        """The key of the list that an edit of ``symbols`` is about: the one shown; among all stocks the stocks' own,
        or that of all stocks where they are of several lists."""
        if self.lists.chosen != ALL_STOCKS:
            return self.lists.chosen
        own = {self.lists.home_of(symbol) for symbol in symbols}
        return own.pop() if len(own) == 1 else ALL_STOCKS

    def targets(self) -> tuple[Symbol, ...]:
        """The stocks to do something with, in the file's order: the marked ones, else the cursor's. Says so where there
        are none."""
        if self._is_of_all_lists():
            return ()
        board = self.board
        picked = tuple(symbol for symbol in self.lists.symbols if symbol in board.picked)
        symbols = picked or ((board.current,) if board.current is not None else ())
        if not symbols:
            self._inform(f"There is no stock here{self._hint('edit.add', 'adds one')}")
        return symbols

    def clear_picks(self) -> bool:
        """Take all marks away; whether there were any."""
        had = bool(self.board.picked)
        self.board.pick(frozenset())
        self._count_picks()
        return had

    def _count_picks(self) -> None:
        count = len(self.board.picked)
        self.border_subtitle = f"{count} marked{self._hint('panel.back', 'clears')}" if count else ""

    # Keys

    def action_pick(self) -> None:
        """Mark the cursor's row, or take its mark away, and go to the next."""
        board = self.board
        if self._is_of_all_lists() or board.current is None:
            return
        board.pick(board.picked ^ {board.current})
        board.action_move(1)
        self._count_picks()

    def action_add_stock(self) -> None:
        """Add stocks below the cursor."""
        if not self._is_of_all_lists() and (key := self.key_in_front()):
            self.post_message(AddRequested(key, *self._cursor))

    def action_remove_stock(self) -> None:
        """Remove the marked stocks, else the cursor's; of all lists, delete the cursor's."""
        if self.lists.chosen == ALL_LISTS:
            if key := self.key_in_front():
                self.post_message(DeleteRequested(key))
        elif symbols := self.targets():
            self.post_message(RemoveRequested(self.key_of(symbols), *symbols))

    def action_place(self, by: int) -> None:
        """Move the marked stocks, else the cursor's, one place up or down."""
        symbols = self.targets()
        if symbols and (self.board.order or self.board.filter_text):
            why = "filtered" if self.board.filter_text else "sorted"
            self._inform(f"The list is {why}: clear that to move stocks")
        elif symbols:
            self.post_message(ShiftRequested(by, self.key_of(symbols), *symbols))

    def action_move_to_list(self) -> None:
        """Move the marked stocks, else the cursor's, to another list."""
        if symbols := self.targets():
            self.post_message(MoveRequested(self.key_of(symbols), *symbols))

    def action_undo(self) -> None:
        """Take the last edit back."""
        self.post_message(UndoRequested())

    def action_open_file(self) -> None:
        """Open the list's file at the cursor's stock."""
        if key := self.key_in_front():
            self.post_message(FileRequested(key, *(() if self.lists.chosen == ALL_LISTS else self._cursor)))

    def action_new_list(self) -> None:
        """Begin a list."""
        self.post_message(NewListRequested())

    def action_rename_list(self) -> None:
        """Rename the list."""
        if key := self._whole_list():
            self.post_message(RenameRequested(key))

    def action_alert(self) -> None:
        """Set the alerts of the stock on which the cursor is."""
        if self.lists.chosen == ALL_LISTS or not self._cursor:
            self.notify("Put the cursor on a stock of a list first", title="Alerts", timeout=3)
        else:
            self.post_message(AlertRequested(self.key_of(self._cursor), *self._cursor))

    def action_columns(self) -> None:
        """Choose the columns of the list shown."""
        if not self._is_of_all_lists() and (key := self._whole_list()):
            self.post_message(ColumnsRequested(key))

    def action_compare(self) -> None:
        """Compare the stocks of the list shown, or of all lists those of the cursor's."""
        if key := self._whole_list():
            self.post_message(CompareRequested(key))

    def action_filings(self) -> None:
        """Show the filings of the list shown, or of all lists those of the cursor's."""
        if key := ALL_STOCKS if self.lists.chosen == ALL_STOCKS else self.key_in_front():
            self.post_message(FilingsRequested(key))

    def action_order(self) -> None:
        """Choose by which columns the rows stand."""
        if not self._is_of_all_lists():
            self.post_message(OrderRequested(self.lists.chosen))

    def _whole_list(self) -> str:
        """The key of the list that a key is about as a whole; among all stocks it is about none, which is said."""
        if self.lists.chosen == ALL_STOCKS:
            self._inform("Here stand the stocks of all lists: open one of them first")
            return ""
        return self.key_in_front()

    @property
    def _cursor(self) -> tuple[Symbol, ...]:
        """The stock that the cursor is on, if there is one."""
        return (self.board.current,) if self.board.current is not None else ()
