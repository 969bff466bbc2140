"""Cookie, crumb and consent: what Yahoo's richer quotes want before they are given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs

import httpx
import pytest
from msgspec.structs import replace

from aiwatch.config.settings import Settings
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.yahoo.quote import YahooQuote
from aiwatch.sources.yahoo.session import MOST_REDIRECTS, crumb_of
from tests.sources.loopback import NOW
from tests.sources.yahoo.test_quote import body, entry

NVDA = parse_symbol("NVDA")
SETTINGS = replace(Settings().sources["yahoo_quote"], timeout=5, enabled=True)
COOKIE = ("Set-Cookie", "A3=made-up; Domain=.yahoo.com; Path=/; Secure; HttpOnly")
CRUMB = "made.up/cr1"
FORM = b"""<form method="post" action=""><input type="hidden" name="csrfToken" value="abc">
<input type="hidden" name="sessionId" value="7_x&amp;y"><input type="hidden" name="originalDoneUrl"
value="https://finance.yahoo.com/quote/AAPL?guccounter&#x3D;1"><input type="text" name="other" value="no">
<button type="submit" name="agree" value="agree">Yes</button></form>"""

Page = Callable[[httpx.Request], httpx.Response]


class Yahoo:
    """A transport's handler: pages by host and path, and what was asked."""

    def __init__(self, **pages: Page | httpx.Response) -> None:
        self.asked: list[str] = []
        self.forms: list[dict[str, list[str]]] = []
        self.crumb = CRUMB
        self.pages = pages

    def __call__(self, request: httpx.Request) -> httpx.Response:
        place = f"{request.url.host.removesuffix('.yahoo.com')}{request.url.path}"
        self.asked.append(place)
        if request.method == "POST":
            self.forms.append(parse_qs(request.content.decode()))
        page = self.pages.get(place.replace("/", "_").replace(".", "_").rstrip("_"))
        if page is not None:
            # A response can be sent once: hand out a copy of it.
            return (
                page(request)
                if callable(page)
                else httpx.Response(page.status_code, headers=page.headers, content=page.content)
            )
        return self.usual(place, request)

    def usual(self, place: str, request: httpx.Request) -> httpx.Response:
        """What Yahoo does where nobody has to consent."""
        has_cookie = "A3=made-up" in request.headers.get("Cookie", "")
        if place == "fc/":
            return httpx.Response(404, headers=[COOKIE])
        if not has_cookie:
            return httpx.Response(
                401, json={"finance": {"error": {"code": "Unauthorized", "description": "Invalid Cookie"}}}
            )
        if place.endswith("getcrumb"):
            return httpx.Response(200, content=self.crumb.replace("/", "\\u002F").encode())
        if request.url.params.get("crumb") != self.crumb:
            return httpx.Response(
                401, json={"finance": {"error": {"code": "Unauthorized", "description": "Invalid Crumb"}}}
            )
        return httpx.Response(200, content=body(entry("NVDA")))

    def count(self, end: str) -> int:
        """How often a place that ends so was asked for."""
        return sum(place.endswith(end) for place in self.asked)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def source(yahoo: Yahoo, clock: Callable[[], datetime] = lambda: NOW) -> YahooQuote:
    return YahooQuote(SETTINGS, clock, transport=httpx.MockTransport(yahoo))


def to(address: str, *headers: tuple[str, str], status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers=[("Location", address), *headers])


async def test_nothing_is_asked_before_the_first_fetch_and_the_session_is_kept() -> None:
    yahoo = Yahoo()
    async with source(yahoo) as rich:
        assert yahoo.asked == []
        assert (await rich.fetch([])).quotes == ()
        assert yahoo.asked == []
        for _ in range(3):
            assert [quote.last for quote in (await rich.fetch([NVDA])).quotes] == [101.5]
    assert yahoo.asked == [
        "fc/",
        "query1.finance/v1/test/getcrumb",
        *["query1.finance/v7/finance/quote"] * 3,
    ]


async def test_a_crumb_lives_a_day() -> None:
    yahoo, clock = Yahoo(), Clock()
    async with source(yahoo, clock) as rich:
        await rich.fetch([NVDA])
        clock.now += timedelta(hours=23, minutes=59)
        await rich.fetch([NVDA])
        assert yahoo.count("getcrumb") == 1
        clock.now += timedelta(minutes=2)
        await rich.fetch([NVDA])
        assert yahoo.count("getcrumb") == 2


async def test_a_refused_crumb_is_fetched_anew_once_then_no_more() -> None:
    yahoo, clock = Yahoo(), Clock()
    async with source(yahoo, clock) as rich:
        await rich.fetch([NVDA])
        clock.now += timedelta(minutes=6)
        yahoo.crumb = "another.one"
        assert (await rich.fetch([NVDA])).quotes
        assert yahoo.count("getcrumb") == 2
        clock.now += timedelta(minutes=6)
        yahoo.pages["query1_finance_v7_finance_quote"] = httpx.Response(
            401, json={"finance": {"error": "Invalid Crumb"}}
        )
        with pytest.raises(Refused, match="HTTP 401"):
            await rich.fetch([NVDA])
        asked = len(yahoo.asked)
        for _ in range(3):
            with pytest.raises(Refused, match=r"no session: HTTP 401: .*; not tried again for 300 s"):
                await rich.fetch([NVDA])
        assert len(yahoo.asked) == asked
        assert yahoo.count("getcrumb") == 3


@pytest.mark.parametrize("status", [429, 200])
async def test_too_many_requests_is_never_a_crumb(status: int) -> None:
    refusal = httpx.Response(status, content=b"Too Many Requests\r\n", headers={"Retry-After": "90"})
    yahoo, clock = Yahoo(query1_finance_v1_test_getcrumb=refusal), Clock()
    async with source(yahoo, clock) as rich:
        with pytest.raises(RateLimited) as caught:
            await rich.fetch([NVDA])
        assert caught.value.retry_after == 90
        with pytest.raises(Refused, match="no session"):
            await rich.fetch([NVDA])
        assert yahoo.count("quote") == 0
        yahoo.pages.clear()
        clock.now += timedelta(minutes=5)
        assert (await rich.fetch([NVDA])).quotes


async def test_silence_asked_for_with_the_cookie_is_kept() -> None:
    async with source(Yahoo(fc=httpx.Response(429, content=b"Edge: Too Many Requests"))) as rich:
        with pytest.raises(RateLimited):
            await rich.fetch([NVDA])


async def test_the_consent_form_of_2025_is_sent_back_with_its_hidden_fields() -> None:
    yahoo = Yahoo(
        fc=httpx.Response(404),
        finance_quote_AAPL=to(
            "https://guce.yahoo.com/consent?done=x", ("Set-Cookie", "GUCS=x; Domain=.yahoo.com"), status=307
        ),
        guce_consent=to("https://consent.yahoo.com/v2/collectConsent?sessionId=7"),
        consent_v2_collectConsent=lambda request: (
            to("https://guce.yahoo.com/copyConsent?sessionId=7")
            if request.method == "POST"
            else httpx.Response(200, content=FORM)
        ),
        guce_copyConsent=to("https://finance.yahoo.com/quote/AAPL?guccounter=1", COOKIE),
    )
    async with source(yahoo) as rich:
        assert (await rich.fetch([NVDA])).quotes
    assert yahoo.forms == [
        {
            "csrfToken": ["abc"],
            "sessionId": ["7_x&y"],
            "originalDoneUrl": ["https://finance.yahoo.com/quote/AAPL?guccounter=1"],
            "namespace": ["yahoo"],
            "agree": ["agree", "agree"],
        }
    ]


async def test_the_bounce_of_2026_brings_the_cookie_without_a_form() -> None:
    yahoo = Yahoo(
        fc=httpx.Response(404),
        finance_quote_AAPL=to("https://guce.yahoo.com/consent?brandType=nonEu", status=307),
        guce_consent=to("https://finance.yahoo.com/quote/AAPL?guccounter=1", COOKIE),
    )
    async with source(yahoo) as rich:
        assert (await rich.fetch([NVDA])).quotes
    assert yahoo.forms == []


async def test_a_cookie_that_is_not_accepted_leads_to_the_consent_pages() -> None:
    yahoo = Yahoo(
        fc=httpx.Response(404, headers=[("Set-Cookie", "A1=stale; Domain=.yahoo.com; Path=/; Secure")]),
        finance_quote_AAPL=to("https://guce.yahoo.com/consent", COOKIE),
    )
    async with source(yahoo) as rich:
        assert (await rich.fetch([NVDA])).quotes


async def test_pages_that_go_round_are_left_after_ten_redirects() -> None:
    yahoo = Yahoo(
        fc=httpx.Response(404),
        finance_quote_AAPL=to("https://guce.yahoo.com/consent", status=307),
        guce_consent=to("https://finance.yahoo.com/quote/AAPL"),
    )
    async with source(yahoo) as rich:
        with pytest.raises(Refused, match="went round 10 times"):
            await rich.fetch([NVDA])
    assert len(yahoo.asked) == 1 + MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "address",
    ["https://example.org/yahoo.com", "https://notyahoo.com/", "http://guce.yahoo.com/", "ftp://x", "//x.org"],
)
async def test_pages_that_lead_elsewhere_are_not_followed(address: str) -> None:
    yahoo = Yahoo(fc=httpx.Response(404), finance_quote_AAPL=to(address))
    async with source(yahoo) as rich:
        with pytest.raises(Refused, match="lead elsewhere"):
            await rich.fetch([NVDA])
    assert len(yahoo.asked) == 2


async def test_a_page_without_a_form_ends_it() -> None:
    yahoo = Yahoo(fc=httpx.Response(404), finance_quote_AAPL=httpx.Response(200, content=b"<html>hello</html>"))
    async with source(yahoo) as rich:
        with pytest.raises(Refused, match="no cookie came") as caught:
            await rich.fetch([NVDA])
    assert "sources.yahoo_quote" in caught.value.hint


async def test_a_form_that_brings_no_cookie_is_sent_once() -> None:
    yahoo = Yahoo(fc=httpx.Response(404), finance_quote_AAPL=httpx.Response(200, content=FORM))
    async with source(yahoo) as rich:
        with pytest.raises(Refused, match="no cookie came"):
            await rich.fetch([NVDA])
    assert len(yahoo.forms) == 1


@pytest.mark.parametrize("text", ["izOhqm2BZaq", "haT3\\u002FykHq", "a.b-c_d/e12\r\n"])
def test_what_is_a_crumb(text: str) -> None:
    assert crumb_of(text, "host") == text.strip().replace("\\u002F", "/")


@pytest.mark.parametrize(
    "text", ["", "short", "a crumb of words", "<html></html>", "x" * 17, '{"finance":1}', "crumb\nbreak", "crümmel12"]
)
def test_what_is_no_crumb(text: str) -> None:
    with pytest.raises(Garbled):
        crumb_of(text, "host")


async def test_a_session_that_fails_is_a_source_error() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with YahooQuote(SETTINGS, lambda: NOW, transport=httpx.MockTransport(refuse)) as rich:
        with pytest.raises(SourceError):
            await rich.fetch([NVDA])
