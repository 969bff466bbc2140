"""Reads the settings file ``config.toml``, the environment and what was typed, and says what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from aiwatch.config.settings import (
    COLOURS,
    DAY_SCALES,
    LEAST_TIMEOUT,
    NAMES,
    NOTICES,
    PRESETS,
    SEC_TABLE,
    THEMES,
    TRANSPORTS,
    AlertSettings,
    FilingSettings,
    Flags,
    KeyRules,
    KeySettings,
    OwnKeys,
    ReportSettings,
    Settings,
    SourceSettings,
    StreamSettings,
    default_source,
    filing_hosts,
    filing_keys,
    keys_of,
    sec_keys,
    settings_keys,
    variables,
)
from aiwatch.errors import SettingError, SymbolError
from aiwatch.files.toml_document import Document, Parse, Table, did_you_mean, parse_toml
from aiwatch.market.data_sources import SourceSpec, polled, streamed
from aiwatch.market.symbol import parse_symbol

LOOPBACK_INTERVAL = 0.05
"""The fewest seconds between two requests to a host on this machine itself."""
_PRESET = "preset"


class _Value(Struct, frozen=True):
    """A value from outside the file, and the option or variable it came in."""

    value: str
    origin: str

    def refuse(self, what: str) -> SettingError:
        return SettingError(f"{self.origin}: {what}")


def load_settings(
    path: Path,
    environment: Mapping[str, str] | None = None,
    flags: Flags | None = None,
    key_rules: KeyRules | None = None,
    parse: Parse = parse_toml,
) -> Settings:
    """The settings in force: flags, else environment, else the file at ``path``, else the defaults.

    ``key_rules`` says which keys and actions there are; without it those are not checked. A file that is not there is
    no problem. Raises `FileError` with everything wrong in the file, and
    `SettingError` for an option or variable that cannot be used.
    """
    document = _read(path, parse)
    settings = _settings(document, path, _values(environment or {}, flags or Flags()), key_rules)
    document.check()
    return settings


def _settings(document: Document, path: Path, overrides: Mapping[str, _Value], key_rules: KeyRules | None) -> Settings:
    root = document.root()
    root.allow(_keys_under(""))
    sources = document.table("sources")
    sources.allow(_keys_under("sources."))
    default = Settings()
    hosts = {spec.name: _source(document, spec, overrides) for spec in polled()}
    return Settings(
        sources=hosts,
        stream=_stream(document, default.stream, overrides),
        transport=sources.choice("transport", TRANSPORTS, default.transport),
        colours=_choice(root, "colours", COLOURS, default.colours, overrides),
        names=_choice(root, "names", NAMES, default.names, overrides),
        theme=_choice(root, "theme", THEMES, default.theme, overrides),
        start_list=_word(root, "start_list", default.start_list, overrides),
        day_scale=root.choice("day_scale", DAY_SCALES, default.day_scale),
        market=_market(root, default.market),
        watchlists=_folder(root, path.parent, overrides.get("watchlists")),
        stale_after_days=_days(root, default.stale_after_days),
        sec=_sec(document, default.sec, overrides),
        filings=_filings(document, default.filings, overrides),
        alerts=_alerts(document, default.alerts),
        currency=_currency(root, default.currency),
        keys=_key_settings(document, key_rules),
        remember_layout=root.flag("remember_layout", default.remember_layout),
        given=frozenset(root.values) | frozenset(overrides),
    )


def _market(root: Table, default: tuple[str, ...]) -> tuple[str, ...]:
    symbols = root.texts("market", default)
    for place, text in enumerate(symbols if "market" in root.values else ()):
        try:
            parse_symbol(text)
        except SymbolError as error:
            root.add_problem("market", f"'market': {error}", place)
    return symbols


def _days(root: Table, default: int) -> int:
    days = root.whole("stale_after_days", default)
    if days < 1:
        root.add_problem("stale_after_days", "'stale_after_days' must be at least 1")
    return days


def _alerts(document: Document, default: AlertSettings) -> AlertSettings:
    table = document.table("alerts")
    table.allow(_keys_under("alerts."))
    return AlertSettings(table.choice("notify", NOTICES, default.notify))


def _currency(root: Table, default: str) -> str:
    code = root.text("currency", default)
    if code and not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        root.add_problem("currency", f"'currency' must be three capitals like \"CNY\", or empty, not {code!r}")
        return default
    return _known_currency(root, code) if code else code


def _known_currency(root: Table, code: str) -> str:
    from aiwatch.market.exchange_rates import CURRENCIES  # few name one

    if code in CURRENCIES:
        return code
    of_country = [currency for currency in CURRENCIES if currency[:2] == code[:2]]
    near = did_you_mean(code, of_country or CURRENCIES)
    root.add_problem("currency", f"'currency' is {code!r}, which is no currency of ISO 4217{near}")
    return ""


def _values(environment: Mapping[str, str], flags: Flags) -> dict[str, _Value]:
    overrides = {}
    for key, variable in variables().items():
        if environment.get(variable):
            overrides[key] = _Value(environment[variable], variable)
    for name in Flags.__struct_fields__:
        value = getattr(flags, name)
        if value is not None:
            overrides[name] = _Value(value, f"--{name.replace('_', '-')}")
    return overrides


def _read(path: Path, parse: Parse) -> Document:
    try:
        there = path.exists()
    except OSError:
        there = True  # and reading it says what is wrong
    return Document.read(path, parse) if there else Document(path, "", parse)


def _keys_under(prefix: str) -> list[str]:
    """The keys of `settings_keys` that a table may have; ``prefix`` is the table's name and a dot."""
    below = [key.removeprefix(prefix) for key in settings_keys() if key.startswith(prefix)]
    return list(dict.fromkeys(key.partition(".")[0] for key in below))


def _source(document: Document, spec: SourceSpec, overrides: Mapping[str, _Value]) -> SourceSettings:
    """The settings of the source ``spec``: what is given outside the file goes before what stands in it."""
    default = default_source(spec)
    name = f"sources.{spec.name}"
    table = document.table(name)
    table.allow(keys_of(spec))
    url = _address(table, "base_url", default.base_url, overrides.get(f"{name}.base_url")).rstrip("/")
    further = {
        address.key: _address(
            table,
            address.key,
            url if address.follows_base and url != spec.base_url else address.url,
            overrides.get(f"{name}.{address.key}"),
        ).rstrip("/")
        for address in spec.addresses
    }
    return SourceSettings(
        base_url=url,
        interval=_interval(table, "interval", default.interval, url, spec),
        interval_closed=_interval(table, "interval_closed", default.interval_closed, url, spec),
        timeout=table.number("timeout", default.timeout, least=LEAST_TIMEOUT),
        enabled=table.flag("enabled", default.enabled),
        addresses=further,
    )


def _sec(document: Document, default: ReportSettings, values: Mapping[str, _Value]) -> ReportSettings:
    name = f"sources.{SEC_TABLE}"
    table = document.table(name)
    table.allow(sec_keys())
    agent = table.text("user_agent", default.user_agent)
    if wrong := _wrong_agent(agent):
        table.add_problem("user_agent", f"'user_agent' {wrong}")
    if typed := values.get(f"{name}.user_agent"):
        agent = typed.value
        if wrong := _wrong_agent(agent):
            raise typed.refuse(wrong)
    url = _address(table, "base_url", default.base_url, values.get(f"{name}.base_url")).rstrip("/")
    tickers = _address(table, "tickers_url", default.tickers_url if url == default.base_url else url).rstrip("/")
    return ReportSettings(url, agent, table.number("timeout", default.timeout, least=LEAST_TIMEOUT), tickers)


def _filings(
    document: Document, defaults: Mapping[str, FilingSettings], values: Mapping[str, _Value]
) -> dict[str, FilingSettings]:
    """The settings of the hosts of filings beside the SEC, by name."""
    settings = {}
    for host in filing_hosts():
        name, default = f"sources.{host.name}", defaults[host.name]
        table = document.table(name)
        table.allow(filing_keys(host))
        settings[host.name] = FilingSettings(
            _address(table, "base_url", default.base_url, values.get(f"{name}.base_url")).rstrip("/"),
            table.number("timeout", default.timeout, least=LEAST_TIMEOUT),
            table.flag("enabled", default.enabled),
        )
    return settings


def _wrong_agent(text: str) -> str:
    """What is wrong with a User-Agent; empty when nothing is."""
    if text.isascii() and text.isprintable():
        return ""
    return "must be a name and an e-mail address in plain ASCII letters, like 'Jane Doe jane@example.org'"


def _interval(table: Table, key: str, default: float, url: str, spec: SourceSpec) -> float:
    if key not in table.values:
        return default
    from aiwatch.formatting.addresses import points_here  # a start without intervals of one's own need not know

    return table.number(key, default, least=LOOPBACK_INTERVAL if points_here(url) else spec.polite)


def _stream(document: Document, default: StreamSettings, overrides: Mapping[str, _Value]) -> StreamSettings:
    name = f"sources.{streamed().name}"
    table = document.table(name)
    table.allow(keys_of(streamed()))
    url = _address(table, "url", default.url, overrides.get(f"{name}.url"), ("ws", "wss"))
    return StreamSettings(url, table.flag("enabled", default.enabled))


def _address(
    table: Table, key: str, default: str, override: _Value | None = None, schemes: tuple[str, ...] = ("http", "https")
) -> str:
    """The address under ``key``, or the ``override`` outside the file; a problem, and ``default``, when the file's is
    none. Raises `SettingError` when the other is none."""
    url = table.text(key, default)
    if wrong := _wrong_url(url, schemes):
        table.add_problem(key, f"{key!r} {wrong}")
        url = default
    if override is None:
        return url
    if wrong := _wrong_url(override.value, schemes):
        raise override.refuse(wrong)
    return override.value


def _wrong_url(url: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    """What is wrong with the address of a host; empty when nothing is. A stream's may have a query."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isprintable() or " " in url:
        return f"must be an address like {schemes[-1]}://host, not {_shown(url)!r}"
    if (parts.query and "wss" not in schemes) or parts.fragment or parts.username is not None:
        return f"must have no ?, no # and no user name in it: {_shown(url)!r}"
    return ""


def _shown(url: str) -> str:
    from aiwatch.formatting.addresses import shown_address  # no start needs it in which nothing is wrong

    return shown_address(url)


def _word(root: Table, key: str, default: str, overrides: Mapping[str, _Value]) -> str:
    value = root.text(key, default)
    if not value.strip():
        root.add_problem(key, f"{key!r} is empty")
    return overrides[key].value if key in overrides else value


def _choice(root: Table, key: str, choices: tuple[str, ...], default: str, overrides: Mapping[str, _Value]) -> str:
    value = root.choice(key, choices, default)
    if key not in overrides:
        return value
    if overrides[key].value not in choices:
        value = overrides[key].value
        near = did_you_mean(value, choices)
        raise overrides[key].refuse(f"must be one of {', '.join(choices)}, not {value!r}{near}")
    return overrides[key].value


def _folder(root: Table, beside: Path, override: _Value | None) -> Path | None:
    written = root.text("watchlists") if "watchlists" in root.values else ""
    try:
        folder = beside / Path(written).expanduser() if written else None
    except RuntimeError as error:
        root.add_problem("watchlists", f"'watchlists': {error}")
        folder = None
    if override is None:
        return folder
    try:
        return Path(override.value).expanduser().absolute()
    except RuntimeError as error:
        raise override.refuse(str(error)) from None


def _key_settings(document: Document, rules: KeyRules | None) -> KeySettings:
    """The ``[keys]`` of ``document``; what is wrong is noted there. Without ``rules`` no id and no key is looked at,
    which is for commands that show no screen."""
    table = document.table("keys")
    preset = table.choice(_PRESET, PRESETS, PRESETS[0])
    own = [_own_keys(document, *entry, rules) for entry in _key_entries(document, table, "")]
    return KeySettings(preset, tuple(sorted((entry for entry in own if entry), key=lambda entry: entry.line)))


def _key_entries(document: Document, table: Table, area: str) -> Iterator[tuple[Table, str, str]]:
    """Each entry as its table, its key there and its id: ``"board.sort" = …`` and ``board.sort = …`` are the same."""
    for key, value in table.values.items():
        if isinstance(value, Mapping) and not area:
            yield from _key_entries(document, document.table(f"keys.{key}"), f"{key}.")
        elif key != _PRESET or area:
            yield table, key, area + key


def _own_keys(document: Document, table: Table, key: str, name: str, rules: KeyRules | None) -> OwnKeys | None:
    if rules is not None and name not in rules.ids:
        table.add_problem(key, _unknown_action(name, rules.ids))
        return None
    keys = list(_keys_written(table, key, table.values[key]))
    if rules is not None:
        for wrong in filter(None, map(rules.wrong_key, keys)):
            table.add_problem(key, f"{name!r}: {wrong}")
        keys = list(map(rules.normal, keys))
    return OwnKeys(name, tuple(dict.fromkeys(keys)), document.path, table.line_of(key))


def _unknown_action(name: str, ids: tuple[str, ...]) -> str:
    import difflib  # only a mistake needs it

    near = difflib.get_close_matches(name, [*ids, _PRESET], n=1, cutoff=0.5)
    tail = f"did you mean {near[0]!r}?" if near else "the README lists the actions"
    return f"unknown action {name!r}, {tail}"


def _keys_written(table: Table, key: str, value: Any) -> Iterator[str]:
    """The keys of a text ``"s,f5"`` or a list ``["s", "f5"]``; an empty one takes the action's keys away."""
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        table.add_problem(key, f"{key!r} must be keys in quotes, such as 's' or 's,f5', not {value!r}")
        return
    for text in texts:
        yield from (part.strip() or part for part in _key_parts(text))


def _key_parts(text: str) -> list[str]:
    return [text] if text in (",", " ") else [part for part in text.split(",") if part.strip()]
