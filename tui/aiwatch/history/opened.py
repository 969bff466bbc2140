"""Price history while it is open: what the screen and the commands are given of it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from aiwatch.history.board_history import BoardHistory
from aiwatch.history.service import HistoryService
from aiwatch.history.worker.client import Worker
from aiwatch.history.worker_questions import WorkerQuestions


class HistoryParts(Struct, frozen=True):
    """``service`` gives the bars of a symbol, ``board`` the figures of many, ``questions`` what the worker knows beside
    them; ``path`` is the file."""

    service: HistoryService
    board: BoardHistory
    questions: WorkerQuestions
    worker: Worker
    path: Path
