"""``aiwatch doctor``: asks each source once and explains what came of it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from statistics import median
from typing import Any

import click
import msgspec

from aiwatch.commands.upkeep.diagnosis import PROBES, Finding, examine
from aiwatch.commands.upkeep.surroundings import problems_around, surroundings
from aiwatch.config.settings import Flags
from aiwatch.formatting.text import span
from aiwatch.runtime.load import load_all
from aiwatch.runtime.trading_days import last_days

CLOCK_SECONDS = 90.0
"""By how much the clocks may be apart: an answer may come from a cache that is a little old."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Ask each source once, look at proxies, certificates, terminal and folders, and explain what is found.

    Exit status 1 when no market can be priced.
    """
    flags = context.obj if isinstance(context.obj, Flags) else Flags()
    read = load_all(flags)
    findings = asyncio.run(examine(read.settings))
    problems = problems_around(os.environ, read.places)
    days = last_days(read.places.archive)
    priced = sorted({market for finding in findings for market in finding.priced}, key=list(PROBES).index)
    if as_json:
        summary: dict[str, Any] = {"priced": priced, "sources": [asdict(finding) for finding in findings]}
        summary["environment"] = surroundings(os.environ)
        summary["problems"] = [msgspec.to_builtins(problem) for problem in problems]
        summary["holidays_known_to"] = days
        click.echo(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        around = "".join(f"! {problem}\n" for problem in problems)
        told_of_hosts = report(findings, priced, surroundings(os.environ))
        click.echo(told_of_hosts + around + clock(findings) + holidays(days), nl=False)
    context.exit(0 if priced else 1)


def clock(findings: Sequence[Finding]) -> str:
    """A sentence when this machine's clock and those of the hosts are minutes apart; nothing when they agree."""
    offsets = [finding.clock_ahead for finding in findings if finding.clock_ahead is not None]
    ahead = median(offsets) if offsets else 0.0
    if abs(ahead) <= CLOCK_SECONDS:
        return ""
    way = "ahead of" if ahead > 0 else "behind"
    apart = span(timedelta(seconds=abs(ahead)))
    return f"This machine's clock is {apart} {way} the hosts': set it, or ages and sessions are wrong.\n"


def holidays(days: Mapping[str, str]) -> str:
    """How far the holidays of which exchanges are known, by ``days``: the last one known by an exchange's code."""
    if not days:
        return "Holidays are not known yet: the screen works them out the first time it runs.\n"
    spans = "; ".join(
        f"to {last} ({', '.join(code for code in days if days[code] == last)})" for last in sorted(set(days.values()))
    )
    return f"Holidays are known {spans}; after that, sessions go by the usual hours.\n"


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
