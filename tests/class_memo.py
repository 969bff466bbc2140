"""What Textual asks the classes of widgets again and again, asked once: which methods get a message, how many arguments
they take, and which values are computed. It also makes two loggers for each call, for a console that no test has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from inspect import isawaitable
from types import FunctionType, MethodType
from typing import Any

from textual import Logger, _callback
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump
from textual.reactive import Reactive
from textual.screen import Screen

find_handlers = MessagePump._get_dispatch_methods
"""As Textual has it."""

count_anew = _callback._count_parameters
"""As Textual has it: for each lambda, and each ``partial`` of a function, it reads the signature anew."""

get_anew = Reactive.__get__
"""As Textual has it: it asks each time whether the widget is made, has a value yet, and computes it."""

seek_screen: Callable[[DOMNode], Screen[Any]] = vars(DOMNode)["screen"].fget
"""As Textual has it."""

Handler = Callable[[Message], Awaitable[Any]]
_Plan = tuple[tuple[type, "tuple[FunctionType, ...]"], ...]

_plans: dict[tuple[type, str, type], _Plan | None] = {}
"""By class of a widget, name of a handler and class of a message: which methods of which classes get it; None where
that hangs on who sent it."""
_counts: dict[object, int] = {}
"""The number of parameters, by the code of a function."""
_computed: dict[tuple[type, str], bool] = {}
"""By class of a widget and name of a method that would compute a value: whether there is one."""
_OTHER_SIGNATURE = ("__wrapped__", "__signature__")
"""Attributes of a function whose code does not say what parameters it has."""


class Silence(Logger):
    """A logger that nobody reads."""

    def __init__(self) -> None:
        super().__init__(None)

    @property
    def event(self) -> Logger:
        """This one."""
        return self

    def verbosity(self, verbose: bool) -> Logger:
        """This one."""
        return self

    def __call__(self, *args: object, **kwargs: object) -> None:
        """Say nothing."""


def known_handlers(pump: MessagePump, name: str, message: Message) -> Iterable[tuple[type, Handler]]:
    """The methods of ``pump`` that get ``message``, in turn; stands in for ``MessagePump._get_dispatch_methods``."""
    here = (pump.__class__, name, message.__class__)
    if here not in _plans:
        _plans[here] = _plan(*here)
    plan = _plans[here]
    if plan is None:
        return find_handlers(pump, name, message)
    return _bound(plan, pump, message) if plan else ()


def _bound(plan: _Plan, pump: MessagePump, message: Message) -> Iterator[tuple[type, Handler]]:
    for cls, methods in plan:
        if message._no_default_action:
            break
        for method in methods:
            yield cls, method.__get__(pump, cls)


def _plan(kind: type, name: str, message: type) -> _Plan | None:
    kinds = [base for base in message.__mro__ if issubclass(base, Message)]
    plan: dict[type, list[FunctionType]] = {}
    for cls in kind.__mro__:
        own = cls.__dict__
        decorated = own.get("_decorated_handlers") or {}
        for method, selectors in (choice for base in kinds for choice in decorated.get(base, ())):
            if selectors:
                return None
            if all(method not in methods for methods in plan.values()):
                plan.setdefault(cls, []).append(method)
        named = own.get(f"_{name}") or own.get(name)
        if named is not None and not getattr(named, "_textual_on", None):
            plan.setdefault(cls, []).append(named)
    return tuple((cls, tuple(methods)) for cls, methods in plan.items())


def forget_handlers(kind: type, name: str, value: object) -> None:
    """Set an attribute of a class, and where that may be a handler ask all classes anew; stands in for ``setattr``."""
    if name.startswith(("on_", "_on_", "_decorated")):
        _plans.clear()
    type.__setattr__(kind, name, value)


def known_count(function: Callable[..., Any]) -> int:
    """The number of parameters of ``function``; stands in for what reads its signature each time."""
    if isinstance(function, MethodType):
        return known_count(function.__func__) - 1
    if type(function) is not FunctionType or not function.__dict__.keys().isdisjoint(_OTHER_SIGNATURE):
        return count_anew(function)
    code = function.__code__
    if code not in _counts:
        _counts[code] = count_anew(function)
    return _counts[code]


def is_awaitable(value: object) -> bool:
    """Whether ``value`` can be awaited: nothing, which most handlers give, cannot."""
    return value is not None and isawaitable(value)


def known_value(reactive: Reactive[Any], node: Any, kind: type) -> Any:
    """The value of an attribute that sets something going when it is set; stands in for ``Reactive.__get__``."""
    if node is None or reactive.internal_name not in node.__dict__:
        return get_anew(reactive, node, kind)
    here = (kind, reactive.compute_name)
    if here not in _computed:
        _computed[here] = hasattr(kind, reactive.compute_name)
    return get_anew(reactive, node, kind) if _computed[here] else node.__dict__[reactive.internal_name]


def screen_of(node: DOMNode) -> Screen[Any]:
    """The screen that ``node`` is on; stands in for ``DOMNode.screen``."""
    here: Any = node
    while here is not None:
        if isinstance(here, Screen):
            return here
        parent = here._MessagePump__parent
        here = None if parent is None else parent()
    return seek_screen(node)
