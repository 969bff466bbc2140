"""The app: themes, keys, the palette's commands, and the one screen."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from aiwatch.dependencies import Dependencies
from aiwatch.screens.dashboard import Dashboard
from aiwatch.screens.key_names import shown_key
from aiwatch.screens.keyboard import keyboard_of
from aiwatch.themes import DARK, MEANINGS, THEMES


class AiwatchApp(App[None]):
    """Declares what the screen needs; everything it shows is given as `Dependencies`."""

    TITLE = "aiwatch"
    ENABLE_COMMAND_PALETTE = True
    CSS_PATH = "screens/dashboard.tcss"  # the first screen's: Textual loads only later screens' own

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__()
        self._given = dependencies
        self.keyboard = keyboard_of(dependencies.settings.keys)
        self.set_keymap(self.keyboard.keymap)
        for theme in THEMES:
            self.register_theme(theme)
        settings, kept = dependencies.settings, dependencies.layout.theme
        wanted = settings.theme if "theme" in settings.given or not kept else kept
        self.theme = wanted if wanted in self.available_themes else DARK.name

    def get_default_screen(self) -> Screen[None]:
        """The dashboard is the first screen, so that the first paint is already it."""
        return Dashboard(self._given, self.keyboard, width=self.size.width)

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew. While there is no screen yet, the theme's variables are all that is new: the rules are
        read with them once, when the screen is there."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours with a meaning, for themes that do not set them."""
        return MEANINGS

    def get_key_display(self, binding: Binding) -> str:
        """A key as the help and the README write it."""
        return binding.key_display or shown_key(binding.key)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What can be done on the dashboard now, after Textual's own commands."""
        yield from super().get_system_commands(screen)
        if isinstance(screen, Dashboard):
            from aiwatch.screens.palette import commands_of

            yield from commands_of(screen)
