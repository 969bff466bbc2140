"""The watchlists without a screen: what a change says of itself, edits, undo, files that come and go."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from aiwatch.config.settings import MARKET
from aiwatch.errors import EditError, Problem
from aiwatch.files.fingerprint import Stamp
from aiwatch.ledger.amounts import fx_symbols
from aiwatch.market.symbol import parse_symbol
from aiwatch.session import lists as lists_module
from aiwatch.session.lists import DeletedFile, ListChange, ListSession, problem_sentences, restored
from aiwatch.watchlist import AlertRules, watcher
from aiwatch.watchlist.editing.editor import ListEditor
from aiwatch.watchlist.folders import ListsRead
from tests.session.given import files, in_folder, stock, watchlist

A, B, C = "600406.SS", "NVDA", "0700.HK"
ONE = watchlist("one", stock(A, "first"), stock(B))
TWO = watchlist("two", stock(A, "second"), stock(C))
MINE = 'name = "Mine"\ndescription = "x"\n\n[[stock]]\nsymbol = "600406.SS"\n\n[[stock]]\nsymbol = "NVDA"\n'


async def editable(folder: Path) -> ListSession:
    """A session on ``own/mine.toml`` below ``folder``."""
    return ListSession(await asyncio.to_thread(in_folder(folder, {"own/mine.toml": MINE, "bundled/.keep": ""})))


def symbols(session: ListSession) -> list[str]:
    """What is in the first list."""
    return [stock.symbol.text for stock in session.lists[0].stocks] if session.lists else []


def test_a_stock_is_the_one_of_the_list_in_front_else_of_the_first_that_has_it() -> None:
    session = ListSession(files([ONE, TWO]))
    result = {key: session.stock_of(parse_symbol(A), key) for key in ("one", "two", "three", "")}
    assert {key: item.name for key, item in result.items() if item} == {
        "one": "first",
        "two": "second",
        "three": "first",
        "": "first",
    }
    assert session.stock_of(parse_symbol("AMD"), "one") is None
    assert session.stock_of(None, "one") is None
    assert session.with_stock(parse_symbol(A)) == ("one", "two")
    assert session.with_stock(parse_symbol("AMD")) == ()
    own = session.by_list(map(parse_symbol, (C, A, B, "AMD")))
    assert {key: [symbol.text for symbol in held] for key, held in own.items()} == {"two": [C], "one": [A, B]}


async def test_long_lists_that_are_read_anew_do_not_hold_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, threads = await editable(tmp_path), []

    def noted(function: str) -> None:
        original = getattr(lists_module, function)

        def note(*values: object) -> object:
            threads.append(threading.get_ident())
            return original(*values)

        monkeypatch.setattr(lists_module, function, note)

    for function in ("_first_of_each", "symbols_of", "restored"):
        noted(function)
    await session.run_edit(lambda editor: editor.remove("mine", [parse_symbol(B)]))
    assert symbols(session) == [A]
    assert parse_symbol(B) not in session.followed()
    await session.undo()
    assert parse_symbol(B) in session.followed()
    assert len(threads) >= 5
    assert threading.get_ident() not in threads


def test_what_is_followed_has_every_stock_benchmark_and_rate_once() -> None:
    session = ListSession(files([watchlist("one", stock(A), stock(B), benchmark=parse_symbol("000300.SS")), TWO]))
    followed = [symbol.text for symbol in session.followed()]
    assert followed == [A, B, C, "000300.SS", *(symbol.text for symbol in fx_symbols()), "^HSI", "^IXIC", "^N225"]
    held = ListSession(files([watchlist("one", stock(B, quantity=10.0))], currency="EUR"))
    assert "EURUSD=X" in [symbol.text for symbol in held.followed()]
    pounds = ListSession(files([watchlist("one", stock(B, quantity=10.0))], currency="GBP"))
    assert len(pounds.followed()) > len(ListSession(files([watchlist("one", stock(B))], currency="GBP")).followed())


def test_what_is_looked_at_has_the_list_in_front_and_what_alerts_and_positions_hang_on() -> None:
    held = watchlist("held", stock("AMD", quantity=10.0), stock("MU", alerts=AlertRules(above=100.0)), stock("INTC"))
    front = watchlist("one", stock(A), benchmark=parse_symbol("000300.SS"))
    session = ListSession(files([front, held, TWO], currency="EUR"))
    looked_at = session.looked_at("one")
    assert looked_at is not None
    assert {symbol.text for symbol in looked_at} == {A, "000300.SS", "AMD", "MU", "EURUSD=X"}
    assert {symbol.text for symbol in session.margin} == {*MARKET} - {"000300.SS"}, "the benchmark of a list is its own"
    assert session.looked_at("*") is None, "all lists are shown: everything is asked often"


@pytest.mark.parametrize(
    ("after", "change"),
    [
        ((ONE, TWO), ListChange()),
        ((TWO, ONE), ListChange(lists=True)),
        ((ONE,), ListChange(lists=True, followed=True)),
        ((watchlist("one", stock(A, "renamed"), stock(B)), TWO), ListChange(lists=True)),
        ((), ListChange(lists=True, followed=True)),
    ],
)
def test_a_change_says_what_is_new(after: tuple[object, ...], change: ListChange) -> None:
    session = ListSession(files([ONE, TWO]))
    assert session.apply(ListsRead(after)) == change  # type: ignore[arg-type]
    assert session.lists == after


def test_a_wrong_file_is_known_with_its_first_line_and_a_sentence() -> None:
    session = ListSession(files([ONE]))
    path = ONE.path
    problems = (Problem(path, 3, "no symbol"), Problem(path, 9, "no name"))
    session.apply(ListsRead((ONE,), problems, frozenset({path})))
    assert session.wrong_lines == {path: 3}
    assert session.problems == (
        "one.toml:3: no symbol",
        "one.toml:9: no name (one.toml still shows its last good version)",
    )
    session.apply(ListsRead((ONE,)))
    assert not session.wrong_lines
    assert not session.problems


def test_many_problems_are_counted() -> None:
    sentences = problem_sentences([Problem(Path("x.toml"), line, "wrong") for line in range(1, 11)], frozenset())
    assert len(sentences) == 9
    assert sentences[-1] == "and 2 more: `aiwatch check` lists them (x.toml is left out)"


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ([ONE], [ONE], None),
        ([watchlist("one", stock(A))], [ONE], ("one", B)),
        ([TWO, watchlist("one")], [TWO, ONE], ("one", A)),
        ([TWO], [TWO, ONE], None),
    ],
)
def test_the_first_stock_that_came_back(before: list[object], after: list[object], place: object) -> None:
    result = restored(before, after)  # type: ignore[arg-type]
    assert (result and (result[0], result[1].text)) == place


async def test_an_edit_is_made_in_the_file_and_says_what_it_changed(tmp_path: Path) -> None:
    session = await editable(tmp_path)
    result = await session.run_edit(lambda editor: editor.remove("mine", [parse_symbol(A)]))
    assert symbols(session) == [B]
    assert result.change == ListChange(lists=True, followed=True)
    assert result.step is not None
    assert result.step.words.startswith("removed ")
    undone = await session.undo()
    assert symbols(session) == [A, B]
    assert undone.words == result.step.words
    assert undone.restored == ("mine", parse_symbol(A))
    assert undone.change.followed
    with pytest.raises(EditError, match="nothing to undo"):
        await session.undo()


async def test_an_edit_that_changes_nothing_has_no_step(tmp_path: Path) -> None:
    session = await editable(tmp_path)
    result = await session.run_edit(lambda editor: editor.rename("mine", "Mine"))
    assert (result.step, result.change) == (None, ListChange())


async def test_edits_come_one_after_the_other(tmp_path: Path) -> None:
    session = await editable(tmp_path)
    results = await asyncio.gather(
        session.run_edit(lambda editor: editor.remove("mine", [parse_symbol(A)])),
        session.run_edit(lambda editor: editor.remove("mine", [parse_symbol(B)])),
    )
    assert [result.step is not None for result in results] == [True, True]
    assert symbols(session) == []
    assert [(await session.undo()).restored for _ in results] == [("mine", parse_symbol(B)), ("mine", parse_symbol(A))]


async def test_no_reading_comes_between_an_edit_and_what_is_known_of_it(tmp_path: Path) -> None:
    session = await editable(tmp_path)
    await session.reload()
    is_gone, is_read = threading.Event(), asyncio.Event()

    def delete(editor: ListEditor) -> None:
        editor.delete("mine")
        editor._deleted.clear()
        is_gone.set()
        assert not is_read.is_set()
        editor._deleted.add(tmp_path / "own" / "mine.toml")

    async def read() -> ListChange:
        await asyncio.to_thread(is_gone.wait, 20)
        change = await session.reload()
        is_read.set()
        return change

    result, change = await asyncio.gather(session.run_edit(delete), read())
    assert (result.change.deleted, change.deleted) == ((), ())


async def test_where_there_is_no_file_nothing_is_edited_or_read() -> None:
    session = ListSession(files([ONE]))
    assert not session.is_editable
    with pytest.raises(EditError, match="cannot be edited here"):
        await session.run_edit(lambda editor: editor.create("x"))
    assert await session.reload() == ListChange()
    assert [change async for change in session.changes()] == []


async def test_a_file_deleted_elsewhere_can_return_and_one_deleted_here_is_not_reported(tmp_path: Path) -> None:
    session = await editable(tmp_path)
    await session.reload()
    path = tmp_path / "own" / "mine.toml"
    await asyncio.to_thread(path.unlink)
    change = await session.reload()
    assert change == ListChange(True, True, (DeletedFile(path, True),))
    assert (await session.undo()).change.lists
    assert symbols(session) == [A, B]
    result = await session.run_edit(lambda editor: editor.delete("mine"))
    assert result.change.deleted == ()
    assert session.lists == ()


async def test_a_file_that_changes_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own" / "mine.toml"

    async def changes(stamp: Callable[[], Stamp]) -> AsyncIterator[None]:
        assert "mine.toml" in {name for name, _, _ in await asyncio.to_thread(stamp)}
        yield
        await asyncio.to_thread(path.write_text, MINE + '\n[[stock]]\nsymbol = "AMD"\n', encoding="utf-8")
        yield

    monkeypatch.setattr(watcher, "changes", changes)
    session = await editable(tmp_path)
    assert [change async for change in session.changes()] == [ListChange(), ListChange(lists=True, followed=True)]
    assert symbols(session) == [A, B, "AMD"]
