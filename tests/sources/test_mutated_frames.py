"""20,000 mutated frames of the stream, in fields, bytes and envelopes: a quote that fits, a refusal, or nothing.

Never another exception.

What is believed is read a second time by a decoder of this file's own.
"""

from __future__ import annotations

import json
import struct
from base64 import b64decode, b64encode
from datetime import timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import US, parse_symbol
from aiwatch.simulator.listings import universe
from aiwatch.simulator.market import Market
from aiwatch.simulator.wire.stream import message
from aiwatch.sources import Refusal
from aiwatch.sources.parsing import InvalidLine
from aiwatch.sources.yahoo_stream import frames
from aiwatch.sources.yahoo_stream.frames import payload, read
from aiwatch.sources.yahoo_stream.protobuf import PricingData, decode, usual
from tests.sources.mutation import AT_ONCE, WANTED, Mutator, Outcome, tried
from tests.sources.yahoo_stream.wire import NOW, envelope, frame, signed, single, text, usual_frame

SYMBOLS = {name: parse_symbol(name) for name in ("AAPL", "EURUSD=X", "^IXIC", "JPY=X")}
MORE = signed(9, 5) + single(10, 320.5) + single(11, 290.25) + single(46, 0.77)
PLAIN = frame(more=MORE + single(16, 304.99))


def made(mutator: Mutator) -> bytes:
    """A message that is wrong in one way or another."""
    way = mutator.random.randrange(5)
    if way == 0:
        return mutator.octets(envelope(PLAIN))
    if way == 1:
        return b64encode(mutator.octets(PLAIN))
    if way == 2:
        return envelope(mutator.octets(PLAIN))
    near = mutator.random.uniform
    figures: dict[str, Any] = {"price": near(300, 310), "change": near(-5, 5)}
    if way == 3:
        figures["percent"] = near(-2, 2)
    hours, hint = mutator.random.choice([None, 1, 1, 1, 2, 3, 7]), mutator.random.choice([None, 0, 2, 4, -1])
    name = mutator.random.choice([*SYMBOLS, "TSLA", ""])
    return envelope(frame(name, **figures, hours=hours, hint=hint, more=MORE))


def plainly(message: bytes) -> dict[tuple[int, int], Any]:
    """The fields of a message that was believed, by number and wire type."""
    data = b64decode(json.loads(message)["message"] if message[:1] == b"{" else message)
    at = depth = 0
    result: dict[tuple[int, int], Any] = {}

    def varint() -> int:
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = data[at]
            value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
            if byte < 128:
                return value

    while at < len(data):
        tag = varint()
        wire = tag & 7
        depth += {3: 1, 4: -1}.get(wire, 0)
        value: Any = varint() if wire in (0, 2) else None
        length = value if wire == 2 else {1: 8, 5: 4}.get(wire, 0)
        if wire == 5:
            value = struct.unpack_from("<f", data, at)[0]
        at += length
        if not depth:
            result[tag >> 3, wire] = value
    return result


def check_quote(message: bytes, quote: Quote) -> None:
    """Price above 0, no time ahead, and a change that fits it in money and in percent."""
    assert 0 < quote.last < 1e9
    assert quote.as_of <= NOW + timedelta(minutes=2)
    words = plainly(message)
    price, change, percent = (words.get((number, 5), 0.0) for number in (2, 12, 8))
    shown = quote.extended.last if quote.extended else quote.last
    assert abs(shown - price) <= 0.51 * 10.0**-quote.decimals
    if (12, 5) in words or (8, 5) in words:
        assert abs(change / (price - change) * 100 - percent) <= 0.0501
        slack = 1.53 * 10.0**-quote.decimals + price * 2.0**-20
        assert quote.previous_close is None or abs(price - change - quote.previous_close) <= slack


def attempt(mutator: Mutator, outcome: Outcome) -> None:
    for _ in range(AT_ONCE):
        sent = made(mutator)
        answer = read(sent, SYMBOLS, NOW)
        outcome.tried += 1
        if isinstance(answer, Quote):
            outcome.believed += 1
            check_quote(sent, answer)
        elif isinstance(answer, Refusal):
            outcome.refused += 1
        else:
            assert answer is None


def test_a_mutated_frame_is_a_quote_that_fits_or_a_refusal() -> None:
    tried(attempt).check()


def attempt_decoding(mutator: Mutator, outcome: Outcome) -> None:
    """Bytes that need have nothing to do with a frame."""
    for _ in range(AT_ONCE):
        noise = mutator.random.randbytes(mutator.random.randrange(60))
        data = mutator.random.choice([noise, text(60, noise) + PLAIN, PLAIN + noise])
        outcome.tried += 1
        fields, reason = PricingData(), ""
        try:
            fields = decode(data)
        except InvalidLine as doubt:
            reason = str(doubt)
        assert reason.startswith("a frame ") or not reason
        assert fields.keys() <= PricingData.__annotations__.keys()
        outcome.refused += bool(reason)
        outcome.believed += not reason


def attempt_both_ways(mutator: Mutator, outcome: Outcome) -> None:
    """Frames of the usual shape, and such that nearly are, read by their pattern and field by field."""
    dice = mutator.random
    messages = []
    for _ in range(AT_ONCE):
        payload = usual_frame(dice, dice.choice([*SYMBOLS, "TSLA"]))
        spoilt = mutator.octets(payload) if dice.random() < 0.5 else payload
        around = b'{"type":"pricing","message":"', b64encode(spoilt), b'"}'
        messages.append(b"".join(around) if dice.random() < 0.8 else mutator.octets(b"".join(around)))
    answers = [read(message, SYMBOLS, NOW) for message in messages]
    with patch.object(frames, "usual", lambda data: None), patch.object(frames, "_BEFORE", b"nothing"):
        field_by_field = [read(message, SYMBOLS, NOW) for message in messages]
    assert answers == field_by_field
    outcome.tried += len(messages)
    outcome.believed += sum(isinstance(answer, Quote) for answer in answers)
    outcome.refused += sum(isinstance(answer, Refusal) for answer in answers)


def test_the_usual_frame_reads_as_it_does_field_by_field() -> None:
    tried(attempt_both_ways).check()


def test_frames_as_the_host_sends_them_are_of_the_usual_shape() -> None:
    dice = Random(5)
    payloads = [usual_frame(dice, "AAPL") for _ in range(100)]
    market = Market(universe(), seed=5, rate=1.0, clock=lambda: NOW)
    payloads += [
        payload(message(stock, NOW)) for stock in market.stocks.values() if stock.listing.symbol.exchange is US
    ]
    assert None not in list(map(usual, payloads))


def test_a_number_of_single_precision_is_rounded_as_ever() -> None:
    dice = Random(5)
    figures = [dice.randrange(10**8) / dice.choice([7.0, 8.0, 1000.0, 8000.0]) for _ in range(20_000)]
    for figure in [struct.unpack("<f", struct.pack("<f", figure))[0] for figure in figures]:
        for decimals in range(7):
            assert frames._rounded(figure, decimals) == round(figure, decimals)


def test_any_bytes_are_decoded_or_doubted() -> None:
    outcome = tried(attempt_decoding)
    assert outcome.tried >= WANTED
    assert outcome.believed
    assert outcome.refused
