"""Colour schemes, and terminals with few colours or none: nothing is said by a colour alone."""

from __future__ import annotations

import pytest
import textual.constants
from rich.segment import Segment

from aiwatch.config.settings import COLOURS
from aiwatch.themes import COLOUR_BLIND
from aiwatch.widgets.board.painter import LOOKS
from aiwatch.widgets.looks import Looks
from tests.screens.dashboard.test_pictures import day
from tests.screens.stage import Stage, colour_in, healthy, on_stage


async def watched(stage: Stage) -> None:
    """Let prices rise, fall, stand at a limit, be late, stale and suspended."""
    for batch in day():
        await stage.take(*batch, health=healthy())
    for _ in range(2):
        await stage.settle()


def filtered(stage: Stage) -> list[Segment]:
    """The segments of the screen after the filters of the terminal, as `App` puts them on."""
    parts: list[Segment] = []
    for strip in stage.strips():
        line = list(strip)
        for get_line_filter in stage.app.get_line_filters():
            line = get_line_filter.apply(line, stage.app.screen.background_colors[1])
        parts += line
    return parts


def underlined(stage: Stage) -> str:
    """Everything that is both bold and underlined."""
    return "".join(part.text for part in filtered(stage) if part.style and part.style.underline and part.style.bold)


async def test_the_key_goes_through_all_schemes_and_says_which() -> None:
    async with on_stage() as stage:
        seen = [stage.dashboard.panels.convention]
        for _ in COLOURS:
            await stage.press("u")
            seen.append(stage.dashboard.panels.convention)
            assert stage.messages
        assert seen == [*COLOURS, "auto"]


async def test_blue_is_up_and_orange_down_for_colour_blind_eyes() -> None:
    async with on_stage(colours="colour-blind") as stage:
        await watched(stage)
        await stage.press("j")
        assert colour_in(stage, "#board", "+", "603757.SS") == COLOUR_BLIND["up"]
        assert colour_in(stage, "#board", "-", "002536.SZ") == COLOUR_BLIND["down"]
        assert colour_in(stage, "SummaryLine", "▲") == COLOUR_BLIND["up"]
        await stage.press("u", "u")
        await stage.until(lambda: colour_in(stage, "#board", "-", "002536.SZ") != COLOUR_BLIND["down"])


async def test_monochrome_says_all_that_colours_say() -> None:
    texts = {}
    for scheme in ("auto", "monochrome", "colour-blind"):
        async with on_stage(colours=scheme) as stage:
            await watched(stage)
            await stage.press("j")
            await stage.rest()
            texts[scheme] = stage.text()
            if scheme == "monochrome":
                colours = {part.style.color for part in filtered(stage) if part.style and part.style.color}
                grounds = {part.style.bgcolor for part in filtered(stage) if part.style and part.style.bgcolor}
                for colour in colours | grounds:
                    red, green, blue = colour.get_truecolor()
                    assert red == green == blue
    assert texts["auto"] == texts["monochrome"] == texts["colour-blind"]
    for words in ("9.99", "- 2.26", "limit up", "▲", "▼", "● 10:00 open", "○", "✓"):
        assert words in texts["monochrome"], words


async def test_no_color_is_obeyed_and_the_cursor_still_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with on_stage() as stage:
        await watched(stage)
        for part in filtered(stage):
            for colour in (part.style.color, part.style.bgcolor) if part.style else ():
                if colour is not None:
                    red, green, blue = colour.get_truecolor()
                    assert red == green == blue
        assert stage.row("603757.SS").startswith("▌")
        await stage.press("2", "j")
        assert "Sovereign" not in underlined(stage)
        assert "$100 bn" in underlined(stage), "the cursor of the ledger is told by more than its ground"


async def test_sixteen_colours_keep_cursor_focus_and_flash_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textual.constants, "COLOR_SYSTEM", "standard")
    async with on_stage() as stage:
        await watched(stage)
        await stage.press("2", "j")
        assert "$100 bn" in underlined(stage)
        titles = [
            str(stage.dashboard.query_one(f"#{name}-panel").styles.border_title_style)
            for name in ("board", "commitments")
        ]
        assert titles == ["none", "bold"], "the panel in front has a bold title"
        board = stage.dashboard.lists.board
        styles = {way: Looks(board, LOOKS)(f"flash-{way}", "") for way in ("up", "down")}
        assert styles["down"].underline
        assert not styles["up"].underline
