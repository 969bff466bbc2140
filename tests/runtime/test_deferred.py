"""Modules that are run when something of them is first used, once, and whole for everybody."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from aiwatch.runtime import deferred
from aiwatch.runtime.deferred import DEFERRED, DeferredModule, StandIn, defer_imports

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
    monkeypatch.setitem(vars(module), "_deferred_source", ("math", "asking"))
    one_of_the_package: dict[str, Any] = {"__name__": "asking.part"}
    exec(f"from {NAME} import pi", one_of_the_package)
    assert one_of_the_package["pi"] > 3
    assert runs() == 0
    with pytest.raises(ImportError):
        exec(f"from {NAME} import pi", {"__name__": "asking_not"})
    assert runs() == 1
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
        "from textual.command import CommandPalette, Provider\n"
        "import textual.design, textual.screen, textual.theme\n"
        "assert textual.app.CommandPalette is CommandPalette\n"
        "import inspect, rich.table, textual.widgets._toast, uuid\n"
        "assert textual.design.Table is rich.table.Table\n"
        "assert textual.app.ToastRack is textual.screen.ToastRack is textual.widgets._toast.ToastRack\n"
        "assert 'class App(' in inspect.getsource(textual.app.App)[:99]\n"
        "assert not isinstance(textual.app.App(), textual.screen.BackgroundScreen)\n"
        "themes = textual.theme.ThemeProvider(textual.app.Screen())\n"
        "assert isinstance(themes, Provider) and themes.matcher('nord').match('nord')\n"
        "assert textual.design.Table('a column').columns\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_what_stands_in_at_the_start_is_what_its_module_has() -> None:
    program = (
        "import sys\nfrom aiwatch.runtime.deferred import DEFERRED, DeferredModule, defer_imports\n"
        "defer_imports()\nimport pickle, platform, typing_extensions, uuid, textual.app, rich.style\n"
        "late = [name for name in DEFERRED if isinstance(sys.modules.get(name), DeferredModule)]\n"
        "assert {'ast', 'pickle', 'platform', 'traceback', 'textual.widgets._toast'} <= set(late), late\n"
        "assert rich.style.dumps is textual.style.dumps is pickle.dumps\n"
        "assert rich.style.loads is pickle.loads\n"
        "assert uuid._platform_system == platform.system() == platform.uname().system\n"
        "assert textual.widget.Self is typing_extensions.Self\n"
        "import asyncio, ast, traceback\n"
        "async def fails():\n    raise ValueError('a fault')\n"
        "try:\n    asyncio.run(fails(), debug=True)\n"
        "except ValueError as error:\n    assert 'a fault' in ''.join(traceback.format_exception(error))\n"
        "assert ast.literal_eval('(1,)') == (1,)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_finder_is_there_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    defer_imports()
    defer_imports()
    assert sys.meta_path.count(deferred._DeferringFinder) == 1


@pytest.fixture
def importer(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names of a module that imports from the deferred one at the start, and inherits from what it imported."""
    monkeypatch.setitem(DEFERRED, NAME, ("importer_here",))
    vars(module)["_deferred_loader"].path = _library(Path(str(module.__file__)))
    names: dict[str, Any] = {"__name__": "importer_here"}
    exec(f"from {NAME} import Shape, area\n{_HEIR}", names)
    return names


_HEIR = "class Square(Shape):\n    sides = 4\n    def name(self):\n        return f'square {super().name()}'\n"


def _library(path: Path) -> str:
    path.write_text(
        "import sys\nfrom abc import ABC\n"
        "sys.deferred_runs += 1\n"
        "class Shape(ABC):\n"
        "    sides = 0\n"
        "    def __init__(self, edge=1):\n        self.edge = edge\n"
        "    @classmethod\n    def unit(cls):\n        return cls(1)\n"
        "    @property\n    def outline(self):\n        return self.sides * self.edge\n"
        "    def name(self):\n        return 'shape'\n"
        "def area(edge):\n    return edge * edge\n",
        encoding="utf-8",
    )
    return str(path)


def test_a_known_importer_gets_names_for_later(importer: dict[str, Any]) -> None:
    assert runs() == 0
    assert importer["area"](3) == 9
    assert runs() == 1
    assert importer["Shape"](edge=5).edge == 5
    assert importer["Shape"].unit().edge == 1
    with pytest.raises(AttributeError, match="volume"):
        _ = importer["Shape"].volume


def test_once_it_was_run_they_have_what_they_imported(importer: dict[str, Any], module: ModuleType) -> None:
    assert isinstance(importer["Shape"], StandIn)
    assert module.Shape(edge=2).edge == 2
    assert importer["Shape"] is module.Shape
    assert importer["area"] is module.area


def test_an_heir_of_a_stand_in_is_one_of_what_it_stands_in_for(importer: dict[str, Any], module: ModuleType) -> None:
    square = importer["Square"](edge=2)
    assert square.outline == 8
    assert square.name() == "square shape"
    assert isinstance(square, module.Shape)
    assert isinstance(square, importer["Shape"])
    assert isinstance(square, importer["Square"])
    assert isinstance(importer["Square"].unit(), importer["Square"])
    assert issubclass(module.Shape, importer["Shape"])
    assert not isinstance(module.Shape(), importer["Square"])
    assert type(importer["Square"]()) is type(square)


def test_anybody_else_gets_what_is_there(importer: dict[str, Any]) -> None:
    names: dict[str, Any] = {"__name__": "somebody_else"}
    exec(f"from {NAME} import Shape", names)
    assert runs() == 1
    assert not isinstance(names["Shape"], StandIn)
    assert isinstance(importer["Shape"](), names["Shape"])


def test_a_stand_in_for_what_is_missing_says_so_when_it_is_used(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DEFERRED, NAME, ("importer_here",))
    names: dict[str, Any] = {"__name__": "importer_here"}
    exec(f"from {NAME} import nothing", names)
    with pytest.raises(AttributeError, match="nothing"):
        names["nothing"]()


@pytest.mark.parametrize("variable", [None, "", "/nowhere"])
def test_time_zones_are_found_where_python_finds_them(variable: str | None) -> None:
    program = (
        "import os, sys\nfrom aiwatch.runtime.deferred import import_zones\n"
        "variables = dict(os.environ)\n"
        "if sys.argv[1:]:\n    import_zones()\n"
        "import zoneinfo\n"
        "assert os.environ == variables\n"
        "print(zoneinfo.TZPATH)\n"
        "print(any(name.startswith('_sysconfigdata') for name in sys.modules))\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONTZPATH"}
    if variable is not None:
        environment["PYTHONTZPATH"] = variable
    usual, ours = (
        subprocess.run(
            [sys.executable, "-c", program, *arguments],
            env=environment, check=True, timeout=60, capture_output=True, encoding="utf-8",
        ).stdout.splitlines()
        for arguments in ((), ("ours",))
    )  # fmt: skip
    assert ours[0] == usual[0]
    knows = variable is not None or Path("/usr/share/zoneinfo/Asia/Shanghai").is_file()
    assert ours[1] == ("False" if knows else usual[1])
