"""The app: themes, keys, the palette's commands, and the one screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.console import RenderableType
from textual import events, on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import ANSIToTruecolor, LineFilter
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import Widget
from textual.widgets import Tooltip

from aiwatch.config.settings import KeyRules, KeySettings
from aiwatch.files.bounded import printable
from aiwatch.screens.base import InfoDialog, Written, clean_content
from aiwatch.screens.changed_cells import ChangedCells
from aiwatch.screens.dashboard.panel_layout import PanelLayout
from aiwatch.screens.dashboard.screen import DashboardScreen
from aiwatch.screens.keys import keyboard
from aiwatch.screens.keys.keyboard import DIALOG, Keyboard, collected, normal, shown_key, wrong_key
from aiwatch.session.dependencies import Dependencies
from aiwatch.session.layout import Panel
from aiwatch.session.session import Session
from aiwatch.themes import DARK, LIGHT_MEANINGS, MEANINGS, THEMES, in_scheme
from aiwatch.widgets.board.board import Board
from aiwatch.widgets.board.lists_view import ListsView
from aiwatch.widgets.board.panel import BoardPanel
from aiwatch.widgets.key_line import KeyLine
from aiwatch.widgets.ledger.list import LedgerList
from aiwatch.widgets.ledger.panel import LedgerColumn, LedgerPanel
from aiwatch.widgets.linked_rows import ScrollText
from aiwatch.widgets.record.panel import RecordDetail, RecordPanel
from aiwatch.widgets.stock.detail import StockDetail
from aiwatch.widgets.stock.panel import StockPanel

if TYPE_CHECKING:
    from textual.command import Provider

    from aiwatch.screens.input_gate import InputGate, Passed

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

GATED = (events.Key, events.Paste, events.MouseDown, events.MouseUp)
"""The events that are let in one after the other."""
ALERT_TITLE = "Alert"
"""The title of a toast that somebody asked for by an alert's rule."""
CATCH_UP_SECONDS = 0.05
"""How long after a picture that the line did not take it is tried again."""
_LEAST_SAID = 3.0
"""Seconds that something is said in the bottom row at least."""
_MOST_HELD = 5
"""Toasts, the newest, that are shown when everything comes back."""
_MOST_FAULTS = 5
"""Kinds of faults that are said and logged in a run."""
_LONGEST_FAULT = 200
"""Characters of what a fault says that are shown."""


def command_provider() -> type[Provider]:
    """What the palette searches, loaded when it is opened."""
    from aiwatch.screens.dashboard.palette import Commands

    return Commands


class AiwatchApp(App[None]):
    """Declares what the screen needs; everything it shows is given as `Dependencies`."""

    TITLE = "aiwatch"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {command_provider}  # noqa: RUF012
    CSS_PATH = "screens/dashboard/screen.tcss"  # the first screen's: Textual loads only later screens' own
    _scheme = ""
    _is_themed = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, system=True, priority=True),
    ]

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__()
        # what shows them is mounted with the first one: no start needs it
        self._disable_tooltips = self._disable_notifications = True
        clean_content()
        self.session = Session(dependencies)
        self._scheme = dependencies.files.settings.colours
        self.hidden = False
        """Whether a screen that looks like something else covers everything."""
        self._held: list[Callable[[], None]] = []
        self.faults: list[BaseException] = []
        """What failed of aiwatch itself while the screen went on, each kind once."""
        self._cells = ChangedCells()
        self._is_catching_up = False
        self.keyboard = keyboard_of(dependencies.files.settings.keys)
        self.set_keymap(self.keyboard.keymap)
        for theme in THEMES:
            self.register_theme(theme)
        self._is_themed = True
        settings, last_name = dependencies.files.settings, dependencies.archive.layout.theme
        name = settings.theme if "theme" in settings.given or not last_name else last_name
        self.theme = name if name in self.available_themes else DARK.name

    def get_default_screen(self) -> Screen[None]:
        """The dashboard is the first screen, so that the first paint is already it."""
        return DashboardScreen(self.session, self.keyboard, width=self.size.width)

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew. While there is no screen yet, the theme's variables are all that is new: the rules are
        read with them once, when the screen is there."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write only what changed of the picture, and nothing at all where nothing did. While the line takes no more,
        pictures are not written: the newest is, once it does."""
        if isinstance(renderable, ChopsUpdate | LayoutUpdate) and self._may_draw():
            self._cells.note(renderable)
            if self._is_behind():
                self._catch_up_later()
                text = ""
            else:
                text = self._cells.written(self.console)
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            if not text and cursor == self._previous_cursor_position:
                self.post_display_hook()
                return
            renderable = cast("RenderableType", Written(text))
        super()._display(screen, renderable)

    def _is_behind(self) -> bool:
        return getattr(self._driver, "is_behind", False)

    def _catch_up_later(self) -> None:
        if not self._is_catching_up:
            self._is_catching_up = True
            self.set_timer(CATCH_UP_SECONDS, self._catch_up)

    def _catch_up(self) -> None:
        """Write the newest picture, if the line takes it."""
        self._is_catching_up = False
        if self._cells.is_late and self._may_draw():
            if self._is_behind():
                self._catch_up_later()
            else:
                super()._display(self.screen, cast("RenderableType", Written(self._cells.written(self.console))))

    def _may_draw(self) -> bool:
        """Whether Textual would draw now: what it does not is not on the terminal."""
        drawing = self._running and not self._closed and not self._batch_count
        return drawing and not self.is_headless and self._driver is not None

    def forget_terminal(self) -> None:
        """Somebody else had the terminal: paint all of it the next time."""
        self._cells.forget()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Without the one that replaces ANSI and dim colours while the dashboard is in front, which has none: to go
        through every line for them is a fifth of a small paint."""
        filters = super().get_line_filters()
        if not isinstance(self.screen, DashboardScreen):
            return filters
        return [line_filter for line_filter in filters if not isinstance(line_filter, ANSIToTruecolor)]

    def get_theme(self, theme_name: str) -> Theme | None:
        """The theme called ``theme_name``. Each line drawn asks for the one in force, and Textual makes a table of all
        of them to look it up in."""
        return self._registered_themes.get(theme_name) or super().get_theme(theme_name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours with a meaning, for themes that do not set them."""
        return MEANINGS if self.current_theme.dark else LIGHT_MEANINGS

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, as the chosen scheme has them; none before a theme is chosen, when nothing is styled."""
        if not self._is_themed:
            return {}
        few = self.no_color or self.console.color_system in (None, "standard", "windows")
        theme = self.current_theme
        own = theme in THEMES
        variables = in_scheme(super().get_css_variables(), self._scheme, dark=theme.dark, few_colours=few, own=own)
        self.theme_variables = variables
        return variables

    @on(PanelLayout.ConventionChanged)
    def wear(self, event: PanelLayout.ConventionChanged) -> None:
        """Draw everything in another colour scheme."""
        if event.convention != self._scheme:
            self._scheme = event.convention
            self.mutate_reactive(AiwatchApp.theme)

    def get_key_display(self, binding: Binding) -> str:
        """A key as the help and the README write it."""
        return binding.key_display or shown_key(binding.key)

    # Input

    @cached_property
    def input_gate(self) -> InputGate:
        """Stands before the events of `GATED`."""
        from aiwatch.screens.input_gate import InputGate

        return InputGate(self)

    def _check_action_state(self, action: str, default_namespace: DOMNode) -> bool | None:
        """Whether ``action`` may be done now, as its node says, if that says anything: else it need not be parsed."""
        is_named = "." in action.partition("(")[0]
        if not is_named and type(default_namespace).check_action is DOMNode.check_action:
            return True
        return super()._check_action_state(action, default_namespace)

    async def on_event(self, event: events.Event) -> None:
        """Handle keys, pastes and clicks one after the other, and everything else as it comes."""
        if isinstance(event, GATED) and not event.is_forwarded and not self.input_gate.admits(event):
            return
        if isinstance(event, events.Paste):
            from aiwatch.widgets.pasted_text import one_line

            event.text = one_line(event.text, self.focused)
        elif isinstance(event, events.MouseMove) and self.screen_stack:
            self._disable_tooltips = False
            self._mount_late(Tooltip, "textual-tooltip")
        await super().on_event(event)

    def on_passed(self, event: Passed) -> None:
        """All that was on the way before the message has been handled."""
        event.arrived.set()

    # The terminal

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver; on a terminal, one that stops, comes back and loses its terminal well."""
        usual = super().get_driver_class()
        if usual.__module__ != "textual.drivers.linux_driver":
            return usual
        from aiwatch.screens.terminal_driver import TerminalDriver

        return TerminalDriver

    @on(Driver.SignalResume)
    def draw_whole(self) -> None:
        """Draw everything anew: the program that had the terminal meanwhile has left something else on it."""
        for screen in self.screen_stack:
            screen._compositor._dirty_regions.add(screen._compositor.size.region)
        self.refresh(layout=True)

    def redraw(self) -> None:
        """Write the whole picture anew: somebody may have written over it."""
        self.forget_terminal()
        self.draw_whole()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy ``text`` without what commands a terminal: it may be pasted into one."""
        super().copy_to_clipboard(printable(text))

    def _fatal_error(self) -> None:
        """Close; what it died of is raised to the caller of the app, which puts it in the log and says so."""
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Close as after a fault: nothing is printed over the terminal."""
        if self._exception is None:
            words = "".join(part.text for each in renderables for part in self.console.render(each))
            self._exception = RuntimeError(words)
        self._return_code = 1
        self._close_messages_no_wait()

    def report_fault(self, error: BaseException) -> None:
        """Say that something of aiwatch itself failed, each kind once; the log has it when the screen is left."""
        words = f"{type(error).__name__}: {error}"
        if len(self.faults) < _MOST_FAULTS and all(f"{type(each).__name__}: {each}" != words for each in self.faults):
            self.faults.append(error)
            what = f"A part of aiwatch failed: {words[:_LONGEST_FAULT]}. If something stands still, start again."
            self.notify(f"{what} `aiwatch report` gathers what is needed to mend it.", severity="error")

    def action_stealth(self) -> None:
        """Hide everything behind what looks like a build, or bring it back."""
        from aiwatch.screens.stealth import StealthScreen

        if not isinstance(self.screen, StealthScreen):
            self.hidden = True
            self.push_screen(StealthScreen())
            return
        self.pop_screen()
        self.hidden = False
        held, self._held = self._held[-_MOST_HELD:], []
        for tell in held:
            tell()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something for a moment, in words and no markup: in a toast where it is an alert, or not as it should be,
        and else in the bottom row. While everything is hidden, it is kept until it is not."""
        is_quiet = severity == "information" and title != ALERT_TITLE and isinstance(self.screen, DashboardScreen)
        toast = partial(super().notify, message, title=title, severity=severity, timeout=timeout, markup=markup)
        tell = partial(self._say_below, message, timeout) if is_quiet else toast
        if self.hidden:
            self._held.append(tell)
        else:
            tell()

    def _say_below(self, words: str, seconds: float | None) -> None:
        for line in self.query(KeyLine):
            line.say(words, max(_LEAST_SAID, seconds or 0))

    def _refresh_notifications(self) -> None:
        """Show the toasts there are."""
        if self._notifications:
            from textual.widgets._toast import ToastRack

            self._disable_notifications = False
            self._mount_late(ToastRack, "textual-toastrack")
        super()._refresh_notifications()

    def _mount_late(self, kind: type[Widget], id: str) -> None:
        """Mount on the screen in front what Textual mounts on every one from the start."""
        held = self.screen.children  # a screen that has none yet is going to compose what it needs
        if held and not any(isinstance(child, kind) for child in held):
            self.screen.mount(kind(id=id), before=0)

    def clear_notifications(self) -> None:
        """Take away whatever was said for a moment."""
        super().clear_notifications()
        for line in self.query(KeyLine):
            line.say("", 0)

    def bell(self) -> None:
        """Ring, unless everything is hidden."""
        if not self.hidden:
            super().bell()

    # The palette

    def action_command_palette(self) -> None:
        """Show every action of the dashboard by name, while it is in front."""
        from aiwatch.screens.dashboard.palette import Palette

        if isinstance(self.screen, DashboardScreen):
            self.push_screen(Palette(id="--command-palette"))

    def search_themes(self) -> None:
        """Show every theme by name."""
        from textual.theme import ThemeProvider

        from aiwatch.screens.dashboard.palette import Palette

        # by a function, for it may be the heir of a stand-in, which passes for no provider before it is used
        self.push_screen(Palette([lambda: ThemeProvider], placeholder="Search for themes…"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What can be done on the dashboard now. Of Textual's own commands, the others are there by our names, or open
        what no key of ours closes."""
        yield from (
            command._replace(title="app: screenshot")
            for command in super().get_system_commands(screen)
            if command.title == "Screenshot"
        )
        if isinstance(screen, DashboardScreen):
            from aiwatch.screens.dashboard.palette import commands_of

            yield from commands_of(screen)


def keyboard_of(settings: KeySettings) -> Keyboard:
    """The keys in force on the dashboard with ``settings``."""
    return keyboard.keyboard_of(ACTIONS, settings)
