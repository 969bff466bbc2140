"""The settings in force: their model, their defaults, and their keys and variables with what each means.

`aiwatch.config.loader` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field

from aiwatch.market import data_sources
from aiwatch.market.data_sources import FILING_HOSTS, NEWS_HOSTS, SEC, FilingHost, SourceSpec, polled, streamed

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
"""How the terminal shows an alert; the last three are the escape sequences of terminal emulators."""


MARKET = ("000300.SS", "^HSI", "^IXIC", "^N225", "CNY=X")
"""What the top line shows beside the markets: indices and a rate."""
PRESETS = ("both", "plain", "vim")
"""``plain`` has arrows, PgUp, PgDn and function keys, ``vim`` has vi's letters, ``both`` has all of them."""


class OwnKeys(Struct, frozen=True):
    """The keys (none or more) that the user gave to the action called ``id``, and where that is written."""

    id: str
    keys: tuple[str, ...]
    path: Path
    line: int


class KeySettings(Struct, frozen=True):
    """One of `PRESETS`, and what the user set beside it, in the file's order."""

    preset: str = PRESETS[0]
    own: tuple[OwnKeys, ...] = ()


class KeyRules(Struct, frozen=True):
    """What a ``[keys]`` table is checked by: the ids there are, what is wrong with a key's name (empty: nothing), and
    the one name of a key that has several."""

    ids: tuple[str, ...]
    wrong_key: Callable[[str], str]
    normal: Callable[[str], str]


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
    """How alerts are shown beside the screen: ``notify`` is one of `NOTICES`."""

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


_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "colours": "which colour means up: `auto` (red in mainland China, green elsewhere), `red-up`, `green-up`, "
        "`colour-blind` (blue, and orange for down) or `monochrome`",
        "names": "the names on the board: `english` or `chinese`",
        "theme": "the theme to start with",
        "start_list": "the watchlist to start with: its file name without `.toml`",
        "watchlists": "the folder of your own watchlists; a relative one is beside the settings file",
        "day_scale": "the scale of the day's lines: `list` (the same for all of a list) or `stock` (each its own)",
        "market": "the indices and rates in the top line, as symbols, where there is room; `[]` shows none",
        "stale_after_days": "days after which a record of the ledger is marked and listed for verifying again; 180",
        "currency": "the currency in which positions are summed up too, such as `CNY`; else each list's own alone",
        "alerts.notify": "how an alert is shown beside the screen: `auto` (the bell, and a notification if the "
        "terminal is known to show one), `off`, `bell`, or the bell and one kind of notification: `osc9`, `osc777` or "
        "`osc99`",
        "remember_layout": "whether the next start looks as the last run was left: list, view, panel, widths, heights, "
        "names, colours, theme; what stands in this file goes before; `true`",
        "keys.preset": "the keys to begin with: `plain` (arrows, PgUp and PgDn, function keys), `vim` (letters as in "
        "vi) or `both`",
        "keys.ID": 'other keys for the action of that id: `"board.sort" = "o"`, `"s,f5"` or `["s", "f5"]`; '
        '`""` takes them away',
        "sources.transport": "how sources speak HTTP: `httpx`, or `curl`, which does it as a browser does and needs "
        "the extra of that name",
    }
)

SEC_TABLE = SEC.name
"""The name of the table of the SEC, which is asked for what companies report and has no quotes."""
_SEC_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "base_url": "where the SEC's company facts and filings are asked for",
        "user_agent": "who asks the SEC: it wants a name and an e-mail address, as in `Jane Doe jane@example.org`; "
        "without one Yahoo is asked for spending instead, and nobody for filings",
        "tickers_url": "where the SEC's list of companies is asked for; where `base_url` is not the SEC's own, that is "
        "asked",
        "timeout": "seconds to wait for the facts or the filings of a company; at least 0.5",
    }
)
_SEC_VARIABLES = {"base_url": SEC.variable, "user_agent": "AIWATCH_SEC_USER_AGENT"}

LEAST_TIMEOUT = 0.5
"""The shortest time in seconds in which an answer may have to come."""


def settings_keys() -> dict[str, str]:
    """Every key of the settings file, dotted, and what it means. No other is accepted."""
    keys = dict(_KEYS)
    for spec in data_sources.SOURCES:
        keys |= {f"sources.{spec.name}.{key}": words for key, words in keys_of(spec).items()}
    for host in filing_hosts():
        keys |= {f"sources.{host.name}.{key}": words for key, words in filing_keys(host).items()}
    return keys | {f"sources.{SEC_TABLE}.{key}": words for key, words in _SEC_KEYS.items()}


def filing_hosts() -> list[FilingHost]:
    """The hosts of filings and headlines with a table of the usual keys: all but the SEC."""
    return [host for host in (*FILING_HOSTS, *NEWS_HOSTS) if host is not SEC]


def filing_keys(host: FilingHost) -> dict[str, str]:
    """The keys of the table of a host of filings or headlines, and what each means."""
    what = "headlines" if host.is_news else "filings"
    usual = "; `false` where nothing is said" if host.is_news else ""
    return {
        "enabled": f"whether {host.title} is asked for {what}{usual}",
        "base_url": f"where {what} are asked for at {host.title}",
        "timeout": f"seconds to wait for an answer; at least {LEAST_TIMEOUT:g}",
    }


def sec_keys() -> list[str]:
    """The keys of the table of the SEC."""
    return list(_SEC_KEYS)


def keys_of(spec: SourceSpec) -> dict[str, str]:
    """The keys of the table of a source, and what each means."""
    enabled = {"enabled": spec.enabled_words} if spec.enabled_words else {}
    if spec.streams:
        return {"url": f"where {spec.subject} is"} | enabled
    trading, closed = spec.paces
    return {
        **enabled,
        "base_url": f"where {spec.subject} are asked for",
        **{address.key: address.words for address in spec.addresses},
        "interval": f"seconds between two requests {trading}; at least {spec.polite:g}",
        "interval_closed": f"{closed}; at least {spec.polite:g}",
        "timeout": f"seconds to wait for an answer; at least {LEAST_TIMEOUT:g}",
    }


def variables() -> dict[str, str]:
    """The environment variable of each setting that has one, by the setting's key."""
    names = {"watchlists": "AIWATCH_WATCHLISTS"}
    names |= {f"sources.{SEC_TABLE}.{key}": variable for key, variable in _SEC_VARIABLES.items()}
    names |= {f"sources.{host.name}.base_url": host.variable for host in filing_hosts()}
    for spec in data_sources.SOURCES:
        addresses = {"url" if spec.streams else "base_url": spec.variable}
        addresses |= {address.key: address.variable for address in spec.addresses}
        names |= {f"sources.{spec.name}.{key}": variable for key, variable in addresses.items() if variable}
    return names
