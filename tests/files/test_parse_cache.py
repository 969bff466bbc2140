"""What TOML texts say is kept from run to run, and nothing that could be out of date."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.files import parse_cache
from aiwatch.files.parse_cache import ParsedTexts
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
