"""What keys are called: which names there are, what a terminal cannot send, and how a key is written for people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from textual.keys import KEY_NAME_REPLACEMENTS, KEY_TO_UNICODE_NAME, REPLACED_KEYS, Keys, format_key, key_to_character

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
