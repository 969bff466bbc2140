"""The dashboard's half for alerts: watches the quotes, tells what fired, keeps the log, lets rules be set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import getters, work
from textual.content import Content

from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard.editor_screen import MARK_WORDS, EditorScreen
from aiwatch.session.dependencies import Dependencies
from aiwatch.watchlist import AlertRules, Stock
from aiwatch.watchlist.folders import ListsRead
from aiwatch.widgets.board.panel import ALL_LISTS
from aiwatch.widgets.stock.detail import StockDetail

if TYPE_CHECKING:
    from aiwatch.watchlist.alerts.monitor import AlertWatch
    from aiwatch.watchlist.alerts.rules import Alert
    from aiwatch.watchlist.editing.editor import ListEditor

MOST_ALERTS = 500
"""Alerts of the log on the screen, the newest."""
_MOST_TOASTS = 3
"""Alerts of one moment that are told one by one."""


class AlertScreen(EditorScreen):
    """A screen that tells when a stock does what a person wants to be told of."""

    stock = getters.query_one("#stock", StockDetail)

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__(dependencies)
        self.alerts: tuple[Alert, ...] = dependencies.archive.remembered.alerts
        """What was told, in this run and before it, newest first."""
        self.alert_watch: AlertWatch | None = None
        """Set once the first paint is over."""
        self.mark = dependencies.feed.mark
        self._rates: tuple[Symbol, ...] = ()

    # The watch

    def begin_alerts(self) -> None:
        """Watch from now on, beginning with the prices that are known."""
        from aiwatch.watchlist.alerts.monitor import AlertWatch

        mark = self.mark
        self.alert_watch = AlertWatch(self.alerts, f"{mark}: {MARK_WORDS.get(mark, 'not live')}" if mark else "")
        self.follow_rules()

    def follow_rules(self) -> None:
        """Watch the rules of every list as they are now."""
        from aiwatch.watchlist.alerts.rules import rules_of_all

        if self.alert_watch is not None:
            self.alert_watch.follow(rules_of_all(stock for one in self.lists for stock in one.stocks))
            self.look_for_alerts(self.desk.quotes)

    def look_for_alerts(self, symbols: Iterable[Symbol]) -> None:
        """Tell what the present quotes of ``symbols`` give cause to."""
        watch, desk = self.alert_watch, self.desk
        watched = [symbol for symbol in symbols if watch is not None and watch.watches(symbol)]
        if watch is None or not (watched or self.board_panel.board.alerted):
            return
        now = desk.clock()
        fired: list[Alert] = []
        for symbol in watched:
            if (quote := desk.quotes.get(symbol)) is not None:
                differs = symbol in desk.disagreements
                fired += watch.look(quote, desk.standing(symbol), now, differs=differs)
        if fired:
            self._enter(fired)
            self._tell(fired)
        self._show_alerted()

    def _enter(self, alerts: Sequence[Alert]) -> None:
        self.alerts = (*reversed(alerts), *self.alerts)[:MOST_ALERTS]
        self._given.archive.keep_alerts(tuple(alerts))
        self.stock.redraw()

    def rearm(self, alert: Alert) -> bool:
        """Let the rule of ``alert`` fire once more in its session; whether it had fired in it and waits now."""
        fired = self.alert_watch.rearm(alert.rule) if self.alert_watch is not None else None
        if fired is None:
            return False
        again = replace(fired, rearmed=True)
        self.alerts = tuple(again if one == fired else one for one in self.alerts)
        self._given.archive.keep_alerts((again,))
        self.stock.redraw()
        self._show_alerted()
        return True

    def _show_alerted(self) -> None:
        """Mark the rows whose rules fired, on the board and in the stock's panel."""
        from aiwatch.watchlist.alerts.rules import session_of

        watch, quotes = self.alert_watch, self.desk.quotes
        assert watch is not None
        alerted = {
            symbol
            for symbol in watch.symbols
            if (quote := quotes.get(symbol)) is not None and watch.has_fired(symbol, session_of(symbol, quote.as_of))
        }
        self.board_panel.board.show_alerted(frozenset(alerted))

    def rule_rows(self, stock: Stock, width: int) -> Sequence[Content]:
        """The rows of panel 3 about the rules of ``stock``."""
        if stock.alerts is None or self.alert_watch is None:
            return ()
        from aiwatch.watchlist.alerts.rules import rules_of, session_of
        from aiwatch.widgets.stock.alerts import rule_rows

        watch, quote = self.alert_watch, self.desk.quotes.get(stock.symbol)
        moment = self.desk.clock() if quote is None else quote.as_of
        session = session_of(stock.symbol, moment)
        return rule_rows(rules_of(stock), lambda rule: watch.state(rule, session), width)

    # Telling

    def _tell(self, alerts: Sequence[Alert]) -> None:
        """Show ``alerts`` on the screen, ring, and let the terminal notify."""
        said = [self._sentence(alert) for alert in alerts]
        if len(said) <= _MOST_TOASTS:
            for sentence, alert in zip(said, alerts, strict=True):
                self._toast(sentence, alert.caveat)
        else:
            more = f"and {len(said) - _MOST_TOASTS} more: L shows the log"
            self._toast("\n".join((*said[:_MOST_TOASTS], more)), "")
        self._notify_terminal(said)

    def _sentence(self, alert: Alert) -> str:
        stock = self._stocks.get(alert.symbol)
        name = f"{stock.name} " if stock is not None else ""
        return f"{name}{alert.symbol} {alert.words}{f' ({alert.caveat})' if alert.caveat else ''}"

    def _toast(self, sentence: str, caveat: str) -> None:
        severity = "information" if caveat else "warning"
        self.app.notify(sentence, title="Alert", severity=severity, timeout=10, markup=False)  # type: ignore[arg-type]

    def _notify_terminal(self, said: Sequence[str]) -> None:
        from aiwatch.system.notifications import notice, notice_kind

        environment = self._given.environment.variables
        kind = notice_kind(self._given.files.settings.alerts.notify, environment)
        if kind == "off" or getattr(self.app, "hidden", False):
            return
        self.app.bell()
        more = f" and {len(said) - 1} more" if len(said) > 1 else ""
        sequence = notice(kind, "aiwatch", f"{said[0]}{more}", environment)
        driver = self.app._driver  # as Textual's own clipboard does: through it nothing is written into a frame
        if sequence and driver is not None and not driver.is_web:
            driver.write(sequence)

    # Lists and rates

    def take_lists(self, found: ListsRead) -> None:
        """Show other lists in place of these, and watch their rules."""
        super().take_lists(found)
        self.follow_rules()

    def followed(self) -> tuple[Symbol, ...]:
        """As of every screen of lists, and the rates that positions are converted by."""
        return tuple(dict.fromkeys((*super().followed(), *self._position_rates())))

    def _position_rates(self) -> tuple[Symbol, ...]:
        held = [stock for one in self.lists for stock in one.stocks if stock.quantity]
        if not held or not self._given.files.settings.currency:
            return ()
        from aiwatch.watchlist.positions import rate_symbols

        return rate_symbols(held, self._given.files.settings.currency)

    # Keys

    def action_alert(self) -> None:
        """Ask what to be told of the stock on which the cursor is."""
        symbol = self.board_panel.board.current
        stock = self.stock_of(symbol) if symbol is not None else None
        if stock is None or self.board_panel.chosen == ALL_LISTS:
            self.notify("Put the cursor on a stock of a list first", title="Alerts", timeout=3)
            return
        self.ask_rules(self.board_panel.chosen, stock)

    @work(group="alert", exclusive=True, exit_on_error=False)
    async def ask_rules(self, key: str, stock: Stock) -> None:
        """Show the rules of ``stock`` in the list ``key``, and write down what is made of them."""
        from aiwatch.screens.dialogs.alert_rules import AlertDialog

        quote = self.desk.quotes.get(stock.symbol)
        rules = await self.app.push_screen_wait(AlertDialog(stock, quote))
        if rules is not None and rules != (stock.alerts or AlertRules()):
            await self.write_rules(key, stock, rules)

    async def write_rules(self, key: str, stock: Stock, rules: AlertRules) -> None:
        """Write ``rules`` of ``stock`` into the file of the list ``key``, or say why that cannot be."""
        await self.do(lambda editor: _write_rules(editor, key, stock.symbol, rules))

    def action_alert_log(self) -> None:
        """Show what was told."""
        from aiwatch.screens.dialogs.alert_log import AlertLog

        self.app.push_screen(AlertLog(self))


def _write_rules(editor: ListEditor, key: str, symbol: Symbol, rules: AlertRules) -> None:
    """Write ``rules``, or take them away where they ask for nothing. Blocks; raises `EditError`."""
    from aiwatch.watchlist.editing.edits import SetStockKey

    editor.change(key, SetStockKey(symbol, "alerts", None if rules == AlertRules() else rules))
