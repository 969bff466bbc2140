"""The bytes that ask a terminal for a notification."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.config.settings import NOTICES
from aiwatch.system.notifications import notice, notice_kind

IN_TMUX = {"TMUX": "/tmp/tmux-1000/default,1,0", "TERM": "tmux-256color", "TERM_PROGRAM": "tmux"}


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({}, "bell"),
        ({"TERM": "linux"}, "bell"),
        ({"TERM": "xterm-256color"}, "bell"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, "bell"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode", "KITTY_WINDOW_ID": "1"}, "bell"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "osc9"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "osc9"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "osc9"),
        ({"TERM": "xterm-ghostty"}, "osc9"),
        ({"TERM": "xterm-kitty"}, "osc99"),
        ({"TERM": "foot-extra"}, "osc777"),
        ({"TERM": "rxvt-unicode-256color"}, "osc777"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, "osc777"),
        (IN_TMUX, "bell"),
        (IN_TMUX | {"KITTY_WINDOW_ID": "1"}, "osc99"),
    ],
)
def test_the_terminal_is_known_by_its_environment(environment: dict[str, str], kind: str) -> None:
    assert notice_kind("auto", environment) == kind


@pytest.mark.parametrize("expected", [item for item in NOTICES if item != "auto"])
def test_what_is_set_goes_before_what_is_known(expected: str) -> None:
    assert notice_kind(expected, {"TERM": "xterm-kitty"}) == expected


@pytest.mark.parametrize(
    ("kind", "sequence"),
    [
        ("osc9", "\x1b]9;aiwatch: 002837.SZ above 60\a"),
        ("osc777", "\x1b]777;notify;aiwatch;002837.SZ above 60\a"),
        ("osc99", "\x1b]99;;aiwatch: 002837.SZ above 60\a"),
        ("bell", ""),
        ("off", ""),
    ],
)
def test_each_kind_has_its_sequence(kind: str, sequence: str) -> None:
    assert notice(kind, "aiwatch", "002837.SZ above 60", {}) == sequence


def test_a_multiplexer_gets_it_wrapped() -> None:
    assert notice("osc9", "aiwatch", "x", IN_TMUX) == "\x1bPtmux;\x1b\x1b]9;aiwatch: x\a\x1b\\"
    assert notice("osc9", "aiwatch", "x", {"TERM": "screen", "STY": "1.pts-0"}) == "\x1bP\x1b]9;aiwatch: x\a\x1b\\"


@given(st.text(), st.text(), st.sampled_from(["osc9", "osc777", "osc99"]))
def test_no_text_ends_or_changes_the_sequence(title: str, body: str, kind: str) -> None:
    inner = notice(kind, title, body, {})
    assert inner.startswith("\x1b]")
    assert inner.endswith("\a")
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", inner[1:-1])
    assert inner.count(";") == {"osc9": 1, "osc777": 3, "osc99": 2}[kind]
    assert len(inner) < 450
