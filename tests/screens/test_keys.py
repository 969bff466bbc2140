"""Every key of the dashboard: what it does, and what is seen of it."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette
from textual.widgets import Input

from aiwatch.errors import Unreachable
from aiwatch.market.quote import Quote
from aiwatch.screens.help import HelpScreen, key_rows
from aiwatch.screens.keys import DASHBOARD_KEYS
from aiwatch.settings import SourceSettings
from aiwatch.themes import DARK, LIGHT, MEANINGS
from aiwatch.widgets.board_panel import ALL_LISTS, SORTS
from tests.feed.fakes import QUICK, FakeSource, pricing
from tests.screens.stage import MORNING, Stage, colour_in, feed_on, followed, healthy, on_stage, priced

PANELS = {1: "board", 2: "commitments", 3: "stock", 4: "record"}
NARROW = (80, 24)
RALLY = ["603757.SS", "002837.SZ", "300870.SZ", "002536.SZ"]
TITLES = ["Power", "Cooling", "Liquid-cooling rally", "Hyperscalers", "Chips", "Builders and backers", "All lists"]


def focused(stage: Stage) -> str:
    widget = stage.app.focused
    return (widget.id or "") if widget else ""


def shown(stage: Stage) -> list[str]:
    return [str(stock.symbol) for stock in stage.dashboard.board_panel.board.shown]


def board_title(stage: Stage) -> str:
    return str(stage.dashboard.board_panel.border_title)


@pytest.mark.parametrize(("number", "panel"), PANELS.items())
async def test_a_number_goes_to_its_panel(number: int, panel: str) -> None:
    async with on_stage() as stage:
        await stage.press("4" if number == 1 else "1", str(number))
        assert focused(stage) == panel
        assert stage.dashboard.front == number


async def test_tab_goes_round_the_panels_and_back() -> None:
    async with on_stage() as stage:
        order = []
        for _ in range(4):
            await stage.press("tab")
            order.append(focused(stage))
        assert order == ["commitments", "stock", "record", "board"]
        back = []
        for _ in range(4):
            await stage.press("shift+tab")
            back.append(focused(stage))
        assert back == ["record", "stock", "commitments", "board"]


async def test_on_a_narrow_screen_a_number_shows_its_panel_alone() -> None:
    async with on_stage(NARROW) as stage:
        for number, told in {2: "Sovereign pledge", 3: "SSE main, ±10 %", 4: "as printed", 1: "603757.SS"}.items():
            await stage.press(str(number))
            names = {panel: stage.app.screen.query_one(f"#{panel}").region.area > 0 for panel in PANELS.values()}
            assert names == {panel: panel == PANELS[number] for panel in PANELS.values()}
            assert told in stage.text()
            assert f"▸{['Board', 'Commitments', 'Stock', 'Record'][number - 1]}" in stage.text("#narrow-tabs")


@pytest.mark.parametrize(("down", "up"), [("down", "up"), ("j", "k")])
async def test_the_cursor_moves_over_the_stocks(down: str, up: str) -> None:
    async with on_stage() as stage:
        met = [stage.current]
        for key in (down, down, up, up, up):
            await stage.press(key)
            met.append(stage.current)
        assert met == [RALLY[row] for row in (0, 1, 2, 1, 0, 0)]
        await stage.press(down)
        assert "3 英维克 Envicool" in stage.text()
        assert stage.row("002837.SZ").lstrip().startswith("▌")


@pytest.mark.parametrize(("down", "up"), [("down", "up"), ("j", "k")])
async def test_the_cursor_moves_over_the_commitments(down: str, up: str) -> None:
    async with on_stage() as stage:
        await stage.press("2", down)
        second = str(stage.app.screen.query_one("#record-panel").border_title)
        await stage.press(up)
        first = str(stage.app.screen.query_one("#record-panel").border_title)
        assert first.startswith("4 C004 ")
        assert second.startswith("4 C")
        assert second != first
        assert first in stage.text()


async def test_first_and_last_row() -> None:
    async with on_stage() as stage:
        await stage.press("G")
        assert stage.current == RALLY[-1]
        await stage.press("g")
        assert stage.current == RALLY[0]
        await stage.press("2", "G")
        last = stage.dashboard.commitments.highlighted
        assert last == stage.dashboard.commitments.option_count - 1
        await stage.press("g")
        assert stage.dashboard.commitments.highlighted == 1, "the first row is a heading"


@pytest.mark.parametrize("number", [3, 4])
async def test_a_long_text_scrolls_by_the_same_keys(number: int) -> None:
    async with on_stage((100, 24), start_list="chips") as stage:
        await stage.press("2", "j", "j", str(number))
        panel = stage.app.screen.query_one(f"#{PANELS[number]}")
        assert panel.max_scroll_y > 1
        for key, place in (("j", 1), ("j", 2), ("k", 1), ("G", panel.max_scroll_y), ("g", 0)):
            await stage.press(key)
            await stage.until(lambda place=place: panel.scroll_y == place)  # type: ignore[misc]


async def test_brackets_go_through_the_lists_and_round() -> None:
    async with on_stage() as stage:
        assert board_title(stage) == "1 Liquid-cooling rally"
        met = []
        for _ in TITLES:
            await stage.press("]")
            met.append(board_title(stage).removeprefix("1 "))
            assert f"▸{met[-1]}" in stage.text("#board-panel")
        assert met == TITLES[3:] + TITLES[:3]
        await stage.press("[")
        assert board_title(stage) == "1 Cooling"
        assert shown(stage)[0] == "000811.SZ"


async def test_another_list_brings_its_first_stock_to_the_stock_panel() -> None:
    async with on_stage() as stage:
        await stage.press("j", "]")
        assert stage.current == "MSFT"
        assert "3 微软 Microsoft · MSFT" in stage.text()


async def test_the_filter_narrows_while_it_is_typed() -> None:
    async with on_stage() as stage:
        await stage.press("slash")
        assert isinstance(stage.app.focused, Input)
        await stage.press(*"pump")
        assert shown(stage) == ["603757.SS", "002536.SZ"]
        assert "300870.SZ" not in stage.text("#board")
        await stage.press("enter")
        assert focused(stage) == "board"
        assert shown(stage) == ["603757.SS", "002536.SZ"]
        assert "pump" in stage.text("#board-panel"), "a filter that is on can be seen"
        await stage.press("escape")
        assert shown(stage) == RALLY
        assert focused(stage) == "board"


async def test_escape_leaves_the_filter_while_typing() -> None:
    async with on_stage() as stage:
        await stage.press("slash", "x", "y")
        assert "No stock matches “xy”" in stage.text("#board")
        await stage.press("escape")
        assert shown(stage) == RALLY
        assert focused(stage) == "board"
        assert stage.dashboard.board_panel.filter_box.region.area == 0


async def test_an_empty_filter_goes_away_with_enter() -> None:
    async with on_stage() as stage:
        await stage.press("slash", "enter")
        assert stage.dashboard.board_panel.filter_box.region.area == 0
        assert focused(stage) == "board"


async def test_letters_typed_into_the_filter_are_no_keys() -> None:
    async with on_stage() as stage:
        await stage.press("slash", *"q1nup?]s")
        assert stage.dashboard.board_panel.filter_box.value == "q1nup?]s"
        assert stage.app.is_running
        assert stage.dashboard.convention == "auto"
        assert board_title(stage) == "1 Liquid-cooling rally"


async def test_the_filter_finds_chinese_names_and_printed_ones() -> None:
    async with on_stage() as stage:
        for typed, found in (("英维", "002837.SZ"), ("oulutong", "300870.SZ"), ("3757", "603757.SS")):
            await stage.press("slash")
            stage.dashboard.board_panel.filter_box.value = typed
            await stage.pilot.pause()
            assert shown(stage) == [found]
            await stage.press("escape")


async def test_a_filter_from_another_panel_or_from_all_lists_opens_on_a_list() -> None:
    async with on_stage(NARROW, start_list="power") as stage:
        await stage.press("[")
        assert stage.dashboard.board_panel.chosen == ALL_LISTS
        await stage.press("3", "slash", *"himile")
        assert stage.dashboard.front == 1
        assert shown(stage) == ["002595.SZ"]


async def test_sorting_walks_through_the_columns_and_back_to_the_file() -> None:
    async with on_stage((200, 50)) as stage:
        await stage.take(*rally(), health=healthy())
        orders = {}
        for key in SORTS[1:]:
            await stage.press("s")
            assert stage.dashboard.board_panel.board.sort_key == key
            orders[key] = shown(stage)
        assert orders["change_percent"] == ["002837.SZ", "300870.SZ", "603757.SS", "002536.SZ"]
        assert orders["turnover"] == ["002536.SZ", "300870.SZ", "002837.SZ", "603757.SS"]
        assert orders["to_limit"][0] == "002837.SZ"
        assert orders["symbol"] == sorted(RALLY)
        await stage.press("s")
        assert shown(stage) == RALLY


async def test_the_order_turns_round_and_the_head_says_so() -> None:
    async with on_stage((200, 50)) as stage:
        await stage.take(*rally(), health=healthy())
        await stage.press("s")
        head = stage.text("#board").splitlines()[0]
        assert "↓Chg %" in head
        before = shown(stage)
        await stage.press("S")
        assert shown(stage) == before[::-1]
        assert "↑Chg %" in stage.text("#board").splitlines()[0]


async def test_sorting_keeps_the_cursor_on_its_stock() -> None:
    async with on_stage() as stage:
        await stage.take(*rally(), health=healthy())
        await stage.press("j", "s")
        assert stage.current == "002837.SZ"
        assert stage.row("002837.SZ").lstrip().startswith("▌")


@pytest.mark.parametrize("size", [NARROW, (160, 45)])
async def test_enter_on_a_stock_opens_it_in_full(size: tuple[int, int]) -> None:
    async with on_stage(size) as stage:
        await stage.press("j", "enter")
        assert focused(stage) == "stock"
        assert "Liquid cooling from the cold plate to the plant" in stage.text("#stock-panel")
        await stage.press("escape")
        assert focused(stage) == "board"
        assert stage.current == "002837.SZ"


@pytest.mark.parametrize("size", [NARROW, (160, 45)])
async def test_enter_on_a_commitment_opens_it_in_full(size: tuple[int, int]) -> None:
    async with on_stage(size) as stage:
        await stage.press("2", "enter")
        assert focused(stage) == "record"
        assert "China AI industry" in stage.text("#record-panel")
        await stage.press("escape")
        assert focused(stage) == "board"


async def test_enter_on_a_list_opens_it() -> None:
    async with on_stage(start_list="power") as stage:
        await stage.press("[", "j", "enter")
        assert board_title(stage) == "1 Cooling"
        assert focused(stage) == "board"
        assert shown(stage)[0] == "000811.SZ"


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
        assert colours() == [down, up, down], "red is up in Shenzhen, green in New York"
        await stage.press("u")
        await stage.settle()
        assert colours() == [down, down, up]
        await stage.press("u")
        await stage.settle()
        assert colours() == [up, up, down]
        await stage.press("u")
        await stage.settle()
        assert colours() == [down, up, down]


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
        await stage.until(lambda: bool(stage.dashboard.desk.quotes))
        await stage.settle()
        assert "11.00" in stage.row("002837.SZ")
        assert "next try" not in stage.text()


async def test_pause_stops_the_questions_and_freezes_the_board() -> None:
    slow = SourceSettings("http://127.0.0.1:9", interval=3600, interval_closed=3600)
    tencent = FakeSource("tencent", pricing("tencent", 10.0))
    feed = feed_on([(tencent, slow)], lambda: MORNING)
    async with feed, on_stage(feed=feed) as stage:
        await stage.until(lambda: len(stage.dashboard.desk.quotes) > 0)
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
    async with on_stage((90, 80)) as stage:
        await stage.press("question_mark")
        assert isinstance(stage.app.screen, HelpScreen)
        text = stage.text("#help")
        flowing = " ".join(text.replace("│", " ").split())
        for heading, rows in key_rows():
            assert heading in text
            for keys, words in rows:
                assert f"{' '.join(keys.split())} {words}" in flowing
        assert {binding.tooltip for binding in DASHBOARD_KEYS} <= {words for _, rows in key_rows() for _, words in rows}
    async with on_stage(NARROW) as stage:
        for close in ("escape", "q", "question_mark"):
            await stage.press("question_mark")
            assert len(stage.app.screen_stack) == 2
            await stage.press(close)
            assert stage.app.screen_stack == [stage.dashboard]


async def test_a_help_longer_than_the_screen_scrolls() -> None:
    async with on_stage(NARROW) as stage:
        await stage.press("question_mark")
        box = stage.app.screen.query_one("#help")
        assert box.max_scroll_y > 0
        assert "Leave aiwatch" not in stage.text()
        for _ in range(int(box.max_scroll_y)):
            await stage.press("j")
        await stage.until(lambda: "the source sent nothing" in stage.text())
        await stage.press("k")
        await stage.until(lambda: box.scroll_y == box.max_scroll_y - 1)


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
        commands = {command.title: command for command in stage.app.get_system_commands(stage.app.screen)}
        told = [binding for binding in DASHBOARD_KEYS if binding.action != "app.quit"]
        assert {binding.tooltip for binding in told} <= {command.help for command in commands.values()}
        await stage.press("ctrl+p")
        await stage.press(*"view: names")
        await stage.until(lambda: "English or Chinese names" in stage.text())
        await stage.press("enter", "enter")
        await stage.until(lambda: stage.dashboard.board_panel.language == "chinese")
        assert "英维克" in stage.row("002837.SZ")


async def test_the_bottom_row_shows_the_keys_that_fit() -> None:
    async with on_stage((240, 50)) as stage:
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
        assert asked == {str(symbol) for symbol in followed() if symbol.exchange.code in ("SSE", "SZSE", "HKEX", "US")}


def rally() -> list[Quote]:
    """The four stocks of the rally; Envicool is at its limit."""
    return [
        priced("603757.SS", 47.61, 47.14, turnover=0.1e9),
        priced("002837.SZ", 63.82, 58.02, turnover=0.5e9),
        priced("300870.SZ", 248.5, 240.0, turnover=0.8e9),
        priced("002536.SZ", 29.0, 29.62, turnover=1.4e9),
    ]
