"""Line numbers of keys and tables: every form TOML allows, and texts that only look like one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest

from aiwatch.files.toml_positions import Place, places_of

TRICKY = '''\
# [comment] = "no table"
name = "a # b [c]"  # trailing [x]
"quoted key" = 1
'single "quoted"' = 2
dotted.inner . key = 3
note = """
[stock]
symbol = "not here"
quotes: ""\\"" and five"""""
raw = \'\'\'
[[stock]]
it''s = 1\'\'\'
list = [ # comment ]
  "[stock]", "a = 1",
  [1, 2.5,
   3],
]
inline = { x = 1, y.z = { deep = [1, 2] }, "q k" = "}" }
when = 1979-05-27T07:32:00.5Z
neg = -1.5e-3

[sources.tencent]
base_url = "https://[::1]:80/#x"

  [ sources . "yahoo" ] # comment
	interval=20

[[stock]]
symbol = "A"
[stock.extra]
symbol = "deep"

[[ "stock" ]]
name = ""
symbol = 'B'
tags = [{ a = 1 },
  { a = 2, b = 3 }]
[[stock.lots]]
size = 1
[[stock.lots]]
size = 2
[sources]
last = true'''


def _all_places(value: object, here: Place = ()) -> Iterator[Place]:
    yield here
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _all_places(item, (*here, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _all_places(item, (*here, index))


def test_every_key_table_and_item_has_a_place_and_nothing_else_has() -> None:
    assert set(places_of(TRICKY)) == set(_all_places(tomllib.loads(TRICKY)))


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("name",), 2),
        (("quoted key",), 3),
        (('single "quoted"',), 4),
        (("dotted",), 5),
        (("dotted", "inner", "key"), 5),
        (("note",), 6),
        (("raw",), 10),
        (("list",), 13),
        (("list", 1), 14),
        (("list", 2, 2), 16),
        (("inline",), 18),
        (("inline", "y", "z", "deep"), 18),
        (("when",), 19),
        (("neg",), 20),
        (("sources", "tencent"), 22),
        (("sources", "tencent", "base_url"), 23),
        (("sources", "yahoo"), 25),
        (("sources", "yahoo", "interval"), 26),
        (("stock",), 28),
        (("stock", 0), 28),
        (("stock", 0, "symbol"), 29),
        (("stock", 0, "extra"), 30),
        (("stock", 0, "extra", "symbol"), 31),
        (("stock", 1), 33),
        (("stock", 1, "symbol"), 35),
        (("stock", 1, "tags", 1, "b"), 37),
        (("stock", 1, "lots", 1), 40),
        (("stock", 1, "lots", 1, "size"), 41),
        (("sources",), 42),
        (("sources", "last"), 43),
    ],
)
def test_line_of_each_form(place: Place, line: int) -> None:
    assert places_of(TRICKY)[place] == line


def test_windows_line_ends_count_once() -> None:
    assert places_of("a = 1\r\n\r\nb = '''\r\n'''\r\nc = 2\r\n")[("c",)] == 5


def test_an_empty_text_has_its_root_alone() -> None:
    assert places_of("") == {(): 1}
    assert places_of("# nothing\n\n") == {(): 1}
