"""Which keys each action has now: those it is made with, those of a preset, and the user's own over both.

The actions are collected from the classes that own them, innermost first, as a key finds them on its way from the
focus to the screen: an action counts in the panels whose way leads by its class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from textual.binding import Binding
from textual.dom import DOMNode

from aiwatch.config.settings import KeySettings, OwnKeys
from aiwatch.errors import Problem
from aiwatch.screens.keys.names import UNBOUND, normal, shown_key
from aiwatch.session.layout import Panel
from aiwatch.widgets.row_list import CURSOR

Place = Panel | str
"""A panel, or `DIALOG`."""
DIALOG = "dialog"
"""Stands for all that lies over the panels."""
PANELS = frozenset(Panel)

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
    """An action with the keys it is made with, and the ``places`` where they count.

    ``command`` is what Textual runs on the node of the class ``owner``; ``name`` and ``tooltip`` say what it does.
    """

    id: str
    keys: tuple[str, ...]
    places: frozenset[Place]
    name: str
    tooltip: str
    command: str
    owner: type[DOMNode]

    @property
    def area(self) -> str:
        """What it is about: the first part of its id."""
        return self.id.partition(".")[0]

    @property
    def is_cursor(self) -> bool:
        """Whether it moves in a panel's rows: many classes do that, each its own way."""
        return self.id in CURSOR

    @property
    def is_common(self) -> bool:
        """Whether it counts in every panel and is no move in its rows."""
        return self.places == PANELS and not self.is_cursor


Actions = Mapping[str, Action]
"""Actions by their ids, in the order in which they are shown."""


def keys_of(keys: str) -> tuple[str, ...]:
    """The keys of a binding, each by its one name."""
    return tuple(normal(key) for key in keys.split(",") if key)


def collected(ways: Mapping[Place, Sequence[type[DOMNode]]]) -> Actions:
    """Every action of the classes on ``ways``: those that a key passes in each place, from the focus outwards.

    Those that move come first, then those that few places have.
    """
    owners = list(dict.fromkeys(owner for way in ways.values() for owner in way))
    owners.sort(key=lambda owner: sum(owner in way for way in ways.values()))
    made: dict[str, Action] = {}
    for owner in owners:
        places = frozenset(place for place, way in ways.items() if owner in way)
        for binding in bindings_of(owner):
            name = str(binding.id)
            further = made[name].places if name in made else frozenset()
            made[name] = Action(
                name,
                keys_of(binding.key),
                places | further,
                binding.description,
                binding.tooltip,
                binding.action,
                owner,
            )
    moves = {name: made[name] for name in CURSOR if name in made}
    return MappingProxyType(moves | made)


def bindings_of(kind: type[DOMNode]) -> Iterator[Binding]:
    """The bindings with an id that ``kind`` has, its own and those of the classes it is made of."""
    for base in kind.__mro__:
        for binding in vars(base).get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id and base.__module__.startswith("aiwatch."):
                yield binding


class Keyboard(Struct, frozen=True):
    """The actions and the keys that each has, by its id; ``problems`` say which keys were taken away and by whom."""

    actions: Actions
    keys: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...] = ()

    def shown(self, name: str) -> str:
        """The keys of the action called ``name`` as people write them; a dash where it has none."""
        return " ".join(map(shown_key, self.keys[name])) or "–"

    def hint(self, name: str, words: str, before: str = ": ") -> str:
        """The keys of the action called ``name`` with ``words`` for what they do, behind ``before``: ``: z undoes``;
        nothing where it has no key."""
        return f"{before}{self.shown(name)} {words}" if self.keys[name] else ""

    @property
    def keymap(self) -> dict[str, str]:
        """What Textual's keymap is to be: the actions whose keys are not those they are made with, and with them all
        that share a key with one of those, since Textual takes a key from everybody who had it."""
        made = self.actions
        moved = {name for name, keys in self.keys.items() if keys != made[name].keys}
        while True:
            touched = {key for name in moved for key in (*self.keys[name], *made[name].keys)}
            more = moved | {name for name in made if touched & {*self.keys[name], *made[name].keys}}
            if more == moved:
                return {name: ",".join(self.keys[name]) or UNBOUND for name in self.keys if name in moved}
            moved = more


def keyboard_of(actions: Actions, settings: KeySettings) -> Keyboard:
    """The keys in force. Where two actions that count in the same panel would have one key, the one to which the user
    gave it keeps it, the first of two; the other loses it, and a problem says so."""
    preset = PRESET_KEYS[settings.preset]
    keys = {name: keys_of(preset[name]) if name in preset else action.keys for name, action in actions.items()}
    own = {entry.id: entry for entry in settings.own}
    keys |= {name: entry.keys for name, entry in own.items()}
    problems = []
    for entry in own.values():
        for rival in _rivals(actions, entry.id, keys):
            taken = [key for key in keys[rival] if key in keys[entry.id]]
            keys[rival] = tuple(key for key in keys[rival] if key not in taken)
            problems.append(_displaced(entry, rival, taken, keys[rival], own.get(rival)))
    return Keyboard(actions, MappingProxyType(keys), tuple(problems))


def _rivals(actions: Actions, name: str, keys: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    """The other actions that have a key of ``name`` in a panel where that counts."""
    for rival, action in actions.items():
        if rival != name and action.places & actions[name].places and set(keys[rival]) & set(keys[name]):
            yield rival


def _displaced(
    winner: OwnKeys, loser: str, taken: Iterable[str], left: tuple[str, ...], own: OwnKeys | None
) -> Problem:
    """What is to be said of ``loser``, which loses keys; in its own line where it has one."""
    lost = ", ".join(map(shown_key, taken))
    has = f"has {', '.join(map(shown_key, left))} left" if left else "has no key left"
    if own is not None:
        return Problem(own.path, own.line, f"{lost} is the key of {winner.id!r} in line {winner.line}; {loser!r} {has}")
    return Problem(winner.path, winner.line, f"{lost} now is the key of {winner.id!r}; {loser!r} {has}")


_AREAS_OF = {
    Panel.BOARD: ("list", "board", "row"),
    Panel.COMMITMENTS: ("ledger", "board", "row"),
    Panel.STOCK: ("row", "chart"),
    Panel.RECORD: ("ledger", "row"),
}
"""The areas that matter most in a panel."""
_LAST = ("find.stock", "feed.health")
"""What stands at the end of the row with the palette, help and quit, whichever panel is in front."""
_FIRST = {Panel.BOARD: ("board.filter", "board.sort", "board.reverse", "list.previous", "list.next", "edit.add")}
"""What a newcomer to a panel needs before anything else, by id."""


def footer_order(actions: Actions, panel: Panel) -> tuple[str, ...]:
    """The ids of the actions as the bottom row shows them in ``panel``: what opens, what a newcomer needs, the panel's
    own, what matters most there, the rest; what finds, the sources, help and quit are last."""
    areas, first = _AREAS_OF[panel], _FIRST.get(panel, ())

    def rank(action: Action) -> int:
        if action.id in first:
            return first.index(action.id) - len(first)
        if not action.is_common:
            return 0
        if action.area in areas:
            return 1 + areas.index(action.area)
        return len(areas) + (2 if action.area == "app" or action.id in _LAST else 1)

    of_panels = [action for action in actions.values() if not action.is_cursor and action.places & PANELS]
    return ("cursor.open", *(action.id for action in sorted(of_panels, key=rank)))
