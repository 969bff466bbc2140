"""What TOML texts and regular expressions come to is kept from run to run, and nothing that could be out of date."""

from __future__ import annotations

import re
from pathlib import Path
from re import _compiler  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack

from aiwatch.config.paths import bundled
from aiwatch.files import parse_cache
from aiwatch.files.parse_cache import ParsedPatterns, ParsedTexts, pattern_damage
from aiwatch.files.toml_document import parse_toml
from aiwatch.ledger.loader import load_commitments

EVERY_KIND = """
text = "十 \\u0041"
whole = -9_007_199_254_740_993
number = 1.5
odd = inf
flag = true
day = 2025-08-15
moment = 2025-08-15T09:30:00.25+08:00
local = 2025-08-15T09:30:00
clock = 09:30:00
list = [1, [2.0, "three"], { four = 2025-01-01 }]
[table.in.another]
empty = {}
"""


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were parsed and not found."""
    texts: list[str] = []

    def parse(text: str) -> dict[str, object]:
        texts.append(text)
        return parse_toml(text)

    monkeypatch.setattr(parse_cache, "parse_toml", parse)
    return texts


def test_a_text_is_parsed_once_and_comes_back_the_same(tmp_path: Path, parsed: list[str]) -> None:
    texts = [EVERY_KIND, *(path.read_text("utf-8") for path in sorted(bundled("seeds").glob("*.toml")))]
    for _ in range(2):
        read = ParsedTexts(tmp_path / "cache" / "parsed")
        for text in texts:
            assert repr(read(text)) == repr(parse_toml(text))
        read.keep()
    assert parsed == texts


def test_another_text_is_parsed(tmp_path: Path, parsed: list[str]) -> None:
    for text in ("a = 1", "a = 2"):
        read = ParsedTexts(tmp_path / "parsed")
        assert read(text) == parse_toml(text)
        read.keep()
    assert parsed == ["a = 1", "a = 2"]


def test_only_what_was_asked_for_is_kept(tmp_path: Path, parsed: list[str]) -> None:
    for texts in (["a = 1", "b = 1"], ["b = 1"], ["a = 1"]):
        read = ParsedTexts(tmp_path / "parsed")
        for text in texts:
            read(text)
        read.keep()
    assert parsed == ["a = 1", "b = 1", "a = 1"]


def test_nothing_is_written_when_nothing_changed(tmp_path: Path) -> None:
    file = tmp_path / "parsed"
    written = []
    for _ in range(2):
        read = ParsedTexts(file)
        read("a = 1")
        read.keep()
        written.append((file.stat().st_ino, file.stat().st_mtime_ns))
    assert written[0] == written[1]


def test_what_is_no_toml_is_refused_every_time(tmp_path: Path) -> None:
    for _ in range(2):
        read = ParsedTexts(tmp_path / "parsed")
        with pytest.raises(ValueError, match="Expected"):
            read("a b")
        read.keep()


@pytest.mark.parametrize("held", [b"", b"junk", b"\x81\xa1a\x01", b"\x81\xa5a = 1\x81\xa1a\xd4\x01x", b"\xc1" * 99])
def test_a_file_that_cannot_be_used_is_written_anew(tmp_path: Path, held: bytes, parsed: list[str]) -> None:
    file = tmp_path / "parsed"
    file.write_bytes(held)
    for _ in range(2):
        read = ParsedTexts(file)
        assert read("a = 1") == {"a": 1}
        read.keep()
    assert parsed == ["a = 1"]


@pytest.mark.parametrize("text", [f"a = {2**70}", "a = " + "[" * 80 + "]" * 80], ids=["large", "deep"])
def test_what_cannot_be_kept_is_read_all_the_same(tmp_path: Path, text: str) -> None:
    for _ in range(2):
        read = ParsedTexts(tmp_path / "parsed")
        assert read(text) == parse_toml(text)
        read.keep()


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    read = ParsedTexts(tmp_path / "file" / "parsed")
    assert read("a = 1") == {"a": 1}
    read.keep()


def test_it_is_its_owners_alone(tmp_path: Path) -> None:
    read = ParsedTexts(tmp_path / "cache" / "parsed")
    read("quantity = 100")
    read.keep()
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["parsed"]
    assert (tmp_path / "cache" / "parsed").stat().st_mode & 0o077 == 0


def test_what_a_reader_does_to_what_it_read_is_not_kept(tmp_path: Path, parsed: list[str]) -> None:
    for _ in range(3):
        read = ParsedTexts(tmp_path / "parsed")
        data = read(EVERY_KIND)
        assert repr(data) == repr(parse_toml(EVERY_KIND))
        while data:
            data.popitem()
        read.keep()
    assert parsed == [EVERY_KIND]


def test_a_text_that_cannot_be_kept_leaves_the_others(tmp_path: Path, parsed: list[str]) -> None:
    too_large = f"a = {2**80}"
    for _ in range(2):
        read = ParsedTexts(tmp_path / "parsed")
        assert read(too_large) == {"a": 2**80}
        assert read("b = 1") == {"b": 1}
        read.keep()
    assert parsed == [too_large, "b = 1", too_large]


def test_every_start_reads_the_same_ledger(tmp_path: Path) -> None:
    read_in_turn = []
    for _ in range(3):
        read = ParsedTexts(tmp_path / "parsed")
        read_in_turn.append(load_commitments(bundled("seeds"), parse=read))
        read.keep()
    assert read_in_turn[0].commitments
    assert read_in_turn[1:] == read_in_turn[:1] * 2


PATTERNS: tuple[tuple[str, int], ...] = (
    (r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(\d\d))?", 0),
    (r"[a-z\u4e00-\u9fff]+\b|\s*$", re.IGNORECASE),
    (r"^ (?P<key> \w+ ) = # a comment\n (.*?) $", re.VERBOSE | re.MULTILINE),
    (r"(?i:ab)c(?=d)(?<!x)(a|b)\1", re.ASCII),
    (r"[^\W\d_]{2,}?.", re.DOTALL | re.UNICODE),
)
TEXTS = ("2026-11-28", "a=1\nkey = value", "Ünïcode 中文 x", "ABcdaa", "")


@pytest.fixture
def parsed_patterns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The patterns that were parsed."""
    patterns: list[str] = []
    parse = _compiler._parser.parse

    def noted(pattern: str, *rest: Any) -> Any:
        patterns.append(pattern)
        return parse(pattern, *rest)

    monkeypatch.setattr(_compiler._parser, "parse", noted)
    return patterns


def compile_anew(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """``pattern`` compiled as by somebody who has not compiled it before."""
    re.purge()
    return re.compile(pattern, flags)


def finds(pattern: re.Pattern[str]) -> object:
    """All in which a pattern differs from another."""
    matches = [[(m.span(), m.groups(), m.groupdict(), m.lastgroup) for m in pattern.finditer(text)] for text in TEXTS]
    return pattern.pattern, pattern.flags, pattern.groups, dict(pattern.groupindex), matches


def test_a_pattern_is_parsed_once_and_is_the_same(tmp_path: Path, parsed_patterns: list[str]) -> None:
    usual = [finds(compile_anew(*pattern)) for pattern in PATTERNS]
    parsed_patterns.clear()
    for _ in range(2):
        with ParsedPatterns(tmp_path / "cache" / "patterns") as patterns:
            assert [finds(compile_anew(*pattern)) for pattern in PATTERNS] == usual
        patterns.keep()
    assert parsed_patterns == [pattern for pattern, _ in PATTERNS]
    assert pattern_damage(tmp_path / "cache" / "patterns") == ""


def test_other_flags_are_another_pattern(tmp_path: Path) -> None:
    for flags, matches in ((0, False), (re.IGNORECASE, True)):
        with ParsedPatterns(tmp_path / "patterns") as patterns:
            assert bool(compile_anew("abc", flags).match("ABC")) is matches
        patterns.keep()


def test_what_was_kept_stays_when_more_is_parsed(tmp_path: Path, parsed_patterns: list[str]) -> None:
    for pattern in ("one", "two", "one", "two"):
        with ParsedPatterns(tmp_path / "patterns") as patterns:
            compile_anew(pattern)
        patterns.keep()
    assert parsed_patterns == ["one", "two"]


def test_after_the_block_patterns_are_parsed_as_ever(tmp_path: Path, parsed_patterns: list[str]) -> None:
    usual = _compiler.compile
    with ParsedPatterns(tmp_path / "patterns") as patterns:
        compile_anew("one")
    patterns.keep()
    assert _compiler.compile is usual
    compile_anew("one")
    assert parsed_patterns == ["one", "one"]


@pytest.mark.parametrize("pattern", ["(", "[", "(?P<a>.)(?P<a>.)", "a**"])
def test_what_is_no_pattern_is_refused_every_time(tmp_path: Path, pattern: str) -> None:
    for _ in range(2):
        with ParsedPatterns(tmp_path / "patterns") as patterns, pytest.raises(re.error):
            compile_anew(pattern)
        patterns.keep()
    assert not (tmp_path / "patterns").exists()


def test_bytes_and_debugged_patterns_are_compiled_as_ever(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        with ParsedPatterns(tmp_path / "patterns") as patterns:
            re.purge()
            assert re.compile(b"a+", re.LOCALE).match(b"aa")
            assert re.compile("a+", re.DEBUG).match("aa")
        patterns.keep()
        assert "MAX_REPEAT" in capsys.readouterr().out
    assert not (tmp_path / "patterns").exists()


def test_programs_of_another_build_of_python_are_not_used(tmp_path: Path, parsed_patterns: list[str]) -> None:
    path = tmp_path / "patterns"
    with ParsedPatterns(path) as patterns:
        compile_anew("one")
    patterns.keep()
    _, programs, _ = msgpack.decode(path.read_bytes())
    checksum = parse_cache._checksum("3.10", programs)
    path.write_bytes(msgpack.encode(["3.10", programs, checksum]))
    assert pattern_damage(path) == ""
    with ParsedPatterns(path) as patterns:
        compile_anew("one")
    patterns.keep()
    assert parsed_patterns == ["one", "one"]


def _stored(*programs: object) -> bytes:
    packed = msgpack.encode(programs)
    return msgpack.encode((parse_cache._build(), packed, parse_cache._checksum(parse_cache._build(), packed)))


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"\xc1",
        b"[]",
        _stored(["abc", 0, 32]),
        _stored(["abc", 0, 32, [99], 0, {}, [None]]),
        _stored(["abc", 0, 32, [2**40], 0, {}, [None]]),
        _stored(["abc", 0, 32, [17, 2**31], 10**9, {}, [None]]),
    ],
    ids=["empty", "no MessagePack", "another kind", "cut", "no program", "too large", "too many groups"],
)
def test_programs_that_cannot_be_used_are_made_anew(tmp_path: Path, stored: bytes, parsed_patterns: list[str]) -> None:
    path = tmp_path / "patterns"
    path.write_bytes(stored)
    for _ in range(2):
        with ParsedPatterns(path) as patterns:
            assert compile_anew("abc").match("abcd")
        patterns.keep()
    assert parsed_patterns == ["abc"]


def test_no_bit_of_a_programs_file_can_change_unseen(tmp_path: Path) -> None:
    path = tmp_path / "patterns"
    with ParsedPatterns(path) as patterns:
        compile_anew("a[b-d]+")
    patterns.keep()
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with ParsedPatterns(path) as patterns:
            assert compile_anew("a[b-d]+").match("xabcd") is None
            assert compile_anew("a[b-d]+").fullmatch("abcd")
        patterns.keep()


def test_a_folder_for_patterns_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with ParsedPatterns(tmp_path / "file" / "patterns") as patterns:
        assert compile_anew("a").match("a")
    patterns.keep()


@given(
    st.lists(
        st.sampled_from(["a", "[b-d]", r"\d", "(", ")", "|", "?", "*", "{2}", "(?:", "(?P<n>", "中", ".", "^", "$"])
    )
)
def test_a_kept_pattern_finds_what_a_parsed_one_finds(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str]
) -> None:
    pattern = "".join(parts)
    try:
        usual = finds(compile_anew(pattern))
    except re.error:
        return
    path = tmp_path_factory.mktemp("kept") / "patterns"
    for _ in range(2):
        with ParsedPatterns(path) as patterns:
            assert finds(compile_anew(pattern)) == usual
        patterns.keep()
