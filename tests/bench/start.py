"""How long the first paint takes, beside that of a Textual hello-world: ``python -m tests.bench.start [--profile]``.

Each program is started anew under a pseudo-terminal of 160 by 45 cells, in turn, fifteen times; counted is the time
from the start of its process to the moment when the terminal has been sent what is to be seen: the greeting of the one,
the board's titles and a row of the commitments of the other. Printed are the medians, and the median of how many times
longer a start took than that of the hello-world in its turn, which a machine that is slow for seconds disturbs
least; the aim is 1.3. The CPU time until then is printed beside it. ``--profile`` lists what the imports cost instead.

Bytecode is kept in a folder of the run's own and one start of each is thrown away, so that every start finds it, as
it does after an installation.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from aiwatch.config.paths import bundled
from aiwatch.ledger.links import grouped_by_kind
from aiwatch.ledger.loader import load_commitments
from tests.bench.terminal import Terminal

RUNS = 15
AIM = 1.3
FLOOR = "Textual hello-world"
HELLO = """\
from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("Hello, world")


Hello().run()
"""
AIWATCH = """\
import sys

from aiwatch.cli import main

sys.exit(main())
"""
"""As the script reads that an installation makes."""
_TIMEOUT = 30.0


def closed_url() -> str:
    """An address of this machine at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def environment(home: Path) -> dict[str, str]:
    """The environment of every start: an empty home, no network, bytecode kept below ``home``."""
    stored = {name: value for name, value in os.environ.items() if not name.startswith(("AIWATCH_", "TEXTUAL", "XDG_"))}
    stored.pop("PYTHONDONTWRITEBYTECODE", None)
    url = closed_url()
    return stored | {
        "HOME": str(home),
        "AIWATCH_TENCENT_URL": url,
        "AIWATCH_YAHOO_URL": url,
        "AIWATCH_SINA_URL": url,
        "AIWATCH_ECB_URL": url,
        "AIWATCH_STREAM_URL": url.replace("http", "ws", 1),
        "PYTHONPYCACHEPREFIX": str(home / "bytecode"),
    }


def marks() -> tuple[str, ...]:
    """What the terminal must have been sent: a title of the board, and how the rows of the second and the fourth
    commitment begin (the first is also told in full beside the list)."""
    listed = [
        item
        for group in grouped_by_kind(load_commitments(bundled("seeds")).commitments.values()).values()
        for item in group
    ]
    return "Symbol", *(f" {listed[at].payer} "[:10] for at in (1, 3))


def first_paint(command: list[str], variables: dict[str, str], expected: tuple[str, ...]) -> tuple[float, float]:
    """Seconds from the start of ``command`` to the paint that completes what is ``expected``, and those of them, of its
    own and the system's, that a CPU worked for it."""
    with Terminal(command, variables) as terminal:
        if not terminal.read_until(lambda: all(mark in terminal.text for mark in expected), _TIMEOUT):
            raise SystemExit(f"{command}: never seen: {expected}\n{terminal.text[-2000:]}")
        took = time.perf_counter() - terminal.began
        terminal.process.kill()  # or it would go on working
        _, status, usage = os.wait4(terminal.process.pid, 0)
        terminal.process.returncode = os.waitstatus_to_exitcode(status)
    return took, usage.ru_utime + usage.ru_stime


def programs(folder: Path) -> dict[str, tuple[list[str], tuple[str, ...]]]:
    """The programs compared, by name: their commands and what they paint."""
    hello, aiwatch = folder / "hello.py", folder / "aiwatch.py_"
    hello.write_text(HELLO, encoding="utf-8")
    aiwatch.write_text(AIWATCH, encoding="utf-8")
    seen = marks()
    return {
        FLOOR: ([sys.executable, str(hello)], ("Hello, world",)),
        "aiwatch": ([sys.executable, str(aiwatch)], seen),
        "aiwatch demo": ([sys.executable, str(aiwatch), "demo"], seen),
    }


def in_turn(runs: int) -> dict[str, list[tuple[float, float]]]:
    """Seconds on the clock and of CPU time of each program's starts, in turn but for the first of each."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        variables = environment(folder)
        compared = programs(folder)
        starts: dict[str, list[tuple[float, float]]] = {name: [] for name in compared}
        for turn in range(runs + 1):
            for name, (command, expected) in compared.items():
                start = first_paint(command, variables, expected)
                if turn:
                    starts[name].append(start)
    return starts


def medians_of(starts: dict[str, list[tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    """The medians of each program's starts."""
    return {name: (median(t for t, _ in took), median(cpu for _, cpu in took)) for name, took in starts.items()}


def ratios_of(starts: dict[str, list[tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    """How many times longer the starts of each program took than that of the hello-world in the same turn: medians."""
    turns = {name: list(zip(took, starts[FLOOR], strict=True)) for name, took in starts.items()}
    return {
        name: (median(own[0] / floor[0] for own, floor in pairs), median(own[1] / floor[1] for own, floor in pairs))
        for name, pairs in turns.items()
    }


def compare() -> None:
    """Start each program in turn and print the medians."""
    starts = in_turn(RUNS)
    ratios = ratios_of(starts)
    print(f"first paint, median of {RUNS}; the aim is {AIM} × the hello-world")
    for name, (wall, cpu) in medians_of(starts).items():
        best = min(took for took, _ in starts[name])
        print(
            f"  {name:20} {1000 * wall:6.0f} ms  {ratios[name][0]:5.2f} ×  (best {1000 * best:.0f} ms)"
            f"   CPU {1000 * cpu:6.0f} ms  {ratios[name][1]:5.2f} ×"
        )


def profile(most: int = 25) -> None:
    """Print what is imported before the first paint and not by the hello-world, and what costs most of it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        variables = environment(Path(name))
        for _ in range(2):  # the first of them writes the bytecode
            floor = _imports("from textual.app import App; from textual.widgets import Static", variables)
            ours = _imports("import aiwatch.cli, aiwatch.runtime.screen, aiwatch.app", variables)
    print(f"imports: {sum(ours.values()) / 1000:.0f} ms, of the hello-world {sum(floor.values()) / 1000:.0f} ms")
    added = sorted(((cost, module) for module, cost in ours.items() if module not in floor), reverse=True)
    print(f"{len(added)} modules more, {sum(cost for cost, _ in added) / 1000:.0f} ms; the dearest, without their own:")
    for cost, module in added[:most]:
        print(f"  {cost / 1000:6.2f} ms  {module}")


def _imports(statement: str, variables: dict[str, str]) -> dict[str, int]:
    """The microseconds each module took to import, without those it imports itself."""
    command = [sys.executable, "-X", "importtime", "-c", statement]
    said = subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stderr
    lines = (line.partition(":")[2].split("|") for line in said.splitlines() if line.startswith("import time:"))
    return {cells[2].strip(): int(cells[0]) for cells in lines if len(cells) == 3 and cells[0].strip().isdigit()}


def main() -> None:
    """Compare, or profile."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.start", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--profile", action="store_true", help="list what the imports cost instead")
    if parser.parse_args().profile:
        profile()
    else:
        compare()


if __name__ == "__main__":
    main()
