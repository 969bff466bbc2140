"""The SEC's list of companies: under which number a ticker files. Documented, without a key, some megabyte."""

from __future__ import annotations

import asyncio

import msgspec
from msgspec import Struct

from aiwatch.errors import Refused
from aiwatch.market.symbol import Symbol
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.http import HttpSource

LIST_PATH = "/files/company_tickers.json"


class _Company(Struct):
    cik_str: int
    ticker: str


@raises_garbled
def parse_companies(body: bytes, host: str) -> dict[str, int]:
    """The numbers of the companies by their tickers. Raises `Garbled`."""
    companies = msgspec.json.decode(body, type=dict[str, _Company])
    return {company.ticker: company.cik_str for company in companies.values() if company.cik_str > 0}


class CompanyNumbers:
    """Looks numbers up in the list at ``tickers_url``, which ``client`` asks for once."""

    def __init__(self, client: HttpSource, tickers_url: str) -> None:
        self._client = client
        self._url = tickers_url + LIST_PATH
        self._listed: dict[str, int] | None = None

    async def number(self, symbol: Symbol) -> int:
        """The number under which the company of ``symbol`` files. Raises a `SourceError`: `Refused` where nobody files
        under it."""
        if self._listed is None:
            body = await self._client.get(self._url)
            self._listed = await asyncio.to_thread(parse_companies, body, self._client.host)
        cik = self._listed.get(symbol.text)
        if cik is None:
            host = self._client.host
            raise Refused(host, f"no company files under {symbol}", hint="Funds and some foreign shares do not.")
        return cik
