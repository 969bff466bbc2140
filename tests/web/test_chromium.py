"""The screen in a real browser: it is drawn, keys reach it, and nothing but the loopback is asked."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from aiwatch.commands.web import command_of
from aiwatch.config.settings import Flags
from aiwatch.web.page import client_files
from aiwatch.web.server import ScreenServer
from tests.web.chromium import MISSING, installed, opened_tab

SECONDS = 30.0


@pytest.mark.skipif(installed() is None, reason=MISSING)
async def test_the_demo_in_a_browser(home: Path, tmp_path: Path) -> None:
    program = installed()
    assert program is not None
    files = await asyncio.to_thread(client_files)
    server = ScreenServer(command_of(Flags(start_list="hyperscalers"), True, None), files)
    async with asyncio.timeout(SECONDS), server.listening(), opened_tab(program, tmp_path) as tab:
        await tab.ask("Page.navigate", url=server.address)
        assert "DEMO" in await tab.until(lambda screen: "1 Hyperscalers" in screen and "MSFT" in screen)
        await tab.press("]")
        assert "NVDA" in await tab.until(lambda screen: "1 Chips" in screen)
        await tab.press("e")
        assert "beside aiwatch: it follows" in await tab.until(lambda screen: "cannot be given to an editor" in screen)
        for key in "/avgo":
            await tab.press(key)
        await tab.until(lambda screen: "AVGO" in screen and "NVDA  " not in screen)
        assert len(await tab.picture()) > 20_000, "a picture of one colour is a few thousand bytes"
        await tab.press("Escape")
        await tab.until(lambda screen: "NVDA  " in screen)
        await tab.press("q")
        while server.programs:  # noqa: ASYNC110 - nothing tells of a program's end
            await asyncio.sleep(0.02)
        assert {urlsplit(url).hostname for url in tab.requests} == {"127.0.0.1"}
        assert any(url.startswith("ws://") for url in tab.requests)
