"""What a terminal hands over in one read: many events in one turn of the loop, nobody waiting between them."""

from __future__ import annotations

from textual import events
from textual.keys import _character_to_key

from tests.headless import drawn_once
from tests.screens.stage import Stage

NAMED = frozenset(
    ("enter", "escape", "tab", "up", "down", "left", "right", "backspace", "f1", "ctrl+p", "ctrl+s", "ctrl+x")
)
"""Keys that are written by their names; everything else is typed letter by letter."""


def events_of(*pieces: str) -> list[events.Event]:
    """The events of ``pieces``: names of keys, texts that are typed, and, after ``paste:``, texts that are pasted."""
    result: list[events.Event] = []
    for piece in pieces:
        if piece.startswith("paste:"):
            result.append(events.Paste(piece.removeprefix("paste:")))
        elif piece in NAMED:
            result.append(events.Key(piece, None))
        else:
            result.extend(map(_typed, piece))
    return result


def _typed(character: str) -> events.Key:
    return events.Key(_character_to_key(character), character)


def click_at(x: int, y: int) -> list[events.Event]:
    """The events of a click, as a terminal reports it."""
    return [
        kind(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y)
        for kind in (events.MouseDown, events.MouseUp)
    ]


async def burst(stage: Stage, *pieces: str) -> None:
    """Hand the app everything at once, and wait until all of it has been handled."""
    with drawn_once(stage.app):
        for event in events_of(*pieces):
            stage.app.post_message(event)
        await handled(stage)


async def handled(stage: Stage) -> None:
    """Wait until the app has handled every key, paste and click that it got."""
    await stage.until(lambda: stage.app._exit or (not stage.app.message_queue_size and stage.app.input_gate.is_at_rest))
