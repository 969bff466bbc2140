"""Faults as values: how they are spelt, drawn and applied to a line."""

from __future__ import annotations

import json
from random import Random

import pytest

from aiwatch.simulator.faults import SPOILING, Fault, FaultKind, FaultPlan, spoil_entry, spoil_line, within_character

LINE = 'v_hk00700="{}";\n'.format("~".join(["100", "模拟", "00700", "440.000", *"x" * 26, "2026/09/28 13:55:11"]))


@pytest.mark.parametrize(
    ("text", "host", "fault"),
    [
        ("tencent:429", "tencent", Fault(FaultKind.STATUS, status=429)),
        ("tencent:429:0.1", "tencent", Fault(FaultKind.STATUS, status=429, probability=0.1)),
        ("yahoo:hang", "yahoo", Fault(FaultKind.HANG)),
        ("yahoo:slow:1:2.5", "yahoo", Fault(FaultKind.SLOW, seconds=2.5)),
        ("sina:missing-day", "sina", Fault(FaultKind.MISSING_DAY)),
        ("yahoo:zero-price:0.5", "yahoo", Fault(FaultKind.ZERO_PRICE, probability=0.5)),
    ],
)
def test_faults_are_spelt_in_one_word(text: str, host: str, fault: Fault) -> None:
    assert Fault.parse(text) == (host, fault)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nasdaq:429", "must be one of tencent, sina, yahoo, ecb"),
        ("tencent", "neither a status nor one of"),
        ("tencent:status", "neither a status nor one of"),
        ("tencent:200", "neither a status nor one of"),
        ("tencent:429:often", "are numbers"),
        ("tencent:429:1.5", "from 0 to 1"),
        ("tencent:429:nan", "from 0 to 1"),
        ("tencent:slow:1:-1", "at least 0"),
        ("tencent:slow:1:1:1", "write HOST:KIND"),
        ("ecb:missing-day", "ecb has no price history"),
        ("stream:truncated-640", "stream has no price history"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Fault.parse(text)


def test_a_fault_is_met_as_often_as_asked() -> None:
    plan = FaultPlan(Random(1))
    plan.add(Fault(FaultKind.HTML, times=2))
    plan.add(Fault(FaultKind.LATENCY))
    drawn = [[fault.kind for fault in plan.draw()] for _ in range(3)]
    assert drawn == [[FaultKind.HTML, FaultKind.LATENCY]] * 2 + [[FaultKind.LATENCY]]
    plan.clear()
    assert plan.draw() == []


def test_a_probability_is_kept_to_and_the_same_for_the_same_seed() -> None:
    def met(seed: int) -> list[bool]:
        plan = FaultPlan(Random(seed))
        plan.add(Fault(FaultKind.HTML, probability=0.25))
        return [bool(plan.draw()) for _ in range(400)]

    assert met(1) == met(1)
    assert met(1) != met(2)
    assert 60 < sum(met(1)) < 140


def test_times_count_only_the_requests_that_met_the_fault() -> None:
    plan = FaultPlan(Random(3))
    plan.add(Fault(FaultKind.HTML, times=3, probability=0.2))
    assert sum(bool(plan.draw()) for _ in range(200)) == 3


def test_a_body_can_end_within_a_character() -> None:
    body = "v_sz000001=1~股份~2~行业~3".encode("gbk")
    assert within_character(body) == "v_sz000001=1~股份~2~".encode("gbk") + "行".encode("gbk")[:1]
    assert within_character(b"plain") == b"pl"


@pytest.mark.parametrize("kind", sorted(SPOILING))
def test_spoiling_changes_one_thing_of_a_line(kind: FaultKind) -> None:
    spoilt = spoil_line(LINE.encode("gbk"), kind).decode("gbk")
    if kind is FaultKind.UNKNOWN:
        assert spoilt == ""
    elif kind is FaultKind.FIELD_COUNT:
        assert spoilt == "~".join(LINE.split("~")[:20]) + '";\n'
    else:
        pairs = list(zip(LINE.split("~"), spoilt.split("~"), strict=True))
        changed = [new for old, new in pairs if new != old]
        expected = {
            FaultKind.ZERO_PRICE: "0",
            FaultKind.NEGATIVE_PRICE: "-1",
            FaultKind.HUGE_PRICE: "1e+308",
            FaultKind.NAN_PRICE: "nan",
            FaultKind.FUTURE: '2096/09/28 13:55:11";\n',
        }
        assert changed == [expected[kind]]


@pytest.mark.parametrize("kind", sorted(SPOILING))
def test_spoiling_changes_one_thing_of_an_entry(kind: FaultKind) -> None:
    meta = {"symbol": "NVDA", "regularMarketPrice": 180.5, "regularMarketTime": 1_700_000_000}
    spoilt = spoil_entry(json.dumps({"symbol": "NVDA", "response": [{"meta": meta}]}).encode(), kind)
    if kind is FaultKind.UNKNOWN:
        assert spoilt == b""
        return
    decoded = json.loads(spoilt)["response"][0]["meta"]
    if kind is FaultKind.FIELD_COUNT:
        assert decoded == {"symbol": "NVDA", "regularMarketPrice": 180.5}
    elif kind is FaultKind.FUTURE:
        assert decoded == meta | {"regularMarketTime": 1_700_086_400}
    else:
        price = decoded.pop("regularMarketPrice")
        prices = {"zero-price": "0.0", "negative-price": "-1.0", "huge-price": "1e+308", "nan-price": "nan"}
        assert str(price) == prices[kind.value]
        assert decoded == {key: value for key, value in meta.items() if key != "regularMarketPrice"}
