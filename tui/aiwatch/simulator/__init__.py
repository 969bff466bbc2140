"""The embedded exchange: real sockets and the real wire formats of the data hosts, with simulated prices.

It is the back end of ``aiwatch demo``, the server the tests talk to and the load of the benchmarks. Importing this
package, which has how an exchange is to be run as a value, or `aiwatch.simulator.process` loads no web server;
`aiwatch.simulator.server` does.
"""

from __future__ import annotations

from msgspec import Struct


class ExchangeOptions(Struct, frozen=True):
    """``rate`` in changed quotes per second over all listings, ``latency`` in seconds.

    ``symbols`` is how many listings there are: first the demo's, then made-up ones; ``None`` for the demo's alone.
    ``also`` are symbols, in Yahoo's spelling, that are listed in any case. ``faults`` are spelt
    ``HOST:KIND[:PROBABILITY[:SECONDS]]``. ``delayed`` sends times as old as the real hosts'. With ``anything``, every
    symbol that can be is listed, at a made-up price, when it is first asked for.
    """

    seed: int = 7
    rate: float = 20.0
    symbols: int | None = None
    also: tuple[str, ...] = ()
    latency: float = 0.0
    faults: tuple[str, ...] = ()
    delayed: bool = False
    anything: bool = False

    def arguments(self) -> list[str]:
        """The command line that spells these options."""
        words = [f"--seed={self.seed}", f"--rate={self.rate}", f"--latency={self.latency}"]
        if self.symbols is not None:
            words.append(f"--symbols={self.symbols}")
        words += [f"--also={text}" for text in self.also]
        words += [f"--fault={text}" for text in self.faults]
        words += ["--delayed"] * self.delayed
        return words + ["--anything"] * self.anything


class ExchangeUrls(Struct, frozen=True):
    """The base addresses of a running exchange, without a slash at the end; ``yahoo_cookie`` is a whole one."""

    tencent: str
    sina: str
    yahoo: str
    yahoo_cookie: str
    ecb: str
    stream: str
    sec: str
    cninfo: str
    hkex: str
    yahoo_news: str
    sina_news: str
