"""What is loaded when the screen has been painted for the first time: start-up stays light only while this holds."""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aiwatch.commands.reading import read_all
from aiwatch.settings import Flags
from tests.archive.kept import make_quote, write
from tests.bench.terminal import Terminal

FORBIDDEN = frozenset({"aiohttp", "exchange_calendars", "httpx", "numpy", "pandas", "yfinance"})
ALLOWED = frozenset({"aiwatch", "msgspec", "platformdirs", "rich", "textual", "typing_extensions"})
"""Every package outside of the standard library that may be loaded before the first paint."""

_DRIVER = """\
import os
import sys
from pathlib import Path

before = set(sys.modules)
report, first, *arguments = sys.argv[1:]

import aiwatch.commands.screen as screen
from textual._context import active_app


def painted():
    if first:
        __import__(first)
    Path(report).write_text("\\n".join(set(sys.modules) - before))
    active_app.get()._driver._writer_thread.stop()  # all that is painted so far goes to the terminal
    os._exit(0)


screen.collect_from_now_on = painted
sys.argv[1:] = arguments

from aiwatch.cli import main

main()
"""
"""Starts `aiwatch` as a person does, and says what is loaded instead of going on after the first paint."""


def _started(home: Path, *arguments: str, also: str = "") -> tuple[set[str], str]:
    """The packages that are loaded at the first paint of ``aiwatch`` with ``arguments``, and with ``also`` then; and
    what is painted."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AIWATCH_", "TEXTUAL"))}
    report = home / "loaded"
    with Terminal([sys.executable, "-c", _DRIVER, str(report), also, *arguments], environment) as terminal:
        terminal.read_until(lambda: False, 60)
        assert report.exists(), terminal.text
        painted = terminal.text
    packages = {module.partition(".")[0] for module in report.read_text().split()} - sys.stdlib_module_names
    # The interpreter's own data is no package of anybody's.
    return {package for package in packages if not package.startswith("_sysconfigdata_")}, painted


@pytest.mark.parametrize("arguments", [(), ("demo",)], ids=["live", "demo"])
def test_nothing_heavy_is_loaded_before_the_first_paint(home: Path, arguments: tuple[str, ...]) -> None:
    loaded, painted = _started(home, *arguments)
    assert "002837.SZ" in painted
    assert "textual" in loaded
    assert loaded & FORBIDDEN == set()
    assert loaded == ALLOWED


def test_what_is_heavy_would_be_seen(home: Path) -> None:
    assert "httpx" in _started(home, also="httpx")[0]


def test_the_first_paint_shows_the_last_prices_that_were_kept(home: Path) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    write(read_all(Flags()).places.archive, make_quote("002837.SZ", 63.82, an_hour_ago, previous_close=58.02))
    loaded, painted = _started(home)
    assert re.search(r"002837\.SZ .* 63\.82 .*\+10\.00.*60m", painted)
    assert loaded == ALLOWED
