"""Opens price history for a run: the file, the sources of bars, and the worker, all closed together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from aiwatch.config.settings import Settings
from aiwatch.feed.backoff import NoSilence, SharedSilence
from aiwatch.history.asking.rests import HostRests
from aiwatch.history.board_history import BoardHistory
from aiwatch.history.choice import TELLS_EVENTS, YFINANCE, SourceChoice
from aiwatch.history.keeper import HistoryKeeper
from aiwatch.history.opened import HistoryParts
from aiwatch.history.service import HistoryService
from aiwatch.history.worker.client import DEADLINE_SECONDS, Worker
from aiwatch.history.worker.yahoo_days import YahooDays
from aiwatch.history.worker_questions import WorkerQuestions
from aiwatch.market.calendar.final_days import DayOf
from aiwatch.market.state import Clock
from aiwatch.runtime.hosts import open_bar_sources
from aiwatch.system.child_process import module_command

_YAHOO = "yahoo"


@asynccontextmanager
async def open_history(
    settings: Settings,
    path: Path,
    clock: Clock,
    day_of: DayOf,
    silence: SharedSilence | None = None,
    *,
    deadline: float = DEADLINE_SECONDS,
) -> AsyncIterator[HistoryParts]:
    """Price history in the file at ``path``, asked at the addresses of ``settings``; no child and no request before the
    first question, and none is left after. yfinance keeps its caches in a folder beside the file.

    A demo gives a path of its own, so that no simulated price is ever kept among real ones. ``silence`` is the feed
    of a screen, whose hosts rest with those of history. ``deadline`` is how many seconds the worker has for an answer.
    """
    yahoo = settings.sources[_YAHOO]

    def command() -> tuple[str, ...]:
        return (*module_command("aiwatch.history.worker.child"), yahoo.base_url, str(path.with_name("yfinance")))

    async with AsyncExitStack() as stack:
        keeper = await stack.enter_async_context(HistoryKeeper(path, clock))
        sources = await open_bar_sources(stack, settings, clock)
        worker = await stack.enter_async_context(Worker(command, deadline=deadline))
        days = YahooDays(worker) if yahoo.enabled else None
        if days is not None:
            sources[YFINANCE] = days
        rests = HostRests(clock, silence or NoSilence())
        choice = SourceChoice(sources)
        service = await stack.enter_async_context(
            HistoryService(keeper, choice, rests, clock, day_of, event_source=days)
        )
        board = BoardHistory(keeper, service, clock, day_of, TELLS_EVENTS)
        yield HistoryParts(service, board, WorkerQuestions(worker, rests, path), worker, path)
