"""A reader's own ledger of many records: how long it loads, and how long the event loop waits meanwhile.

``python -m tests.bench.large_ledger [records] [rows]`` loads a made-up file of 50,000 records in a thread, as the
screen does, while a loop ticks every 2 ms, and prints the time and the longest wait between two ticks, in CPU time;
then the time of a first view, of its rows in sight and of a change of view with 5,000 rows. The aim is 25 ms for the
longest wait.
"""

from __future__ import annotations

import asyncio
import datetime
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from aiwatch.config.paths import bundled
from aiwatch.ledger.links import conflicts_of
from aiwatch.ledger.loader import LedgerFolders, load_ledger
from aiwatch.ledger.records import GROUPS, Ledger
from tests.bench import start

KINDS = ("corporate capex", "compute contract", "chip purchase", "campus/facility", "equity investment")
STAGES = ("announced", "contracted", "financed", "building", "operating")
CURRENCIES = ("USD", "EUR", "CNY")


A_FILE = 10_000
"""The records of a file: one of more than 4 MiB is refused."""


def write(folder: Path, records: int) -> None:
    """Write ledger files with that many commitments into ``folder``."""
    for place, first in enumerate(range(0, records, A_FILE)):
        last = min(first + A_FILE, records)
        (folder / f"own{place}.toml").write_text(made_up(first, last), encoding="utf-8")


def made_up(first: int, last: int) -> str:
    """The text of a ledger file with the commitments from ``first`` up to ``last``."""
    parts = []
    if not first:
        parts = ['[[source]]\nid = "bench"\ntitle = "Made up"\ndated = 2026-11-20\n']
        parts += [f'[[entity]]\nid = "b{at}"\nname = "Company {at}"\ntype = "company"\n' for at in range(50)]
    for at in range(first, last):
        parts.append(
            f'[[commitment]]\nid = "m{at}"\nsource = "bench"\nkind = "{KINDS[at % len(KINDS)]}"\n'
            f'from = "Company {at % 50}"\nfrom_entities = ["b{at % 50}"]\nto = "Site {at}"\n'
            f'amount = {1_000_000 * (at + 1)}\ncurrency = "USD"\nstatus = "announced"\nchain = ["grid"]\n'
        )
    return "".join(parts)


def write_mixed(folder: Path, records: int) -> None:
    """Write ledger files with that many records of all kinds into ``folder``: of ten, five commitments, and a signal, a
    claim, a conflict, an entity and a source."""
    for place, first in enumerate(range(0, records // 10, A_FILE // 10)):
        last = min(first + A_FILE // 10, records // 10)
        text = "".join(ten(at) for at in range(first, last))
        (folder / f"mixed{place}.toml").write_text(text, encoding="utf-8")


def ten(at: int) -> str:
    """The text of ten records, which hang together."""
    parts = [
        f'[[source]]\nid = "s{at}"\ntitle = "Made up {at}"\nkind = "named press"\n',
        f"dated = {2020 + at % 7}-{1 + at % 12:02}-{1 + at % 28:02}\n",
        f'[[entity]]\nid = "b{at}"\nname = "Company {at}"\ntype = "company"\nprinted = ["Firm {at}"]\n',
    ]
    for number, kind in enumerate(KINDS):
        parts.append(
            f'[[commitment]]\nid = "m{at}-{number}"\nsource = "s{at}"\nkind = "{kind}"\nfrom = "Company {at}"\n'
            f'from_entities = ["b{at}"]\nto = "Site {at}"\namount = {1_000_000 * (at + 1) + number}\n'
            f'currency = "{CURRENCIES[at % 3]}"\nstatus = "{STAGES[number]}"\nchain = ["grid"]\n'
            f'period_start = "{2020 + at % 9}"\nperiod_end = "{2020 + at % 9}"\nperiod_years = 1\n'
            f'annual = true\ncapacity = "{at} MW"\nfigures = {{ mw = {at} }}\n'
            f'status_history = [{{ status = "{STAGES[number]}", date = {2020 + at % 9}-03-01, source = "s{at}" }}]\n'
        )
        if kind not in ("corporate capex", "campus/facility"):
            parts.append(f'to_entities = ["b{at // 7}"]\n' if at // 7 != at else "")
    parts.append(
        f'[[signal]]\nid = "g{at}"\nsource = "s{at}"\nkind = "metric"\ngroup = "{GROUPS[at % len(GROUPS)]}"\n'
        f'subject = "Company {at}"\nmetric = "power"\nvalue = {at}\nunit = "MW"\nentities = ["b{at}"]\n'
        f'[[claim]]\nid = "r{at}"\nsource = "s{at}"\nname = "Company {at}"\nsymbols = ["NVDA"]\npercent = {at % 90}\n'
        f'window = "a day"\nverdict = "not checked"\n'
        f'[[conflict]]\nid = "k{at}"\ntopic = "Topic {at % 9}"\ntitle = "Sums of company {at}"\n'
        f'sides = [{{ says = "one", at = "s{at}:1" }}, {{ says = "two", at = "s{at}:2" }}]\nshow_as = "Both."\n'
        f'records = ["m{at}-0", "m{at}-1"]\n'
    )
    return "".join(parts)


async def load(folder: Path) -> tuple[Ledger, float, float]:
    """The ledger with the files of ``folder``, the seconds it took, and the longest wait of the loop in seconds of this
    program's own CPU time, which what else the machine does leaves alone."""
    longest, done = 0.0, asyncio.Event()

    async def tick() -> None:
        nonlocal longest
        before = process_time()
        while not done.is_set():
            await asyncio.sleep(0.002)
            now = process_time()
            longest, before = max(longest, now - before), now

    ticking = asyncio.create_task(tick())
    start = perf_counter()
    ledger = await asyncio.to_thread(LedgerFolders(bundled("seeds"), folder).load)
    taken = perf_counter() - start
    done.set()
    await ticking
    return ledger, taken, longest


def first_paints(folder: Path, runs: int = 5) -> tuple[float, float]:
    """CPU seconds to the first paint with an empty ledger of one's own and with that below ``folder``, a folder of
    settings: the medians of starts in turn, the first of each left out."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        variables = start.environment(Path(name))
        command, expected = start.programs(Path(name))["aiwatch"]
        took: dict[str, list[float]] = {"": [], str(folder): []}
        for _ in range(runs + 1):
            for own, seconds in took.items():
                config = {"XDG_CONFIG_HOME": own} if own else {}
                seconds.append(start.first_paint(command, variables | config, expected)[1])
    without, with_records = (statistics.median(seconds[1:]) for seconds in took.values())
    return without, with_records


def main() -> None:
    """Print the figures."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write(folder, records)
        ledger, taken, longest = asyncio.run(load(folder))
        print(f"{records} records: loaded in {taken:.1f} s, longest wait of the loop {longest * 1000:.0f} ms")
        start = perf_counter()
        conflicts_of(ledger, ledger.commitments["C001"])
        print(f"what hangs together: {(perf_counter() - start) * 1000:.0f} ms, once")
        for path in folder.iterdir():
            path.unlink()
        write(folder, rows)
        show(load_ledger(bundled("seeds"), folder), rows)


def show(ledger: Ledger, rows: int) -> None:
    """Print what a view of ``rows`` records costs."""
    from aiwatch.widgets.ledger.context import LedgerContext
    from aiwatch.widgets.ledger.panel import show as view
    from aiwatch.widgets.ledger.rows import ViewQuery

    context = LedgerContext(ledger, datetime.date(2026, 11, 27))
    for name, asked in (
        ("by kind", ViewQuery()),
        ("by amount", ViewQuery("amount")),
        ("filtered", ViewQuery(text="Company 7")),
    ):
        for again in ("first", "again"):
            start = perf_counter()
            shown = view("all", context, asked, 76)
            made = perf_counter() - start
            start = perf_counter()
            list(shown.rows[:40])
            forty = perf_counter() - start
            print(f"{rows} rows {name}, {again}: {made * 1000:.0f} ms, forty rows {forty * 1000:.1f} ms")


if __name__ == "__main__":
    main()
