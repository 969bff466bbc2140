"""The one error tree of aiwatch.

AiwatchError
├── FileError        a settings, watchlist or ledger file that cannot be used
├── EditError        an edit of a watchlist that cannot be made
├── SettingError     an option or environment variable with a value that cannot be used
│   └── OptionError  an option, as it was typed
├── SymbolError      a text that is no symbol
│   └── AmbiguousSymbol  a text that may be more than one symbol (in market.symbol)
├── FilterError      a filter of the board that cannot be understood
└── SourceError      a data host that did not give a usable answer
    ├── RateLimited  the host asked for silence (429)
    ├── Refused      the host answered, and said no (an error status)
    ├── Unreachable  no answer: DNS, connection, TLS, cut body
    │   └── TimedOut no answer in time
    └── Garbled      an answer that is not of the host's format
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct


class AiwatchError(Exception):
    """Base of every error that aiwatch raises for a person to read.

    ``title`` is a few words, ``str(error)`` says what and where, ``hint`` what to do next.
    """

    title = "Error"
    status = 1
    """The exit status of a command that ends by it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Problem(Struct, frozen=True, order=True):
    """One thing wrong in a file: where, what, and printed as ``file:line: what``."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


class FileError(AiwatchError):
    """A file that cannot be used; ``problems`` lists everything wrong with it."""

    title = "File problem"

    def __init__(self, problems: list[Problem], *, hint: str = "") -> None:
        super().__init__("\n".join(map(str, problems)), hint=hint)
        self.problems = problems


class EditError(AiwatchError):
    """An edit of a watchlist that cannot be made, or not written; the file is as it was."""

    title = "Not changed"


class SettingError(AiwatchError):
    """An option or environment variable with a value that cannot be used; the message begins with its name."""

    title = "Setting"


class OptionError(SettingError):
    """An option that was typed with a value that cannot be used: the exit status is that of a wrong command line."""

    status = 2


class SymbolError(AiwatchError, ValueError):
    """A text that is not a symbol aiwatch can follow."""

    title = "Unknown symbol"


class FilterError(AiwatchError, ValueError):
    """A filter that cannot be understood: ``what`` is wrong at ``position``, which counts its characters from 1."""

    title = "Filter"

    def __init__(self, what: str, position: int) -> None:
        super().__init__(f"character {position}: {what}")
        self.what = what
        self.position = position


class SourceError(AiwatchError):
    """A data host did not give a usable answer. ``host`` is the host's name as people know it."""

    title = "Source down"

    def __init__(self, host: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.host = host


LONGEST_SILENCE = 3600.0
"""Seconds that a host's wish for silence is honoured at the most."""


class RateLimited(SourceError):
    """The host asked for silence; ``retry_after`` is its own wish in seconds, if it named one, at most
    `LONGEST_SILENCE`."""

    title = "Rate limited"

    def __init__(self, host: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(host, message)
        self.retry_after = None if retry_after is None else min(LONGEST_SILENCE, retry_after)


class Refused(SourceError):
    """The host answered and said no: a status that is no success but 429, or an error in its own format.

    ``status`` is the HTTP status of the answer, 200 when the refusal was written in the body.
    """

    title = "Refused"

    def __init__(self, host: str, message: str, *, status: int = 200, hint: str = "") -> None:
        super().__init__(host, message, hint=hint)
        self.status = status


class Unreachable(SourceError):
    """No answer: name look-up, connection, TLS or a body cut short."""

    title = "Unreachable"


class TimedOut(Unreachable):
    """No answer in time: to find that out has taken as long as anyone should have to wait."""


class Garbled(SourceError):
    """An answer that is not of the host's format, HTML instead of data included."""

    title = "Unreadable answer"
