"""The SEC's submissions: what one company has filed, the newest hundred.

Documented and without a key: https://www.sec.gov/search-filings/edgar-application-programming-interfaces. The columns
of ``filings.recent`` are arrays of one length. The moment of acceptance is left out: it ends with a Z, and whether it
is that of Greenwich is not documented. An 8-K is called what its items are called in the form's instructions.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType

import httpx
import msgspec
from msgspec import Struct

from aiwatch.config.settings import ReportSettings, SourceSettings
from aiwatch.errors import Refused
from aiwatch.market.filings.filing import Filing, FilingPage
from aiwatch.market.symbol import Symbol
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.filings.reading import (
    LIST_LIMIT,
    LONGEST_NAME,
    check_day,
    link_to,
    page_of,
    required,
    text_of,
)
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import InvalidLine
from aiwatch.sources.sec import ASK_BY_NAME, FORBIDDEN
from aiwatch.sources.sec_companies import CompanyNumbers

PATH = "/submissions/CIK{cik:010d}.json"
DOCUMENTS = "https://www.sec.gov/Archives/edgar/data/"
_ROWS = 100
_ACCESSION = re.compile(r"[0-9]{10}-[0-9]{2}-[0-9]{6}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORM_8K = re.compile(r"8-K(/A)?")

ITEMS: Mapping[str, str] = MappingProxyType(
    {
        "1.01": "Entry into a Material Definitive Agreement",
        "1.02": "Termination of a Material Definitive Agreement",
        "1.03": "Bankruptcy or Receivership",
        "1.05": "Material Cybersecurity Incidents",
        "2.01": "Completion of Acquisition or Disposition of Assets",
        "2.02": "Results of Operations and Financial Condition",
        "2.03": "Creation of a Direct Financial Obligation",
        "2.04": "Triggering Events That Accelerate or Increase a Direct Financial Obligation",
        "2.05": "Costs Associated with Exit or Disposal Activities",
        "2.06": "Material Impairments",
        "3.01": "Notice of Delisting",
        "3.02": "Unregistered Sales of Equity Securities",
        "3.03": "Material Modification to Rights of Security Holders",
        "4.01": "Changes in Registrant's Certifying Accountant",
        "4.02": "Non-Reliance on Previously Issued Financial Statements",
        "5.01": "Changes in Control of Registrant",
        "5.02": "Departure or Election of Directors or Officers",
        "5.03": "Amendments to Articles of Incorporation or Bylaws",
        "5.07": "Submission of Matters to a Vote of Security Holders",
        "7.01": "Regulation FD Disclosure",
        "8.01": "Other Events",
    }
)
"""What the items of an 8-K are called, the longest shortened; 9.01 is the list of exhibits, and says nothing."""


class _Recent(Struct, rename="camel"):
    accession_number: list[str]
    filing_date: list[str]
    form: list[str]
    primary_document: list[str]
    primary_doc_description: list[str]
    items: list[str] = []


class _Filings(Struct):
    recent: _Recent


class _Submissions(Struct):
    cik: int | str
    name: str
    filings: _Filings


@raises_garbled
def parse_submissions(body: bytes, symbol: Symbol, cik: int, now: datetime, host: str) -> FilingPage:
    """What the company ``cik`` of ``symbol`` has filed, as ``body`` lists it at ``now``. Raises `Garbled`."""
    answer = msgspec.json.decode(body, type=_Submissions)
    if int(answer.cik) != cik:
        raise ValueError(f"the filings of another company: {text_of(str(answer.cik), 20)}")
    recent = answer.filings.recent
    count = len(recent.accession_number)
    columns = (recent.filing_date, recent.form, recent.primary_document, recent.primary_doc_description)
    if any(len(column) != count for column in columns) or len(recent.items) not in (0, count):
        raise ValueError("columns of different lengths")
    publisher = text_of(answer.name, LONGEST_NAME)
    places = range(min(count, _ROWS))
    return page_of(places, lambda at: _filing(recent, at, symbol, cik, publisher, now), host)


def _filing(recent: _Recent, at: int, symbol: Symbol, cik: int, publisher: str, now: datetime) -> Filing:
    accession, day, form = recent.accession_number[at], recent.filing_date[at], recent.form[at]
    if not _ACCESSION.fullmatch(accession):
        raise InvalidLine(f"an accession number that is none: {text_of(accession, 30)}")
    if not _DAY.fullmatch(day):
        raise InvalidLine(f"a day that is none: {text_of(day, 20)}")
    document = recent.primary_document[at]
    return Filing(
        symbol.text,
        _title(form, recent.items[at] if recent.items else "") or text_of(recent.primary_doc_description[at]) or form,
        publisher,
        check_day(date.fromisoformat(day), now),
        None,
        required(form, "form", LONGEST_NAME),
        document and link_to(f"{DOCUMENTS}{cik}/{accession.replace('-', '')}/", document),
    )


def _title(form: str, items: str) -> str:
    """What an 8-K with ``items`` is called; empty for another form, and for items without a name."""
    if not _FORM_8K.fullmatch(form):
        return ""
    return "; ".join(ITEMS[item] for item in items[:200].split(",") if item in ITEMS)


class SecFilings(HttpSource):
    """Asks the SEC at the addresses of ``settings``, by the name that stands there; see `HttpSource`.

    ``ciks`` are the numbers of companies that are known already, by symbol; for others its list is asked, once.
    """

    name = "sec"
    body_limit = LIST_LIMIT

    def __init__(
        self,
        settings: ReportSettings,
        clock: Callable[[], datetime],
        ciks: Mapping[str, int] = MappingProxyType({}),
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(SourceSettings(settings.base_url, 0, 0, settings.timeout), clock, transport=transport)
        if settings.user_agent:
            self.user_agent = settings.user_agent
        self._numbers = CompanyNumbers(self, settings.tickers_url)
        self._ciks = ciks

    async def filings(self, symbol: Symbol) -> FilingPage:
        """What the company of ``symbol`` has filed of late. Raises a `SourceError`: `Refused` with a hint where the
        SEC wants to know who asks."""
        try:
            cik = self._ciks.get(symbol.text) or await self._numbers.number(symbol)
            body = await self.get(PATH.format(cik=cik))
        except Refused as error:
            hint = ASK_BY_NAME if error.status == FORBIDDEN else error.hint
            raise Refused(self.host, str(error), status=error.status, hint=hint) from None
        return await asyncio.to_thread(parse_submissions, body, symbol, cik, self.clock(), self.host)
