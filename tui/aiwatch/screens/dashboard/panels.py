"""Moving between panels: by number, in a circle, and one at a time where only one has room."""

from __future__ import annotations

from msgspec import Struct
from textual import on
from textual.reactive import reactive
from textual.widget import Widget

from aiwatch.screens.base import BaseScreen
from aiwatch.screens.keys.bindings import SCOPES, footer_order
from aiwatch.screens.keys.keymap import Keyboard
from aiwatch.session.layout import LEAST_SHARE, MOST_SHARE, USUAL_SHARE
from aiwatch.widgets.key_line import KeyLine
from aiwatch.widgets.tab_line import TabLine


class Panel(Struct, frozen=True):
    """A panel of the dashboard: ``id`` of its frame, ``focus`` of what takes its keys, ``column`` it stands in."""

    number: int
    name: str
    id: str
    focus: str
    column: str


PANELS = (
    Panel(1, "Board", "board-panel", "board", "left"),
    Panel(2, "Commitments", "commitments-panel", "commitments", "right"),
    Panel(3, "Stock", "stock-panel", "stock", "left"),
    Panel(4, "Record", "record-panel", "record", "right"),
)


class PanelScreen(BaseScreen[None]):
    """A screen of four panels; a narrow one shows the front panel alone, under tabs."""

    keyboard: Keyboard
    """Which keys hold."""

    front: reactive[int] = reactive(1, init=False)
    """The number of the panel that was last gone to."""

    full: reactive[bool] = reactive(False, init=False)
    """Whether the panel in front has the whole screen."""
    left_share: reactive[int] = reactive(USUAL_SHARE, init=False)
    """Percent of the width that the board's column has."""

    def panel_widget(self, panel: Panel) -> Widget:
        """The widget of ``panel`` that takes the keys."""
        return self.query_one(f"#{panel.focus}")

    def watch_front(self, number: int) -> None:
        """Bring a panel to the front where only one has room."""
        for panel in PANELS:
            self.query_one(f"#{panel.id}").set_class(panel.number == number, "-front")
        for column in ("left", "right"):
            self.query_one(f"#{column}").set_class(PANELS[number - 1].column == column, "-front")
        self.query_one("#narrow-tabs", TabLine).chosen = str(number)
        self.query_one(KeyLine).order = footer_order(number)
        self.refresh_bindings()

    def watch_full(self, full: bool) -> None:
        """Give the panel in front the whole screen, or every panel its place."""
        self.set_class(full, "-full")

    def watch_left_share(self, share: int) -> None:
        """Part the width between the columns; at the usual share they also keep the least that they read well in."""
        left, right = self.query_one("#left"), self.query_one("#right")
        if share == USUAL_SHARE:
            left.styles.width = right.styles.width = right.styles.min_width = None
        else:
            left.styles.width, right.styles.width = f"{share}fr", f"{100 - share}fr"
            right.styles.min_width = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether the key of ``action`` counts in the panel in front; one key may do different things in two."""
        return self.front in SCOPES.get(action, (self.front,))

    async def run_by_name(self, action: str) -> None:
        """Do what a key does, from anywhere: a panel that has the key is brought to the front first."""
        scope = SCOPES.get(action.partition("(")[0], (self.front,))
        if self.front not in scope:
            self.action_panel(scope[0])
        await self.run_action(action)

    def on_descendant_focus(self) -> None:
        """Know which panel is in front, however the focus came there."""
        for panel in PANELS:
            if self.query_one(f"#{panel.id}").has_focus_within:
                self.front = panel.number

    @on(TabLine.Picked, "#narrow-tabs")
    def pick_panel(self, event: TabLine.Picked) -> None:
        """Go to the panel whose tab was clicked."""
        self.action_panel(int(event.key))

    def action_panel(self, number: int) -> None:
        """Go to a panel by its number."""
        self.front = number
        self.panel_widget(PANELS[number - 1]).focus()

    def action_full(self) -> None:
        """Give the panel in front the whole screen, or take it back."""
        if not self._is_alone():
            self.full = not self.full

    def action_width(self, by: int) -> None:
        """Make the board's column wider or, with a negative number, narrower, by percent of the screen."""
        if not self._is_alone() and not self.full:
            self.left_share = min(max(LEAST_SHARE, self.left_share + by), MOST_SHARE)

    def _is_alone(self) -> bool:
        """Whether the screen has room for one panel only, and says so."""
        alone = self.has_class("-narrow")
        if alone:
            self.notify("There is room for one panel only", timeout=2)
        return alone

    def action_next_panel(self) -> None:
        """Go to the next panel."""
        self.action_panel(self.front % len(PANELS) + 1)

    def action_previous_panel(self) -> None:
        """Go to the panel before."""
        self.action_panel((self.front - 2) % len(PANELS) + 1)
