"""The dialog in which a person sets the alerts of a stock."""

from __future__ import annotations

import re
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from aiwatch.formatting.text import price
from aiwatch.market.quote import Quote
from aiwatch.screens.base import BaseDialog
from aiwatch.watchlist import AlertRules, Stock
from aiwatch.watchlist.alerts.rules import plain
from aiwatch.widgets.stock.fields import title
from aiwatch.widgets.tick_box import TickBox

FIELDS = (
    ("above", "Price above", "a price"),
    ("below", "Price below", "a price"),
    ("change_percent", "Change, either way, %", "percent, e.g. 5"),
    ("volume_ratio", "Volume ratio", "a ratio"),
)
"""The numbers that are asked for: the key of the file, the words beside it, what it is."""

_TITLE = 36
"""Cells of the stock's name on the frame."""
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")


class Wrong(Exception):
    """What was typed under ``key`` cannot be used; the message says why."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def read_number(key: str, text: str) -> float | None:
    """The number typed under ``key``, with commas between thousands or a sign of percent; ``None`` for an empty field.

    Raises `Wrong` for anything else, and for what is not more than 0.
    """
    written = text.strip().removesuffix("%").strip().replace(",", "")
    if not written:
        return None
    if not _NUMBER.fullmatch(written):
        raise Wrong(key, f"{text.strip()!r} is no number: write 12.5")
    number = float(written)
    if number <= 0:
        raise Wrong(key, "must be more than 0")
    return number


def read_rules(texts: dict[str, str], limit: bool) -> AlertRules:
    """The rules that were typed. Raises `Wrong` for the first field that cannot be used."""
    numbers = {key: read_number(key, texts[key]) for key, _, _ in FIELDS}
    above, below = numbers["above"], numbers["below"]
    if above is not None and below is not None and above <= below:
        raise Wrong("above", f"must be more than the price below, {plain(below)}")
    return AlertRules(**numbers, limit=limit)


class AlertDialog(BaseDialog[AlertRules | None]):
    """Asks for the rules of ``stock``: gives them, empty ones for none at all, or ``None`` when it was left."""

    CSS_PATH = "alerts.tcss"
    AUTO_FOCUS = "#above"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "cancel", id="alert.cancel", tooltip="Leave the rules as they were"),
        Binding("ctrl+s", "save", "save", id="alert.save", tooltip="Write the rules into the list's file"),
        Binding("down", "app.focus_next", "next", show=False, id="alert.next", tooltip="The next field"),
        Binding("up", "app.focus_previous", "previous", show=False, id="alert.previous", tooltip="The field before"),
    ]

    problem = getters.query_one("#problem", Static)

    def __init__(self, stock: Stock, quote: Quote | None) -> None:
        super().__init__()
        self._stock = stock
        self._quote = quote

    def compose(self) -> ComposeResult:
        rules = self._stock.alerts or AlertRules()
        with VerticalScroll(id="alert-box", can_focus=False) as box:
            box.border_title = Content(f"Alerts: {title(self._stock, _TITLE)}")
            box.border_subtitle = "Enter saves, Esc leaves"
            yield Static(self._prices(), id="prices")
            for key, words, kind in FIELDS:
                value = getattr(rules, key)
                with Horizontal(classes="field"):
                    yield Label(words)
                    yield Input("" if value is None else plain(value), placeholder=kind, id=key, compact=True)
            yield TickBox("Hits the daily limit, or leaves it", rules.limit, id="limit", compact=True)
            yield Static("", id="problem")
            with Horizontal(id="buttons"):
                yield Button("Save", variant="primary", id="save", compact=True)
                yield Button("Remove all", id="clear", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def _prices(self) -> Content:
        """What the price is now, as far as it is known, and the limits it cannot leave."""
        quote, symbol = self._quote, self._stock.symbol
        if quote is None:
            return Content.styled("no price yet", "$quiet")
        words = f"last {price(quote.last, quote.decimals)} {quote.currency}"
        limits = quote.limits
        if limits is not None:
            words += f", limits {price(limits[0], quote.decimals)} and {price(limits[1], quote.decimals)}"
        elif symbol.is_unlimited:
            words += ", no daily limit"
        return Content.styled(words, "$quiet")

    @on(Input.Submitted)
    def save_typed(self, event: Input.Submitted) -> None:
        """Enter in a field saves all of them."""
        event.stop()
        self.action_save()

    @on(Input.Changed)
    def forget_problem(self, event: Input.Changed) -> None:
        """What is typed anew may be right."""
        event.stop()
        self.problem.update("")

    @on(Button.Pressed)
    def press(self, event: Button.Pressed) -> None:
        """Save, clear, or leave."""
        event.stop()
        if event.button.id == "save":
            self.action_save()
        else:
            self.dismiss(AlertRules() if event.button.id == "clear" else None)

    def action_save(self) -> None:
        """Give the rules, or say what is wrong and go to its field."""
        texts = {key: self.query_one(f"#{key}", Input).value for key, _, _ in FIELDS}
        try:
            rules = read_rules(texts, self.query_one("#limit", TickBox).value)
        except Wrong as wrong:
            words = next(words for key, words, _ in FIELDS if key == wrong.key)
            self.problem.update(Content(f"{words}: {wrong}"))
            self.query_one(f"#{wrong.key}", Input).focus()
            return
        self.dismiss(rules)
