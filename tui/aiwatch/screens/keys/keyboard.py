"""What keys are called, and which of them each action has: its own, those of a preset, and the user's over both.

The actions are collected from the classes that own them, innermost first, as a key finds them on its way from the
focus to the screen: an action counts in the panels whose way leads by its class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, KEY_TO_UNICODE_NAME, REPLACED_KEYS, Keys, format_key, key_to_character

from aiwatch.config.settings import KeySettings, OwnKeys
from aiwatch.errors import Problem
from aiwatch.session.layout import Panel
from aiwatch.widgets.row_keys import CURSOR

UNBOUND = "<ignore>"
"""The key of an action that has none: Textual's name of the key that is never pressed."""

MODIFIERS = ("ctrl", "shift", "alt", "super", "hyper", "meta")

SENT_AS: Mapping[str, str] = MappingProxyType(
    {
        "ctrl+i": "tab",
        "ctrl+m": "enter",
        "ctrl+h": "backspace",
        "ctrl+left_square_bracket": "escape",
        "ctrl+[": "escape",
        "return": "enter",
    }
)
"""Keys that terminals send as another one, and that one."""

FIXED: Mapping[str, str] = MappingProxyType(
    {
        "ctrl+q": "leaves aiwatch",
        "ctrl+c": "copies text selected by the mouse",
        "ctrl+p": "opens the palette",
        "ctrl+z": "suspends aiwatch",
    }
)
"""Keys that no one can move, so that there is always a way out, and what they do."""

_TITLES = {
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "delete": "Del",
    "enter": "Enter",
    "backspace": "Backspace",
    "space": "Space",
}
_ARROWS = ("up", "down", "left", "right")
_SIGNS = ("comma", "colon", "semicolon", "apostrophe", "tilde", "ampersand", "asterisk", "full_stop")


def _named() -> frozenset[str]:
    ours = {key.value.rpartition("+")[2] for key in Keys if not key.value.startswith("<") and "-" not in key.value}
    signs = {KEY_NAME_REPLACEMENTS.get(name, name) for name in KEY_TO_UNICODE_NAME}
    return frozenset(name for name in ours | signs | {*KEY_NAME_REPLACEMENTS.values(), *_SIGNS} if len(name) > 1)


NAMES = _named()
"""Every key that is called by a word: ``pageup``, ``f5``, ``question_mark``. The others are called by themselves."""


def normal(key: str) -> str:
    """The one name under which Textual knows ``key``: ``slash`` for ``/``."""
    modifiers, separator, base = key.rpartition("+") if len(key) > 1 else ("", "", key)
    return f"{modifiers}{separator}{_BY_CHARACTER.get(base, base)}"


def wrong_key(key: str) -> str:
    """What is wrong with the name of a key, with the nearest right one; empty when nothing is."""
    *modifiers, base = key.split("+") if len(key) > 1 else [key]
    name = normal(key)
    if name in SENT_AS:
        return f"{key!r} is a key that terminals send as {SENT_AS[name]!r}: write that"
    if name in FIXED:
        return f"{key!r} always {FIXED[name]} and cannot do anything else"
    if modifiers == ["shift"] and len(base) == 1 and base.isalpha():
        return f"{key!r} is sent by terminals as {base.upper()!r}: write that"
    is_known = base in NAMES or (len(base) == 1 and base.isprintable() and base != " ")
    if is_known and all(modifier in MODIFIERS for modifier in modifiers) and len(set(modifiers)) == len(modifiers):
        return "" if modifiers == sorted(modifiers) else f"{key!r} is written {'+'.join([*sorted(modifiers), base])!r}"
    return f"unknown key {key!r}{_nearest(key)}"


def _nearest(key: str) -> str:
    import difflib  # only a mistake needs it

    control = [f"ctrl+{letter}" for letter in "abdefgjklnorstuvwxyz"]
    near = difflib.get_close_matches(key.lower(), [*sorted(NAMES), *control], n=1, cutoff=0.55)
    return f", did you mean {near[0]!r}?" if near else "; examples: 's', 'f5', 'pageup', 'ctrl+d', 'question_mark'"


def shown_key(key: str) -> str:
    """``key`` as it is written for people: ``PgUp``, ``Ctrl+D``, ``↑``, ``?``."""
    *modifiers, base = key.split("+") if len(key) > 1 else [key]
    character = _character_of(base)
    if base in _TITLES:
        name = _TITLES[base]
    elif base in _ARROWS or (character is not None and character.isprintable()):
        name = format_key(base)
    else:
        name = base.replace("_", " ").title()
    return "+".join(
        [*(modifier.title() for modifier in modifiers), name.upper() if modifiers and len(name) == 1 else name]
    )


def _character_of(name: str) -> str | None:
    return key_to_character(REPLACED_KEYS.get(name, name))


_BY_CHARACTER = {
    character: name for name in NAMES if (character := _character_of(name)) is not None and name not in _TITLES
}


Place = Panel | str
"""A panel, or `DIALOG`."""
DIALOG = "dialog"
"""Stands for all dialogs."""
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
