"""Strict TOML reading: each complaint with its file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aiwatch.errors import FileError
from aiwatch.files.toml_document import Document, Table, unknown_key

HERE = Path("list.toml")


def _problems(document: Document) -> list[str]:
    with pytest.raises(FileError) as caught:
        document.check()
    return [str(problem) for problem in caught.value.problems]


def test_the_right_values_come_through() -> None:
    document = Document(HERE, 'a = "x"\nb = 1.5\nc = 2\nd = true\ne = ["p", "q"]\nf = "red"\ng = 3')
    root = document.root()
    assert root.text("a") == "x"
    assert root.number("b") == 1.5
    assert root.number("g") == 3.0
    assert root.whole("c") == 2
    assert root.flag("d") is True
    assert root.texts("e") == ("p", "q")
    assert root.choice("f", ["red", "green"]) == "red"
    root.allow(list("abcdefg"))
    document.check()


def test_absent_keys_take_their_defaults_without_a_word() -> None:
    document = Document(HERE, "")
    root = document.root()
    assert root.text("a", "x") == "x"
    assert root.text("empty", "") == ""
    assert root.number("b", 2.5, least=9) == 2.5
    assert root.whole("c", 3) == 3
    assert root.flag("d", False) is False
    assert root.texts("e", ()) == ()
    assert root.choice("f", ["red"], "red") == "red"
    document.check()


@pytest.mark.parametrize(
    "read",
    [
        lambda table: table.text("key"),
        lambda table: table.number("key"),
        lambda table: table.whole("key"),
        lambda table: table.flag("key"),
        lambda table: table.texts("key"),
        lambda table: table.choice("key", ["x"]),
    ],
)
def test_a_missing_key_is_one_problem_at_the_head_of_its_table(read: Callable[[Table], object]) -> None:
    document = Document(HERE, "top = 1\n\n[[stock]]\n[[stock]]\nother = 1\n")
    read(document.tables("stock")[1])
    assert _problems(document) == ["list.toml:4: 'key' is missing"]


@pytest.mark.parametrize(
    ("text", "read", "problem"),
    [
        ("key = 1", lambda table: table.text("key"), "'key' must be text in quotes, not 1"),
        ("key = '  '", lambda table: table.text("key"), "'key' is empty"),
        (r'key = "a\u001b[31m"', lambda table: table.text("key"), "'key' has a control character in it (U+001B)"),
        (r'key = "a\u202Eb"', lambda table: table.text("key", ""), "'key' has a control character in it (U+202E)"),
        ("key = 'x'", lambda table: table.number("key"), "'key' must be a number, not 'x'"),
        ("key = true", lambda table: table.number("key"), "'key' must be a number, not True"),
        ("key = inf", lambda table: table.number("key"), "'key' must be a number, not inf"),
        ("key = nan", lambda table: table.number("key"), "'key' must be a number, not nan"),
        ("key = 0.5", lambda table: table.number("key", least=1), "'key' must be at least 1, not 0.5"),
        ("key = 1.5", lambda table: table.whole("key"), "'key' must be a whole number, not 1.5"),
        ("key = true", lambda table: table.whole("key"), "'key' must be a whole number, not True"),
        ("key = 1", lambda table: table.flag("key"), "'key' must be true or false, not 1"),
        ("key = 'a'", lambda table: table.texts("key"), "'key' must be a list of texts, not 'a'"),
        ("key = ['a', 1]", lambda table: table.texts("key"), "'key' must be a list of texts"),
        (r'key = ["a\n"]', lambda table: table.texts("key"), "'key' has a control character in it (U+000A)"),
        ("key = 'z'", lambda table: table.choice("key", "xy"), "'key' is 'z', but must be one of 'x', 'y'"),
        ("key = 7", lambda table: table.choice("key", "xy"), "'key' must be text in quotes, not 7"),
        ("key = 7", lambda table: table.choice("key", "xy", "x"), "'key' must be text in quotes, not 7"),
        ("key = 1", lambda table: table.allow(["keys"]), "unknown key 'key', did you mean 'keys'?"),
    ],
)
def test_a_wrong_value_is_one_problem_at_its_line(text: str, read: Callable[[Table], object], problem: str) -> None:
    document = Document(HERE, f"\n\n{text}\n")
    read(document.root())
    assert _problems(document) == [f"list.toml:3: {problem}"]


def test_a_wrong_value_is_read_as_its_default() -> None:
    root = Document(HERE, "key = 'x'").root()
    assert root.number("key", 4) == 4
    assert root.number("key") == 0
    assert root.texts("key", ("p",)) == ("p",)


def test_control_characters_are_dropped_from_what_is_read() -> None:
    root = Document(HERE, r'key = "a\u001b[31mb"').root()
    assert root.text("key") == "a[31mb"


def test_a_long_wrong_value_is_not_quoted_whole() -> None:
    document = Document(HERE, f"key = [{'1, ' * 100}]")
    document.root().text("key")
    assert len(_problems(document)[0]) < 100


def test_all_problems_are_told_in_the_order_of_the_lines() -> None:
    document = Document(HERE, "b = 1\na = 1\n")
    document.root().text("a")
    document.root().text("b")
    document.root().text("c")
    assert [problem.split(":")[1] for problem in _problems(document)] == ["1", "1", "2"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\nb = = 2\n", 2, "Invalid value"),
        ("a = 1\na = 2\n", 2, "Cannot overwrite"),
        ("a = 1\n[[a]]\n", 2, ""),
        ('a = 1\n\nb = """never closed\n', 3, ""),
        ("\n\na = [1,", 3, ""),
        (f"a = {'9' * 5000}", 1, "too many digits"),
        (f"a = {'[' * 20_000}", 1, ""),
        (f"a = 1\n{'b.' * 200_000}c = 1", 2, "more than 500 dots in a line"),
        (f"a = {{ {'b . ' * 200_000}c = 1 }}", 1, "more than 500 dots in a line"),
        (f"\n\n[{'b.' * 200_000}c]", 3, "more than 500 dots in a line"),
    ],
    ids=lambda value: value[:10] if isinstance(value, str) else "",
)
def test_broken_toml_is_told_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(FileError) as caught:
        Document(HERE, text)
    [problem] = caught.value.problems
    assert (problem.path, problem.line) == (HERE, line)
    assert words in problem.what
    assert "(at" not in problem.what


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 'x'\r\n")
    assert Document.read(path).root().text("a") == "x"


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_bytes("a = 1\n\nb = '英维克'\n".encode("gbk"))
    with pytest.raises(FileError, match=r"list\.toml:3: not UTF-8 text"):
        Document.read(path)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"absent\.toml:1: cannot be read: No such file"):
        Document.read(tmp_path / "absent.toml")
    with pytest.raises(FileError, match="cannot be read: Is a directory"):
        Document.read(tmp_path)


def test_tables_of_the_wrong_kind_are_told() -> None:
    document = Document(HERE, "x = 1\nstock = 'A'\n[sources]\ntencent = 3\n")
    assert document.tables("stock") == []
    assert document.table("sources.tencent").values == {}
    assert document.table("absent.too").values == {}
    assert document.tables("absent") == []
    assert _problems(document) == [
        "list.toml:2: 'stock' must be written as [[stock]] tables",
        "list.toml:4: 'sources.tencent' must be a table",
    ]


def test_lines_of_nested_tables_and_of_look_alikes() -> None:
    document = Document(
        HERE,
        "note = '''\n[sources.tencent]\ninterval = 9\n'''\n"
        "[sources.tencent]\ninterval = 1\n[[stock]]\n[[stock]]\nrole=2",
    )
    assert document.table("sources.tencent").line_of() == 5
    assert document.table("sources.tencent").line_of("interval") == 6
    assert document.table("sources.tencent").line_of("absent") == 5
    assert document.tables("stock")[1].line_of("role") == 9
    assert document.root().line_of("stock") == 7
    assert document.root().line_of() == 1
    assert document.table("nowhere").line_of("x") == 1


def test_inline_tables_have_lines_too() -> None:
    document = Document(HERE, "a = 1\nsources = { tencent = { interval = 'x' } }\n")
    document.table("sources.tencent").number("interval")
    assert _problems(document) == ["list.toml:2: 'interval' must be a number, not 'x'"]


def test_an_unknown_key_with_nothing_near_lists_the_known_ones() -> None:
    assert unknown_key("zzz", ["role", "name"]) == "unknown key 'zzz'; known are name, role"
