"""The settings in force: their model and their defaults. `aiwatch.config.loader` reads them."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, field

from aiwatch.config.keymap import KeySettings

COLOURS = ("auto", "red-up", "green-up", "colour-blind", "monochrome")
NAMES = ("english", "chinese")
THEMES = (
    "aiwatch-dark",
    "aiwatch-light",
    *("ansi-dark", "ansi-light", "atom-one-dark", "atom-one-light", "catppuccin-frappe", "catppuccin-latte"),
    *("catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai", "nord", "rose-pine"),
    *("rose-pine-dawn", "rose-pine-moon", "solarized-dark", "solarized-light", "textual-dark", "textual-light"),
    "tokyo-night",
)
"""Our own themes, then Textual's, which is not imported to check a name."""
TRANSPORTS = ("httpx", "curl")
NOTICES = ("auto", "off", "bell", "osc9", "osc777", "osc99")
"""How the terminal is told of an alert; the last three are the escape sequences of terminal emulators."""


class SourceSettings(Struct, frozen=True):
    """Where a data host is and how often it is asked; ``interval`` in seconds while its markets trade and
    ``interval_closed`` while they do not, ``timeout`` in seconds for one request."""

    base_url: str
    interval: float
    interval_closed: float
    timeout: float = 10.0


class SessionSettings(SourceSettings, frozen=True):
    """A host that wants a cookie and a crumb: ``cookie_url`` gives the cookie, ``consent_url`` is the page that asks
    for consent where the law wants it, and nothing is asked unless ``enabled``."""

    enabled: bool = False
    cookie_url: str = "https://fc.yahoo.com"
    consent_url: str = "https://finance.yahoo.com/quote/AAPL"


class StreamSettings(Struct, frozen=True):
    """Where Yahoo's stream is, and whether it is listened to."""

    url: str = "wss://streamer.finance.yahoo.com/?version=2"
    enabled: bool = True


class AlertSettings(Struct, frozen=True):
    """How alerts are told beside the screen: ``notify`` is one of `NOTICES`."""

    notify: str = "auto"


class Settings(Struct, frozen=True):
    """All settings with their defaults.

    ``tencent_search_url`` is where Tencent is searched for names; ``transport`` is how the sources speak HTTP, one of
    `TRANSPORTS`; ``colours`` is one of `COLOURS`; ``names`` is ``english`` or ``chinese``; ``start_list`` the key of
    the watchlist shown first; ``watchlists`` the folder of the user's own lists, where that is not the platform's;
    ``stale_after_days`` the age of an article from which the ledger's records are to be verified again; ``currency``
    what positions are said in too, an ISO 4217 code or empty; ``keys`` the user's own keys; ``remember_layout`` whether
    the next start looks as the last run was left; ``given`` the fields that a person set, by file, environment or
    option, which go before what is remembered.
    """

    tencent: SourceSettings = field(
        default_factory=lambda: SourceSettings("https://qt.gtimg.cn", interval=5, interval_closed=60)
    )
    yahoo: SourceSettings = field(
        default_factory=lambda: SourceSettings("https://query1.finance.yahoo.com", interval=20, interval_closed=300)
    )
    sina: SourceSettings = field(
        default_factory=lambda: SourceSettings("https://hq.sinajs.cn", interval=6, interval_closed=300)
    )
    ecb: SourceSettings = field(
        default_factory=lambda: SourceSettings("https://api.frankfurter.dev", interval=21_600, interval_closed=21_600)
    )
    yahoo_quote: SessionSettings = field(
        default_factory=lambda: SessionSettings("https://query1.finance.yahoo.com", interval=60, interval_closed=900)
    )
    stream: StreamSettings = field(default_factory=StreamSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    tencent_search_url: str = "https://smartbox.gtimg.cn"
    transport: str = "httpx"
    colours: str = "auto"
    names: str = "english"
    theme: str = "aiwatch-dark"
    start_list: str = "liquid-cooling-rally"
    watchlists: Path | None = None
    stale_after_days: int = 180
    currency: str = ""
    keys: KeySettings = field(default_factory=KeySettings)
    remember_layout: bool = True
    given: frozenset[str] = frozenset()


class Flags(Struct, frozen=True):
    """What a person typed for this run; ``None`` where nothing. Goes before the environment and the file."""

    tencent_url: str | None = None
    yahoo_url: str | None = None
    sina_url: str | None = None
    ecb_url: str | None = None
    stream_url: str | None = None
    watchlists: str | None = None
    colours: str | None = None
    names: str | None = None
    theme: str | None = None
    start_list: str | None = None
