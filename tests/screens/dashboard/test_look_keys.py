"""The keys of the look, the quotes and the app: names, colours, theme, refresh, pause, help, palette, quit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import SystemCommand
from textual.command import CommandPalette
from textual.widgets import Input

from aiwatch.app import ACTIONS
from aiwatch.board.columns import COLUMNS, legend
from aiwatch.config.settings import MARKET, SourceSettings
from aiwatch.errors import Unreachable
from aiwatch.market.symbol import parse_symbol
from aiwatch.screens.dialogs.help import HelpScreen, key_rows
from aiwatch.screens.keys.keyboard import PANELS
from aiwatch.themes import DARK, LIGHT, MEANINGS
from aiwatch.widgets.linked_rows import Line, Row, laid_out
from tests.feed.fakes import QUICK, FakeSource, pricing
from tests.screens.stage import MORNING, Stage, colour_in, feed_on, followed, healthy, on_stage, priced

NARROW = (80, 24)


async def test_names_are_english_or_chinese() -> None:
    async with on_stage() as stage:
        assert "Envicool" in stage.row("002837.SZ")
        await stage.press("n")
        assert "英维克" in stage.row("002837.SZ")
        assert "Envicool" not in stage.row("002837.SZ")
        await stage.press("n")
        assert "Envicool" in stage.row("002837.SZ")


async def test_colours_mean_what_the_convention_says() -> None:
    async with on_stage((200, 60), start_list="builders") as stage:
        await stage.take(
            priced("300308.SZ", 240.0, 235.0),
            priced("VRT", 131.3, 130.0, source="yahoo"),
            priced("NEE", 72.0, 73.0, source="yahoo"),
            health=healthy(),
        )
        up, down = MEANINGS["up"], MEANINGS["down"]

        def colours() -> list[str]:
            rows = (("300308.SZ", "+"), ("VRT", "+"), ("NEE", "-"))
            return [colour_in(stage, "#board", sign, symbol) for symbol, sign in rows]

        await stage.press("j")
        assert colours() == [up, up, down], "one convention for a list of several markets"
        await stage.press("u")
        await stage.settle()
        assert colours() == [down, down, up]
        await stage.press("u")
        await stage.settle()
        assert colours() == [up, up, down]
        await stage.press("u", "u", "u")
        await stage.settle()
        assert colours() == [up, up, down]


async def test_the_stock_and_the_record_follow_the_convention() -> None:
    async with on_stage((200, 60)) as stage:
        await stage.take(priced("603757.SS", 48.0, 47.14), priced("601988.SS", 5.6, 5.5), health=healthy())
        for _, colour in (("auto", "down"), ("red-up", "down"), ("green-up", "up")):
            assert colour_in(stage, "#stock", "48.00") == MEANINGS[colour]
            assert colour_in(stage, "#record", "+1.82") == MEANINGS[colour]
            await stage.press("u")
            await stage.settle()


async def test_refresh_asks_a_source_that_would_have_been_left_alone() -> None:
    tencent = FakeSource("tencent", Unreachable("tencent", "no connection to tencent:443"))
    feed = feed_on([(tencent, QUICK)], lambda: MORNING, jitter=lambda seconds: seconds * 1000)
    async with feed, on_stage(feed=feed) as stage:
        await tencent.questions(1)
        await stage.until(lambda: "next try in 17 min" in stage.text())
        tencent.reply = pricing("tencent", 11.0, seconds=0)
        await stage.press("r")
        await tencent.questions(2)
        await stage.until(lambda: bool(stage.dashboard.session.market.quotes))
        await stage.settle()
        assert "11.00" in stage.row("002837.SZ")
        assert "next try" not in stage.text()


async def test_pause_stops_the_questions_and_freezes_the_board() -> None:
    slow = SourceSettings("http://127.0.0.1:9", interval=3600, interval_closed=3600)
    tencent = FakeSource("tencent", pricing("tencent", 10.0))
    feed = feed_on([(tencent, slow)], lambda: MORNING)
    async with feed, on_stage(feed=feed) as stage:
        await stage.until(lambda: len(stage.dashboard.session.market.quotes) > 0)
        await stage.press("p")
        assert feed.paused
        assert "PAUSED" in stage.lines()[0]
        held = stage.row("002837.SZ")
        await stage.take(priced("002837.SZ", 63.82, 58.02, at=MORNING.replace(year=2027)))
        assert stage.row("002837.SZ") == held
        await stage.press("p")
        await stage.settle()
        assert not feed.paused
        assert "PAUSED" not in stage.lines()[0]
        assert "63.82" in stage.row("002837.SZ")


async def test_a_theme_is_chosen_by_name() -> None:
    async with on_stage() as stage:
        assert stage.app.theme == DARK.name
        await stage.press("t")
        assert isinstance(stage.app.screen, CommandPalette)
        await stage.press(*"light")
        await stage.until(lambda: LIGHT.name in stage.text())
        await stage.press("enter", "enter")
        await stage.until(lambda: stage.app.theme == LIGHT.name)
        assert "002837.SZ" in stage.text()


async def test_help_tells_every_key_and_closes() -> None:
    async with on_stage((110, 180)) as stage:
        await stage.press("question_mark")
        assert isinstance(stage.app.screen, HelpScreen)
        assert "edit.add" not in stage.text("#help"), "ids are for who moves keys"
        await stage.press("f9")
        text = stage.text("#help")
        flowing = " ".join(text.replace("│", " ").split())
        for heading, rows in key_rows(stage.app.keyboard):
            assert heading in text
            for keys, words, name in rows:
                assert f"{keys} {words} {name}" in flowing
    async with on_stage(NARROW) as stage:
        for close in ("escape", "q", "question_mark", "f1"):
            await stage.press("question_mark")
            assert len(stage.app.screen_stack) == 2
            await stage.press(close)
            assert stage.app.screen_stack == [stage.dashboard]


async def test_what_a_key_does_is_wrapped_behind_it() -> None:
    async with on_stage((80, 24)) as stage:
        await stage.press("question_mark", "f9")
        lines = [line.strip("│ ") for line in stage.text("#help").splitlines()]
        at = next(at for at, line in enumerate(lines) if line.startswith("a  "))
        whole = stage.text("#help").splitlines()
        start = whole[at].index("Add a stock")
        assert whole[at + 1].index("edit.add") == start


async def test_what_is_typed_in_the_help_is_its_filter_from_the_first_letter_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    widths: list[int] = []

    def counted(rows: Sequence[Row], width: int) -> list[Line]:
        widths.append(width)
        return laid_out(rows, width)

    monkeypatch.setattr("aiwatch.screens.dialogs.help.laid_out", counted)
    async with on_stage((100, 30)) as stage:
        await stage.press("question_mark")
        assert len(widths) == len(set(widths)), "lines are laid out once for a width, however often a layout asks"
        await stage.press(*"sort", "backspace", "t")
        assert stage.app.screen.query_one(Input).value == "sort"
        assert "Sort by the next column" in stage.text("#help")
        assert "Add a stock" not in stage.text("#help")


async def test_a_help_longer_than_the_screen_scrolls() -> None:
    async with on_stage(NARROW) as stage:
        await stage.press("question_mark")
        box = stage.app.screen.query_one("#help")
        assert box.max_scroll_y > 0
        last = legend()[-1][1]
        assert last not in stage.text()
        for key, place in (("j", 1), ("k", 0), ("ctrl+d", box.scrollable_content_region.height // 2)):
            await stage.press(key)
            await stage.until(lambda place=place: box.scroll_y == place)  # type: ignore[misc]
        await stage.press("G")
        await stage.until(lambda: last in stage.text())


async def test_quit_leaves() -> None:
    async with on_stage() as stage:
        assert not stage.app._exit
        await stage.press("q")
        assert stage.app._exit
        assert stage.app.return_code == 0


@pytest.mark.parametrize("number", [1, 2, 3, 4])
async def test_quit_and_help_work_in_every_panel(number: int) -> None:
    async with on_stage(NARROW) as stage:
        await stage.press(str(number), "question_mark")
        assert isinstance(stage.app.screen, HelpScreen)
        await stage.press("escape", "q")
        assert stage.app._exit


async def test_the_palette_knows_every_key_by_name() -> None:
    async with on_stage() as stage:
        commands = {command.title: command.help for command in stage.app.get_system_commands(stage.app.screen)}
        offered = [item for item in ACTIONS.values() if item.places & PANELS and not item.is_cursor]
        assert len(offered) > 40
        for action in offered:
            if action.id != "app.palette":
                words = f"{action.tooltip} ({stage.app.keyboard.shown(action.id)})"
                assert commands[f"{action.area}: {action.name.lower()}"] == words
        await stage.press("ctrl+p")
        await stage.press(*"view: names")
        await stage.until(lambda: "English or Chinese names" in stage.text())
        await stage.press("enter", "enter")
        await stage.until(lambda: stage.dashboard.lists.language == "chinese")
        assert "英维克" in stage.row("002837.SZ")


async def titles(stage: Stage) -> dict[str, SystemCommand]:
    return {command.title: command for command in stage.app.get_system_commands(stage.app.screen)}


async def test_the_palette_goes_to_every_list_but_the_one_shown() -> None:
    async with on_stage() as stage:
        await stage.press("2")
        result = await titles(stage)
        assert "list: go to Lists" in result
        assert "list: go to Liquid-cooling rally" not in result
        result["list: go to Chips"].callback()
        await stage.settle()
        assert (stage.dashboard.lists.chosen, stage.dashboard.panels.front) == ("chips", 1)
        result = await titles(stage)
        assert "list: go to Liquid-cooling rally" in result
        assert "list: go to Chips" not in result


async def test_the_palette_sorts_by_every_column_and_back() -> None:
    async with on_stage() as stage:
        board = stage.dashboard.lists.board
        assert {f"board: sort by {column.title}" for column in COLUMNS} <= set(await titles(stage))
        for title, order in (
            ("board: sort by Volume", (("volume", True),)),
            ("board: sort by Volume", (("volume", False),)),
            ("board: sort by Symbol", (("symbol", False),)),
            ("board: sort as in the file", ()),
        ):
            (await titles(stage))[title].callback()
            assert board.order == order
        assert "board: sort as in the file" not in await titles(stage)


async def test_the_palette_chooses_views_and_sums() -> None:
    async with on_stage() as stage:
        for title, value in (("ledger: view Totals", "totals"), ("ledger: view All", "all")):
            (await titles(stage))[title].callback()
            assert (stage.dashboard.panels.ledger.view, stage.dashboard.panels.front) == (value, 2)
            assert title not in await titles(stage)
        (await titles(stage))["ledger: sums in yuan"].callback()
        assert stage.dashboard.session.ledger.currency == "CNY"
        assert "ledger: sums as printed" in await titles(stage)


async def test_every_command_of_aiwatch_says_its_area_once() -> None:
    async with on_stage() as stage:
        names = [command.title for command in stage.app.get_system_commands(stage.app.screen)]
        areas = {action.area for action in ACTIONS.values() if action.places & PANELS and not action.is_cursor}
        own = [name for name in names if ": " in name]
        assert {name.partition(": ")[0] for name in own} == areas
        assert len(own) == len(set(own)) > 50


async def test_the_bottom_row_shows_the_keys_that_fit() -> None:
    async with on_stage((320, 50)) as stage:
        keys = stage.lines()[-1]
        for word in (
            "panel",
            "list",
            "filter",
            "sort",
            "names",
            "colours",
            "theme",
            "refresh",
            "pause",
            "help",
            "quit",
        ):
            assert word in keys.lower()
        await stage.resize(60, 24)
        assert "? help" in stage.lines()[-1]
        assert "q quit" in stage.lines()[-1]


async def test_everything_is_followed_from_the_start() -> None:
    tencent = FakeSource("tencent", pricing("tencent"), batch_limit=800)
    feed = feed_on([(tencent, QUICK)], lambda: MORNING)
    async with feed, on_stage(feed=feed):
        asked = set((await tencent.questions(1))[0])
        indices = tuple(parse_symbol(text) for text in MARKET)
        listed = {*followed(), *indices}
        assert asked == {str(symbol) for symbol in listed if symbol.exchange.code in ("SSE", "SZSE", "HKEX", "US")}


@pytest.mark.parametrize(
    ("width", "least", "sources"), [(100, 0, "✓"), (120, 0, "✓"), (160, 3, "✓"), (240, 5, "Tencent")]
)
async def test_indices_have_their_place_in_the_top_line_before_the_ages_of_the_sources(
    width: int, least: int, sources: str
) -> None:
    async with on_stage((width, 36), mark="DEMO") as stage:
        bare = stage.lines()[0]
        await stage.take(*(priced(text, 102.0, 100.0) for text in MARKET), health=healthy())
        line = stage.lines()[0]
        assert sum(word in line for word in ("CSI 300", "HSI", "Nasdaq +", "Nikkei", "USD/CNY")) >= least, line
        assert sources in line
        assert "DEMO" in line
        assert "SSE" in line
        assert "CSI 300" not in bare
