"""Modules that are imported by name alone at the start and run when something of them is first used.

Textual and asyncio import a fifth of a hello-world's modules for what no first paint needs: TLS, temporary folders,
tracebacks. Python's own `importlib.util.LazyLoader` runs a module as soon as a second one imports it, and lets two
threads run it at once; here it is the first use that runs it, in one thread.
"""

from __future__ import annotations

import sys
from _thread import RLock
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.abc import Loader

DEFERRED: dict[str, str] = {
    "asyncio.sslproto": "",
    "asyncio.staggered": "",
    "importlib.metadata": "",
    "ipaddress": "",
    "locale": "",
    "mimetypes": "",
    "msgspec.inspect": "",
    "shutil": "",
    "ssl": "",
    "textual.types": "textual._types",
    "textwrap": "",
    "tokenize": "",
}
"""What is deferred, and the module that has what is asked of it at the start; empty for none."""


class DeferredModule(ModuleType):
    """A module that is run when something is asked of it that it does not have yet."""

    def __getattr__(self, name: str) -> object:
        if name == "__path__":  # by which a package is known: this is none
            raise AttributeError(name)
        source = vars(self).get("_deferred_source")
        if source and hasattr(sys.modules.get(source), name):
            return getattr(sys.modules[source], name)
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
        source = DEFERRED[module.__name__]
        vars(module).update(_deferred_loader=self._loader, _deferred_lock=RLock(), _deferred_source=source)
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
