"""The keys of the settings file and the environment variables, each with what it means."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aiwatch.market import data_sources
from aiwatch.market.data_sources import FILING_HOSTS, NEWS_HOSTS, FilingHost, SourceSpec
from aiwatch.market.data_sources import SEC as SEC_HOST

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
        "alerts.notify": "how an alert is told beside the screen: `auto` (the bell, and a notification if the terminal "
        "is known to show one), `off`, `bell`, or the bell and one kind of notification: `osc9`, `osc777` or `osc99`",
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

SEC = SEC_HOST.name
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
_SEC_VARIABLES = {"base_url": SEC_HOST.variable, "user_agent": "AIWATCH_SEC_USER_AGENT"}

LEAST_TIMEOUT = 0.5
"""The shortest time in seconds in which an answer may have to come."""


def settings_keys() -> dict[str, str]:
    """Every key of the settings file, dotted, and what it means. No other is accepted."""
    keys = dict(_KEYS)
    for spec in data_sources.SOURCES:
        keys |= {f"sources.{spec.name}.{key}": words for key, words in keys_of(spec).items()}
    for host in filing_hosts():
        keys |= {f"sources.{host.name}.{key}": words for key, words in filing_keys(host).items()}
    return keys | {f"sources.{SEC}.{key}": words for key, words in _SEC_KEYS.items()}


def filing_hosts() -> list[FilingHost]:
    """The hosts of filings and headlines with a table of the usual keys: all but the SEC."""
    return [host for host in (*FILING_HOSTS, *NEWS_HOSTS) if host is not SEC_HOST]


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
    names |= {f"sources.{SEC}.{key}": variable for key, variable in _SEC_VARIABLES.items()}
    names |= {f"sources.{host.name}.base_url": host.variable for host in filing_hosts()}
    for spec in data_sources.SOURCES:
        addresses = {"url" if spec.streams else "base_url": spec.variable}
        addresses |= {address.key: address.variable for address in spec.addresses}
        names |= {f"sources.{spec.name}.{key}": variable for key, variable in addresses.items() if variable}
    return names
