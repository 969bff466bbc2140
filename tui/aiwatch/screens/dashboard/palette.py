"""The palette, and what it offers on the dashboard: every key's action by name, and what can be chosen just now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from textual import events
from textual.app import SystemCommand
from textual.command import CommandPalette, Hit, Hits
from textual.screen import Screen
from textual.system_commands import SystemCommandsProvider

from aiwatch.board.columns import COLUMNS
from aiwatch.formatting.text import money
from aiwatch.ledger.records import Commitment
from aiwatch.ledger.views import SCREEN_VIEWS, target_of
from aiwatch.screens.base import BaseScreen
from aiwatch.screens.dashboard.look_actions import CURRENCY_WORDS
from aiwatch.screens.dashboard.screen import DashboardScreen
from aiwatch.screens.keys.keyboard import PANELS, Action
from aiwatch.session.directory import directory_of
from aiwatch.session.layout import Panel
from aiwatch.watchlist import ALL_LISTS, ALL_STOCKS
from aiwatch.widgets.board.lists_view import LISTS
from aiwatch.widgets.record.facts import commitment_title

_ITSELF = "app.command_palette"

SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "alert.log": "history",
        "app.quit": "exit leave",
        "app.help": "shortcuts bindings keyboard keys",
        "board.columns": "fields positions quantity cost profit p&l portfolio holdings",
        "board.filter": "search find",
        "board.order": "sort",
        "chart.compare": "benchmark overlay",
        "chart.longer": "1y 5y year max",
        "chart.shorter": "1d 5d intraday day",
        "edit.file": "text editor positions quantity cost benchmark portfolio holdings",
        "find.stock": "search lookup ticker symbol",
        "row.chart": "candlesticks graph history price intraday",
        "list.filings": "announcements news headlines sec cninfo hkex",
        "ledger.map": "who pays whom circles money flow",
        "panel.commitments": "ledger pledges deals",
        "edit.new": "create watchlist",
        "edit.remove": "delete",
        "edit.rename": "watchlist title",
        "edit.undo": "revert",
        "feed.health": "status health hosts data connection latency errors",
        "feed.refresh": "reload update",
        "panel.full": "maximize zoom",
        "row.copy": "clipboard yank export",
        "row.page": "web link url open",
        "view.colours": "colors red green",
        "view.names": "language translate chinese english 中文",
        "view.stealth": "boss key stealth",
        "view.theme": "dark light appearance",
    }
)
"""Further words that an action is looked for by, by its id."""
_BY_TITLE = {
    f"list: go to {LISTS}": "movers gainers losers limit up down 涨停 跌停 overview groups indices",
    **{f"board: sort by {column.title}": " ".join(column.filter_names) for column in COLUMNS},
}
"""The same of what has no id, by its title."""
_MOST_FOUND = 8
"""Stocks, and records, found at once."""
_BY_WORDS = 0.1
"""How well a command matches whose words are found, beside one whose title matches."""


class Commands(SystemCommandsProvider):
    """Finds commands by their titles, and by the words of what they do."""

    async def search(self, query: str) -> Hits:
        """Those whose title matches ``query``, and after them those that say all of its words elsewhere."""
        matcher, words = self.matcher(query), query.casefold().split()
        synonyms = {_title(action): SYNONYMS.get(action.id, "") for action in _actions_of(self.screen)} | _BY_TITLE
        for title, tooltip, callback, *_ in self.app.get_system_commands(self.screen):
            text = f"{title} {tooltip} {synonyms.get(title, '')}".casefold()
            if (match := matcher.match(title)) > 0:
                is_named = title.partition(": ")[2] == query.strip().casefold()
                yield Hit(match + is_named, matcher.highlight(title), callback, help=tooltip)
            elif all(word in text for word in words):
                yield Hit(_BY_WORDS, title, callback, help=tooltip, text=title)
        if isinstance(self.screen, DashboardScreen) and query.strip():
            for title, callback, what in (*_stocks(self.screen, query), *_records(self.screen, query)):
                yield Hit(_BY_WORDS / 2, title, callback, help=what, text=title)


def _stocks(screen: DashboardScreen, query: str) -> Iterator[tuple[str, Callable[[], object], str]]:
    """The stocks of the lists and the ledger that ``query`` finds: where each leads, and what it is."""
    session = screen.session
    directory = directory_of(session.lists.lists, session.ledger.ledger.entities.values())
    for entry in directory.find(query, _MOST_FOUND):
        name = " ".join(filter(None, (entry.name, entry.name_zh)))
        go = partial(screen.actions.jumps.go_to_stock, entry.stock)
        yield f"stock: {entry.symbol.text} {name}", go, entry.role or "Go to this stock"


def _parties(commitment: Commitment) -> str:
    amount = f" {money(float(commitment.amount), commitment.currency)}" if commitment.amount is not None else ""
    return f"{commitment.payer or '–'} → {commitment.recipient or '–'}{amount} {commitment.status}"


def _records(screen: DashboardScreen, query: str) -> Iterator[tuple[str, Callable[[], object], str]]:
    """The commitments whose number, payer, payee or status has all words of ``query``."""
    words, ledger = query.casefold().split(), screen.session.ledger.ledger
    matches = 0
    for key, commitment in ledger.commitments.items():
        title = commitment_title(ledger, commitment)
        text = f"{title} {_parties(commitment)}"
        if matches < _MOST_FOUND and all(word in text.casefold() for word in words):
            matches += 1
            yield f"record: {text}", partial(screen.actions.jumps.follow, target_of(key)), "Go to this commitment"


class Palette(CommandPalette, BaseScreen[None]):  # the first lends it its styles and keys
    """Every command by name. What picks from its rows waits for them."""

    def takes(self, event: events.Event) -> bool:
        """Whether ``event`` finds the rows that it is about: letters are typed before there are any."""
        typed = isinstance(event, events.Paste) or (isinstance(event, events.Key) and event.is_printable)
        return super().takes(event) and (typed or not self._searches())

    def _searches(self) -> bool:
        group = self._GATHER_COMMANDS_GROUP
        return any(worker.group == group and not worker.is_finished for worker in self.workers)


def commands_of(screen: DashboardScreen) -> Iterator[SystemCommand]:
    """Every action of ``screen`` as ``area: verb``."""
    yield from _of_keys(screen)
    yield from _of_lists(screen)
    yield from _of_columns(screen)
    yield from _of_views(screen)
    yield from _of_sums(screen)


def _of_keys(screen: DashboardScreen) -> Iterator[SystemCommand]:
    for action in _actions_of(screen):
        shown = f" ({screen.keyboard.shown(action.id)})" if screen.keyboard.keys[action.id] else ""
        yield SystemCommand(_title(action), f"{action.tooltip}{shown}", partial(_run, screen, action))


async def _run(screen: DashboardScreen, action: Action) -> None:
    """Do ``action``, from anywhere: a panel that has its key is brought to the front first."""
    if screen.panels.front not in action.places:
        screen.panels.go_to(min(panel for panel in Panel if panel in action.places))
    way = screen.panels.in_front.front.ancestors_with_self
    await screen.app.run_action(action.command, next(node for node in way if isinstance(node, action.owner)))


def _actions_of(screen: Screen[Any]) -> Iterator[Action]:
    """The actions that the palette can do: all of the dashboard but those that move, and the palette itself."""
    if isinstance(screen, DashboardScreen):
        for action in screen.keyboard.actions.values():
            if action.places & PANELS and not action.is_cursor and action.command != _ITSELF:
                yield action


def _title(action: Action) -> str:
    return f"{action.area}: {action.name.lower()}"


_TABS = {
    ALL_STOCKS: "Show the stocks of all lists in one table",
    ALL_LISTS: "Show a row for each list, what stands at its limit, and what moved most",
}


def _of_lists(screen: DashboardScreen) -> Iterator[SystemCommand]:
    for key, name in screen.lists.tab_line.tabs:
        if key != screen.lists.chosen:
            words = _TABS.get(key, "Show this list on the board")
            yield SystemCommand(f"list: go to {name}", words, partial(_go_to_list, screen, key))


def _go_to_list(screen: DashboardScreen, key: str) -> None:
    screen.lists.chosen = key
    screen.panels.go_to(Panel.BOARD)


def _of_columns(screen: DashboardScreen) -> Iterator[SystemCommand]:
    board = screen.lists.board
    for column in COLUMNS:
        words = "Reverse the sort order of" if board.sort_key == column.key else "Sort the board by"
        words = f"{words} {column.words}"
        yield SystemCommand(f"board: sort by {column.title}", words, partial(_sort_by, screen, column.key))
    if board.sort_key:
        yield SystemCommand("board: sort as in the file", "Back to the list's order", partial(_sort_by, screen, ""))


def _sort_by(screen: DashboardScreen, key: str) -> None:
    board = screen.lists.board
    if not key:
        board.arrange_by(())
    elif board.sort_key == key:
        board.turn_order()
    else:
        board.sort_by(key)
    screen.panels.go_to(Panel.BOARD)


def _of_views(screen: DashboardScreen) -> Iterator[SystemCommand]:
    for view in SCREEN_VIEWS:
        if view.key != screen.panels.ledger.view:
            yield SystemCommand(f"ledger: view {view.title}", f"Show {view.shows}", partial(_view, screen, view.key))


def _view(screen: DashboardScreen, key: str) -> None:
    screen.panels.ledger.view = key
    screen.panels.go_to(Panel.COMMITMENTS)


def _of_sums(screen: DashboardScreen) -> Iterator[SystemCommand]:
    for currency, words in CURRENCY_WORDS.items():
        if currency != screen.session.ledger.currency:
            show = partial(screen.actions.look.show_sums, currency)
            yield SystemCommand(f"ledger: {words.lower()}", "How the ledger's sums are shown", show)
