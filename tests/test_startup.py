"""What is loaded when the screen has been painted for the first time: start-up stays light only while this holds."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aiwatch.config.settings import Flags
from aiwatch.runtime.load import load_all
from tests.archive.kept import make_quote, write
from tests.bench.terminal import Terminal

FORBIDDEN = frozenset({"aiohttp", "exchange_calendars", "httpx", "numpy", "pandas", "yfinance"})
ALLOWED = frozenset({"aiwatch", "msgspec", "platformdirs", "rich", "textual", "typing_extensions"})
"""Every package outside of the standard library that may be loaded before the first paint."""
NOT_YET = ("aiwatch.history", "aiwatch.market.bars")
"""What of aiwatch itself comes with the first chart."""
MOST_MODULES = {(): 110, ("demo",): 111}
"""Modules of aiwatch that may be loaded by then: each costs a third of a millisecond and more. Import what the first
paint does not show when it is first used. The demo also locks the copies that it edits."""

_DRIVER = """\
import json
import os
import sys
from pathlib import Path

before = set(sys.modules)
report, first, *arguments = sys.argv[1:]

from aiwatch.runtime.deferred import DEFERRED, DeferredModule, defer_imports

defer_imports()

import aiwatch.runtime.screen as screen
from textual._context import active_app


def painted():
    if first:
        __import__(first)
    kinds = [object]
    for kind in kinds:
        kinds += type.__subclasses__(kind)
    dataclasses = [f"{kind.__module__}.{kind.__qualname__}" for kind in kinds if "__dataclass_fields__" in vars(kind)]
    modules = set(sys.modules) - before
    run = [name for name in sorted(modules & set(DEFERRED)) if not isinstance(sys.modules[name], DeferredModule)]
    Path(report).write_text(json.dumps({"modules": sorted(modules), "run": run, "dataclasses": dataclasses}))
    active_app.get()._driver._writer_thread.stop()  # all that is painted so far goes to the terminal
    os._exit(0)


screen.collect_from_now_on = painted
sys.argv[1:] = arguments

from aiwatch.cli import main

main()
"""
"""Starts `aiwatch` as a person does, and says what is loaded instead of going on after the first paint."""


@dataclass(frozen=True)
class Start:
    """The modules loaded at the first paint, those of them that are to be run later and were by then, all dataclasses
    made by then, and what is painted."""

    modules: list[str]
    run: list[str]
    dataclasses: list[str]
    painted: str

    @property
    def packages(self) -> set[str]:
        """The packages of the modules that are not the standard library's."""
        packages = {module.partition(".")[0] for module in self.modules} - sys.stdlib_module_names
        # The interpreter's own data is no package of anybody's.
        return {package for package in packages if not package.startswith("_sysconfigdata_")}


def _started(home: Path, *arguments: str, also: str = "") -> Start:
    """What is there at the first paint of ``aiwatch`` with ``arguments``, and when ``also`` is imported then."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AIWATCH_", "TEXTUAL"))}
    report = home / "loaded"
    with Terminal([sys.executable, "-c", _DRIVER, str(report), also, *arguments], environment) as terminal:
        terminal.read_until(lambda: False, 60)
        assert report.exists(), terminal.text
        return Start(**json.loads(report.read_text()), painted=terminal.text)


@pytest.mark.parametrize("arguments", [(), ("demo",)], ids=["live", "demo"])
def test_nothing_heavy_is_loaded_and_little_is_made_before_the_first_paint(
    home: Path, arguments: tuple[str, ...]
) -> None:
    start = _started(home, *arguments)
    assert "002837.SZ" in start.painted
    assert "textual" in start.packages
    assert start.packages & FORBIDDEN == set()
    assert start.packages == ALLOWED
    assert [module for module in start.modules if module.startswith(NOT_YET)] == []
    assert start.run == ([] if not arguments else ["tempfile"])  # the demo's folder
    assert len([module for module in start.modules if module.startswith("aiwatch")]) <= MOST_MODULES[arguments]
    packages = {kind.partition(".")[0] for kind in start.dataclasses}
    assert "textual" in packages, "dataclasses are seen"
    assert "aiwatch" not in packages, "a struct is made in a fiftieth of the time"


def test_what_is_heavy_would_be_seen(home: Path) -> None:
    start = _started(home, also="httpx")
    assert "httpx" in start.packages
    assert "tempfile" in start.run


def test_no_file_is_parsed_before_the_first_paint_of_a_second_start(home: Path) -> None:
    assert "tomllib" in _started(home).modules
    assert "tomllib" not in _started(home).modules


def test_the_first_paint_shows_the_last_prices_that_were_kept(home: Path) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    write(load_all(Flags()).places.archive, make_quote("002837.SZ", 63.82, an_hour_ago, previous_close=58.02))
    start = _started(home)
    assert re.search(r"002837\.SZ .* 63\.82 .*\+10\.00.*60m", start.painted)
    assert start.packages == ALLOWED
