"""Modules that are imported by name alone at the start and run when something of them is first used.

Textual and asyncio import a fifth of a hello-world's modules for what no first paint needs: TLS, temporary folders,
the palette's widgets. Python's own `importlib.util.LazyLoader` runs a module as soon as a second one imports it, and
lets two threads run it at once; here it is the first use that runs it, in one thread.

``from x import y`` is a use, though all it wants may be a name for later. The modules known to import so get a stand-in
for ``y``, which does what ``y`` does, and runs ``x`` first. Once that was run they have ``y`` itself.
"""

from __future__ import annotations

import os
import sys
from _thread import RLock
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import FunctionType, ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from importlib.abc import Loader
    from typing import Any

DEFERRED: dict[str, tuple[str, ...]] = {
    "ast": ("inspect", "rich.markup"),
    "asyncio.sslproto": (),
    "asyncio.staggered": (),
    "importlib.metadata": (),
    "ipaddress": (),
    "locale": (),
    "mimetypes": (),
    "msgspec.inspect": (),
    "pickle": (),
    "platform": (),
    "rich.panel": ("textual.css.stylesheet", "textual.css.tokenizer"),
    "rich.table": ("textual.design",),
    "shutil": (),
    "ssl": (),
    "tempfile": ("platformdirs.unix",),
    "textual.canvas": ("textual.layout",),
    "textual.command": ("textual.app", "textual.theme"),
    "textual.css._help_text": ("textual.css._style_properties", "textual.css._styles_builder"),
    "textual.pilot": ("textual.app",),
    "textual.renderables.background_screen": ("textual.screen",),
    "textual.suggestions": (
        "textual.color",
        "textual.css._styles_builder",
        "textual.css.parse",
        "textual.css.tokenizer",
    ),
    "textual.types": (),
    "textual.widgets._toast": ("textual.app", "textual.screen"),
    "textwrap": (),
    "tokenize": (),
    "traceback": ("importlib._bootstrap",),  # which imports an extension, here asyncio's
    "typing_extensions": (),
    "urllib.parse": ("pathlib",),
}
"""What is deferred, and the modules that import names from it at the start and use them later, or never."""
_SOURCES = {
    "pickle": ("_pickle", "rich", "textual"),
    "platform": (__name__, "uuid"),
    "textual.types": ("textual._types", "textual"),
    "typing_extensions": ("typing", "msgspec", "textual"),
}
"""Modules that have what is asked of a deferred one at the start, under the same names, and the packages that ask."""
_ZONE_VARIABLE = "PYTHONTZPATH"


class StandIn(type):
    """The kind of a class that stands in for what a deferred module has under its name.

    It is called, asked and checked against as that is, and may be inherited from: an heir is made anew of it when it is
    first used.
    """

    _source: DeferredModule

    def __call__(cls, *arguments: object, **named: object) -> object:
        return _actual(cls)(*arguments, **named)

    def __getattr__(cls, name: str) -> object:
        return getattr(_actual(cls), name)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _actual(cls))

    def __subclasscheck__(cls, subclass: type) -> bool:
        return subclass is cls or issubclass(subclass, _actual(cls))


def _actual(stand_in: StandIn) -> Any:
    """What ``stand_in`` stands in for."""
    own = vars(stand_in)
    if "_actual" not in own:
        if "_source" in own:
            actual = getattr(own["_source"], stand_in.__name__)
        else:
            bases = tuple(_actual(base) if isinstance(base, StandIn) else base for base in stand_in.__bases__)
            body = {name: value for name, value in own.items() if name not in {"__dict__", "__weakref__"}}
            actual = type(bases[0])(stand_in.__name__, bases, body)
            _let_super_find(actual, body.values())
        type.__setattr__(stand_in, "_actual", actual)
    return vars(stand_in)["_actual"]


def _let_super_find(actual: type, members: Iterable[object]) -> None:
    """Let ``super()`` in the methods among ``members``, which were made for another class, mean ``actual``."""
    for method in members:
        if isinstance(method, FunctionType) and "__class__" in method.__code__.co_freevars:
            cells = method.__closure__ or ()
            cells[method.__code__.co_freevars.index("__class__")].cell_contents = actual


class DeferredModule(ModuleType):
    """A module that is run when something is asked of it that it does not have yet."""

    def __getattr__(self, name: str) -> object:
        if name == "__path__":  # by which a package is known: this is none
            raise AttributeError(name)
        asking = sys._getframe(1).f_globals
        asker = str(asking.get("__name__"))
        source, *askers = vars(self).get("_deferred_source", ("",))
        if asker.partition(".")[0] in askers and hasattr(held := import_module(source), name):
            return getattr(held, name)
        if asker in DEFERRED.get(self.__name__, ()):
            vars(self)["_deferred_to"].append(asking)
            return StandIn(name, (), {"_source": self})
        _run(self)
        return ModuleType.__getattribute__(self, name)  # it is a plain module by now


def _run(module: ModuleType) -> None:
    """Run ``module``, unless it was run or is being run by this thread; wait where another thread does."""
    with vars(module)["_deferred_lock"]:
        loader = vars(module).pop("_deferred_loader", None)
        if loader is not None:
            try:
                loader.exec_module(module)
            except BaseException:
                vars(module)["_deferred_loader"] = loader
                raise
            module.__class__ = ModuleType
            _replace_stand_ins(module)


def _replace_stand_ins(module: ModuleType) -> None:
    """Give those who imported a stand-in from ``module`` what it stands in for, by which they may tell a kind."""
    for names in vars(module).pop("_deferred_to"):
        for name, value in list(names.items()):
            if isinstance(value, StandIn) and vars(value).get("_source") is module and hasattr(module, value.__name__):
                names[name] = _actual(value)


class _DeferringLoader:
    """Makes what ``loader`` would make, and leaves it to be run later."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        source = _SOURCES.get(module.__name__, ("",))
        own = {"_deferred_loader": self._loader, "_deferred_lock": RLock(), "_deferred_source": source}
        vars(module).update(own, _deferred_to=[])
        module.__class__ = DeferredModule


class _DeferringFinder:
    """Finds the modules of `DEFERRED` as Python's own finder of files does."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in DEFERRED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _DeferringLoader(spec.loader)  # type: ignore[assignment]
        return spec


def defer_imports() -> None:
    """Defer what `DEFERRED` names and nobody has imported yet, from now on."""
    if _DeferringFinder not in sys.meta_path:
        sys.meta_path.insert(0, _DeferringFinder)


def system() -> str:
    """The name of the system, as `platform.system` has it: to say it, that module need not be run."""
    return os.uname().sysname if hasattr(os, "uname") else import_module("platform").system()


def import_zones() -> None:
    """Import `zoneinfo`, and tell it where time zones are: to find that out by itself it reads how its interpreter was
    built, a third of a megabyte that stays. Where they are elsewhere, or a variable says so, it is left to itself."""
    if sys.platform == "win32" or _ZONE_VARIABLE in os.environ:
        return
    # where Python looks, unless it was built for other places
    folders = "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"
    if os.path.isfile(f"{folders[0]}/Asia/Shanghai"):  # noqa: PTH113 - pathlib is not imported yet
        os.environ[_ZONE_VARIABLE] = os.pathsep.join(folders)
        try:
            import zoneinfo  # noqa: F401
        finally:
            del os.environ[_ZONE_VARIABLE]
