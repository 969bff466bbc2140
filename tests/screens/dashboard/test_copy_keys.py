"""The keys that take something out of the screen: a row to the clipboard, a page to the browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.ledger.links import address_of, pages_of
from aiwatch.ledger.loader import load_ledger
from aiwatch.screens.dialogs.pages import PagePicker
from tests.screens.stage import Stage, healthy, on_stage, priced

ENVICOOL = priced("002837.SZ", 63.82, 58.02, volume=48_123_400, turnover=3.02e9)


def toasts(stage: Stage) -> list[str]:
    return stage.messages


def clipboard(stage: Stage) -> str:
    return stage.app.clipboard


async def test_a_stock_is_copied_as_a_row_of_whole_numbers() -> None:
    async with on_stage() as stage:
        await stage.take(ENVICOOL, health=healthy())
        await stage.press("j", "y")
        assert clipboard(stage).split("\t") == [
            "002837.SZ",
            "Envicool",
            "英维克",
            "63.82",
            "CNY",
            "+5.80",
            "+10.00",
            "48123400",
            "3020000000",
            "2025-08-15T02:00:00Z",
            "Tencent",
            "live",
        ]
        assert toasts(stage) == ["Copied the row of 002837.SZ"]


async def test_what_no_source_sent_is_empty_and_simulated_prices_say_so() -> None:
    async with on_stage(mark="DEMO") as stage:
        await stage.press("y")
        assert clipboard(stage) == "603757.SS\tDayuan Pumps\t大元泵业" + "\t" * 9 + "waiting\tDEMO"
        await stage.press("3", "y")
        assert clipboard(stage).splitlines()[1] == "DEMO"


async def test_the_terminal_is_told_by_osc_52(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_stage() as stage:
        written: list[str] = []
        driver = stage.app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", written.append)
        await stage.press("y")
        assert any(text.startswith("\x1b]52;c;NjAzNzU3LlNTCURheXVhbiBQdW1wcw") for text in written)


async def test_a_commitment_is_copied_with_its_source_and_line() -> None:
    async with on_stage() as stage:
        await stage.press("2", "y")
        item = stage.dashboard.session.ledger.ledger.commitments[stage.dashboard.panels.ledger.list.key]
        cells = clipboard(stage).split("\t")
        assert cells[:3] == [item.id, item.payer, item.recipient]
        assert cells[4] == f"{item.amount:f}"
        assert cells[-1] == f"{item.source}:{item.line}"


async def test_another_row_of_the_ledger_is_copied_as_it_is_shown() -> None:
    whole = await asyncio.to_thread(lambda: load_ledger(bundled("seeds")))
    async with on_stage() as stage:
        stage.dashboard.session.ledger.ledger = whole
        stage.dashboard.actions.ledger.show()
        stage.dashboard.panels.ledger.view = "signals"
        await stage.settle()
        await stage.press("2", "y")
        shown = stage.dashboard.panels.ledger.list.row_text
        assert "\t" in clipboard(stage)
        assert clipboard(stage).split() == shown.split()


@pytest.mark.parametrize(("number", "expected"), [(3, "SSE main, ±10 %"), (4, "as printed")])
async def test_a_text_is_copied_whole(number: int, expected: str) -> None:
    async with on_stage((60, 20)) as stage:
        await stage.press("2", "1", str(number), "y")
        panel = stage.app.screen.query_one(f"#{('stock', 'record')[number - 3]}-panel")
        title = stage.dashboard.panels.stock.title_text if number == 3 else str(panel.border_title)[2:]
        assert clipboard(stage).splitlines()[0] == title
        assert expected in clipboard(stage)
        assert "▌" not in clipboard(stage)


async def test_the_row_of_a_list_is_copied() -> None:
    async with on_stage(start_list="named-in-the-articles") as stage:
        await stage.press("[", "y")
        assert clipboard(stage).startswith("Named in the articles\t")


async def test_an_empty_list_has_nothing_to_copy_or_open() -> None:
    async with on_stage(watchlists=()) as stage:
        await stage.press("y")
        assert clipboard(stage) == ""
        assert toasts(stage) == ["Nothing is selected"]
        await stage.press("o")
        assert toasts(stage) == ["There is no page of this"]


# Pages


def noting(pages: list[str], answer: bool) -> Callable[[str], bool]:
    def browse(url: str) -> bool:
        pages.append(url)
        return answer

    return browse


async def test_the_page_is_that_of_the_source_that_priced_it() -> None:
    pages: list[str] = []
    async with on_stage(browse=noting(pages, True)) as stage:
        await stage.press("j", "o")
        await stage.until(lambda: len(pages) == 1)
        assert pages == ["https://gu.qq.com/sz002837"]
        await stage.take(priced("002837.SZ", 63.8, 58.0, source="sina"), health=healthy())
        await stage.press("3", "o")
        await stage.until(lambda: len(pages) == 2)
        assert pages[1] == "https://finance.sina.com.cn/realstock/company/sz002837/nc.shtml"
        await stage.until(lambda: toasts(stage) == pages[1:])
        assert clipboard(stage) == ""


async def test_the_page_of_a_record_is_its_article_at_the_sum() -> None:
    pages: list[str] = []
    async with on_stage(browse=noting(pages, True)) as stage:
        stage.dashboard.panels.ledger.go_to("C010")
        for number in (2, 4):
            await stage.press(str(number), "o")
            await stage.until(lambda number=number: len(pages) == number // 2)  # type: ignore[misc]
        ledger = stage.dashboard.session.ledger.ledger
        assert pages == [address_of(ledger, ledger.commitments["C010"])] * 2
        assert "#:~:text=" in pages[0]


async def test_of_several_pages_one_is_chosen() -> None:
    pages: list[str] = []
    async with on_stage(browse=noting(pages, True)) as stage:
        ledger = stage.dashboard.session.ledger.ledger
        listed = list(pages_of(ledger, ledger.commitments["C033"]))
        assert len(listed) > 1
        stage.dashboard.panels.ledger.go_to("C033")
        await stage.press("2", "o")
        await stage.until(lambda: isinstance(stage.app.screen, PagePicker))
        await stage.press("down", "enter")
        await stage.until(lambda: pages == [listed[1]])
        await stage.press("o")
        await stage.until(lambda: isinstance(stage.app.screen, PagePicker))
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.dashboard)
        assert pages == [listed[1]]


async def test_without_a_browser_the_address_is_shown_and_copied() -> None:
    async with on_stage(browse=noting([], False)) as stage:
        await stage.press("o")
        await stage.until(lambda: toasts(stage) == ["https://gu.qq.com/sh603757"])
        assert clipboard(stage) == "https://gu.qq.com/sh603757"


async def test_an_origin_that_is_no_web_page_is_never_opened(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[[source]]\nid = "mine"\ntitle = "Mine"\norigin = "file:///etc/passwd"\n'
        '[[commitment]]\nid = "X1"\nsource = "mine"\nkind = "programme"\nstatus = "planned"\nfrom = "Me"\n',
        encoding="utf-8",
    )
    own = await asyncio.to_thread(lambda: load_ledger(bundled("seeds"), tmp_path))
    pages: list[str] = []
    async with on_stage(browse=noting(pages, True)) as stage:
        stage.dashboard.session.ledger.ledger = own
        stage.dashboard.actions.ledger.show()
        stage.dashboard.panels.ledger.go_to("X1")
        await stage.press("2")
        assert stage.dashboard.panels.ledger.list.key == "X1"
        await stage.press("o", "4", "o")
        assert (pages, toasts(stage)) == ([], ["There is no page of this"])
