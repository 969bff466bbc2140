"""What goes between browser, server and program: what is understood, and what is dropped."""

from __future__ import annotations

import json

import pytest

from aiwatch.web import packets
from aiwatch.web.packets import BadPacket, answer_to, head, link_for_browser, packet, size, to_program


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        (["stdin", "j"], b"D\0\0\0\x01j"),
        (["stdin", "\ud800"], None),
        (["resize", {"width": 120, "height": 36}], packets.meta("resize", width=120, height=36)),
        (["resize", {"width": 1e9, "height": -3}], packets.meta("resize", width=1000, height=4)),
        (["resize", {"width": "wide", "height": 3}], None),
        (["resize", {"width": 3}], None),
        (["resize", None], None),
        (["focus"], packets.meta("focus")),
        (["blur", 1], packets.meta("blur")),
        (["quit"], None),
        (["stdin", 5], None),
        (["stdin"], None),
        ([], None),
        ({"type": "quit"}, None),
        ("stdin", None),
    ],
)
def test_what_the_program_is_sent(message: object, sent: bytes | None) -> None:
    assert to_program(json.dumps(message)) == sent


@pytest.mark.parametrize("text", ["", "{", "[" * 5000, '["stdin"', "\x00", "\ud800"])
def test_what_is_no_message_is_dropped(text: str) -> None:
    assert to_program(text) is None
    assert answer_to(text) is None
    assert link_for_browser(text.encode("utf-8", "replace")) is None


def test_a_ping_is_answered_with_its_value() -> None:
    assert answer_to('["ping", "12"]') == '["pong","12"]'
    assert answer_to('["ping", 12]') is None


@pytest.mark.parametrize(
    ("url", "is_opened"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("file:///etc/hosts", False),
        (5, False),
    ],
)
def test_only_pages_are_opened(url: object, is_opened: bool) -> None:
    message = link_for_browser(json.dumps({"type": "open_url", "url": url, "new_tab": False}).encode())
    assert (message is not None) is is_opened
    if message is not None:
        assert json.loads(message) == ["open_url", {"url": url, "new_tab": True}]


@pytest.mark.parametrize("message", [{"type": "exit"}, {"type": "deliver_file_start", "key": "x"}, {}, []])
def test_what_else_a_program_says_is_not_passed_on(message: object) -> None:
    assert link_for_browser(json.dumps(message).encode()) is None


def test_the_head_of_a_packet() -> None:
    assert head(packet(b"D", b"abc")[:5]) == (b"D", 3)
    for wrong in (b"", b"D\0\0", b"X\0\0\0\1", b"D\xff\xff\xff\xff"):
        with pytest.raises(BadPacket):
            head(wrong)


@pytest.mark.parametrize(
    ("columns", "lines", "cells"),
    [("120", "36", (120, 36)), ("0", "9" * 30, (10, 500)), (None, "3", None), ("x", "y", None), (1e400, 1, None)],
)
def test_a_size_is_kept_within_bounds(columns: object, lines: object, cells: tuple[int, int] | None) -> None:
    assert size(columns, lines) == cells
