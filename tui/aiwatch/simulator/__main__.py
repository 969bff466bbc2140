"""Runs the exchange alone: ``python -m aiwatch.simulator --seed 7 --rate 20 --symbols 60 --fault tencent:429:0.1``.

It prints one line of JSON, ``{"tencent": "http://…", "sina": "http://…", …}``, and nothing more. It ends when its
standard input does, so that it never outlives the process that started it, or on SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

from msgspec.structs import asdict

from aiwatch.errors import SymbolError
from aiwatch.market.symbol import parse_symbol
from aiwatch.simulator import ExchangeOptions
from aiwatch.simulator.faults import Fault
from aiwatch.simulator.listings import Listing, synthetic, universe
from aiwatch.simulator.server import Exchange


def parse_arguments(words: Sequence[str]) -> tuple[ExchangeOptions, Exchange]:
    """The options ``words`` spell and the exchange they describe, not yet open.

    Ends the process with status 2 and a message, as argparse does, when they spell none.
    """
    defaults = ExchangeOptions()
    parser = argparse.ArgumentParser(prog="python -m aiwatch.simulator", description="The simulated exchange, alone.")
    parser.add_argument("--seed", type=int, default=defaults.seed, help="of the random walk")
    parser.add_argument("--rate", type=float, default=defaults.rate, help="changed quotes per second")
    parser.add_argument("--symbols", type=int, help="how many listings (default: those of the demo)")
    parser.add_argument("--also", action="append", default=[], metavar="SYMBOL", help="list this one in any case")
    parser.add_argument("--latency", type=float, default=defaults.latency, help="seconds every answer takes")
    parser.add_argument("--fault", action="append", default=[], metavar="HOST:KIND[:PROBABILITY[:SECONDS]]")
    parser.add_argument("--delayed", action="store_true", help="send times as old as the real hosts'")
    parser.add_argument("--anything", action="store_true", help="list every possible symbol when it is asked for")
    arguments = parser.parse_args(words)
    options = ExchangeOptions(
        arguments.seed,
        arguments.rate,
        arguments.symbols,
        tuple(arguments.also),
        arguments.latency,
        tuple(arguments.fault),
        arguments.delayed,
        arguments.anything,
    )
    try:
        return options, exchange_of(options)
    except (SymbolError, ValueError) as error:
        parser.error(str(error))


def exchange_of(options: ExchangeOptions) -> Exchange:
    """The exchange that ``options`` describe, not yet open. Raises `ValueError` for options that make no sense."""
    if not 0 <= options.rate <= 1e6:
        raise ValueError("the rate must be between 0 and 1,000,000")
    if not 0 <= options.latency <= 3600:
        raise ValueError("the latency must be between 0 and 3600 seconds")
    return Exchange(
        universe=listings_of(options),
        seed=options.seed,
        rate=options.rate,
        latency=options.latency,
        delayed=options.delayed,
        anything=options.anything,
        faults=[Fault.parse(text) for text in options.faults],
    )


def listings_of(options: ExchangeOptions) -> tuple[Listing, ...]:
    """What is listed under ``options``. Raises `ValueError` for an impossible number or a text that is no symbol."""
    if options.symbols is not None and options.symbols < 1:
        raise ValueError("there must be at least one symbol")
    listed = universe()
    if options.symbols is not None:
        listed = universe(max(0, options.symbols - len(listed)))[: options.symbols]
    bundled = {listing.symbol.text: listing for listing in universe()}
    texts = {listing.symbol.text for listing in listed}
    missing = [text for text in dict.fromkeys(options.also) if text not in texts]
    return (*listed, *(bundled.get(text) or synthetic(parse_symbol(text)) for text in missing))


async def run(exchange: Exchange) -> None:
    """Run ``exchange`` until standard input ends or a signal stops the process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows ends a process without asking
            loop.add_signal_handler(number, stop.set)
    threading.Thread(target=_watch_input, args=(loop, stop), daemon=True).start()
    async with exchange:
        sys.stdout.write(json.dumps(asdict(exchange.urls)) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _watch_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Read standard input to its end. A thread does it, for not every event loop can wait for a pipe, and it reads
    the descriptor itself: a thread that sits in a buffered reader aborts the interpreter's end."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    with suppress(RuntimeError):  # the loop has ended by itself in the meantime
        loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    logging.disable()
    asyncio.run(run(parse_arguments(sys.argv[1:])[1]))
