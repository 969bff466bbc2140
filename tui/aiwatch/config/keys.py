"""The keys of the settings file and the environment variables, each with what it means."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "colours": "which colour means up: `auto` (red in mainland China, green elsewhere), `red-up`, `green-up`, "
        "`colour-blind` (blue, and orange for down) or `monochrome`",
        "names": "the names on the board: `english` or `chinese`",
        "theme": "the theme to start with",
        "start_list": "the watchlist to start with: its file name without `.toml`",
        "watchlists": "the folder of your own watchlists; a relative one is beside the settings file",
        "stale_after_days": "days after which a record of the ledger is marked and listed for verifying again; 180",
        "currency": "the currency in which positions are summed up too, such as `CNY`; else each list's own alone",
        "alerts.notify": "how an alert is told beside the screen: `auto` (the bell, and a notification if the terminal "
        "is known to show one), `off`, `bell`, or the bell and one kind of notification: `osc9`, `osc777` or `osc99`",
        "remember_layout": "whether the next start looks as the last run was left: list, view, panel, widths, names, "
        "colours, theme; what stands in this file goes before; `true`",
        "keys.preset": "the keys to begin with: `plain` (arrows, PgUp and PgDn, function keys), `vim` (letters as in "
        "vi) or `both`",
        "keys.ID": 'other keys for the action of that id: `"board.sort" = "o"`, `"s,f5"` or `["s", "f5"]`; '
        '`""` takes them away',
        "sources.tencent.base_url": "where Tencent's quotes are asked for",
        "sources.tencent.search_url": "where Tencent is searched for names; where `base_url` is not Tencent's own, "
        "that is searched",
        "sources.tencent.interval": "seconds between two requests while its markets trade; at least 1",
        "sources.tencent.interval_closed": "the same while they do not trade; at least 1",
        "sources.tencent.timeout": "seconds to wait for an answer; at least 0.5",
        "sources.yahoo.base_url": "where Yahoo's quotes are asked for",
        "sources.yahoo.interval": "seconds between two requests while its markets trade; at least 10",
        "sources.yahoo.interval_closed": "the same while they do not trade; at least 10",
        "sources.yahoo.timeout": "seconds to wait for an answer; at least 0.5",
        "sources.sina.base_url": "where Sina's quotes are asked for",
        "sources.sina.interval": "seconds between two requests while its markets trade; at least 5",
        "sources.sina.interval_closed": "the same while they do not trade; at least 5",
        "sources.sina.timeout": "seconds to wait for an answer; at least 0.5",
        "sources.ecb.base_url": "where the ECB's reference rates are asked for",
        "sources.ecb.interval": "seconds between two requests for the rates of the day; at least 3600",
        "sources.ecb.interval_closed": "the same at the weekend; at least 3600",
        "sources.ecb.timeout": "seconds to wait for an answer; at least 0.5",
        "sources.yahoo_quote.enabled": "whether Yahoo's richer quotes are asked for too; they need a cookie, and where "
        "Yahoo asks for consent to cookies, switching this on gives it",
        "sources.yahoo_quote.base_url": "where Yahoo's richer quotes are asked for",
        "sources.yahoo_quote.cookie_url": "where their cookie comes from",
        "sources.yahoo_quote.consent_url": "the page that asks for consent, where no cookie comes without",
        "sources.yahoo_quote.interval": "seconds between two requests while its markets trade; at least 30",
        "sources.yahoo_quote.interval_closed": "the same while they do not trade; at least 30",
        "sources.yahoo_quote.timeout": "seconds to wait for an answer; at least 0.5",
        "sources.stream.url": "where Yahoo's stream of US shares and currencies is",
        "sources.stream.enabled": "whether the stream is listened to, beside what is asked for",
        "sources.transport": "how sources speak HTTP: `httpx`, or `curl`, which does it as a browser does and needs "
        "the extra of that name",
    }
)
"""Every key of the settings file, dotted, and what it means. No other is accepted."""

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "tencent_url": "AIWATCH_TENCENT_URL",
        "yahoo_url": "AIWATCH_YAHOO_URL",
        "sina_url": "AIWATCH_SINA_URL",
        "ecb_url": "AIWATCH_ECB_URL",
        "stream_url": "AIWATCH_STREAM_URL",
        "watchlists": "AIWATCH_WATCHLISTS",
    }
)
"""The environment variable of each setting that has one, by the name it has in `Flags`."""
