"""The screen in a real browser: it is drawn, keys reach it, it is worked with, and no other page gets at it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from aiwatch.commands.web import command_of
from aiwatch.config.settings import Flags
from aiwatch.web.page import client_files
from aiwatch.web.server import ScreenServer
from tests.web.chromium import MISSING, Tab, installed, opened_tab

SECONDS = 60.0

_REACH = """
Promise.all([
  fetch("http://HOST/", {credentials: "include"}).then(answer => answer.text(), () => "refused"),
  new Promise(done => {
    const socket = new WebSocket("ws://HOST/ws?width=100&height=30");
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
  }),
]).then(answers => answers.join())
"""
"""What a page of another site would try, in the browser that has the cookie."""


@pytest.mark.skipif(installed() is None, reason=MISSING)
async def test_the_demo_in_a_browser(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = installed()
    assert program is not None
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    files = await asyncio.to_thread(client_files)
    server = ScreenServer(command_of(Flags(start_list="hyperscalers"), True, None), files)
    async with asyncio.timeout(SECONDS), server.listening(), opened_tab(program, tmp_path / "profile") as tab:
        monkeypatch.setenv("TMPDIR", str(scratch))  # of the screen alone: a browser's has to be short
        await tab.ask("Page.navigate", url=server.address)
        assert "DEMO" in await tab.until(lambda screen: "1 Hyperscalers" in screen and "MSFT" in screen)
        await _walk_the_lists(tab)
        await _open_the_chart(tab)
        await _edit_a_list(tab, scratch)
        await _use_the_browser(tab)
        assert len(await tab.picture()) > 20_000, "a picture of one colour is a few thousand bytes"
        await tab.press("q")
        while server.programs:  # noqa: ASYNC110 - nothing tells of a program's end
            await asyncio.sleep(0.02)
        assert {urlsplit(url).hostname for url in tab.requests} == {"127.0.0.1"}
        assert any(url.startswith("ws://") for url in tab.requests)
        for name in ("localhost", "127.0.0.1"):  # another site, and one that the cookie is sent to
            async with _foreign_page() as port:
                await tab.ask("Page.navigate", url=f"http://{name}:{port}/")
                tried = await tab.value(_REACH.replace("HOST", server.host))
            assert tried == "refused,refused"
            assert not server.programs


async def _walk_the_lists(tab: Tab) -> None:
    """Go to another list, down its rows, and look for one of them."""
    await tab.press("]")
    assert "NVDA" in await tab.until(lambda screen: "1 Chips" in screen)
    await tab.press("j")
    await tab.until(lambda screen: "3 " in screen and "· AMD" in screen)
    for key in "/avgo":
        await tab.press(key)
    await tab.until(lambda screen: "AVGO" in screen and "NVDA  " not in screen)
    await tab.press("Escape")
    await tab.until(lambda screen: "NVDA  " in screen)


async def _open_the_chart(tab: Tab) -> None:
    await tab.press("i")
    drawn = await tab.until(lambda screen: "% in 6M" in screen)
    assert "· AVGO ─" in drawn, "the chart is of the row that was walked to"
    assert "DEMO: simulated prices" in drawn
    await tab.press("i")
    await tab.until(lambda screen: "1 Chips" in screen)


async def _edit_a_list(tab: Tab, scratch: Path) -> None:
    """Remove a stock by key, then change the file beside the screen."""
    before = await tab.until(lambda screen: "1 Chips" in screen)
    removed = _chosen(before)
    await tab.press("d")
    await tab.until(lambda screen: "1 Chips" in screen and not re.search(rf"│[▌ ]{removed} ", screen))
    [path] = await asyncio.to_thread(lambda: list(scratch.glob("*/watchlists/chips.toml")))
    text = await asyncio.to_thread(path.read_text, "utf-8")
    assert f'"{removed}"' not in text
    changed = re.sub(r'(?m)^name = ".*"', 'name = "Written elsewhere"', text, count=1)
    await asyncio.to_thread(path.write_text, changed, "utf-8")
    await tab.until(lambda screen: "1 Written elsewhere" in screen)


async def _use_the_browser(tab: Tab) -> None:
    """Copy by its clipboard, open a page in a tab of it, and get no editor."""
    await tab.ask("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    row = _chosen(await tab.screen())
    await tab.press("y")
    await tab.until(lambda screen: "Copied the row" in screen)
    while not (copied := await tab.value("navigator.clipboard.readText()")):  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.02)
    assert copied.startswith(f"{row}\t")
    await tab.press("o")
    while not tab.opened:  # noqa: ASYNC110 - the browser tells it to whoever listens
        await asyncio.sleep(0.02)
    assert row in tab.opened[0]
    await tab.press("e")
    assert "beside aiwatch: it follows" in await tab.until(lambda screen: "cannot be given to an editor" in screen)


def _chosen(screen: str) -> str:
    """The symbol of the row under the cursor of the board."""
    chosen = re.search(r"▌(\S+)", screen)
    assert chosen is not None, screen
    return chosen[1]


@asynccontextmanager
async def _foreign_page() -> AsyncIterator[int]:
    """A web site of somebody else, at the port that is given."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
