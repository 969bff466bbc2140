"""What ``aiwatch doctor`` finds: each source asked once, the stream dialled once, and what to do where that failed."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from aiwatch.config.settings import Settings
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, Unreachable
from aiwatch.feed.router import order
from aiwatch.market.data_sources import streamed
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.hosts import open_hosts
from aiwatch.sources import Answer, Source

PROBES = {
    "mainland China": "603757.SS",
    "Hong Kong": "0700.HK",
    "United States": "NVDA",
    "Tokyo": "9984.T",
    "currencies": "CNY=X",
}
"""A symbol of each market, asked of every source that may know it."""

PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_FUTURE = "a time in the future"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one source did: ``seconds`` its answer took, the markets it priced, and in ``problem`` and ``advice`` what
    went wrong and what to do about it. ``connected``: it answered, or was reached where nothing is to be asked;
    ``clock_ahead`` is by how many seconds this machine's clock is ahead of the host's, where that said its time."""

    source: str
    host: str
    seconds: float
    priced: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    problem: str = ""
    advice: str = ""
    connected: bool = False
    clock_ahead: float | None = None


async def examine(settings: Settings) -> list[Finding]:
    """Ask every source of ``settings`` once and dial the stream, all at the same time."""
    async with AsyncExitStack() as stack:
        opened = await open_hosts(stack, settings, utc_now)
        examined = [_examine_one(source) for source, _ in opened]
        if settings.stream.enabled:
            examined.append(_examine_stream(settings.stream.url))
        return list(await asyncio.gather(*examined))


async def _examine_one(source: Source) -> Finding:
    probes = {parse_symbol(text): market for market, text in PROBES.items()}
    symbols = [symbol for symbol in probes if source.name in order(symbol) and source.covers(symbol)]
    host = str(getattr(source, "host", source.title))
    began = time.perf_counter()
    try:
        answer = await source.fetch(symbols)
    except SourceError as error:
        finding = _failed(source.title, host, time.perf_counter() - began, error)
    else:
        finding = _finding(source, host, time.perf_counter() - began, answer, probes)
    return replace(finding, clock_ahead=_clock_ahead(source))


async def _examine_stream(url: str) -> Finding:
    """Open a connection to the stream and close it; which symbols it would send cannot be asked."""
    from aiwatch.sources.yahoo_stream.connection import Dialer, Pace

    dialer, title = Dialer(url, Pace()), streamed().title
    began = time.perf_counter()
    try:
        connection = await dialer.dial()
    except SourceError as error:
        return _failed(title, dialer.host, time.perf_counter() - began, error)
    seconds = time.perf_counter() - began
    await connection.close()
    advice = "Only IPv4 leads there from here; aiwatch will use that alone." if dialer.ipv4_only else ""
    return Finding(title, dialer.host, seconds, advice=advice, connected=True)


def _failed(title: str, host: str, seconds: float, error: SourceError) -> Finding:
    return Finding(title, host, seconds, problem=str(error), advice=advice_for(error, os.environ))


def _clock_ahead(source: Source) -> float | None:
    """Seconds by which this machine's clock is ahead of the host's, by its last answer."""
    from aiwatch.sources.http_errors import moment_of

    host_time = moment_of(str(getattr(source, "host_date", "")))
    return None if host_time is None else round((utc_now() - host_time).total_seconds(), 1)


def _finding(source: Source, host: str, seconds: float, answer: Answer, probes: Mapping[Symbol, str]) -> Finding:
    problem = "; ".join(f"{refusal.symbol}: {refusal.reason}" for refusal in answer.refused)
    advice = ""
    if _FUTURE in problem:
        advice = "This machine's clock is behind: set it, for prices of the future are not believed."
    elif problem:
        advice = "The source sent lines that are not believed; if they stay, its format may have changed."
    return Finding(
        source.title,
        host,
        seconds,
        tuple(probes[quote.symbol] for quote in answer.quotes),
        tuple(probes[symbol] for symbol in sorted(answer.unknown)),
        problem,
        advice,
        connected=True,
    )


def advice_for(error: SourceError, environment: Mapping[str, str]) -> str:
    """What to do about ``error``, in a sentence."""
    text = str(error).lower()
    if error.hint:
        return error.hint
    if isinstance(error, RateLimited):
        return "The host wants silence: wait a quarter of an hour. A VPN or data centre's address is often refused."
    if isinstance(error, Refused):
        if error.status == 403:
            return "The host refuses this network or client: try without VPN or proxy."
        return "The host has a fault of its own, or the address in the settings is not its."
    if isinstance(error, Garbled):
        return "Something else answers at this address: a log-in page of the network, a proxy, or an outage page."
    if isinstance(error, Unreachable) and "name not found" in text:
        return "No name server knows the host: check the network, the VPN and the address in the settings."
    if "tls" in text and "certificate" not in text:
        return "What answers there does not speak TLS as it should: a proxy or log-in page, or an http:// address."
    if "tls" in text:
        return "The certificate is not trusted: behind a company's proxy, name its authority in SSL_CERT_FILE."
    if any(environment.get(variable) for variable in PROXY_VARIABLES):
        return "A proxy is set in the environment: check that it is there and lets this host through."
    return "The host does not answer from here: check the network; some hosts cannot be reached from every country."
