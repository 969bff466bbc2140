"""The dialog in which a person says what the chart of a stock is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from aiwatch.errors import AiwatchError
from aiwatch.formatting.text import clip
from aiwatch.market.symbol import parse_symbol
from aiwatch.screens.base import BaseDialog
from aiwatch.watchlist import Stock

_SYMBOL = 11
_NOTHING_FOUND = "No match. Codes work with their exchange: 600519.SS, 0700.HK"


class With(StrEnum):
    """What a comparison is made with."""

    NOTHING = "nothing"
    BENCHMARK = "benchmark"
    LIST = "list"
    STOCK = "stock"


class Comparison(Struct, frozen=True):
    """With what charts are compared, whichever stock is shown: with the benchmark of the list in front, with that list,
    with the ``stock``, or no longer with anything."""

    kind: With
    stock: Stock | None = None


class CompareDialog(BaseDialog[Comparison | None]):
    """Asks with what ``stock`` is to be compared: with the index called ``benchmark``, the list called ``list_name``
    (each empty for none), or one of ``others``; gives `None` when it was left."""

    CSS_PATH = "edit.tcss"
    AUTO_FOCUS = "#compare-text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "cancel", id="compare.cancel", tooltip="Leave everything as it is"),
        Binding("down", "step(1)", "next", show=False, priority=True, id="compare.next", tooltip="The row below"),
        Binding(
            "up", "step(-1)", "previous", show=False, priority=True, id="compare.previous", tooltip="The row above"
        ),
    ]

    rows = getters.query_one("#found", OptionList)
    note = getters.query_one("#note", Static)

    def __init__(
        self, stock: Stock, stocks: Sequence[Stock], *, benchmark: str = "", list_name: str = "", is_compared: bool
    ) -> None:
        super().__init__()
        self._stock = stock
        self._others = stocks
        self._benchmark = benchmark
        self._list_name = list_name
        self._is_compared = is_compared
        self._choices: list[Comparison] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="edit-box", id="add-box") as box:
            box.border_title = Content(f"Compare {self._stock.name or self._stock.symbol.text} with")
            box.border_subtitle = "Enter compares, ↑ ↓ choose, Esc leaves"
            yield Input(placeholder="name or symbol of another stock", id="compare-text", compact=True)
            yield OptionList(id="found", compact=True)
            yield Static(id="note")

    def on_mount(self) -> None:
        """Offer everything."""
        self._offer("")

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Offer what matches, as it is typed."""
        event.stop()
        self._offer(event.value)

    def _offer(self, text: str) -> None:
        offers = self._offers(text.strip().casefold())
        self._choices = [choice for choice, _ in offers]
        self.rows.set_options(Option(words) for _, words in offers)
        self.rows.highlighted = 0 if offers else None
        self.note.update("" if offers else _NOTHING_FOUND)

    def _offers(self, text: str) -> list[tuple[Comparison, Content]]:
        """What can be chosen of, with its words; all of it without a ``text``."""
        offers: list[tuple[Comparison, Content]] = []
        if self._is_compared:
            offers.append((Comparison(With.NOTHING), Content.styled("Nothing: prices again", "bold")))
        if self._benchmark:
            words = Content.assemble((self._benchmark, "bold"), ("  benchmark of the list", "$quiet"))
            offers.append((Comparison(With.BENCHMARK), words))
        if self._list_name:
            words = Content.assemble((self._list_name, "bold"), ("  average of its stocks", "$quiet"))
            offers.append((Comparison(With.LIST), words))
        offers += [(Comparison(With.STOCK, stock), _row(stock)) for stock in self._others]
        if text:
            offers = [offer for offer in offers if text in offer[1].plain.casefold()]
        if text and not offers and (stock := _typed(text)) is not None:
            offers = [(Comparison(With.STOCK, stock), _row(stock))]
        return offers

    def action_step(self, rows: int) -> None:
        """Choose the row below or above while typing goes on."""
        if self._choices:
            at = -1 if self.rows.highlighted is None else self.rows.highlighted
            self.rows.highlighted = max(0, min(at + rows, len(self._choices) - 1))

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def give(self, event: Input.Submitted | OptionList.OptionSelected) -> None:
        """Give what is chosen."""
        event.stop()
        at = self.rows.highlighted
        if at is not None and at < len(self._choices):
            self.dismiss(self._choices[at])


def _row(stock: Stock) -> Content:
    names = " ".join(filter(None, (stock.name, stock.name_zh)))
    return Content.assemble((f"{clip(stock.symbol.text, _SYMBOL)} ", "bold"), names)


def _typed(text: str) -> Stock | None:
    """The stock whose symbol with its exchange is typed."""
    try:
        symbol = parse_symbol(text.upper())
    except (AiwatchError, ValueError):
        return None
    return Stock(symbol, symbol.text) if "." in text or text.startswith("^") else None
