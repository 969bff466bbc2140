"""Modules that are run when something of them is first used, once, and whole for everybody."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from aiwatch.runtime import deferred
from aiwatch.runtime.deferred import DEFERRED, DeferredModule, defer_imports

NAME = "deferred_here"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module of the test's own that is deferred, has one figure, and counts how often it is run."""
    runs = "import sys\nsys.deferred_runs = getattr(sys, 'deferred_runs', 0) + 1\n"
    (tmp_path / f"{NAME}.py").write_text(f"{runs}from decimal import Decimal\nfigure = 7\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(DEFERRED, NAME, "")
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setattr(sys, "deferred_runs", 0, raising=False)
    defer_imports()
    yield importlib.import_module(NAME)
    sys.modules.pop(NAME)


def runs() -> int:
    """How often the test's module was run."""
    return vars(sys)["deferred_runs"]  # type: ignore[no-any-return]


def test_it_is_run_at_its_first_use_and_not_when_it_is_imported(module: ModuleType) -> None:
    importlib.import_module(NAME)
    assert module.__spec__ is not None
    assert module.__file__ is not None
    assert not hasattr(module, "__path__")
    assert runs() == 0
    assert module.figure == 7
    assert type(module) is ModuleType
    assert module.figure + module.figure == 14
    assert runs() == 1


def test_what_it_has_not_is_missing_as_ever(module: ModuleType) -> None:
    for _ in range(2):
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            _ = module.nothing
    with pytest.raises(ImportError):
        exec(f"from {NAME} import nothing")
    assert runs() == 1


def test_threads_that_use_it_at_once_find_it_whole(module: ModuleType) -> None:
    figures: list[int] = []
    together = threading.Barrier(8)

    def use() -> None:
        together.wait()
        figures.append(module.figure)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert figures == [7] * 8
    assert runs() == 1


def test_one_that_could_not_be_run_is_tried_again(module: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / f"{NAME}.py"
    text = file.read_text(encoding="utf-8")
    file.write_text("raise OSError('no file')", encoding="utf-8")
    with pytest.raises(OSError, match="no file"):
        _ = module.figure
    assert isinstance(module, DeferredModule)
    file.write_text(text + "\n\n", encoding="utf-8")
    assert module.figure == 7


def test_what_another_module_has_already_does_not_run_it(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(module), "_deferred_source", "math")
    assert module.pi > 3
    assert runs() == 0
    assert module.figure == 7


def test_every_deferred_module_is_there_and_does_what_it_does() -> None:
    program = (
        "import sys\nfrom aiwatch.runtime.deferred import DEFERRED, DeferredModule, defer_imports\n"
        "defer_imports()\nimport importlib, textual.app\n"
        "names = [name for name in DEFERRED if isinstance(importlib.import_module(name), DeferredModule)]\n"
        "assert {'ssl', 'textual.types'} <= set(names), names\n"
        "from aiwatch.files.bounded import printable\n"
        "for name in names:\n"
        "    module = sys.modules[name]\n"
        "    for public in getattr(module, '__all__', ()):\n"
        "        getattr(module, public)\n"
        "    getattr(module, 'nothing_of_the_kind', None)\n"
        "    assert type(module) is not DeferredModule, name\n"
        "import ssl, asyncio.sslproto\n"
        "assert ssl.create_default_context().check_hostname\n"
        "assert asyncio.sslproto.SSLProtocol\n"
        "from textual.types import DirEntry, NoSelection\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_finder_is_there_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    defer_imports()
    defer_imports()
    assert sys.meta_path.count(deferred._DeferringFinder) == 1
