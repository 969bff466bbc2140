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
from msgspec import Struct

from aiwatch.commands.upkeep.contract import compare_shapes, is_kept, shapes_as_json, shapes_as_text
from aiwatch.commands.upkeep.diagnosis import PROBES, Finding, examine
from aiwatch.commands.upkeep.surroundings import Problem, problems_around, surroundings
from aiwatch.config.settings import Flags
from aiwatch.formatting.text import span
from aiwatch.runtime.load import LoadedFiles, load_all
from aiwatch.runtime.trading_days import last_days

CLOCK_SECONDS = 90.0
"""By how much the clocks may be apart: an answer may come from a cache that is a little old."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option("--contract", is_flag=True, help="Compare the shape of each source's answers with what is relied on.")
@click.pass_context
def doctor(context: click.Context, as_json: bool, contract: bool) -> None:
    """Ask each source once, look at proxies, certificates, terminal and folders, and explain what is found.

    Exit status 1 when no market can be priced; with --contract, when an answer has changed or none came.
    """
    flags = context.obj if isinstance(context.obj, Flags) else Flags()
    if contract:
        shapes = asyncio.run(compare_shapes(load_all(flags).settings))
        click.echo(shapes_as_json(shapes) if as_json else shapes_as_text(shapes), nl=as_json)
        context.exit(0 if is_kept(shapes) else 1)
    diagnosis = diagnose(load_all(flags))
    text = json.dumps(diagnosis.as_object(), ensure_ascii=False, indent=1) if as_json else diagnosis.text()
    click.echo(text, nl=as_json)
    context.exit(0 if diagnosis.priced else 1)


class Diagnosis(Struct, frozen=True):
    """What was found: of each source, the variables of the network, what is not right around the program, and up to
    which day the holidays of an exchange are known."""

    findings: Sequence[Finding]
    environment: Mapping[str, str]
    problems: Sequence[Problem]
    holidays: Mapping[str, str]

    @property
    def priced(self) -> list[str]:
        """The markets that any source has priced, in the order of `PROBES`."""
        return sorted({market for finding in self.findings for market in finding.priced}, key=list(PROBES).index)

    def text(self) -> str:
        """It for a person to read."""
        around = "".join(f"! {problem}\n" for problem in self.problems)
        hosts = report(self.findings, self.priced, self.environment)
        return hosts + around + clock(self.findings) + holidays(self.holidays)

    def as_object(self) -> dict[str, Any]:
        """It for a program to read."""
        return {
            "priced": self.priced,
            "sources": [asdict(finding) for finding in self.findings],
            "environment": self.environment,
            "problems": [msgspec.to_builtins(problem) for problem in self.problems],
            "holidays_known_to": self.holidays,
        }


def diagnose(read: LoadedFiles) -> Diagnosis:
    """Ask each source once and look around; takes as long as the slowest host."""
    findings = asyncio.run(examine(read.settings))
    problems = problems_around(os.environ, read.places)
    return Diagnosis(findings, surroundings(os.environ), problems, last_days(read.places.archive))


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
