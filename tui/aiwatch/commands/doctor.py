"""``aiwatch doctor``: asks each source once and explains what came of it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from statistics import median

import click

from aiwatch.commands.examination import CERTIFICATE_VARIABLES, PROBES, PROXY_VARIABLES, Finding, examine
from aiwatch.commands.reading import read_all
from aiwatch.commands.trading_days import last_days
from aiwatch.settings import Flags
from aiwatch.widgets.text import span

CLOCK_SECONDS = 90.0
"""By how much the clocks may be apart: an answer may come from a cache that is a little old."""


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
        click.echo(report(findings, priced, surroundings()) + clock(findings) + holidays(days), nl=False)
    context.exit(0 if priced else 1)


def surroundings() -> dict[str, str]:
    """What of the environment has a say in how hosts are reached; proxies without their passwords."""
    told = {name: os.environ[name] for name in (*PROXY_VARIABLES, *CERTIFICATE_VARIABLES) if os.environ.get(name)}
    return {name: value.rpartition("@")[2] if name in PROXY_VARIABLES else value for name, value in told.items()}


def clock(findings: Sequence[Finding]) -> str:
    """A sentence when this machine's clock and those of the hosts are minutes apart; nothing when they agree."""
    told = [finding.clock_ahead for finding in findings if finding.clock_ahead is not None]
    ahead = median(told) if told else 0.0
    if abs(ahead) <= CLOCK_SECONDS:
        return ""
    way = "ahead of" if ahead > 0 else "behind"
    apart = span(timedelta(seconds=abs(ahead)))
    return f"This machine's clock is {apart} {way} the hosts': set it, or ages and sessions are wrong.\n"


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
        mark = "✗" if not finding.connected else "!" if finding.problem else "✓"
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
