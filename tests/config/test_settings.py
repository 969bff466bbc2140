"""The settings file: what is read, what goes before what, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields

from aiwatch.config.loader import load_settings
from aiwatch.config.settings import (
    AlertSettings,
    FilingSettings,
    Flags,
    KeySettings,
    OwnKeys,
    ReportSettings,
    Settings,
    SourceSettings,
    StreamSettings,
    settings_keys,
    variables,
)
from aiwatch.errors import FileError, SettingError
from aiwatch.formatting.addresses import shown_address

JANE = "Jane Doe jane@example.org"
WHOLE = """\
colours = "red-up"
names = "chinese"
theme = "nord"
start_list = "power"
watchlists = "lists"
stale_after_days = 90
day_scale = "stock"
market = ["^GSPC", "EURUSD=X"]
currency = "CNY"
remember_layout = false

[alerts]
notify = "osc9"

[sources.tencent]
base_url = "https://example.org/quotes/"
search_url = "https://example.org/search/"
history_url = "https://example.org/past"
interval = 1
interval_closed = 90.5
timeout = 3

[sources.yahoo]
base_url = "http://127.0.0.1:8080"
interval = 0.5
interval_closed = 0.5
timeout = 1

[sources.sina]
base_url = "https://example.org/sina"
history_url = "https://example.org/sina/past"
interval = 5
interval_closed = 600
timeout = 4

[sources.ecb]
base_url = "https://example.org/rates"
interval = 3600
interval_closed = 86400
timeout = 5

[sources.stream]
url = "ws://127.0.0.1:8081/?version=2"
enabled = false

[sources.sec]
base_url = "http://127.0.0.1:8082/"
user_agent = "Jane Doe jane@example.org"
timeout = 20
tickers_url = "https://example.org/companies/"

[sources]
cninfo = { enabled = false, base_url = "https://example.org/cninfo/", timeout = 2 }
hkex = { enabled = true, base_url = "https://example.org/hkex", timeout = 3 }
yahoo_news = { enabled = true, base_url = "https://example.org/news", timeout = 4 }
sina_news = { enabled = true, base_url = "https://example.org/feed", timeout = 5 }
transport = "curl"

[sources.yahoo_quote]
enabled = true
base_url = "https://example.org/rich"
cookie_url = "https://example.org/cookie"
consent_url = "https://example.org/page"
interval = 30
interval_closed = 300
timeout = 6

[keys]
preset = "vim"
"board.sort" = "o,f6"
"""


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def _problems(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_settings(path)
    return [f"{problem.line}: {problem.what}" for problem in caught.value.problems]


def test_no_file_and_an_empty_file_are_the_defaults(path: Path) -> None:
    assert load_settings(path) == Settings()
    path.write_text("", encoding="utf-8")
    assert load_settings(path) == Settings()
    assert load_settings(path / "below-a-file.toml") == Settings()


def test_every_key_is_read(path: Path, tmp_path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    assert load_settings(path) == Settings(
        sources={
            "tencent": SourceSettings(
                *("https://example.org/quotes", 1, 90.5, 3),
                addresses={"search_url": "https://example.org/search", "history_url": "https://example.org/past"},
            ),
            "sina": SourceSettings(
                "https://example.org/sina", 5, 600, 4, addresses={"history_url": "https://example.org/sina/past"}
            ),
            "yahoo": SourceSettings("http://127.0.0.1:8080", 0.5, 0.5, 1),
            "yahoo_quote": SourceSettings(
                *("https://example.org/rich", 30, 300, 6, True),
                {"cookie_url": "https://example.org/cookie", "consent_url": "https://example.org/page"},
            ),
            "ecb": SourceSettings("https://example.org/rates", 3600, 86_400, 5),
        },
        stream=StreamSettings("ws://127.0.0.1:8081/?version=2", enabled=False),
        transport="curl",
        colours="red-up",
        names="chinese",
        theme="nord",
        start_list="power",
        watchlists=tmp_path / "lists",
        stale_after_days=90,
        sec=ReportSettings("http://127.0.0.1:8082", "Jane Doe jane@example.org", 20, "https://example.org/companies"),
        filings={
            "cninfo": FilingSettings("https://example.org/cninfo", 2, enabled=False),
            "hkex": FilingSettings("https://example.org/hkex", 3),
            "yahoo_news": FilingSettings("https://example.org/news", 4),
            "sina_news": FilingSettings("https://example.org/feed", 5),
        },
        alerts=AlertSettings("osc9"),
        currency="CNY",
        remember_layout=False,
        day_scale="stock",
        market=("^GSPC", "EURUSD=X"),
        keys=KeySettings("vim", (OwnKeys("board.sort", ("o", "f6"), path, len(WHOLE.splitlines())),)),
        given=frozenset(tomllib.loads(WHOLE)),
    )


def test_what_a_person_set_is_known_wherever_it_was_set(path: Path) -> None:
    path.write_text("colours = 'auto'", encoding="utf-8")
    settings = load_settings(path, {"AIWATCH_WATCHLISTS": "lists"}, Flags(names="english"))
    assert settings.given == {"colours", "watchlists", "names"}


@pytest.mark.parametrize(
    ("source", "key", "own", "base", "variable"),
    [
        ("tencent", "search_url", "https://smartbox.gtimg.cn", "https://qt.gtimg.cn", "AIWATCH_TENCENT_URL"),
        ("tencent", "history_url", "https://web.ifzq.gtimg.cn", "https://qt.gtimg.cn", "AIWATCH_TENCENT_URL"),
        ("sina", "history_url", "https://money.finance.sina.com.cn", "https://hq.sinajs.cn", "AIWATCH_SINA_URL"),
    ],
)
def test_names_and_history_are_asked_where_quotes_are_unless_that_is_the_hosts_own(
    path: Path, source: str, key: str, own: str, base: str, variable: str
) -> None:
    def asked(lines: str, environment: dict[str, str] | None = None) -> str:
        path.write_text(f"[sources.{source}]\n{lines}\n", encoding="utf-8")
        return load_settings(path, environment).sources[source].addresses[key]

    elsewhere = {variable: "http://127.0.0.1:1"}
    assert asked("") == asked(f'base_url = "{base}/"') == own
    assert asked('base_url = "https://example.org/"') == "https://example.org"
    assert asked("", elsewhere) == "http://127.0.0.1:1"
    for environment in (None, elsewhere):
        both = f'base_url = "https://example.org"\n{key} = "https://example.net"'
        assert asked(both, environment) == "https://example.net"


@pytest.mark.parametrize("source", ["tencent", "sina"])
def test_where_history_is_asked_has_a_variable_of_its_own(path: Path, source: str) -> None:
    variable = f"AIWATCH_{source.upper()}_HISTORY_URL"
    settings = load_settings(path, {variable: "http://127.0.0.1:7/"}).sources[source]
    assert settings.addresses["history_url"] == "http://127.0.0.1:7"
    with pytest.raises(SettingError, match=variable):
        load_settings(path, {variable: "nonsense"})


def test_the_list_of_keys_is_whole() -> None:
    written = tomllib.loads(WHOLE.replace('"board.sort"', "ID"))
    assert sorted(settings_keys()) == sorted(_dotted(written))
    apart = ("sources", "stream", "sec", "filings", "alerts", "transport", "keys", "given")
    plain = [f.name for f in fields(Settings) if f.name not in apart]
    alerts = [f"alerts.{f.name}" for f in fields(AlertSettings)]
    assert sorted(key for key in settings_keys() if not key.startswith(("sources.", "keys."))) == sorted(
        [*plain, *alerts]
    )
    assert set(variables()) <= set(settings_keys())


def _dotted(table: dict[str, Any], prefix: str = "") -> list[str]:
    keys: list[str] = []
    for key, value in table.items():
        keys += _dotted(value, f"{prefix}{key}.") if isinstance(value, dict) else [prefix + key]
    return keys


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("colors = 'auto'", ["1: unknown key 'colors', did you mean 'colours'?"]),
        ("[source.yahoo]", ["1: unknown key 'source', did you mean 'sources'?"]),
        ("[sources.tencnt]\ninterval = 5", ["1: unknown key 'tencnt', did you mean 'tencent'?"]),
        ("[sources.yahoo]\nbase_ulr = 'x'", ["2: unknown key 'base_ulr', did you mean 'base_url'?"]),
        (
            "\ncolours = 'blue'",
            ["2: 'colours' is 'blue', but must be one of 'auto', 'red-up', 'green-up', 'colour-blind', 'monochrome'"],
        ),
        ("names = 'french'", ["1: 'names' is 'french', but must be one of 'english', 'chinese'"]),
        ("theme = ''", ["1: 'theme' is empty"]),
        ("currency = 'yuan'", ["1: 'currency' must be three capitals like \"CNY\", or empty, not 'yuan'"]),
        ("currency = 'cny'", ["1: 'currency' must be three capitals like \"CNY\", or empty, not 'cny'"]),
        (
            "[alerts]\nnotify = 'loud'",
            ["2: 'notify' is 'loud', but must be one of 'auto', 'off', 'bell', 'osc9', 'osc777', 'osc99'"],
        ),
        ("[alerts]\nnotfy = 'off'", ["2: unknown key 'notfy', did you mean 'notify'?"]),
        ("watchlists = ''", ["1: 'watchlists' is empty"]),
        ("start_list = 3", ["1: 'start_list' must be text in quotes, not 3"]),
        ("sources = 3", ["1: 'sources' must be a table"]),
        ("[sources.tencent]\ninterval = 0.9", ["2: 'interval' must be at least 1, not 0.9"]),
        ("[sources.sina]\ninterval = 4", ["2: 'interval' must be at least 5, not 4"]),
        ("[sources.ecb]\ninterval_closed = 60", ["2: 'interval_closed' must be at least 3600, not 60"]),
        ("[sources.yahoo_quote]\ninterval = 20", ["2: 'interval' must be at least 30, not 20"]),
        ("[sources.yahoo_quote]\nenabled = 1", ["2: 'enabled' must be true or false, not 1"]),
        (
            "[sources.yahoo_quote]\ncookie_url = 'fc.yahoo.com'",
            ["2: 'cookie_url' must be an address like https://host, not 'fc.yahoo.com'"],
        ),
        ("[sources.sec]\nuser_agnt = ''", ["2: unknown key 'user_agnt', did you mean 'user_agent'?"]),
        ("[sources.sec]\nbase_url = 'sec'", ["2: 'base_url' must be an address like https://host, not 'sec'"]),
        (
            "[sources.sec]\nuser_agent = 'Jané'",
            [f"2: 'user_agent' must be a name and an e-mail address in plain ASCII letters, like {JANE!r}"],
        ),
        ("[sources]\ntransport = 'wget'", ["2: 'transport' is 'wget', but must be one of 'httpx', 'curl'"]),
        ("[sources.yahoo]\ninterval = 9", ["2: 'interval' must be at least 10, not 9"]),
        ("[sources.yahoo]\n\ninterval_closed = 5", ["3: 'interval_closed' must be at least 10, not 5"]),
        ("[sources.yahoo]\ntimeout = 0", ["2: 'timeout' must be at least 0.5, not 0"]),
        ("[sources.yahoo]\ninterval = inf", ["2: 'interval' must be a number, not inf"]),
        (
            "[sources.yahoo]\nbase_url = 'http://127.0.0.1'\ninterval = 0.01",
            ["3: 'interval' must be at least 0.05, not 0.01"],
        ),
        (
            "[sources.yahoo]\nbase_url = 'http://127.0.0.1.example.org'\ninterval = 1",
            ["3: 'interval' must be at least 10, not 1"],
        ),
    ],
)
def test_a_wrong_key_or_value_is_told_with_its_line(path: Path, text: str, problems: list[str]) -> None:
    assert _problems(path, text) == problems


@pytest.mark.parametrize(
    "url",
    [
        "qt.gtimg.cn",
        "ftp://qt.gtimg.cn",
        "https://",
        "https:///path",
        "https://host:port",
        "https://host:99999",
        "https://[::1",
        "https://a b",
        "https://host/?q=1",
        "https://host/#x",
        "https://name:word@host",
        "file:///etc/hosts",
    ],
)
def test_an_address_must_be_one(path: Path, url: str) -> None:
    [problem] = _problems(path, f"[sources.tencent]\nbase_url = {url!r}\n")
    assert problem.startswith("2: 'base_url' must ")
    assert problem.endswith(repr(shown_address(url)))
    with pytest.raises(SettingError, match=r"^AIWATCH_YAHOO_URL: must "):
        load_settings(path.with_name("absent"), {"AIWATCH_YAHOO_URL": url})


def test_every_problem_is_told_at_once(path: Path) -> None:
    assert len(_problems(path, "theme = 1\nnames = 'x'\n[sources.yahoo]\ninterval = 1\nx = 1")) == 4


def test_environment_goes_before_the_file_and_flags_before_both(path: Path, tmp_path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    ports = {"TENCENT": 1, "YAHOO": 2, "SINA": 4, "ECB": 5, "CNINFO": 7, "HKEX": 8, "YAHOO_NEWS": 9, "SINA_NEWS": 10}
    environment = {f"AIWATCH_{name}_URL": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    environment |= {"AIWATCH_TENCENT_URL": "http://127.0.0.1:1/", "AIWATCH_WATCHLISTS": str(tmp_path / "environment")}
    environment |= {"AIWATCH_SEC_URL": "http://127.0.0.1:6", "AIWATCH_SEC_USER_AGENT": "Joe joe@example.org"}
    settings = load_settings(path, environment)
    assert (settings.sec.base_url, settings.sec.user_agent) == ("http://127.0.0.1:6", "Joe joe@example.org")
    assert settings.sec.tickers_url == "https://example.org/companies"
    assert load_settings(path.with_name("none.toml"), environment).sec.tickers_url == "http://127.0.0.1:6"
    assert [own.base_url for own in settings.filings.values()] == [f"http://127.0.0.1:{port}" for port in range(7, 11)]
    with pytest.raises(SettingError, match="AIWATCH_SEC_USER_AGENT"):
        load_settings(path, {"AIWATCH_SEC_USER_AGENT": "a\nb"})
    assert settings.sources["tencent"].base_url == "http://127.0.0.1:1"
    assert settings.sources["tencent"].interval_closed == 90.5
    assert settings.sources["yahoo"].base_url == "http://127.0.0.1:2"
    assert (settings.sources["sina"].base_url, settings.sources["ecb"].base_url) == (
        "http://127.0.0.1:4",
        "http://127.0.0.1:5",
    )
    assert settings.watchlists == tmp_path / "environment"
    flags = Flags(watchlists=str(tmp_path / "flag"), colours="auto", theme="dracula")
    settings = load_settings(path, environment, flags)
    assert settings.sources["yahoo"].base_url == "http://127.0.0.1:2"
    assert settings.watchlists == tmp_path / "flag"
    assert (settings.colours, settings.names, settings.theme) == ("auto", "chinese", "dracula")


def test_an_empty_variable_is_none(path: Path) -> None:
    assert load_settings(path, dict.fromkeys(variables().values(), "")) == Settings()


def test_politeness_is_measured_at_the_address_that_is_asked(path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_settings(path, {"AIWATCH_YAHOO_URL": "https://example.org"})
    assert [problem.line for problem in caught.value.problems] == [25, 26]


def test_a_wrong_flag_is_refused_by_its_name(path: Path) -> None:
    with pytest.raises(
        SettingError, match=r"^--colours: must be one of auto, red-up, green-up, colour-blind, monochrome, not 'blue'$"
    ):
        load_settings(path, flags=Flags(colours="blue"))


@pytest.mark.parametrize(
    "address", ["https://me:secret@h", "https://me:secret@h/?x", "ftp://me:secret@h", "me:secret@h"]
)
def test_a_password_in_an_address_is_not_printed(path: Path, address: str) -> None:
    for variable in ("AIWATCH_TENCENT_URL", "AIWATCH_STREAM_URL"):
        with pytest.raises(SettingError) as caught:
            load_settings(path, {variable: address})
        assert "secret" not in str(caught.value)
        assert "h" in str(caught.value)
    for line in (f"[sources.sina]\nbase_url = '{address}'", f"[sources.stream]\nurl = '{address}'"):
        [problem] = _problems(path, line)
        assert "secret" not in problem


def test_folders_may_begin_at_home(path: Path) -> None:
    path.write_text("watchlists = '~/lists'", encoding="utf-8")
    assert load_settings(path).watchlists == Path.home() / "lists"
    nobody = "~no-such-user-here/lists"
    with pytest.raises(SettingError, match=r"^AIWATCH_WATCHLISTS: "):
        load_settings(path, {"AIWATCH_WATCHLISTS": nobody})
    [problem] = _problems(path, f"\nwatchlists = '{nobody}'")
    assert problem.startswith("2: 'watchlists': ")


@pytest.mark.parametrize("url", ["https://x", "streamer", "wss://", "wss://x/#x", "wss://name:word@x", "ws://a b"])
def test_a_streams_address_must_be_one(path: Path, url: str) -> None:
    [problem] = _problems(path, f"[sources.stream]\nurl = {url!r}\n")
    assert problem.startswith("2: 'url' must ")
    with pytest.raises(SettingError, match=r"^AIWATCH_STREAM_URL: must "):
        load_settings(path.with_name("absent"), {"AIWATCH_STREAM_URL": url})


def test_a_streams_address_may_have_a_query(path: Path) -> None:
    url = "wss://example.org/?version=3"
    assert load_settings(path, {"AIWATCH_STREAM_URL": url}).stream == StreamSettings(url)


def test_the_age_at_which_records_are_stale_can_be_set(path: Path) -> None:
    path.write_text("stale_after_days = 30\n", encoding="utf-8")
    assert load_settings(path).stale_after_days == 30
    path.write_text("stale_after_days = 0\n", encoding="utf-8")
    with pytest.raises(FileError, match="at least 1"):
        load_settings(path)
