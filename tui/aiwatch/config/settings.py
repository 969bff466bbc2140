"""The settings in force: their model and their defaults. `aiwatch.config.loader` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from aiwatch.config.keymap import KeySettings
from aiwatch.market.data_sources import FILING_HOSTS, NEWS_HOSTS, SEC, SourceSpec, polled, streamed

COLOURS = ("auto", "red-up", "green-up", "colour-blind", "monochrome")
DAY_SCALES = ("list", "stock")
"""Whether the day's lines of a list have one scale, or each its own."""
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


MARKET = ("000300.SS", "^HSI", "^IXIC", "^N225", "CNY=X")
"""What the top line shows beside the markets: indices and a rate."""


class SourceSettings(Struct, frozen=True):
    """Where a data host is and how often it is asked; ``interval`` in seconds while its markets trade and
    ``interval_closed`` while they do not, ``timeout`` in seconds for one request. Nothing is asked unless ``enabled``.
    ``addresses`` are the source's further ones by their keys, such as ``search_url``."""

    base_url: str
    interval: float
    interval_closed: float
    timeout: float = 10.0
    enabled: bool = True
    addresses: Mapping[str, str] = {}


class StreamSettings(Struct, frozen=True):
    """Where the stream is, and whether it is listened to."""

    url: str
    enabled: bool = True


class ReportSettings(Struct, frozen=True):
    """Where the SEC's company facts and filings are, and who asks for them: the SEC wants a name and a contact in the
    User-Agent. ``timeout`` in seconds for one company, which may be several megabytes; ``tickers_url`` is where its
    list of companies is."""

    base_url: str = SEC.base_url
    user_agent: str = ""
    timeout: float = 30.0
    tickers_url: str = "https://www.sec.gov"


class FilingSettings(Struct, frozen=True):
    """Where a host of filings or headlines is, and whether it is asked; ``timeout`` in seconds for one request."""

    base_url: str
    timeout: float = 15.0
    enabled: bool = True


def default_filings() -> dict[str, FilingSettings]:
    """The settings of the hosts of filings beside the SEC, and of headlines, by name."""
    hosts = (host for host in (*FILING_HOSTS, *NEWS_HOSTS) if host is not SEC)
    return {host.name: FilingSettings(host.base_url, enabled=not host.is_news) for host in hosts}


def default_source(spec: SourceSpec) -> SourceSettings:
    """The settings of a source that is asked, where nothing is said of it."""
    addresses = {address.key: address.url for address in spec.addresses}
    return SourceSettings(spec.base_url, spec.interval, spec.closed, enabled=spec.enabled, addresses=addresses)


def default_sources() -> dict[str, SourceSettings]:
    """The settings of all sources that are asked, by name."""
    return {spec.name: default_source(spec) for spec in polled()}


def default_stream() -> StreamSettings:
    """The settings of the stream."""
    return StreamSettings(streamed().base_url, streamed().enabled)


class AlertSettings(Struct, frozen=True):
    """How alerts are told beside the screen: ``notify`` is one of `NOTICES`."""

    notify: str = "auto"


class Settings(Struct, frozen=True):
    """All settings with their defaults.

    ``sources`` are those that are asked, by name; ``sec`` says where the SEC is asked, ``filings`` where the other
    hosts of filings are, and those of headlines, by name; ``transport`` is how sources speak HTTP, one of `TRANSPORTS`;
    ``colours`` is one of `COLOURS`; ``names`` is ``english`` or ``chinese``; ``start_list`` the key of the watchlist
    shown first; ``market`` the symbols of the top line; ``day_scale`` is one of `DAY_SCALES`; ``watchlists`` the folder
    of the user's own lists, where that is not the platform's; ``stale_after_days`` the age of an article from which the
    ledger's records are to be verified again; ``currency`` what positions are said in too, an ISO 4217 code or empty;
    ``keys`` the user's own keys; ``remember_layout`` whether the next start looks as the last run was left; ``given``
    the fields that a person set, by file, environment or option, which go before what is remembered.
    """

    sources: Mapping[str, SourceSettings] = field(default_factory=default_sources)
    stream: StreamSettings = field(default_factory=default_stream)
    sec: ReportSettings = field(default_factory=ReportSettings)
    filings: Mapping[str, FilingSettings] = field(default_factory=default_filings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    transport: str = "httpx"
    colours: str = "auto"
    names: str = "english"
    theme: str = "aiwatch-dark"
    start_list: str = "named-in-the-articles"
    market: tuple[str, ...] = MARKET
    day_scale: str = "list"
    watchlists: Path | None = None
    stale_after_days: int = 180
    currency: str = ""
    keys: KeySettings = field(default_factory=KeySettings)
    remember_layout: bool = True
    given: frozenset[str] = frozenset()


class Flags(Struct, frozen=True):
    """What a person typed for this run; ``None`` where nothing. Goes before the environment and the file."""

    watchlists: str | None = None
    colours: str | None = None
    names: str | None = None
    theme: str | None = None
    start_list: str | None = None
