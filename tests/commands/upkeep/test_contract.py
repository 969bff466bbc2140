"""``aiwatch doctor --contract``: an answer as it was is left alone, and one that changed is named field by field."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec import Struct
from msgspec.structs import replace

from aiwatch.commands.group import commands
from aiwatch.commands.upkeep.contract import KINDS, Shape, shape_of
from aiwatch.config.settings import Settings
from aiwatch.errors import SourceError
from aiwatch.feed.router import order
from aiwatch.market.data_sources import polled
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.hosts import open_hosts, pointed_at
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.server import Exchange
from aiwatch.sources import Source
from aiwatch.sources.contract import Field, Look, line_departures
from aiwatch.sources.registry import loaded

NVDA, SHANGHAI = "US share", "share in Shanghai"


class Answered(Struct, frozen=True):
    """What a host of the embedded exchange answered to a question for ``kinds``."""

    source: Source
    body: bytes
    kinds: dict[Symbol, str]

    def shape(self, body: bytes | None = None) -> Shape:
        return shape_of(self.source, "host", [self.body if body is None else body], self.kinds)


async def _answers() -> dict[str, Answered]:
    result = {}
    async with Exchange() as exchange, AsyncExitStack() as stack:
        settings = Settings()
        rich = replace(settings.sources["yahoo_quote"], enabled=True)
        settings = replace(settings, sources={**settings.sources, "yahoo_quote": rich})
        for source, _ in await open_hosts(stack, pointed_at(settings, exchange.urls), utc_now):
            kinds = {parse_symbol(text): kind for kind, text in KINDS.items()}
            kinds = {s: kind for s, kind in kinds.items() if source.name in order(s) and source.covers(s)}
            bodies: list[bytes] = []
            source.tap = bodies.append  # type: ignore[attr-defined]
            await source.fetch(list(kinds))
            result[source.name] = Answered(source, bodies[-1], kinds)
    return result


@pytest.fixture(scope="module", name="answers")
def _answers_once() -> dict[str, Answered]:
    return asyncio.run(_answers())


def test_what_the_exchange_answers_is_as_expected(answers: dict[str, Answered]) -> None:
    assert set(answers) == {spec.name for spec in polled()}
    for answered in answers.values():
        shape = answered.shape()
        assert (shape.changed, shape.missing, shape.problem) == ({}, (), ""), shape.source
        assert set(shape.kept) == set(answered.kinds.values())


def _line(body: bytes, code: bytes, alter: Callable[[list[bytes]], Any], sign: bytes) -> bytes:
    """``body`` with the fields of the line of ``code`` altered."""
    before, _, rest = body.partition(code + b'="')
    content, end, after = rest.partition(b'";')
    fields = content.split(sign)
    alter(fields)
    return before + code + b'="' + sign.join(fields) + end + after


def _swap(first: int, second: int) -> Callable[[list[bytes]], None]:
    def swap(fields: list[bytes]) -> None:
        fields[first], fields[second] = fields[second], fields[first]

    return swap


def _put(place: int, text: bytes) -> Callable[[list[bytes]], None]:
    def put(fields: list[bytes]) -> None:
        fields[place] = text

    return put


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (lambda fields: fields.pop(30), "time, field 30: a time as YYYYMMDDHHMMSS was there, now"),
        (lambda fields: fields.insert(30, b""), "time, field 30: a time as YYYYMMDDHHMMSS was there, now ''"),
        (_put(3, b"n/a"), "last price, field 3: a figure was there, now 'n/a'"),
        (_put(30, b"2026-11-27T09:30"), "time, field 30: a time as YYYYMMDDHHMMSS was there, now '2026-11-27T09:30'"),
        (_swap(3, 4), "change is last price less previous close no longer"),
        (_swap(33, 34), "low, last price and high stand in order no longer"),
        (_put(82, b"renminbi"), "currency, field 82: a currency of three letters was there, now 'renminbi'"),
        (lambda fields: fields.__delitem__(slice(40, None)), "turnover: no field 57, the line has 40"),
    ],
)
def test_a_line_of_tencent_that_has_changed(answers: dict[str, Answered], alter: Any, words: str) -> None:
    answered = answers["tencent"]
    shape = answered.shape(_line(answered.body, b"v_sh603757", alter, b"~"))
    assert set(shape.changed) == {SHANGHAI}
    assert any(text.startswith(words) for text in shape.changed[SHANGHAI]), shape.changed


@pytest.mark.parametrize(
    ("code", "kind", "alter", "words"),
    [
        (b"sh603757", SHANGHAI, _swap(4, 5), "low, last price and high stand in order no longer"),
        (b"sh603757", SHANGHAI, _put(30, b"27 Nov"), "date, field 30: a date was there, now '27 Nov'"),
        (b"rt_hk00700", "share in Hong Kong", lambda f: f.insert(9, b"x"), "bid, field 9: a figure was there, now 'x'"),
        (b"gb_nvda", NVDA, _swap(1, 26), "change is last price less previous close no longer"),
        (b"gb_nvda", NVDA, lambda f: f.insert(20, b""), "time in New York, field 25: a time in New York was there"),
        (b"fx_susdcny", "exchange rate", lambda f: f.append(b"new"), "date, the last field: a date was there"),
    ],
)
def test_a_line_of_sina_that_has_changed(
    answers: dict[str, Answered], code: bytes, kind: str, alter: Any, words: str
) -> None:
    answered = answers["sina"]
    shape = answered.shape(_line(answered.body, b"var hq_str_" + code, alter, b","))
    assert set(shape.changed) == {kind}
    assert any(text.startswith(words) for text in shape.changed[kind]), shape.changed


def test_a_field_that_moved_is_found_where_it_is() -> None:
    clock = Look("a time", lambda value: value == "09:30", is_telling=True)
    changed = line_departures(["x", "1", "", "09:30"], [Field("time", 2, clock)], ())
    assert changed == ("time, field 2: a time was there, now ''; field 3 looks like it",)


def _renamed(entry: dict[str, Any], key: str, name: str) -> None:
    entry[name] = entry.pop(key)


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (lambda m: m.pop("regularMarketTime"), "'regularMarketTime' is missing"),
        (
            lambda m: _renamed(m, "regularMarketPrice", "regularMarketLastPrice"),
            "'regularMarketPrice' is missing; 'regularMarketLastPrice' may be its new name",
        ),
        (lambda m: m.update(regularMarketPrice="180.1"), "'regularMarketPrice': a number was there, now a text"),
        (lambda m: m.update(regularMarketTime=[1]), "'regularMarketTime': a number was there, now a list"),
        (lambda m: m.update(currency="US-Dollar"), "'currency': a currency of three letters was there, now a text"),
    ],
)
def test_an_entry_of_yahoo_that_has_changed(answers: dict[str, Answered], alter: Any, words: str) -> None:
    answered = answers["yahoo"]
    whole = json.loads(answered.body)
    [item] = [each for each in whole["spark"]["result"] if each["symbol"] == "NVDA"]
    alter(item["response"][0]["meta"])
    assert answered.shape(json.dumps(whole).encode()).changed == {NVDA: (words,)}


def test_keys_in_another_order_are_no_change(answers: dict[str, Answered]) -> None:
    answered = answers["yahoo_quote"]
    whole = json.loads(answered.body)
    whole["quoteResponse"]["result"] = [dict(reversed(each.items())) for each in whole["quoteResponse"]["result"]]
    assert answered.shape(json.dumps(whole).encode()).changed == {}


@pytest.mark.parametrize(
    ("name", "before", "after", "words"),
    [
        ("yahoo", b'"spark"', b'"sparks"', "'spark' is missing; 'sparks' may be its new name"),
        ("yahoo", b'"response"', b'"responses"', "an entry without 'response' and 'meta' in it"),
        ("yahoo_quote", b'"result"', b'"results"', "'quoteResponse.result': a list was there, now null"),
        ("ecb", b'"rates"', b'"rate"', "'rates' is missing; 'rate' may be its new name"),
        ("ecb", b'"date"', b'"day"', "'date' is missing"),
        ("tencent", b"v_", b"w_", 'lines do not begin with v_CODE=" any more'),
        ("sina", b"hq_str_", b"hq_", 'lines do not begin with var hq_str_CODE=" any more'),
    ],
)
def test_an_answer_whose_frame_has_changed(
    answers: dict[str, Answered], name: str, before: bytes, after: bytes, words: str
) -> None:
    answered = answers[name]
    assert before in answered.body
    assert words in answered.shape(answered.body.replace(before, after)).changed["whole answer"]


def test_every_field_that_is_named_is_one_that_is_missed(answers: dict[str, Answered]) -> None:
    """A field of a line that the comparison relies on is seen when it holds something else."""
    for name, sign, codes in (
        ("tencent", b"~", {b"v_sh603757": 88, b"v_usNVDA": 73}),
        ("sina", b",", {b"var hq_str_sh603757": 32, b"var hq_str_gb_nvda": 27}),
    ):
        answered = answers[name]
        for code, length in codes.items():
            seen = {
                place
                for place in range(length)
                if answered.shape(_line(answered.body, code, _put(place, b"<odd>"), sign)).changed
            }
            assert {3, 4, 5} <= seen, (name, code)
            assert len(seen) >= 14, (name, code, seen)


async def _doctor(monkeypatch: pytest.MonkeyPatch, *words: str, fault: Fault | None = None) -> tuple[int, str]:
    async with Exchange() as exchange:
        for name in ("tencent", "sina", "yahoo", "ecb", "stream", "sec", "cninfo", "hkex"):
            if fault is not None:
                await exchange.fail(name, Fault(FaultKind.REFUSE) if name == "stream" else fault)
            monkeypatch.setenv(f"AIWATCH_{name.upper()}_URL", getattr(exchange.urls, name))
        result = await asyncio.to_thread(CliRunner().invoke, commands, ["doctor", "--contract", *words])
    return result.exit_code, result.stdout


async def test_the_command_says_that_nothing_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    status, text = await _doctor(monkeypatch)
    assert status == 0, text
    assert text.endswith("Every answer has the shape that is relied on.\n")
    asked = ("Sina", "Tencent search", "Yahoo history", "Stream", "ECB", "SEC", "cninfo", "HKEXnews")
    assert all(f"✓ {name} (127.0.0.1:" in text for name in asked), text
    assert "Yahoo news" not in text, "headlines are off"


async def test_hosts_that_are_down_have_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    status, text = await _doctor(monkeypatch, "--json", fault=Fault(FaultKind.STATUS, status=429))
    assert status == 1
    shapes = json.loads(text)
    assert len(shapes) > 12
    assert all(shape["problem"] and not shape["changed"] for shape in shapes)
    assert all("429" in shape["problem"] for shape in shapes if shape["source"] != "Stream")


@pytest.mark.parametrize("spec", polled(), ids=lambda spec: spec.name)
def test_every_source_has_a_contract_that_fails_closed(spec: Any, answers: dict[str, Answered]) -> None:
    for body in (b"", b"{}", b"[]", b"<html>", b"null", b'{"spark": 5, "quoteResponse": 5, "rates": 5}', b"\xff" * 99):
        result: dict[str, tuple[str, ...]] = {"": ("refused",)}
        with suppress(SourceError):
            result = loaded(spec.contract)(body, tuple(answers[spec.name].kinds))
        assert not any(result.get(symbol.text) == () for symbol in answers[spec.name].kinds), body
