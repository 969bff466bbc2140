"""A screen that looks like a build under way, to cover everything else: no name, no price, no sign of a market.

What it covers goes on beneath it, and is as it was when it comes back.
"""

from __future__ import annotations

from textual import events, getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from aiwatch.screens.base import BaseScreen, is_key_of

STEPS = 412
"""Steps of the build; after the last it begins anew."""
SECONDS_A_STEP = 0.7
ALSO_BACK = "ctrl+x"
_BEGUN_WITH = 57
"""Steps that are over when the screen comes up."""

_TITLE = "make"
_SET_TITLE, _OLD_TITLE = f"\x1b[22;2t\x1b]2;{_TITLE}\x1b\\", "\x1b[23;2t"
"""Put the terminal's title aside and set another; take it back (xterm's control sequences, ``CSI Ps t``)."""

_PARTS = ("core", "net", "text", "codec", "store", "util")
_FILES = (
    "arena",
    "buffer",
    "encode",
    "frame",
    "graph",
    "hash",
    "join",
    "lexer",
    "map",
    "pool",
    "queue",
    "scan",
    "tree",
)


def build_line(step: int) -> str:
    """The line that a build prints in its ``step``, counted from 0."""
    number = step % STEPS + 1
    part, file = _PARTS[step // len(_FILES) % len(_PARTS)], _FILES[step % len(_FILES)]
    head = f"[{number:>3}/{STEPS}]"
    if number == STEPS:
        return f"{head} LD   bin/server"
    if step % len(_FILES) == len(_FILES) - 1:
        return f"{head} AR   lib/lib{part}.a"
    if step % 31 == 17:
        return f"{part}/{file}.c:{step * 7 % 300 + 12}:9: note: loop not vectorized"
    return f"{head} CC   {part}/{file}.o"


class StealthScreen(BaseScreen[None]):
    """Shows a build in place of everything; the key that brought it takes it away, or `ALSO_BACK` where that key is no
    more, and no other key does anything."""

    CSS_PATH = "stealth.tcss"

    log_text = getters.query_one("#build", Static)

    def __init__(self) -> None:
        super().__init__()
        self.step = _BEGUN_WITH

    def compose(self) -> ComposeResult:
        yield Static(id="build")

    def on_mount(self) -> None:
        """Go on building."""
        self._write(_SET_TITLE)
        self.set_interval(SECONDS_A_STEP, self.build_on)

    def on_unmount(self) -> None:
        """Give the terminal its title back."""
        self._write(_OLD_TITLE)

    def _write(self, sequence: str) -> None:
        driver = self.app._driver  # as Textual's own clipboard does: through it nothing is written into a frame
        if driver is not None and not driver.is_web:
            driver.write(sequence)

    @on(events.Key)
    async def come_back(self, event: events.Key) -> None:
        """Bring everything back by the key that hid it, or by the one that nobody can take away."""
        if event.key == ALSO_BACK or is_key_of(self, "view.stealth", event):
            event.stop()
            await self.run_action("app.stealth")

    @on(events.Resize)
    def draw(self) -> None:
        """Show as many lines as there is room for."""
        first = max(0, self.step - max(1, self.size.height - 1))
        self.log_text.update(Content("\n".join(map(build_line, range(first, self.step)))))

    def build_on(self) -> None:
        """Print the next line."""
        self.step += 1
        self.draw()
