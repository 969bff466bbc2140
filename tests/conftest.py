"""What every test gets: a home of its own, a clock that stands still, and a loop that must not be blocked."""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import textual
import textual.constants
from blockbuster import BlockBuster
from textual import _callback, message_pump
from textual._compositor import Compositor
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.message_pump import MessagePump, _MessagePumpMeta
from textual.pilot import Pilot
from textual.reactive import Reactive

import aiwatch
from aiwatch.config.paths import bundled
from tests import class_memo, properties
from tests.headless import apply_known, draw_parts, forget_drawn, shared_rules
from tests.stillness import counted_in_thread, screen_is_still, until_still

FIXED_NOW = datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
"""A Friday, ten in the morning in Shanghai."""

WORTH_COLLECTING = 10_000
"""So many new objects after a test are worth a look for garbage among them: a screen leaves that many. Soon, they are
still at hand for the processor; the garbage of several tests together takes twice as long."""

_XDG = {"CONFIG": ".config", "STATE": ".local/state", "CACHE": ".cache", "DATA": ".local/share"}
_OF_PICTURES = "TEXTUAL_SNAPSHOT_TEMPDIR"
"""Where the snapshot plugin of the tests gathers its report; no setting of Textual's."""
_OURS, _TEXTUAL = (package.__path__[0] + os.sep for package in (aiwatch, textual))
_ZONE_FILES = os.sep + "zoneinfo" + os.sep


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take an option for the night."""
    parser.addoption("--all-examples", action="store_true", help="Try each property with all of its examples.")


def pytest_configure(config: pytest.Config) -> None:
    """Let the garbage collector not come while a screen lives: it is many objects, none of which goes before it."""
    gc.set_threshold(1_000_000, 20, 20)
    properties.share = 1.0 if config.getoption("--all-examples") else properties.ORDINARY_SHARE


def pytest_collection_finish() -> None:
    """Spare the collector what stays anyway: the modules, and the tests themselves."""
    if "hypothesis" in sys.modules:  # else no property is among them
        properties.load_profile()
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Hold no screen of a test beyond it: what its fixtures had is free by now."""
    forget_drawn()
    if gc.get_count()[0] > WORTH_COLLECTING:
        gc.collect(0)


class _Homes:
    """Homes for tests, each empty when it is given: the same one again and again until a test has left something."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._names = (folder / str(number) for number in count())
        self._patch = patch
        self._move()

    def empty(self) -> Path:
        """The home of the environment, with nothing in it."""
        if not self.home.is_dir() or any(self.home.iterdir()):
            self._move()
        return self.home

    def _move(self) -> None:
        self.home = next(self._names)
        self.home.mkdir()
        for variable in ("HOME", "USERPROFILE"):
            self._patch.setenv(variable, str(self.home))
        for name, below in _XDG.items():
            self._patch.setenv(f"XDG_{name}_HOME", str(self.home / below))


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Homes]:
    with pytest.MonkeyPatch.context() as patch:
        yield _Homes(tmp_path_factory.mktemp("homes"), patch)


@pytest.fixture(autouse=True)
def home(_homes: _Homes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home: nobody's settings, lists or ledger get into a test, nor any of its own out."""
    for variable in [name for name in os.environ if name.startswith(("AIWATCH_", "TEXTUAL"))]:
        if variable != _OF_PICTURES:
            monkeypatch.delenv(variable)
    return _homes.empty()


@pytest.fixture(scope="session", autouse=True)
def _a_terminal_of_many_colours() -> Iterator[None]:
    """What is drawn does not hang on the terminal that the tests are run in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NO_COLOR", raising=False)
        patch.setattr(textual.constants, "COLOR_SYSTEM", "truecolor")
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_picture_for_nobody() -> Iterator[None]:
    """Every widget draws; their lines are joined only where somebody looks.

    A style sheet is read, and its rules are joined, once for all apps.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compositor, "render_update", draw_parts)
        patch.setattr(Stylesheet, "_parse_rules", shared_rules)
        patch.setattr(Stylesheet, "apply", apply_known)
        yield


@pytest.fixture(scope="session", autouse=True)
def _classes_are_asked_once() -> Iterator[None]:
    """Which methods get a message is worked out once for each class, and not logged to a console that nobody has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MessagePump, "_get_dispatch_methods", class_memo.known_handlers)
        patch.setattr(_MessagePumpMeta, "__setattr__", class_memo.forget_handlers, raising=False)
        patch.setattr(message_pump, "log", class_memo.Silence())
        patch.setattr(_callback, "_count_parameters", class_memo.known_count)
        patch.setattr(_callback, "isawaitable", class_memo.is_awaitable)
        patch.setattr(Reactive, "__get__", class_memo.known_value)
        patch.setattr(DOMNode, "screen", property(class_memo.screen_of))
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_guess_when_an_app_is_idle() -> Iterator[None]:
    """A pilot waits until the event loop has nothing left to do, not until the processor seems idle."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.BaseEventLoop, "run_in_executor", counted_in_thread)
        patch.setattr("textual.app.wait_for_idle", until_still)
        patch.setattr("textual.pilot.wait_for_idle", until_still)
        patch.setattr(Pilot, "_wait_for_screen", screen_is_still)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_prices() -> Iterator[None]:
    """What begins after the first prices begins at once: most tests have none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aiwatch.screens.dashboard.screen.PATIENCE", 0.001)
        yield


@pytest.fixture(scope="session", autouse=True)
def _what_ships_is_parsed_once() -> Iterator[None]:
    """The lists and the ledger that ship are parsed once for all tests; each gets a copy of its own."""
    folders = (bundled("seeds"), bundled("watchlists"))
    shipped = {path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.toml")}
    read: dict[str, bytes] = {}
    parse = tomllib.loads

    def parse_once(text: str, /, **options: Any) -> dict[str, Any]:
        if text not in shipped:
            return parse(text, **options)
        if text not in read:
            read[text] = pickle.dumps(parse(text))
        values: dict[str, Any] = pickle.loads(read[text])
        return values

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", parse_once)
        yield


@pytest.fixture
def now() -> datetime:
    """The moment at which the fixed clock stands."""
    return FIXED_NOW


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that stands at ``now``."""
    return lambda: FIXED_NOW


@pytest.fixture(scope="session", autouse=True)
def _no_blocking_calls_on_the_loop() -> Iterator[None]:
    """On an event loop a blocking call of aiwatch raises ``BlockingError``; one of Textual's own does not."""
    blockbuster = BlockBuster(scanned_modules=[aiwatch])
    for function in blockbuster.functions.values():
        function.can_block_predicate = _or_not_ours(function.can_block_predicate)
    blockbuster.activate()
    yield
    blockbuster.deactivate()


def _or_not_ours(allowed: Callable[..., bool]) -> Callable[..., bool]:
    """Allow also what is nearer to Textual than to aiwatch in the stack, and the one-time read of a time zone."""

    def is_allowed(*arguments: object, **options: object) -> bool:
        frame = sys._getframe(1)
        while frame.f_back is not None:
            name = frame.f_code.co_filename
            if name.startswith(_OURS):
                break
            if name.startswith(_TEXTUAL) or _ZONE_FILES in name:
                return True
            frame = frame.f_back
        return allowed(*arguments, **options)

    return is_allowed
