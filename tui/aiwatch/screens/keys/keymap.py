"""Which keys each action has now: those it is made with, those of a preset, and the user's own over both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct
from textual.binding import Binding

from aiwatch.config.keymap import KeyRules, KeySettings, OwnKeys
from aiwatch.errors import Problem
from aiwatch.screens.keys.bindings import COMMON_KEYS, DASHBOARD_KEYS, DIALOG_KEYS, SCOPES
from aiwatch.screens.keys.names import UNBOUND, normal, shown_key, wrong_key
from aiwatch.widgets.row_list import CURSOR

EVERYWHERE = frozenset({1, 2, 3, 4})
"""The panels."""
DIALOG = 0
"""Stands for all that lies over the panels."""

PRESET_KEYS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "both": {},
        "plain": {
            "cursor.up": "up",
            "cursor.down": "down",
            "cursor.left": "left",
            "cursor.right": "right",
            "cursor.page-up": "pageup",
            "cursor.page-down": "pagedown",
            "cursor.half-up": "",
            "cursor.half-down": "",
            "cursor.first": "home",
            "cursor.last": "end",
        },
        "vim": {
            "board.filter": "slash",
            "feed.refresh": "r,ctrl+l",
            "ledger.back": "b,ctrl+o",
            "panel.next": "tab,ctrl+w",
            "app.help": "question_mark",
            "app.quit": "q",
        },
    }
)
"""What a preset changes. ``vim`` gives the function keys back to the terminal; ``gg`` is ``g`` pressed twice."""


class Action(Struct, frozen=True):
    """An action with the keys it is made with, and the panels (`DIALOG`: what lies over them) where they count."""

    id: str
    keys: tuple[str, ...]
    places: frozenset[int]
    tooltip: str


def _actions() -> Mapping[str, Action]:
    found = {name: Action(name, keys_of(keys), _cursor_places(name), told) for name, (keys, _, told) in CURSOR.items()}
    for binding in (*DASHBOARD_KEYS, *DIALOG_KEYS):
        name = str(binding.id)
        found[name] = Action(name, keys_of(binding.key), _places(binding), binding.tooltip)
    return MappingProxyType(found)


def keys_of(keys: str) -> tuple[str, ...]:
    """The keys of a binding, each by its one name."""
    return tuple(normal(key) for key in keys.split(",") if key)


def _cursor_places(name: str) -> frozenset[int]:
    if name in ("cursor.left", "cursor.right"):
        return EVERYWHERE - {1}
    return EVERYWHERE if name == "cursor.open" else EVERYWHERE | {DIALOG}


def _places(binding: Binding) -> frozenset[int]:
    if binding in DIALOG_KEYS:
        return frozenset({DIALOG})
    if binding in COMMON_KEYS:
        return EVERYWHERE
    return frozenset(SCOPES[binding.action.partition("(")[0]])


ACTIONS = _actions()
"""Every action that has keys, by its id: those that move first, then in the order of the dashboard's list."""

KEY_RULES = KeyRules(tuple(ACTIONS), wrong_key, normal)
"""What a ``[keys]`` table of the settings is checked by."""


class Keyboard(Struct, frozen=True):
    """The keys that each action has, by its id; ``problems`` say which were taken away and by whom."""

    keys: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...] = ()

    def shown(self, name: str) -> str:
        """The keys of the action called ``name`` as people write them; a dash where it has none."""
        return " ".join(map(shown_key, self.keys[name])) or "–"

    @property
    def keymap(self) -> dict[str, str]:
        """What Textual is to be told: the actions whose keys are not those they are made with, and with them all
        that share a key with one of those, since Textual takes a key from everybody who had it."""
        wanted = {name for name, keys in self.keys.items() if keys != ACTIONS[name].keys}
        while True:
            touched = {key for name in wanted for key in (*self.keys[name], *ACTIONS[name].keys)}
            more = wanted | {name for name in ACTIONS if touched & {*self.keys[name], *ACTIONS[name].keys}}
            if more == wanted:
                return {name: ",".join(self.keys[name]) or UNBOUND for name in self.keys if name in wanted}
            wanted = more


def keyboard_of(settings: KeySettings) -> Keyboard:
    """The keys in force. Where two actions that count in the same panel would have one key, the one to which the user
    gave it keeps it, the first of two; the other loses it, and a problem says so."""
    preset = PRESET_KEYS[settings.preset]
    keys = {name: keys_of(preset[name]) if name in preset else action.keys for name, action in ACTIONS.items()}
    own = {one.id: one for one in settings.own}
    keys |= {name: one.keys for name, one in own.items()}
    problems = []
    for one in own.values():
        for other in _rivals(one.id, keys):
            taken = [key for key in keys[other] if key in keys[one.id]]
            keys[other] = tuple(key for key in keys[other] if key not in taken)
            problems.append(_displaced(one, other, taken, keys[other], own.get(other)))
    return Keyboard(MappingProxyType(keys), tuple(problems))


def _rivals(name: str, keys: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    """The other actions that have a key of ``name`` in a panel where that counts."""
    for other, action in ACTIONS.items():
        if other != name and action.places & ACTIONS[name].places and set(keys[other]) & set(keys[name]):
            yield other


def _displaced(
    winner: OwnKeys, other: str, taken: Iterable[str], left: tuple[str, ...], own: OwnKeys | None
) -> Problem:
    """What is to be told of ``other``, which loses keys; in its own line where it has one."""
    lost = ", ".join(map(shown_key, taken))
    has = f"has {', '.join(map(shown_key, left))} left" if left else "has no key left"
    if own is not None:
        return Problem(own.path, own.line, f"{lost} is the key of {winner.id!r} in line {winner.line}; {other!r} {has}")
    return Problem(winner.path, winner.line, f"{lost} now is the key of {winner.id!r}; {other!r} {has}")
