"""Every action of the dashboard, collected from the classes that own them, and what a user's keys are checked by."""

from __future__ import annotations

from aiwatch.config.settings import KeyRules, KeySettings
from aiwatch.screens.base import InfoDialog
from aiwatch.screens.dashboard.panel_layout import PanelLayout
from aiwatch.screens.dashboard.screen import DashboardScreen
from aiwatch.screens.keys import keyboard
from aiwatch.screens.keys.keyboard import DIALOG, Keyboard, collected
from aiwatch.screens.keys.names import normal, wrong_key
from aiwatch.session.layout import Panel
from aiwatch.widgets.board.board import Board
from aiwatch.widgets.board.lists_view import ListsView
from aiwatch.widgets.board.panel import BoardPanel
from aiwatch.widgets.ledger.list import LedgerList
from aiwatch.widgets.ledger.panel import LedgerColumn, LedgerPanel
from aiwatch.widgets.linked_rows import ScrollText
from aiwatch.widgets.record.panel import RecordDetail, RecordPanel
from aiwatch.widgets.stock.detail import StockDetail
from aiwatch.widgets.stock.panel import StockPanel

_OUTER = (PanelLayout, DashboardScreen)
WAYS: dict[keyboard.Place, tuple[type, ...]] = {
    Panel.BOARD: (Board, ListsView, BoardPanel, *_OUTER),
    Panel.COMMITMENTS: (LedgerList, LedgerPanel, LedgerColumn, *_OUTER),
    Panel.STOCK: (StockDetail, StockPanel, *_OUTER),
    Panel.RECORD: (RecordDetail, RecordPanel, LedgerColumn, *_OUTER),
    DIALOG: (ScrollText, InfoDialog),
}
"""The classes that a key passes in each place, from the focus outwards."""

ACTIONS = collected(WAYS)
"""Every action that has keys, by its id: those that move first, then panel by panel, then those of everywhere."""

KEY_RULES = KeyRules(tuple(ACTIONS), wrong_key, normal)
"""What a ``[keys]`` table of the settings is checked by."""


def keyboard_of(settings: KeySettings) -> Keyboard:
    """The keys in force on the dashboard with ``settings``."""
    return keyboard.keyboard_of(ACTIONS, settings)
