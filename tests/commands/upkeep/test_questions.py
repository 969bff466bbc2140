"""``aiwatch doctor --contract`` beyond quotes: searches, history, stream, filings, headlines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from aiwatch.commands.upkeep.contract import Shape, further_shape
from aiwatch.commands.upkeep.questions import first_message, open_questions
from aiwatch.config.settings import Settings, StreamSettings
from aiwatch.errors import SourceError
from aiwatch.market.data_sources import FILING_HOSTS, NEWS_HOSTS, polled, streamed
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.hosts import pointed_at
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.server import Exchange
from aiwatch.sources.registry import loaded

SYMBOLS = tuple(map(parse_symbol, ("NVDA", "CNY=X")))


class Answered(Struct, frozen=True):
    """What one of the embedded exchange's hosts answered, in the order of the requests."""

    title: str
    bodies: tuple[bytes, ...]
    kinds: dict[Symbol, str]
    contracts: tuple[str, ...]

    def shape(self, *bodies: bytes) -> Shape:
        return further_shape(self.title, "host", self.contracts, bodies or self.bodies, self.kinds)


async def _answers() -> dict[str, Answered]:
    result = {}
    async with Exchange() as exchange, AsyncExitStack() as stack:
        settings = Settings()
        filings = {name: replace(own, enabled=True) for name, own in settings.filings.items()}
        settings = pointed_at(replace(settings, filings=filings), exchange.urls)
        for question in await open_questions(stack, settings, utc_now):
            bodies: list[bytes] = []
            question.client.tap = bodies.append
            await question.ask()
            result[question.title] = Answered(question.title, tuple(bodies), dict(question.kinds), question.contracts)
        host, message, problem = await first_message(settings.stream, SYMBOLS, utc_now, 20)
        assert message is None, "the demo's pace leaves the stream where the settings have it"
        assert host
        assert problem
        host, message, problem = await first_message(StreamSettings(exchange.urls.stream), SYMBOLS, utc_now, 20)
        assert (message is not None, problem) == (True, "")
        kinds = {SYMBOLS[0]: "US share", SYMBOLS[1]: "exchange rate"}
        result["Stream"] = Answered("Stream", (message or b"",), kinds, (streamed().contract,))
    return result


@pytest.fixture(scope="module", name="answers")
def _answers_once() -> dict[str, Answered]:
    return asyncio.run(_answers())


def test_everything_that_is_asked_for_is_compared_and_is_as_expected(answers: dict[str, Answered]) -> None:
    searched = {f"{spec.title} search" for spec in polled() if spec.search}
    history = {f"{spec.title} history" for spec in polled() if spec.bars}
    hosts = {host.title for host in (*FILING_HOSTS, *NEWS_HOSTS)}
    assert set(answers) == {*searched, *history, *hosts, "Stream"}
    for answered in answers.values():
        if answered.title == "Stream":
            continue
        shape = answered.shape()
        assert (shape.changed, shape.missing, shape.problem) == ({}, (), ""), answered.title
        assert set(shape.kept) == set(answered.kinds.values()), answered.title
        assert len(answered.bodies) >= len(answered.contracts), answered.title


def _json(alter: Callable[[Any], object]) -> Callable[[bytes], bytes]:
    def altered(body: bytes) -> bytes:
        value = json.loads(body)
        alter(value)
        return json.dumps(value).encode()

    return altered


def _inner(alter: Callable[[Any], object]) -> Callable[[bytes], bytes]:
    """Alters the JSON that stands in the text ``result``."""
    return _json(lambda answer: answer.update(result=_json(alter)(answer["result"].encode()).decode()))


def _call(alter: Callable[[Any], object]) -> Callable[[bytes], bytes]:
    """Alters the JSON within a call."""
    return lambda body: b"callback(" + _json(alter)(body[len(b"callback(") : body.rindex(b")")]) + b");"


def _renamed(entry: dict[str, Any], key: str, name: str) -> None:
    entry[name] = entry.pop(key)


def _of(name: str) -> Callable[[Any], Any]:
    """The entry of the company that is asked for in a list of the SEC's."""
    return lambda answer: next(entry for entry in answer.values() if entry["ticker"] == name)


_DAY = ("data", "sh603757", "day")


def _days(answer: Any) -> Any:
    return answer[_DAY[0]][_DAY[1]][_DAY[2]]


def _chart(answer: Any) -> Any:
    return answer["chart"]["result"][0]


def _prices(answer: Any) -> Any:
    return _chart(answer)["indicators"]["quote"][0]


def _recent(answer: Any) -> Any:
    return answer["filings"]["recent"]


def _rows(answer: Any) -> Any:
    return answer["result"]["data"]["feed"]["list"]


SHANGHAI, SHENZHEN, HONG_KONG, US, WHOLE = (
    "share in Shanghai",
    "share in Shenzhen",
    "share in Hong Kong",
    "US share",
    "whole answer",
)
CHANGES: list[tuple[str, int, Callable[[bytes], bytes], str, str]] = [
    ("Tencent history", 0, _json(lambda a: _days(a)[-1].pop(1)), SHANGHAI, "volume: no field 5, the line has 5"),
    ("Tencent history", 0, _json(lambda a: _days(a)[-1].reverse()), SHANGHAI, "date, field 0: a date as YYYY-MM-DD"),
    (
        "Tencent history",
        0,
        _json(lambda a: _days(a).append(["2026-11-27", "9", "8", "7", "6", "1"])),
        SHANGHAI,
        "low, close and high stand in order no longer",
    ),
    (
        "Tencent history",
        0,
        _json(lambda a: _renamed(a["data"]["sh603757"], "day", "days")),
        WHOLE,
        "'data.sh603757.day' is missing; 'days' may be its new name",
    ),
    ("Tencent history", 0, _json(lambda a: a.update(data=[])), WHOLE, "'data': an object was there, now a list"),
    ("Tencent search", 0, lambda b: b.replace(b"v_hint", b"v_tips"), WHOLE, 'it does not begin with v_hint="'),
    ("Tencent search", 0, lambda b: b.replace(b"~GP", b"~1~GP"), SHANGHAI, "kind, field 4: a kind such as GP-A"),
    ("Tencent search", 0, lambda b: b.replace(b"sh~", b"~"), WHOLE, "no hint of sh603757, the first is"),
    ("Sina history", 0, _json(lambda a: a[-1].pop("day")), SHANGHAI, "'day' is missing"),
    ("Sina history", 0, _json(lambda a: a[-1].update(close=5.2)), SHANGHAI, "'close': a figure as text was there"),
    ("Sina history", 0, lambda b: b'{"rows": []}', WHOLE, "'the answer': a list was there, now an object"),
    (
        "Yahoo search",
        0,
        _json(lambda a: _renamed(a, "quotes", "quotas")),
        WHOLE,
        "'quotes' is missing; 'quotas' may be its new name",
    ),
    ("Yahoo search", 0, _json(lambda a: a["quotes"][0].pop("quoteType")), US, "'quoteType' is missing"),
    ("Yahoo history", 0, _json(lambda a: _chart(a).pop("timestamp")), WHOLE, "'timestamp' is missing"),
    ("Yahoo history", 0, _json(lambda a: _prices(a).pop("close")), US, "'close': a list was there, now null"),
    ("Yahoo history", 0, _json(lambda a: _prices(a)["high"].pop()), US, "'high': "),
    ("Yahoo history", 0, _json(lambda a: _prices(a).update(low=["1"] * len(_prices(a)["low"]))), US, "'low': numbers"),
    ("Yahoo history", 0, _json(lambda a: _chart(a)["meta"].pop("currency")), US, "'currency' is missing"),
    ("SEC", 0, _json(lambda a: _renamed(_of("NVDA")(a), "cik_str", "cik")), US, "'cik_str' is missing"),
    ("SEC", 0, lambda b: b.replace(b'"ticker"', b'"tickers"'), WHOLE, "'ticker' is missing; 'tickers' may be"),
    ("SEC", 1, _json(lambda a: _renamed(_recent(a), "form", "forms")), US, "'form' is missing; 'forms' may be"),
    ("SEC", 1, _json(lambda a: _recent(a)["form"].append("4")), US, "the columns have different lengths"),
    ("SEC", 1, _json(lambda a: a["filings"].pop("recent")), WHOLE, "'filings.recent' is missing"),
    ("cninfo", 0, lambda b: b.replace(b'"orgId"', b'"orgNo"'), SHENZHEN, "'orgId' is missing; 'orgNo' may be"),
    ("cninfo", 0, lambda b: b"<html>", WHOLE, "JSON was there, now '<html>'"),
    (
        "cninfo",
        1,
        _json(lambda a: a["announcements"][0].update(announcementTime="2026-11-27")),
        SHENZHEN,
        "'announcementTime': a number was there, now a text",
    ),
    ("HKEXnews", 0, _call(lambda a: _renamed(a["stockInfo"][0], "stockId", "stockID")), HONG_KONG, "'stockId' is"),
    ("HKEXnews", 0, lambda b: b[len("callback(") : -3], WHOLE, "a call of callback() was there, now '{"),
    ("HKEXnews", 1, _inner(lambda a: a[0].pop("TITLE")), HONG_KONG, "'TITLE' is missing"),
    ("HKEXnews", 1, _inner(lambda a: a[0].update(DATE_TIME="2026-11-27")), HONG_KONG, "'DATE_TIME': a time as DD/MM"),
    ("HKEXnews", 1, _json(lambda a: a.update(result=[])), WHOLE, "'result': a text was there, now a list"),
    ("Yahoo news", 0, _json(lambda a: a["news"][0].pop("relatedTickers")), US, "'relatedTickers' is missing"),
    ("Yahoo news", 0, _json(lambda a: a.update(news=[])), WHOLE, "'news': a list was there, now an empty one"),
    ("Sina 7×24", 0, _json(lambda a: _rows(a)[0].update(create_time="now")), SHANGHAI, "'create_time': a time as"),
    ("Sina 7×24", 0, lambda b: b.replace(rb"\"symbol\"", rb"\"code\""), SHANGHAI, "'symbol' is missing"),
    ("Sina 7×24", 0, lambda b: b.replace(b'"feed"', b'"feeds"'), WHOLE, "'result.data.feed' is missing; 'feeds' may"),
]


def test_what_has_changed_is_named(answers: dict[str, Answered]) -> None:
    for title, place, alter, kind, words in CHANGES:
        answered = answers[title]
        bodies = list(answered.bodies)
        bodies[place] = alter(bodies[place])
        shape = answered.shape(*bodies)
        assert set(shape.changed) == {kind}, (title, words, shape)
        assert any(text.startswith(words) for text in shape.changed[kind]), (title, words, shape.changed)
        assert shape.kept == (), title
    assert {title for title, *_ in CHANGES} == set(answers) - {"Stream"}


def test_a_stock_that_is_not_in_the_list_of_companies_is_missing(answers: dict[str, Answered]) -> None:
    companies, submissions = answers["SEC"].bodies
    without = _json(lambda a: _of("NVDA")(a).update(ticker="NVDB"))(companies)
    assert answers["SEC"].shape(without, submissions).missing == (US,)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (b'"pricing"', b'"quote"', "a message of the type 'quote'"),
        (b'"message"', b'"data"', "JSON of another format"),
        (b'"message": "', b'"message": "!', "a message that is no base64"),
    ],
)
def test_a_message_of_the_stream_that_has_changed(
    answers: dict[str, Answered], before: bytes, after: bytes, words: str
) -> None:
    answered = answers["Stream"]
    [message] = (json.dumps(json.loads(body)).encode() for body in answered.bodies)
    assert before in message
    compare = loaded(streamed().contract)
    same = compare(message, SYMBOLS)
    assert list(same.values()) == [()]
    assert set(same) <= {symbol.text for symbol in SYMBOLS}
    assert compare(message.replace(before, after), SYMBOLS) == {"": (words,)}


async def test_a_stream_that_is_down_and_one_that_says_nothing_have_not_changed() -> None:
    async with Exchange(rate=0) as exchange:
        settings = StreamSettings(exchange.urls.stream)
        _, message, problem = await first_message(settings, (), utc_now, 0.1)
        assert (message, problem) == (None, "no message within 0.1 s, as there is none while markets are closed")
        await exchange.fail("stream", Fault(FaultKind.REFUSE))
        _, message, problem = await first_message(settings, SYMBOLS, utc_now, 20)
        assert message is None
        assert "no connection" in problem


def test_whatever_comes_no_shape_is_called_kept(answers: dict[str, Answered]) -> None:
    bodies = (b"", b"{}", b"[]", b"[[]]", b"null", b"<html>", b"callback([])", b'{"news": [5]}', b"\xff" * 99)
    for answered in answers.values():
        for contract in answered.contracts:
            for body in bodies:
                result: dict[str, tuple[str, ...]] = {"": ("refused",)}
                try:
                    result = dict(loaded(contract)(body, tuple(answered.kinds)))
                except SourceError:
                    continue
                assert not any(result.get(symbol.text) == () for symbol in answered.kinds), (contract, body, result)
