"""What counts as this machine, by host and by address."""

from __future__ import annotations

import pytest

from aiwatch.formatting.addresses import is_loopback, points_here, shown_address, without_passwords


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        *(("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("a.localhost", True)),
        *(("10.0.0.1", False), ("x", False), ("localhost.example.org", False), ("127.0.0.1.example.org", False)),
    ],
)
def test_a_host_and_an_address_of_it_are_this_machine_or_both_are_not(host: str, is_local: bool) -> None:
    assert is_loopback(host) is is_local
    written = f"[{host}]" if ":" in host else host.upper()
    assert points_here(f"http://{written}:8080/x") is is_local


def test_neither_a_password_nor_a_key_in_a_question_is_shown() -> None:
    shown = {
        "http://u:secret@host.test:8080/a?token=secret": "http://host.test:8080/a?…",
        "https://host.test/a#secret": "https://host.test/a#…",
        "https://host.test?key=secret@x": "https://x",
        "host.test:80?secret": "host.test:…",
        "http://host.test/a": "http://host.test/a",
    }
    for written, expected in shown.items():
        assert shown_address(written) == expected, written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no way to http://u:secret@host.test:1", "no way to http://host.test:1"),
        ("socks5://u:se@cret@host.test: refused", "socks5://host.test: refused"),
        ("http://a:b@x http://c:d@y/z", "http://x http://y/z"),
        ("write to someone@host.test", "write to someone@host.test"),
        ("no address", "no address"),
    ],
)
def test_no_words_of_others_keep_the_password_of_an_address(text: str, shown: str) -> None:
    assert without_passwords(text) == shown
