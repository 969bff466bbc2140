"""What alerts do to the screen: toasts, the bell, the terminal's own notifications, marks on rows, two dialogs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from aiwatch.market.symbol import Symbol
from aiwatch.screens.dashboard import DashboardParts
from aiwatch.screens.dashboard.list_actions import ListActions
from aiwatch.session.alerts import AlertNews
from aiwatch.watchlist import AlertRules, Stock
from aiwatch.watchlist.alerts.rules import Alert
from aiwatch.widgets.stock.alerts import rule_rows

if TYPE_CHECKING:
    from aiwatch.watchlist.editing.editor import ListEditor

_MOST_TOASTS = 3
"""Alerts of one moment that have a toast each."""


class AlertActions:
    """Shows what the session's alerts say; holds the log for its dialog."""

    def __init__(self, parts: DashboardParts, list_actions: ListActions) -> None:
        self._screen = parts.screen
        self._session = parts.session
        self._parts = parts
        self._list_actions = list_actions
        parts.panels.stock.show_rules(self._rule_rows)

    @property
    def log(self) -> Sequence[Alert]:
        """The alerts of this run and those before it, newest first."""
        return self._session.alerts.log

    @property
    def mark(self) -> str:
        """A word when prices are not the market's, and alerts not kept; else empty."""
        return self._session.dependencies.feed.mark

    def follow(self) -> None:
        """Watch the rules of every list as they are now."""
        self._show(self._session.alerts.follow(self._session.lists.stocks))

    def look(self, symbols: Iterable[Symbol]) -> None:
        """Show what the present quotes of ``symbols`` give cause to."""
        news = self._session.alerts.look(symbols)
        if news is not None:
            self._show(news)

    def rearm(self, alert: Alert) -> bool:
        """Let the rule of ``alert`` fire once more in its session; whether it had fired in it and waits now."""
        is_waiting = self._session.alerts.rearm(alert)
        if is_waiting:
            self._show(AlertNews((), self._session.alerts.alerted))
            self._parts.panels.stock.redraw()
        return is_waiting

    def _show(self, news: AlertNews) -> None:
        if news.fired:
            self._parts.panels.stock.redraw()
            self._announce(news.fired)
        self._parts.panels.board.board.show_alerted(news.alerted)

    def _rule_rows(self, stock: Stock, width: int) -> Sequence[Content]:
        """The rows of the stock's panel about the rules of ``stock``."""
        if stock.alerts is None:
            return ()
        states = self._session.alerts.states_of(stock)
        return rule_rows(tuple(states), states.__getitem__, width)

    # Announcing

    def _announce(self, alerts: Sequence[Alert]) -> None:
        """Show ``alerts`` on the screen, ring, and let the terminal notify."""
        sentences = [self._sentence(alert) for alert in alerts]
        if len(sentences) <= _MOST_TOASTS:
            for sentence, alert in zip(sentences, alerts, strict=True):
                self._toast(sentence, is_certain=not alert.caveat)
        else:
            more = f"and {len(sentences) - _MOST_TOASTS} more{self._parts.keyboard.hint('alert.log', 'shows the log')}"
            self._toast("\n".join((*sentences[:_MOST_TOASTS], more)), is_certain=True)
        self.notify_terminal(sentences)

    def _sentence(self, alert: Alert) -> str:
        stock = self._session.lists.stock_of(alert.symbol)
        name = f"{stock.name} " if stock is not None else ""
        return f"{name}{alert.symbol} {alert.words}{f' ({alert.caveat})' if alert.caveat else ''}"

    def _toast(self, sentence: str, *, is_certain: bool) -> None:
        severity = "warning" if is_certain else "information"
        self._screen.app.notify(sentence, title="Alert", severity=severity, timeout=10, markup=False)  # type: ignore[arg-type]

    def notify_terminal(self, sentences: Sequence[str]) -> None:
        """Ring, and let the terminal show the first of ``sentences``, as the settings have it."""
        from aiwatch.system.notifications import notice, notice_kind

        app, dependencies = self._screen.app, self._session.dependencies
        variables = dependencies.environment.variables
        kind = notice_kind(dependencies.files.settings.alerts.notify, variables)
        if kind == "off" or getattr(app, "hidden", False):
            return
        app.bell()
        more = f" and {len(sentences) - 1} more" if len(sentences) > 1 else ""
        sequence = notice(kind, "aiwatch", f"{sentences[0]}{more}", variables)
        driver = app._driver  # as Textual's own clipboard does: through it nothing is written into a frame
        if sequence and driver is not None and not driver.is_web:
            driver.write(sequence)

    # Dialogs

    def ask(self, key: str, symbols: Sequence[Symbol]) -> None:
        """Ask for the rules of the stock of the list ``key``."""
        for symbol in symbols:
            stock = self._session.lists.stock_of(symbol, key)
            if stock is not None:
                self._parts.begin(partial(self._ask_rules, key, stock), "alert", exclusive=True)

    async def _ask_rules(self, key: str, stock: Stock) -> None:
        """Show the rules of ``stock`` in the list ``key``, and write down what is made of them."""
        from aiwatch.screens.dialogs.alert_rules import AlertDialog

        quote = self._session.market.quotes.get(stock.symbol)
        rules = await self._screen.app.push_screen_wait(AlertDialog(stock, quote))
        if rules is not None and rules != (stock.alerts or AlertRules()):
            await self._list_actions.run(lambda editor: _write_rules(editor, key, stock.symbol, rules))

    def show_log(self) -> None:
        """Show the log."""
        from aiwatch.screens.dialogs.alert_log import AlertLog

        self._screen.app.push_screen(AlertLog(self, self._parts.keyboard))


def _write_rules(editor: ListEditor, key: str, symbol: Symbol, rules: AlertRules) -> None:
    """Write ``rules``, or take them away where they ask for nothing. Blocks; raises `EditError`."""
    from aiwatch.watchlist.editing.edits import SetStockKey

    editor.change(key, SetStockKey(symbol, "alerts", None if rules == AlertRules() else rules))
