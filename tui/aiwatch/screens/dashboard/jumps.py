"""Jumps between stocks and records, to any stock that is looked for, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiwatch.ledger.exposure import entities_of
from aiwatch.ledger.views import PAGE, STOCK, Target
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.screens.dashboard import DashboardParts
from aiwatch.screens.dashboard.copy_actions import CopyActions
from aiwatch.screens.dashboard.list_actions import ListActions
from aiwatch.session.layout import Panel
from aiwatch.session.navigation import Place
from aiwatch.watchlist import ALL_LISTS, ALL_STOCKS, LOOKED_UP, Stock

if TYPE_CHECKING:
    from aiwatch.watchlist.directory import Entry


class Jumps:
    """Goes where a row leads, and remembers the way."""

    def __init__(self, parts: DashboardParts, list_actions: ListActions, copy_actions: CopyActions) -> None:
        self._parts = parts
        self._list_actions = list_actions
        self._copy_actions = copy_actions
        self._screen = parts.screen
        self._session = parts.session
        self._panels = parts.panels

    def follow(self, target: Target) -> None:
        """Go where ``target`` leads; a page is shown in a browser."""
        if target.kind == STOCK:
            self.go_to_stock(self._stock(parse_symbol(target.id)))
        elif target.kind == PAGE:
            self._copy_actions.show_page(target.id)
        else:
            self._session.trail.leave(self._place())
            self._panels.ledger.go_to(target.key)
            self._show_record(target.key)
            self._panels.go_to(Panel.RECORD)

    def _stock(self, symbol: Symbol) -> Stock:
        """The stock called ``symbol``, by the name that the ledger has for it."""
        entities = entities_of(self._session.ledger.ledger, symbol.text)
        entity = next((entity for entity in entities if symbol.text in entity.symbols), None)
        return Stock(symbol, entity.name, entity.name_zh) if entity is not None else Stock(symbol, symbol.text)

    def back(self) -> None:
        """Go back to where the last jump began."""
        place = self._session.trail.back()
        if place is None:
            self._screen.notify("No jump to go back from", timeout=2)
            return
        lists, ledger = self._panels.board.lists, self._panels.ledger
        lists.narrow_to(place.board_filter)
        ledger.narrow_to(place.ledger_filter)
        if place.list_key in (*lists.keys, ALL_LISTS, ALL_STOCKS):
            lists.chosen = place.list_key
            if place.symbol is not None:
                lists.board.move_to(place.symbol)
        elif place.symbol is not None:  # the list is gone since: the stock may be on another
            self._show_stock(place.symbol)
        ledger.view = place.view
        if place.row:
            ledger.list.redraw(place.row)
        if place.record:
            self._show_record(place.record)
        self._panels.go_to(place.panel)

    def ask(self) -> None:
        """Ask which stock to find, and go to it."""
        self._parts.begin(self._find, "ask", exclusive=True)

    async def _find(self) -> None:
        """Ask for a stock, and go to it: on the board where it is on a list, else on the list of those looked up."""
        from aiwatch.screens.dialogs.find import FindDialog
        from aiwatch.session.directory import directory_of

        session, lists = self._session, self._panels.board.lists
        target = session.lists.get(lists.chosen) if lists.chosen != LOOKED_UP else None
        directory = directory_of(session.lists.lists, session.ledger.ledger.entities.values())
        names = {watchlist.key: watchlist.name for watchlist in session.lists.lists}

        def where(entry: Entry) -> str:
            return ", ".join(names[key] for key in session.lists.with_stock(entry.symbol))

        search, learn = session.dependencies.feed.search, session.dependencies.environment.learn_names
        choice = await self._screen.app.push_screen_wait(FindDialog(target, directory, where, search, learn))
        if choice is None:
            return
        if choice.adds and target is not None:
            self._list_actions.add(target.key, choice.entry.stock)
            return
        self.go_to_stock(choice.entry.stock)

    def go_to_stock(self, stock: Stock) -> None:
        """Go to ``stock`` on the board: on a list that has it, else on the list of those looked up."""
        place, lists = self._place(), self._session.lists
        if not lists.with_stock(stock.symbol):
            self._parts.show_lists(lists.look_up(stock))
        self._session.trail.leave(place)
        self._show_stock(stock.symbol)
        self._panels.go_to(Panel.BOARD)

    def _place(self) -> Place:
        panels = self._panels
        lists, ledger = panels.board.lists, panels.ledger
        here = panels.front, lists.chosen, lists.board.current, ledger.view, ledger.key, panels.record.key
        return Place(*here, lists.board.filter_text, ledger.asked.text)

    def _show_record(self, key: str) -> None:
        self._panels.set_title(Panel.RECORD, self._panels.record.show(key))

    def _show_stock(self, symbol: Symbol) -> bool:
        """Open a list that has ``symbol``, the present one if it does, and put the cursor on it."""
        keys, lists = self._session.lists.with_stock(symbol), self._panels.board.lists
        if not keys:
            return False
        if lists.chosen not in (*keys, ALL_STOCKS):
            lists.open(keys[0])
        lists.go_to(symbol)
        return True
