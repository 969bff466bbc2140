"""The form for a record of the reader's own: what is wrong is said at its field, what is right stands in the ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from aiwatch.config.paths import bundled
from aiwatch.ledger.imports.own_files import ADDED
from aiwatch.ledger.loader import LedgerFolders
from aiwatch.ledger.records import Ledger
from aiwatch.screens.dialogs.add_record import AddRecordDialog
from aiwatch.session.layout import Panel
from tests.ledger.bundled import bundled_ledger
from tests.ledger.imports.test_own_files import TYPED
from tests.screens.dashboard.test_pictures import then
from tests.screens.stage import Stage, make_app, on_stage

SEEDS = bundled("seeds")
Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def whole_ledger() -> Ledger:
    """Read before a loop runs."""
    return bundled_ledger()


@asynccontextmanager
async def form(own: Path) -> AsyncIterator[tuple[Stage, AddRecordDialog]]:
    """The form over the ledger, whose own files are in ``own``."""
    files = LedgerFolders(SEEDS, own)
    async with on_stage(whole_ledger=True, ledger_files=files, ledger_folders=(SEEDS, own)) as stage:
        stage.dashboard.panels.go_to(Panel.COMMITMENTS)
        await stage.pilot.press("a")
        await stage.until(lambda: isinstance(stage.app.screen, AddRecordDialog) and stage.app.screen.is_painted)
        assert isinstance(stage.app.screen, AddRecordDialog)
        yield stage, stage.app.screen


def fill(dialog: AddRecordDialog, **changed: str) -> None:
    """Type all answers at once."""
    for key, text in (TYPED | changed).items():
        dialog.query_one(f"#{key}", Input).value = text


async def test_a_record_is_written_shown_and_taken_back(tmp_path: Path) -> None:
    async with form(tmp_path) as (stage, dialog):
        fill(dialog)
        await stage.pilot.press("ctrl+s")
        panel = stage.dashboard.panels.ledger
        await stage.until(lambda: panel.key == "acme-beta-2026")
        assert "acme-beta-2026" in stage.dashboard.session.ledger.ledger.commitments
        await stage.pilot.press("z")
        await stage.until(lambda: "acme-beta-2026" not in stage.dashboard.session.ledger.ledger.commitments)
        assert not (tmp_path / ADDED).exists()
        await stage.pilot.press("z")


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("day", "soon", "Its date: 'soon' is no date"),
        ("kind", "", "Kind of commitment: must be said"),
        ("currency", "dollars", "'currency' is 'dollars'"),
    ],
)
async def test_what_is_wrong_is_said_and_everything_typed_stays(
    tmp_path: Path, key: str, text: str, words: str
) -> None:
    async with form(tmp_path) as (stage, dialog):
        fill(dialog, **{key: text})
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: words in str(dialog.note.content))
        assert dialog.query_one("#payer", Input).value == "Acme"
        assert not (tmp_path / ADDED).exists()
        await stage.pilot.press("escape")
        assert stage.app.screen is stage.dashboard


async def test_where_no_file_can_be_written_there_is_no_form() -> None:
    async with on_stage(whole_ledger=True) as stage:
        stage.dashboard.panels.go_to(Panel.COMMITMENTS)
        await stage.pilot.press("a")
        assert stage.app.screen is stage.dashboard


@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_picture(snap_compare: Compare, size: tuple[int, int], tmp_path: Path) -> None:
    app = make_app(whole_ledger=True, ledger_files=LedgerFolders(SEEDS, tmp_path), ledger_folders=(SEEDS, tmp_path))

    async def look(stage: Stage) -> None:
        stage.dashboard.panels.go_to(Panel.COMMITMENTS)
        await stage.pilot.press("a")
        await stage.until(lambda: isinstance(stage.app.screen, AddRecordDialog) and stage.app.screen.is_painted)
        assert isinstance(stage.app.screen, AddRecordDialog)
        fill(stage.app.screen, kind="gift")
        for field in stage.app.screen.query(Input):
            field.cursor_blink = False
        await stage.settle()
        stage.app.screen.action_save()

    assert snap_compare(app, terminal_size=size, run_before=then(look))
