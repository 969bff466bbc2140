"""Desktop notifications that a terminal emulator shows when an escape sequence asks for it. Pure: text in, text out.

OSC 9 is iTerm2's, and WezTerm's and Ghostty's too; OSC 777 is urxvt's, foot's and VTE's; OSC 99 is kitty's. All end
with a BEL here, for the other way to end one would end a multiplexer's wrapping as well. tmux lets through what is
wrapped if its option ``allow-passthrough`` is on, and drops it else; GNU screen always lets it through.
"""

from __future__ import annotations

from collections.abc import Mapping

BELL = "bell"
"""What is left where no notification is known to work."""

_MOST = 200
"""Characters of a notification at most."""
_OF_PROGRAM = {"iterm.app": "osc9", "wezterm": "osc9", "ghostty": "osc9", "kitty": "osc99"}
_OF_TERM = (("xterm-kitty", "osc99"), ("xterm-ghostty", "osc9"), ("wezterm", "osc9"), ("foot", "osc777"),
            ("rxvt-unicode", "osc777"))  # fmt: skip
_OF_VARIABLE = (
    ("KITTY_WINDOW_ID", "osc99"),
    ("WEZTERM_PANE", "osc9"),
    ("GHOSTTY_RESOURCES_DIR", "osc9"),
    ("ITERM_SESSION_ID", "osc9"),
    ("VTE_VERSION", "osc777"),
)
_MULTIPLEXERS = ("tmux", "screen")


def notice_kind(setting: str, environment: Mapping[str, str]) -> str:
    """The kind of notification to send: ``setting``, one of `aiwatch.config.settings.NOTICES`; for ``auto`` what the
    terminal is known to show, else the bell alone."""
    if setting != "auto":
        return setting
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "").lower()
    if environment.get("LC_TERMINAL") == "iTerm2":
        return "osc9"
    for start, kind in _OF_TERM:
        if term.startswith(start):
            return kind
    if program and program not in _MULTIPLEXERS:
        return _OF_PROGRAM.get(program, BELL)
    return next((kind for variable, kind in _OF_VARIABLE if environment.get(variable)), BELL)


def notice(kind: str, title: str, body: str, environment: Mapping[str, str]) -> str:
    """The escape sequence that shows ``body`` under ``title``; empty for a ``kind`` that is no notification.

    Both are stripped of what could end or change the sequence.
    """
    title, body = _plain(title), _plain(body)
    if kind == "osc777":
        return _wrapped(f"\x1b]777;notify;{title};{body}\a", environment)
    if kind == "osc9":
        return _wrapped(f"\x1b]9;{title}: {body}\a", environment)
    if kind == "osc99":
        return _wrapped(f"\x1b]99;;{title}: {body}\a", environment)
    return ""


def _plain(text: str) -> str:
    """``text`` in one line, short, without control characters and without the sign that parts an OSC's fields."""
    return "".join(character if character.isprintable() else " " for character in text).replace(";", ",")[:_MOST]


def _wrapped(sequence: str, environment: Mapping[str, str]) -> str:
    """``sequence`` as a multiplexer lets it through to the terminal around it."""
    term = environment.get("TERM", "")
    if environment.get("TMUX") or term.startswith("tmux"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        return f"\x1bP{sequence}\x1b\\"
    return sequence
