"""All that asks hosts while one screen runs: for quotes, by the stream, for stocks by name, for history and filings.

Nothing of it is imported before the first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiwatch.market.state import utc_now
from aiwatch.runtime.filings import FILE_NAME, run_filings
from aiwatch.runtime.hosts import StreamOpener, demo_hosts, live_hosts
from aiwatch.runtime.load import LoadedFiles
from aiwatch.runtime.search import RunHistory, StockSearch
from aiwatch.watchlist import symbols_of

if TYPE_CHECKING:
    from aiwatch.feed.feed import Feed, OpenSources
    from aiwatch.ledger.records import Ledger
    from aiwatch.market.symbol import Symbol
    from aiwatch.simulator import ExchangeOptions, ExchangeUrls


class RunHosts:
    """The hosts of a run on the files ``loaded`` and their ``ledger``: the real ones, or with ``demo`` an embedded
    exchange.

    ``scratch`` is the folder of a demo; ``report_end`` is handed a sentence when its exchange ends by itself. A host
    that asks the ``feed`` for silence rests for all parts of the run, and the feed rests where one of them is asked.
    """

    def __init__(
        self,
        loaded: LoadedFiles,
        ledger: Ledger,
        demo: ExchangeOptions | None,
        scratch: Path | None,
        report_end: Callable[[str], None],
        feed: Feed | None,
    ) -> None:
        waits = demo is not None
        # A demo's price history has a file of its own, so that no simulated price stands among real ones.
        history_file = loaded.places.history if scratch is None else scratch / "history.sqlite"
        self.stream = StreamOpener(loaded.settings, utc_now)
        self.search = StockSearch(loaded.settings, utc_now, feed, waits=waits)
        self.history = RunHistory(loaded.settings, history_file, utc_now, waits=waits)
        self.history.feed = feed
        filings_file = history_file.with_name(FILE_NAME)
        self.filings = run_filings(loaded.settings, filings_file, utc_now, ledger, feed, waits=waits)
        self.open_sources: OpenSources = live_hosts(loaded.settings, utc_now)
        if demo is not None:
            listed = tuple(symbol.text for symbol in (*symbols_of(loaded.watchlists.lists), *_rates(loaded)))
            also = tuple(dict.fromkeys((*listed, *loaded.settings.market)))

            def ended(why: str) -> None:
                report_end(
                    f"{why[:1].upper()}{why[1:]}. No prices come any more: leave, and start `aiwatch demo` again."
                )

            options = replace(demo, also=also, anything=True)
            self.open_sources = demo_hosts(loaded.settings, utc_now, options, self._point_at, ended)

    def _point_at(self, urls: ExchangeUrls) -> None:
        """Ask an exchange that has started from now on."""
        for part in (self.stream, self.search, self.history, self.filings):
            part.use_exchange(urls)


def _rates(loaded: LoadedFiles) -> tuple[Symbol, ...]:
    """The rates by which positions are converted."""
    if not loaded.settings.currency:
        return ()
    from aiwatch.watchlist.positions import rate_symbols

    return rate_symbols((stock for each in loaded.watchlists.lists for stock in each.stocks), loaded.settings.currency)
