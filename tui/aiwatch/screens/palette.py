"""What the palette offers on the dashboard: every key's action by name, and what can be chosen from just now."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand

from aiwatch.screens.keys import DASHBOARD_KEYS
from aiwatch.screens.ledger_screen import CURRENCY_WORDS
from aiwatch.widgets.board_columns import COLUMNS
from aiwatch.widgets.ledger_views import VIEWS

if TYPE_CHECKING:
    from aiwatch.screens.dashboard import Dashboard

_TEXTUALS_OWN = ("app.quit", "app.command_palette")
"""What the palette has anyway, or is."""


def commands_of(screen: Dashboard) -> Iterator[SystemCommand]:
    """Every action of ``screen`` as ``area: verb``."""
    yield from _of_keys(screen)
    yield from _of_lists(screen)
    yield from _of_columns(screen)
    yield from _of_views(screen)
    yield from _of_sums(screen)


def _of_keys(screen: Dashboard) -> Iterator[SystemCommand]:
    for binding in DASHBOARD_KEYS:
        if binding.action not in _TEXTUALS_OWN:
            area = str(binding.id).partition(".")[0]
            keys = screen.keyboard.keys[str(binding.id)]
            told = f" ({screen.keyboard.shown(str(binding.id))})" if keys else ""
            yield SystemCommand(
                f"{area}: {binding.description.lower()}",
                f"{binding.tooltip}{told}",
                partial(screen.run_by_name, binding.action),
            )


def _of_lists(screen: Dashboard) -> Iterator[SystemCommand]:
    for key, name in screen.board_panel.tab_line.tabs:
        if key != screen.board_panel.chosen:
            yield SystemCommand(f"list: go to {name}", "Show this list on the board", partial(_go_to_list, screen, key))


def _go_to_list(screen: Dashboard, key: str) -> None:
    screen.board_panel.chosen = key
    screen.action_panel(1)


def _of_columns(screen: Dashboard) -> Iterator[SystemCommand]:
    board = screen.board_panel.board
    for column in COLUMNS:
        words = "Turn the order round" if board.sort_key == column.key else "Sort the board by this column"
        yield SystemCommand(f"board: sort by {column.title}", words, partial(_sort_by, screen, column.key))
    if board.sort_key:
        yield SystemCommand("board: sort as in the file", "Back to the list's order", partial(_sort_by, screen, ""))


def _sort_by(screen: Dashboard, key: str) -> None:
    board = screen.board_panel.board
    if not key:
        board.arrange_by(())
    elif board.sort_key == key:
        board.sort_reverse = not board.sort_reverse
    else:
        board.sort_by(key)
    screen.action_panel(1)


def _of_views(screen: Dashboard) -> Iterator[SystemCommand]:
    for key, name in VIEWS:
        if key != screen.ledger_panel.view:
            yield SystemCommand(f"ledger: view {name}", "Show this view of the ledger", partial(_view, screen, key))


def _view(screen: Dashboard, key: str) -> None:
    screen.ledger_panel.view = key
    screen.action_panel(2)


def _of_sums(screen: Dashboard) -> Iterator[SystemCommand]:
    for currency, words in CURRENCY_WORDS.items():
        if currency != screen.currency:
            show = partial(screen.show_sums, currency)
            yield SystemCommand(f"ledger: {words.lower()}", "How the ledger's sums are shown", show)
