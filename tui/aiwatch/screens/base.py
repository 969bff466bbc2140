"""What every screen of aiwatch shares: it says when it can take keys, and it is left once.

Two keys that a terminal hands over in one read are two events in one turn of the loop: the second comes before a dialog
has its rows, or after it was closed. `input_gate` holds such events back until the screen in front takes them.
"""

from __future__ import annotations

from typing import ClassVar, Protocol, TypeVar, cast

from textual import events, on
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

from aiwatch.screens.keys.keyboard import Keyboard

Result = TypeVar("Result")


class _HasKeyboard(Protocol):
    """An app whose keys can be moved."""

    keyboard: Keyboard


class BaseScreen(Screen[Result]):
    """A screen that takes keys from its first paint on, and can be left any number of times: only the first counts."""

    is_painted = False
    is_left = False

    @on(events.Mount)
    def await_paint(self) -> None:
        """Take keys once the screen has been painted with all that it is mounted with."""
        self.call_after_refresh(self._note_paint)

    def _note_paint(self) -> None:
        self.is_painted = True

    def takes(self, event: events.Event) -> bool:
        """Whether ``event``, a key, a paste or a click, would now do what a person means by it."""
        return self.is_painted and not self.is_left

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave the screen with ``result``; nothing happens when it was left before, or another lies over it."""
        if self.is_left or not self.is_current:
            return AwaitComplete()
        self.is_left = True
        return super().dismiss(result)

    def hint(self, name: str, words: str, before: str = "") -> str:
        """The present keys of the action called ``name`` with ``words`` for what they do: `Keyboard.hint`."""
        return cast(_HasKeyboard, self.app).keyboard.hint(name, words, before)

    def is_key_of(self, name: str, event: events.Key) -> bool:
        """Whether ``event`` is a key of the action called ``name`` now, and none of the screen's own."""
        keys = cast(_HasKeyboard, self.app).keyboard.keys[name]
        return event.key in keys and event.key not in self.active_bindings

    def action_close(self) -> None:
        """Leave the screen without a result."""
        self.dismiss(None)


class BaseDialog(ModalScreen[Result], BaseScreen[Result]):
    """A screen in a frame over another one, which goes on being painted. The key that hides everything hides it too."""

    @on(events.Key)
    async def hide(self, event: events.Key) -> None:
        """Hide everything, unless somebody types."""
        if self.is_key_of("view.stealth", event):
            event.stop()
            await self.run_action("app.stealth")


class InfoDialog(BaseDialog[None]):
    """A dialog that only shows something. It is closed by its own keys, and by those of the action that opens it."""

    OPENED_BY: ClassVar[str] = ""
    """The id of that action."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close", id="dialog.close", tooltip="Close the dialog"),
    ]

    @on(events.Key)
    def close_again(self, event: events.Key) -> None:
        """Close it by the key that opened it."""
        if self.is_key_of(self.OPENED_BY, event):
            event.stop()
            self.action_close()
