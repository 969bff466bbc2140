"""The dashboard's half for how it looks when it is left, and looks again at the next start."""

from __future__ import annotations

from aiwatch.config.settings import COLOURS, NAMES
from aiwatch.screens.dashboard.lists_screen import ListsScreen
from aiwatch.session.layout import ScreenLayout
from aiwatch.widgets.board.panel import ALL_LISTS
from aiwatch.widgets.ledger.views import VIEWS


class LayoutScreen(ListsScreen):
    """A screen that tells whoever keeps it how it looks now. What a person wrote or typed goes before what is kept."""

    convention: str

    def restore(self) -> None:
        """Look as the screen was left, as far as that is still there, and tell every change from now on."""
        kept = self._given.archive.layout
        self.convention = self._chosen("colours", kept.colours, COLOURS)
        self.board_panel.language = self._chosen("names", kept.names, NAMES)
        tabs = [key for key, _ in self.board_panel.tab_line.tabs]
        key = self._chosen("start_list", kept.list, (*tabs, ALL_LISTS))
        if key == ALL_LISTS:
            self.board_panel.chosen = key
        else:
            self.board_panel.open(key)
        if kept.view in dict(VIEWS):
            self.ledger_panel.view = kept.view
        self.left_share, self.full = kept.left_share, kept.full
        self.action_panel(kept.panel)
        self._tell_changes()

    def _chosen(self, setting: str, kept: str, known: tuple[str, ...]) -> str:
        usual = str(getattr(self._given.files.settings, setting))
        return kept if kept in known and setting not in self._given.files.settings.given else usual

    def _tell_changes(self) -> None:
        for changing, name in (
            (self, "front"),
            (self, "full"),
            (self, "left_share"),
            (self, "convention"),
            (self.board_panel, "chosen"),
            (self.board_panel, "language"),
            (self.ledger_panel, "view"),
            (self.app, "theme"),
        ):
            self.watch(changing, name, self.tell_layout, init=False)

    def tell_layout(self) -> None:
        """Tell how the screen looks now."""
        self._given.archive.keep_layout(self.looks())

    def looks(self) -> ScreenLayout:
        """How the screen looks now."""
        return ScreenLayout(
            panel=self.front,
            full=self.full,
            left_share=self.left_share,
            list=self.board_panel.chosen,
            view=self.ledger_panel.view,
            names=self.board_panel.language,
            colours=self.convention,
            theme=self.app.theme,
        )
