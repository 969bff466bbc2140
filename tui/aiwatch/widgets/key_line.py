"""The bottom row: the keys that work where the focus is, as many as fit; for a moment, what was just done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.events import Click
from textual.keys import Keys
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

_GAP = 2
_STAY = 5
"""How many labels at the end, find, sources, palette, help and quit, outlive the others on a narrow screen."""


class _Label(Struct, frozen=True):
    """A group of keys, the words for what they do, and the action of the first, done by ``node``."""

    keys: tuple[str, ...]
    words: str
    action: str
    node: DOMNode

    @property
    def content(self) -> Content:
        """The label as it is drawn."""
        keys = " ".join(self.keys) if len(self.keys) < 3 else f"{self.keys[0]}–{self.keys[-1]}"
        return Content.assemble((keys, "bold $heading"), f" {self.words}")


class KeyLine(Widget):
    """Reads the bindings of the focused widget and of the screen; a click does what the key does."""

    DEFAULT_CSS = """
    KeyLine { height: 1; padding: 0 1; background: $panel; color: $text-muted; }
    """

    order: reactive[Sequence[str]] = reactive(())
    """The ids of the bindings, what matters most first; others come before them as the screen has them."""

    def __init__(self, order: Sequence[str], is_idle: Callable[[str], bool]) -> None:
        """``is_idle`` says of an action, by its id, whether it has nothing to act on now: then it is not named."""
        super().__init__()
        self._is_idle = is_idle
        self.set_reactive(KeyLine.order, order)
        self._silence: Timer | None = None

    said: reactive[str] = reactive("")
    """What stands there for a moment in place of the keys; empty for the keys."""

    def say(self, words: str, seconds: float) -> None:
        """Show ``words`` for so many ``seconds``, in one line and in place of those before."""
        self.said = " · ".join(line.strip() for line in words.splitlines() if line.strip())
        if self._silence is not None:
            self._silence.stop()
        self._silence = self.set_timer(seconds, self.be_silent) if words else None

    def be_silent(self) -> None:
        """Show the keys again."""
        self.said = ""

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> Content:
        if self.said:
            return Content.styled(self.said, "$foreground").truncate(self.content_size.width, ellipsis=True)
        return Content(" " * _GAP).join(label.content for label in self._that_fit())

    async def on_click(self, event: Click) -> None:
        """Do what the key under the pointer does."""
        if self.said:
            return
        place = event.get_content_offset(self)
        start = 0
        for label in self._that_fit():
            end = start + label.content.cell_length
            if place is not None and start <= place.x < end:
                await self.app.run_action(label.action, label.node)
                return
            start = end + _GAP

    def _that_fit(self) -> list[_Label]:
        labels = self._labels()
        widths = [label.content.cell_length + _GAP for label in labels]
        while labels and sum(widths) - _GAP > self.content_size.width:
            at = -1 - _STAY if len(labels) > _STAY else -1
            labels.pop(at)
            widths.pop(at)
        return labels

    def _labels(self) -> list[_Label]:
        """One label a group of keys, the first key of each action, in the order asked for."""
        groups: dict[str, list[ActiveBinding]] = {}
        shown = set()
        for active in sorted(self.screen.active_bindings.values(), key=self._place):
            binding = active.binding
            if not binding.show or not active.enabled or binding.key == Keys.Ignore or binding.id in shown:
                continue
            if self._is_idle(binding.id or "") or self._is_typed(binding):
                continue
            if binding.id:
                shown.add(binding.id)
            groups.setdefault(binding.group.description if binding.group else binding.description, []).append(active)
        display = self.app.get_key_display
        return [
            _Label(
                tuple(display(active.binding) for active in of_group),
                words,
                of_group[0].binding.action,
                of_group[0].node,
            )
            for words, of_group in groups.items()
        ]

    def _is_typed(self, binding: Binding) -> bool:
        """Whether the key would be typed into the box that has the focus, such as the slash, whose name Textual does
        not know as that of a character."""
        focused, sign = self.screen.focused, self.app.get_key_display(binding)
        return focused is not None and len(sign) == 1 and focused.check_consume_key(binding.key, sign)

    def _place(self, active: ActiveBinding) -> int:
        name = active.binding.id
        return self.order.index(name) if name in self.order else -1
