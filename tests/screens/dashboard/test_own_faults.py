"""A fault of aiwatch itself costs what it is in, and is said and logged: the screen and its prices go on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.worker import WorkerState

from aiwatch.runtime import crash_log
from aiwatch.runtime.terminal import run_in_terminal
from tests.screens.dashboard.test_stream_faults import streaming
from tests.screens.stage import on_stage


async def test_a_batch_that_cannot_be_shown_costs_no_other(monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    async with streaming() as app:
        dashboard, taken = app.stage.dashboard, 0
        take = dashboard.take

        def fails_twice(batch: object) -> None:
            nonlocal taken
            taken += 1
            if taken <= 2:
                raise ZeroDivisionError("no such price")
            take(batch)  # type: ignore[arg-type]

        monkeypatch.setattr(dashboard, "take", fails_twice)
        await app.stage.until(lambda: taken > 4)
        assert [str(fault) for fault in app.stage.app.faults] == ["no such price"], "a kind is said once"
        assert len([words for words in said if "ZeroDivisionError: no such price" in words]) == 1


async def test_a_worker_that_ends_by_a_fault_says_so(said: list[str]) -> None:
    async with on_stage() as stage:

        async def fails() -> None:
            raise KeyError("panel")

        worker = stage.dashboard.run_worker(fails(), group="test", exit_on_error=False)
        await stage.until(lambda: worker.state is WorkerState.ERROR and bool(stage.app.faults))
        assert ["KeyError: 'panel'" in words for words in said] == [True]


async def test_what_failed_is_in_the_log_once_the_screen_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "aiwatch.log"
    monkeypatch.setattr(crash_log, "log_path", lambda: path)
    async with on_stage() as stage:
        stage.app.report_fault(LookupError("no such row"))

        async def leaves() -> None:
            """Stand in for a run of the app that is over."""

        monkeypatch.setattr(stage.app, "run_async", leaves)
        assert await run_in_terminal(stage.app) == 0
    assert "LookupError: no such row" in await asyncio.to_thread(path.read_text, "utf-8")
