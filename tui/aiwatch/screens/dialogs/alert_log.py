"""The alert history: every alert, newest first; a rule that fired can be let fire once more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from aiwatch.formatting.text import clip
from aiwatch.screens.base import InfoDialog
from aiwatch.screens.keys.keyboard import Keyboard
from aiwatch.watchlist.alerts.rules import Alert
from aiwatch.widgets.row_list import RowList

NOTHING_YET = """\
No alert has fired yet.

On a stock of the board{set}; or write into its list:

    alerts = {{ above = 60, change_percent = 5, limit = true }}"""

_MOST_WORDS = 34
"""Cells at most of what happened."""


class AlertHolder(Protocol):
    """Who holds the log, and can re-arm an alert."""

    @property
    def log(self) -> Sequence[Alert]:
        """The alerts, newest first."""
        ...

    @property
    def mark(self) -> str:
        """A word when prices are not the market's, else empty."""
        ...

    def rearm(self, alert: Alert) -> bool:
        """Let the rule of ``alert`` fire once more; whether it waits for that now."""
        ...


def alert_rows(alerts: Sequence[Alert]) -> list[Content]:
    """The alerts one a row, what they tell below each other."""
    symbols = max((cell_len(alert.symbol.text) for alert in alerts), default=0)
    words = min(_MOST_WORDS, max((cell_len(alert.words) for alert in alerts), default=0))
    return [_row(alert, symbols, words) for alert in alerts]


def _row(alert: Alert, symbols: int, words: int) -> Content:
    """When, by the clock of its exchange, which stock, what happened, and what is to be known of the price."""
    local = alert.as_of.astimezone(ZoneInfo(alert.symbol.zone))
    return Content.assemble(
        (f"{local:%d %b %H:%M:%S}  ", "$quiet"),
        (f"{clip(alert.symbol.text, symbols)}  ", "bold"),
        f"{clip(alert.words, words)}  ",
        ("re-armed  " if alert.rearmed else "", "$quiet"),
        (alert.caveat, "$warning"),
    )


class Rows(RowList):
    """The rows of the log; Enter and ``x`` re-arm."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "select", "re-arm", id="alert.rearm", tooltip="Let the rule fire once more in its session"),
    ]


class AlertLog(InfoDialog):
    """The log, over the dashboard; it goes on while it is open."""

    CSS_PATH = "alerts.tcss"
    AUTO_FOCUS = "#alert-rows"
    OPENED_BY = "alert.log"

    rows = getters.query_one("#alert-rows", Rows)
    empty = getters.query_one("#alert-empty", Static)

    def __init__(self, holder: AlertHolder, keyboard: Keyboard) -> None:
        super().__init__()
        self._holder = holder
        self._keyboard = keyboard
        self._shown: Sequence[Alert] = ()

    def compose(self) -> ComposeResult:
        with Vertical(id="alert-log") as box:
            mark = self._holder.mark
            box.border_title = f"Alerts{f' · {mark}: not kept' if mark else ''}"
            box.border_subtitle = f"x re-arms{self._keyboard.hint('dialog.close', 'closes', ', ')}"
            sets = self._keyboard.hint("alert.set", "sets one", ", ")
            yield Static(Content(NOTHING_YET.format(set=sets)), id="alert-empty")
            yield Rows(id="alert-rows", compact=True, markup=False)

    def on_mount(self) -> None:
        """Show the log, and the alerts that fire from now on."""
        self.redraw()
        self.set_interval(1.0, self.redraw)

    def redraw(self) -> None:
        """Show the alerts as they are now; the cursor stays on its own."""
        alerts = self._holder.log
        self.empty.display, self.rows.display = not alerts, bool(alerts)
        if alerts == self._shown:
            return
        at = self.rows.highlighted
        held = self._shown[at] if at is not None and at < len(self._shown) else None
        self._shown = alerts
        self.rows.clear_options()
        self.rows.add_options(Option(row) for row in alert_rows(alerts))
        self.rows.highlighted = (
            next((at for at, alert in enumerate(alerts) if _same(alert, held)), 0) if alerts else None
        )

    @on(OptionList.OptionSelected)
    def rearm(self, event: OptionList.OptionSelected) -> None:
        """Let the rule of the row fire once more."""
        event.stop()
        if event.option_index >= len(self._shown):
            return
        alert = self._shown[event.option_index]
        if self._holder.rearm(alert):
            sentence = f"{alert.symbol} {alert.rule}: re-armed; it fires once the value has gone back and comes again"
        else:
            sentence = f"{alert.symbol} {alert.rule}: nothing to re-arm, it fires again by itself in its next session"
        self.notify(sentence, title="Alerts", timeout=5, markup=False)
        self.redraw()


def _same(first: Alert, second: Alert | None) -> bool:
    """Whether both are one alert, whatever became of it since."""
    return second is not None and (first.rule, first.fired_at) == (second.rule, second.fired_at)
