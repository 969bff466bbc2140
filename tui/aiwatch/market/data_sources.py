"""The one table of the data sources: a row says everything of a source that the rest of aiwatch has to know.

Settings, router, feed, titles, the demo, ``aiwatch doctor`` and ``aiwatch replay`` all read `SOURCES`. A row names its
code as text (``"module:name"``) and imports none of it; `aiwatch.sources.registry` does that when it is needed. It
stands here, below the settings and the widgets, because both read it and neither may know the room of the sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

ANY = ""
"""The key in `SourceSpec.ranks` of every exchange that has no key of its own there."""


class Address(Struct, frozen=True):
    """A further address of a source, and the setting ``key`` that changes it.

    ``words`` say in the README what is there. With ``follows_base``, a source whose ``base_url`` is not its own asks
    that one for this too: nobody who named another host is to be surprised by a request to the usual one. ``variable``
    is the environment variable that sets it, ``demo_path`` where the embedded exchange has it.
    """

    key: str
    url: str
    words: str
    follows_base: bool = False
    variable: str = ""
    demo_path: str = ""


class SourceSpec(Struct, frozen=True, kw_only=True):
    """A data source.

    ``name`` is its key in settings, recordings and quotes; ``title`` what its host is called on the sources' screen,
    ``credit`` what stands beside a quote of it (the title where it is empty), ``subject`` what it is asked for.
    ``load`` names its class (a `sources.Source`, or a stream), ``parse`` the function that reads a recorded answer,
    ``contract`` the one that compares the shape of an answer with what that relies on (``search_contract`` and
    ``bars_contract`` the same of the answers to ``search`` and ``bars``),
    ``page`` the function that gives the address of a symbol's page, or ``None`` where there is none; ``search`` and
    ``bars`` the classes that look for names and ask for price history, where it has them.

    Seconds: ``interval`` between two requests while its markets trade, ``closed`` while they do not, ``polite`` the
    fewest that may be set, ``demo_interval`` on the embedded exchange. ``paces`` are the words for the first two.

    ``ranks`` say in which place it is asked, by the code of an exchange or `ANY`: the lowest first, who is without
    delay before who may be asked oftener. It is never asked for an exchange without a rank.

    ``variable`` is the environment variable of its address; ``enabled_words`` explain the setting ``enabled``, which
    it has only then, and ``enabled`` is what that is by default. ``shares_host`` names the source whose host it asks,
    so that one's silence is the other's. A source that ``streams`` sends by itself and tells only a part of the day.
    """

    name: str
    title: str
    subject: str
    load: str
    parse: str
    base_url: str
    contract: str = ""
    search_contract: str = ""
    bars_contract: str = ""
    variable: str = ""
    credit: str = ""
    page: str = ""
    search: str = ""
    bars: str = ""
    interval: float = 0.0
    closed: float = 0.0
    polite: float = 0.0
    demo_interval: float = 0.0
    paces: tuple[str, str] = ("while its markets trade", "the same while they do not trade")
    ranks: Mapping[str, int] = {}
    addresses: tuple[Address, ...] = ()
    enabled: bool = True
    enabled_words: str = ""
    shares_host: str = ""
    streams: bool = False
    has_extended: bool = False

    @property
    def host(self) -> str:
        """The name of the source under which the embedded exchange serves it."""
        return self.shares_host or self.name

    def rank(self, exchange_code: str) -> int | None:
        """Its place among the sources of an exchange; ``None`` when it is not asked there."""
        return self.ranks.get(exchange_code, self.ranks.get(ANY))


def _china(rank: int) -> dict[str, int]:
    return dict.fromkeys(("SSE", "SZSE", "BSE"), rank)


_TENCENT = SourceSpec(
    name="tencent",
    title="Tencent",
    subject="Tencent's quotes",
    load="aiwatch.sources.tencent.source:Tencent",
    parse="aiwatch.sources.tencent.source:parse",
    contract="aiwatch.sources.tencent.contract:departures",
    page="aiwatch.sources.tencent.codes:page_of",
    search="aiwatch.sources.tencent.search:TencentSearch",
    search_contract="aiwatch.sources.tencent.contract:search_departures",
    bars="aiwatch.sources.tencent.history:TencentBars",
    bars_contract="aiwatch.sources.tencent.contract:bars_departures",
    base_url="https://qt.gtimg.cn",
    variable="AIWATCH_TENCENT_URL",
    interval=3,
    closed=60,
    polite=1,
    demo_interval=1,
    ranks={**_china(1), "HKEX": 2, "US": 3},
    addresses=(
        Address(
            "search_url",
            "https://smartbox.gtimg.cn",
            "where Tencent is searched for names; where `base_url` is not Tencent's own, that is searched",
            follows_base=True,
        ),
        Address(
            "history_url",
            "https://web.ifzq.gtimg.cn",
            "where Tencent's price history is asked for; where `base_url` is not Tencent's own, that is asked",
            follows_base=True,
            variable="AIWATCH_TENCENT_HISTORY_URL",
        ),
    ),
)
_SINA = SourceSpec(
    name="sina",
    title="Sina",
    subject="Sina's quotes",
    load="aiwatch.sources.sina.source:Sina",
    parse="aiwatch.sources.sina.source:parse",
    contract="aiwatch.sources.sina.contract:departures",
    page="aiwatch.sources.sina.codes:page_of",
    bars="aiwatch.sources.sina.bars:SinaBars",
    bars_contract="aiwatch.sources.sina.contract:bars_departures",
    base_url="https://hq.sinajs.cn",
    variable="AIWATCH_SINA_URL",
    interval=6,
    closed=300,
    polite=5,
    demo_interval=1,
    ranks={**_china(2), "HKEX": 1, "US": 4, "FX": 3},
    addresses=(
        Address(
            "history_url",
            "https://money.finance.sina.com.cn",
            "where Sina's price history is asked for; where `base_url` is not Sina's own, that is asked",
            follows_base=True,
            variable="AIWATCH_SINA_HISTORY_URL",
        ),
    ),
)
_YAHOO = SourceSpec(
    name="yahoo",
    title="Yahoo",
    subject="Yahoo's quotes and price history",
    load="aiwatch.sources.yahoo.spark:Yahoo",
    parse="aiwatch.sources.yahoo.spark:parse",
    contract="aiwatch.sources.yahoo.contract:departures",
    page="aiwatch.sources.yahoo.page:page_of",
    search="aiwatch.sources.yahoo.search:YahooSearch",
    search_contract="aiwatch.sources.yahoo.contract_further:search_departures",
    bars="aiwatch.sources.yahoo.bars:YahooBars",
    bars_contract="aiwatch.sources.yahoo.contract_further:bars_departures",
    base_url="https://query1.finance.yahoo.com",
    variable="AIWATCH_YAHOO_URL",
    interval=20,
    closed=300,
    polite=10,
    demo_interval=2,
    ranks={ANY: 1, **_china(3), "HKEX": 3},
)
_YAHOO_QUOTE = SourceSpec(
    name="yahoo_quote",
    title="Yahoo quote",
    credit="Yahoo",
    subject="Yahoo's richer quotes",
    load="aiwatch.sources.yahoo.quote:YahooQuote",
    parse="aiwatch.sources.yahoo.quote:parse",
    contract="aiwatch.sources.yahoo.contract:rich_departures",
    page="aiwatch.sources.yahoo.page:page_of",
    base_url="https://query1.finance.yahoo.com",
    shares_host="yahoo",
    interval=60,
    closed=900,
    polite=30,
    demo_interval=2,
    ranks={ANY: 2, **_china(4), "HKEX": 4},
    addresses=(
        Address("cookie_url", "https://fc.yahoo.com", "where their cookie comes from", demo_path="/cookie"),
        Address(
            "consent_url",
            "https://finance.yahoo.com/quote/AAPL",
            "the page that asks for consent, where no cookie comes without",
            demo_path="/cookie",
        ),
    ),
    enabled=False,
    enabled_words="whether Yahoo's richer quotes are asked for too; they need a cookie, and where Yahoo asks for "
    "consent to cookies, switching this on gives it",
    has_extended=True,
)
_ECB = SourceSpec(
    name="ecb",
    title="ECB",
    subject="the ECB's reference rates",
    load="aiwatch.sources.ecb:Ecb",
    parse="aiwatch.sources.ecb:parse",
    contract="aiwatch.sources.ecb:departures",
    page="aiwatch.sources.ecb:page_of",
    base_url="https://api.frankfurter.dev",
    variable="AIWATCH_ECB_URL",
    interval=21_600,
    closed=21_600,
    polite=3600,
    demo_interval=10,
    paces=("for the rates of the day", "the same at the weekend"),
    ranks={"FX": 4},
)
_STREAM = SourceSpec(
    name="stream",
    title="Stream",
    credit="Yahoo's stream",
    subject="Yahoo's stream of US shares and currencies",
    load="aiwatch.sources.yahoo_stream.client:YahooStream",
    parse="aiwatch.sources.yahoo_stream.frames:parse",
    contract="aiwatch.sources.yahoo_stream.contract:departures",
    page="aiwatch.sources.yahoo.page:page_of",
    base_url="wss://streamer.finance.yahoo.com/?version=2",
    variable="AIWATCH_STREAM_URL",
    enabled_words="whether the stream is listened to, beside what is asked for",
    streams=True,
    has_extended=True,
)

SOURCES: tuple[SourceSpec, ...] = (_TENCENT, _SINA, _YAHOO, _YAHOO_QUOTE, _ECB, _STREAM)
"""Every data source, in the order in which the sources' screen lists them."""


def polled() -> Iterator[SourceSpec]:
    """The sources that are asked, in their order."""
    return (spec for spec in SOURCES if not spec.streams)


def streamed() -> SourceSpec:
    """The source that sends by itself."""
    return next(spec for spec in SOURCES if spec.streams)


def source_named(name: str) -> SourceSpec | None:
    """The source called ``name``."""
    return next((spec for spec in SOURCES if spec.name == name), None)


def title_of(name: str) -> str:
    """What the host of the source called ``name`` is called; the name itself where no such source is known."""
    spec = source_named(name)
    return spec.title if spec else name


def credit_of(name: str) -> str:
    """What stands beside a quote of the source called ``name``, which may be one of an old recording."""
    spec = source_named(name)
    return (spec.credit or spec.title) if spec else name


def order_for(exchange_code: str) -> tuple[str, ...]:
    """The names of the sources asked for what trades at an exchange, first choice first."""
    ranked = ((rank, spec.name) for spec in SOURCES if (rank := spec.rank(exchange_code)) is not None)
    return tuple(name for _, name in sorted(ranked, key=lambda entry: entry[0]))


def beside(name: str) -> frozenset[str]:
    """The other sources that ask the same host as the one called ``name``."""
    spec = source_named(name)
    if spec is None:
        return frozenset()
    return frozenset(near.name for near in SOURCES if near.host == spec.host and near is not spec)


def partial_sources() -> frozenset[str]:
    """The names of the sources whose quotes tell only a part of the day."""
    return frozenset(spec.name for spec in SOURCES if spec.streams)


def usual_names() -> tuple[tuple[str, str], ...]:
    """Name and title of the sources that are asked unless the settings say otherwise."""
    return tuple((spec.name, spec.title) for spec in polled() if spec.enabled)


class FilingHost(Struct, frozen=True):
    """A host of filings or headlines: it has no quotes, so it is no source. ``name`` is its own in the settings,
    ``title`` for people, ``exchanges`` are the codes of those whose companies it knows, none for every one,
    ``variable`` sets its ``base_url``. ``load`` names its client, and ``contracts`` what compares the shapes of its
    answers, in the order in which they come to a first question.

    One that ``is_news`` has headlines and is only asked where a person switched it on; ``pause`` are the seconds
    between two questions for symbols of one list. ``shares_host`` names the source of quotes at the same host, so that
    one's silence is the other's.
    """

    name: str
    title: str
    exchanges: tuple[str, ...]
    base_url: str
    variable: str
    load: str
    contracts: tuple[str, ...]
    is_news: bool = False
    pause: float = 0.0
    shares_host: str = ""


_CONTRACT = "aiwatch.sources.filings.contract:"
SEC = FilingHost(
    "sec",
    "SEC",
    ("US",),
    "https://data.sec.gov",
    "AIWATCH_SEC_URL",
    "aiwatch.sources.filings.sec:SecFilings",
    (f"{_CONTRACT}sec_companies", f"{_CONTRACT}sec_submissions"),
)
CNINFO = FilingHost(
    "cninfo",
    "cninfo",
    ("SSE", "SZSE", "BSE"),
    "https://www.cninfo.com.cn",
    "AIWATCH_CNINFO_URL",
    "aiwatch.sources.filings.cninfo:CninfoFilings",
    (f"{_CONTRACT}cninfo_companies", f"{_CONTRACT}cninfo_announcements"),
)
HKEX_NEWS = FilingHost(
    "hkex",
    "HKEXnews",
    ("HKEX",),
    "https://www1.hkexnews.hk",
    "AIWATCH_HKEX_URL",
    "aiwatch.sources.filings.hkex:HkexFilings",
    (f"{_CONTRACT}hkex_stocks", f"{_CONTRACT}hkex_titles"),
)
YAHOO_NEWS = FilingHost(
    "yahoo_news",
    "Yahoo news",
    (),
    "https://query2.finance.yahoo.com",
    "AIWATCH_YAHOO_NEWS_URL",
    "aiwatch.sources.filings.yahoo_news:YahooNews",
    (f"{_CONTRACT}yahoo_news",),
    is_news=True,
    pause=2.0,
    shares_host=_YAHOO.name,
)
SINA_NEWS = FilingHost(
    "sina_news",
    "Sina 7×24",
    ("SSE", "SZSE", "BSE", "HKEX", "US"),
    "https://zhibo.sina.com.cn",
    "AIWATCH_SINA_NEWS_URL",
    "aiwatch.sources.filings.sina_news:SinaNews",
    (f"{_CONTRACT}sina_news",),
    is_news=True,
)
FILING_HOSTS = (SEC, CNINFO, HKEX_NEWS)
"""Where companies file: every exchange has one at most."""
NEWS_HOSTS = (YAHOO_NEWS, SINA_NEWS)
"""Where headlines are had, by people who want them."""
