"""The optional transport: a clear word when it is not there, and no header of ours when it is."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType
from typing import Any

import httpx
import pytest

from aiwatch.errors import SettingError, TimedOut
from aiwatch.sources.network import curl_transport
from aiwatch.sources.network.curl_transport import PACKAGE, transport_of
from aiwatch.sources.sina.source import Sina
from tests.sources.loopback import clock, settings
from tests.sources.sina.test_source import symbols
from tests.sources.sina.wire import line


def test_the_usual_network_needs_nothing() -> None:
    assert transport_of("httpx") is None


def test_its_absence_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curl_transport, "find_spec", lambda name: None)
    with pytest.raises(SettingError, match=r"^sources\.transport: 'curl' needs the package httpx-curl-cffi") as caught:
        transport_of("curl")
    assert "pip install 'aiwatch[curl]'" in caught.value.hint


class Browser(httpx.MockTransport):
    """Stands in for the package's transport; keeps what it was made with and asked."""

    made: list[dict[str, Any]]
    requests: list[httpx.Request]

    def __init__(self, **options: Any) -> None:
        super().__init__(self._answer)
        Browser.made, Browser.requests = [options], []

    def _answer(self, request: httpx.Request) -> httpx.Response:
        Browser.requests.append(request)
        return httpx.Response(200, content=line("sh603308"))


class HangingBrowser(httpx.AsyncBaseTransport):
    """Knows no time-out, and takes its time when it is cancelled, as the package's own does."""

    speaks_as_browser = True

    def __init__(self) -> None:
        self.cancelled = self.left = 0
        self.leave = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            await asyncio.Event().wait()
        finally:
            self.cancelled += 1
            await self.leave.wait()
            self.left += 1
        raise AssertionError("never")


async def test_its_requests_have_a_time_out_around_them_that_waits_for_nothing() -> None:
    browser = HangingBrowser()
    async with Sina(settings("http://data.test", 0.05), clock, transport=browser) as source:
        with pytest.raises(TimedOut, match=r"^time-out after 0\.05 s$"):
            await source.fetch(symbols("603308.SS"))
        with pytest.raises(TimedOut):
            await source.send("GET", "http://data.test/cookie")
        await asyncio.sleep(0)
        assert browser.cancelled == 2
        browser.leave.set()
    assert browser.left == 2


async def test_it_speaks_as_the_browser_does_and_adds_only_what_the_host_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    package: Any = ModuleType(PACKAGE)
    package.AsyncCurlTransport = Browser
    monkeypatch.setitem(sys.modules, PACKAGE, package)
    monkeypatch.setattr(curl_transport, "find_spec", lambda name: object())
    async with Sina(settings("http://data.test"), clock, transport=transport_of("curl")) as source:
        assert (await source.fetch(symbols("603308.SS"))).quotes
    assert Browser.made == [{"impersonate": "chrome", "default_headers": True}]
    (request,) = Browser.requests
    assert set(request.headers) == {"host", "referer"}
