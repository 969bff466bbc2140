"""Chinese names as people type them in Latin letters: ``ywk`` and ``yingweike`` of 英维克.

Which reading a character has is a matter of the word it stands in, so that pypinyin's dictionary of words is asked.
Importing it takes half a second, most of it without letting go of the interpreter, and 60 MB: a child process does it,
``python -m aiwatch.watchlist.pinyin``, which reads a JSON list of names and prints an object of their keys.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, islice, product

from aiwatch.system.child_process import module_command, printed_by

MOST_READINGS = 48
"""The most readings of one name that are kept; with the likeliest first, no name people know needs more."""

_HAN = range(0x3400, 0xA000)
_learnt: dict[str, tuple[str, ...]] = {}


def pinyin_keys(name_zh: str) -> tuple[str, ...]:
    """What people may type for ``name_zh``: initials first, then whole syllables, small and without tones or spaces.

    A name with characters of several readings has keys for each, the likeliest first. Empty for a name that has not
    been learnt, or has no Chinese character; this never waits.
    """
    return _learnt.get(name_zh, ())


def initials(name_zh: str) -> str:
    """The likeliest initials of a name that has been learnt, else an empty text: ``ywk`` of 英维克."""
    return next(iter(pinyin_keys(name_zh)), "")


def matched_key(name_zh: str, text: str) -> str:
    """The first key of ``name_zh`` that begins with ``text``, in which case and spaces do not count; else empty."""
    typed = _bare(text)
    return next((key for key in pinyin_keys(name_zh) if typed and key.startswith(typed)), "")


def matches_pinyin(name_zh: str, text: str) -> bool:
    """Whether a key of ``name_zh`` begins with ``text``."""
    return bool(matched_key(name_zh, text))


async def learn_pinyin(names: Iterable[str], *, command: tuple[str, ...] = ()) -> bool:
    """Learn the keys of ``names``, in a child process that takes a second or less; returns whether all are known.

    Names that are known already, and those without a Chinese character, are not asked for.
    """
    new = [name for name in dict.fromkeys(names) if name not in _learnt and has_han(name)]
    if not new:
        return True
    printed = await printed_by(command or module_command(__name__), stdin=json.dumps(new).encode())
    _learnt.update(_parsed_keys(printed or b"", new))
    return all(name in _learnt for name in new)


def learn_here(names: Iterable[str]) -> None:
    """Learn the keys of ``names`` in this process, which blocks: for commands and tests, never on an event loop."""
    _learnt.update(work_out(name for name in names if has_han(name)))


def has_han(text: str) -> bool:
    """Whether a Chinese character is in ``text``."""
    return any(ord(character) in _HAN for character in text)


def work_out(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The keys of each of ``names``. Imports pypinyin, which blocks."""
    from pypinyin import Style, pinyin

    keys = {}
    for name in names:
        # What is not Chinese comes a character at a time; the stubs do not know that a list may be given for it.
        syllables = pinyin(name, style=Style.NORMAL, heteronym=True, errors=list)  # type: ignore[arg-type]
        keys[name] = _keys([list(filter(None, map(_bare, readings))) for readings in syllables])
    return keys


def _keys(syllables: list[list[str]]) -> tuple[str, ...]:
    readings = list(islice(_readings([syllable for syllable in syllables if syllable]), MOST_READINGS))
    short = ("".join(syllable[0] for syllable in syllables_read) for syllables_read in readings)
    return tuple(dict.fromkeys((*short, *map("".join, readings))))


def _readings(syllables: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """Every reading of a name: first the likeliest, then those with one other syllable in it, then with two, …"""
    likeliest = [readings[0] for readings in syllables]
    doubtful = [at for at, readings in enumerate(syllables) if len(readings) > 1]
    for count in range(len(doubtful) + 1):
        for places in combinations(doubtful, count):
            for choice in product(*(syllables[at][1:] for at in places)):
                changed = dict(zip(places, choice, strict=True))
                yield tuple(changed.get(at, syllable) for at, syllable in enumerate(likeliest))


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _parsed_keys(printed: bytes, names: list[str]) -> Mapping[str, tuple[str, ...]]:
    """The keys that a child printed, of names that were asked for; none of what does not read."""
    try:
        answer = json.loads(printed)
    except ValueError:
        return {}
    if not isinstance(answer, dict):
        return {}
    lists = {name: answer[name] for name in names if isinstance(answer.get(name), list)}
    return {name: tuple(keys) for name, keys in lists.items() if all(isinstance(key, str) for key in keys)}


def main() -> None:
    """Print the keys of the names on standard input."""
    json.dump(work_out(json.load(sys.stdin.buffer)), sys.stdout)


if __name__ == "__main__":
    main()
