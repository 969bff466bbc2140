"""``aiwatch doctor``: asks each source once and explains what came of it."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass

import click

from aiwatch.commands.hosts import open_hosts
from aiwatch.commands.reading import read_all, utc_now
from aiwatch.commands.trading_days import last_days
from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, Unreachable
from aiwatch.feed.routing import order
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.settings import Flags, Settings
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
CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_FUTURE = "a time in the future"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one source did: ``seconds`` its answer took, the markets it priced, and in ``problem`` and ``advice`` what
    went wrong and what to do about it."""

    source: str
    host: str
    seconds: float
    priced: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    problem: str = ""
    advice: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Ask each source once and explain what came of it. Exit status 1 when no market can be priced."""
    flags = context.obj if isinstance(context.obj, Flags) else Flags()
    read = read_all(flags)
    findings = asyncio.run(examine(read.settings))
    days = last_days(read.places.archive)
    priced = sorted({market for finding in findings for market in finding.priced}, key=list(PROBES).index)
    if as_json:
        told = {"priced": priced, "sources": [asdict(finding) for finding in findings], "environment": surroundings()}
        told["holidays_known_to"] = days
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(report(findings, priced, surroundings()) + holidays(days), nl=False)
    context.exit(0 if priced else 1)


async def examine(settings: Settings) -> list[Finding]:
    """Ask every source of ``settings`` once, all at the same time."""
    async with AsyncExitStack() as stack:
        opened = await open_hosts(stack, settings, utc_now)
        return list(await asyncio.gather(*(_examine_one(source) for source, _ in opened)))


async def _examine_one(source: Source) -> Finding:
    probes = {parse_symbol(text): market for market, text in PROBES.items()}
    asked = [symbol for symbol in probes if source.name in order(symbol) and source.covers(symbol)]
    host = str(getattr(source, "host", source.title))
    began = time.perf_counter()
    try:
        answer = await source.fetch(asked)
    except SourceError as error:
        return Finding(
            source.title, host, time.perf_counter() - began, problem=str(error), advice=advice_for(error, os.environ)
        )
    return _finding(source, host, time.perf_counter() - began, answer, probes)


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
    if "tls" in text:
        return "The certificate is not trusted: behind a company's proxy, name its authority in SSL_CERT_FILE."
    if any(environment.get(variable) for variable in PROXY_VARIABLES):
        return "A proxy is set in the environment: check that it is there and lets this host through."
    return "The host does not answer from here: check the network; some hosts cannot be reached from every country."


def surroundings() -> dict[str, str]:
    """What of the environment has a say in how hosts are reached; proxies without their passwords."""
    told = {name: os.environ[name] for name in (*PROXY_VARIABLES, *CERTIFICATE_VARIABLES) if os.environ.get(name)}
    return {name: value.rpartition("@")[2] if name in PROXY_VARIABLES else value for name, value in told.items()}


def holidays(days: Mapping[str, str]) -> str:
    """How far the holidays of which exchanges are known, by ``days``: the last one known by an exchange's code."""
    if not days:
        return "Holidays are not known yet: the screen works them out the first time it runs.\n"
    known = "; ".join(
        f"to {last} ({', '.join(code for code in days if days[code] == last)})" for last in sorted(set(days.values()))
    )
    return f"Holidays are known {known}; after that, sessions go by the usual hours.\n"


def report(findings: Sequence[Finding], priced: Sequence[str], environment: Mapping[str, str]) -> str:
    """The findings for a person to read."""
    lines = []
    for finding in findings:
        mark = "✓" if finding.priced and not finding.problem else "!" if finding.priced else "✗"
        lines.append(f"{mark} {finding.source} ({finding.host}), {finding.seconds * 1000:.0f} ms")
        if finding.priced:
            lines.append(f"    priced: {', '.join(finding.priced)}")
        if finding.unknown:
            lines.append(f"    not known there: {', '.join(finding.unknown)}")
        if finding.problem:
            lines.append(f"    {finding.problem}")
        if finding.advice:
            lines.append(f"    → {finding.advice}")
    lines += [f"{name} is set: {value}" for name, value in environment.items()]
    missing = [market for market in PROBES if market not in priced]
    if not priced:
        lines.append("No market can be priced. `aiwatch demo` shows the screen on simulated prices.")
    elif missing:
        lines.append(f"Priced: {', '.join(priced)}. Not priced: {', '.join(missing)}.")
    else:
        lines.append("Every market can be priced.")
    return "\n".join(lines) + "\n"
