"""How it looks: columns and order of a list, colours, the currency of sums, names typed in Latin letters, the help."""

from __future__ import annotations

from aiwatch.screens.dashboard import DashboardParts
from aiwatch.screens.dashboard.list_actions import ListActions
from aiwatch.screens.keys.keyboard import Keyboard
from aiwatch.watchlist import LOOKED_UP
from aiwatch.widgets.ledger.context import CURRENCIES

CURRENCY_WORDS = {"": "Sums as printed", "USD": "Sums in US dollars", "CNY": "Sums in yuan", "EUR": "Sums in euros"}
"""How sums are shown, by the currency they are also shown in."""
CONVENTION_WORDS = {
    "auto": "By list: a gain is red in a list of mainland China alone, else as in your country",
    "red-up": "A gain is red everywhere",
    "green-up": "A gain is green everywhere",
    "colour-blind": "A gain is blue and a loss orange, for every kind of colour blindness",
    "monochrome": "No colours: signs and words say everything",
}
"""The colours of gains and losses, in the order of `tone.CONVENTIONS`, and what each means."""


class LookActions:
    """Changes the look, and runs the dialogs about it."""

    def __init__(self, parts: DashboardParts, list_actions: ListActions) -> None:
        self._parts = parts
        self._list_actions = list_actions

    def choose_columns(self, key: str) -> None:
        """Choose the columns of the list ``key``."""
        from aiwatch.screens.dialogs.columns import ColumnPicker

        lists, watchlist = self._parts.panels.board.lists, self._parts.session.lists.get(key)
        if watchlist is None:
            return

        def keep(chosen: tuple[str, ...] | None) -> None:
            if chosen is not None and chosen != lists.columns_of(key):
                lists.lay_out(key, chosen)
                self._keep_columns(key, chosen)

        picker = ColumnPicker(watchlist.name, lists.columns_of(key), lists.board.fitting)
        self._parts.screen.app.push_screen(picker, keep)

    def _keep_columns(self, key: str, columns: tuple[str, ...]) -> None:
        """Write the columns of a list down in its file."""
        if key != LOOKED_UP and self._parts.session.lists.is_editable:
            self._list_actions.edit(lambda editor: editor.lay_out(key, columns))
        else:
            self._parts.screen.notify("These columns stay until aiwatch is left", title="Columns", timeout=3)

    def choose_order(self) -> None:
        """Choose by which columns the rows stand."""
        from aiwatch.screens.dialogs.sort import SortMenu

        board = self._parts.panels.board.board
        self._parts.screen.app.push_screen(SortMenu(board.order, board.arrange_by))

    def show_help(self, keyboard: Keyboard) -> None:
        """Show every key of ``keyboard``, those of the panel in front first."""
        from aiwatch.screens.dialogs.help import HelpScreen

        self._parts.screen.app.push_screen(HelpScreen(keyboard, self._parts.panels.front))

    def step_convention(self) -> None:
        """The next colours for gains and losses."""
        panels, conventions = self._parts.panels, tuple(CONVENTION_WORDS)
        panels.convention = conventions[(conventions.index(panels.convention) + 1) % len(conventions)]
        self._parts.screen.notify(CONVENTION_WORDS[panels.convention], title="Colours", timeout=3)

    def step_currency(self) -> None:
        """Show the ledger's sums as printed, or also in dollars, yuan or euros."""
        self.show_sums(CURRENCIES[(CURRENCIES.index(self._parts.session.ledger.currency) + 1) % len(CURRENCIES)])

    def show_sums(self, currency: str) -> None:
        """Show the ledger's sums also in ``currency``; as printed alone, when that is empty."""
        self._parts.session.ledger.currency = currency
        self._parts.panels.ledger.redraw()
        self._parts.panels.record.redraw()
        self._parts.screen.notify(CURRENCY_WORDS[currency], title="Ledger", timeout=2)

    def learn_names(self) -> None:
        """Let the filter find Chinese names by how they are typed in Latin letters."""
        self._parts.begin(self._learn_names, "pinyin", exclusive=True)

    async def _learn_names(self) -> None:
        """Learn how the Chinese names are typed in Latin letters, so that the filter finds them by that."""
        learn = self._parts.session.dependencies.environment.learn_names
        names = [stock.name_zh for stock in self._parts.session.lists.stocks if stock.name_zh]
        if learn is not None and await learn(list(dict.fromkeys(names))):
            self._parts.panels.board.board.filter_again()
