"""The editor of watchlists: files on disk, changes made elsewhere in between, and undo."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from aiwatch.board.columns import BY_KEY
from aiwatch.errors import EditError
from aiwatch.files import atomic
from aiwatch.files.atomic import LEFTOVER
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import Stock
from aiwatch.watchlist.editing import writer
from aiwatch.watchlist.editing.editor import ListEditor
from aiwatch.watchlist.editing.edits import AddStock, PlaceStock, RemoveStock, SetListKey, SetStockKey
from aiwatch.watchlist.reader import read_watchlist
from aiwatch.watchlist.schema import FILE_NAME, schema_text
from tests.watchlist.editing.lists import MINE, OTHER, symbols, text

NVDA, AMD, AVGO = map(parse_symbol, ("NVDA", "AMD", "AVGO"))
MRVL = Stock(parse_symbol("MRVL"), "Marvell")


def last_words(editor: ListEditor) -> str:
    return editor.steps[-1].words


def test_an_edit_is_in_the_file_and_undone_byte_by_byte(editor: ListEditor) -> None:
    watchlist = editor.change("mine", RemoveStock(NVDA))
    assert [stock.symbol for stock in watchlist.stocks] == [AMD]
    assert "# the chip maker" not in text(editor)
    assert last_words(editor) == "removed NVIDIA (NVDA) from Mine"
    assert editor.undo() == "removed NVIDIA (NVDA) from Mine"
    assert text(editor) == MINE


def test_several_edits_are_one_step_and_steps_are_undone_in_turn(editor: ListEditor) -> None:
    editor.change("mine", AddStock(MRVL, 1))
    editor.change("mine", SetStockKey(NVDA, "note", "x"), SetStockKey(NVDA, "quantity", 3))
    editor.rename("mine", "Chips")
    label = [editor.undo() for _ in range(3)]
    assert label == ["renamed Mine to Chips", "changed note of NVIDIA (NVDA)", "added Marvell (MRVL) to Mine"]
    assert text(editor) == MINE
    with pytest.raises(EditError, match="there is nothing to undo"):
        editor.undo()


def test_an_edit_that_changes_nothing_is_no_step(editor: ListEditor) -> None:
    editor.change("mine", PlaceStock(NVDA, by=-1))
    assert editor.steps == []


def test_edits_are_made_together_or_not_at_all(editor: ListEditor) -> None:
    with pytest.raises(EditError, match="AVGO is not in this list any more"):
        editor.change("mine", RemoveStock(NVDA), RemoveStock(AVGO))
    assert text(editor) == MINE
    assert editor.steps == []


def test_edits_of_several_lists_are_one_step(editor: ListEditor) -> None:
    editor.do_together([lambda on: on.remove("mine", [NVDA]), lambda on: on.add("other", MRVL)])
    assert [step.words for step in editor.steps] == ["removed NVIDIA (NVDA) from Mine, added Marvell (MRVL) to Other"]
    editor.undo()
    assert (text(editor), editor.path_of("other").exists(), editor.steps) == (MINE, False, [])


def test_edits_of_several_lists_are_made_together_or_not_at_all(editor: ListEditor) -> None:
    editor.rename("mine", "Chips")
    before, steps = text(editor), list(editor.steps)
    with pytest.raises(EditError, match="AVGO is not in this list any more"):
        editor.do_together([lambda on: on.remove("mine", [NVDA]), lambda on: on.remove("mine", [AVGO])])
    assert (text(editor), editor.steps) == (before, steps)


def test_the_first_change_of_a_bundled_list_copies_it(editor: ListEditor) -> None:
    editor.change("other", AddStock(MRVL))
    assert symbols(editor, "other") == ["AVGO", "MRVL"]
    assert editor.steps[-1].copied == (editor.path_of("other"),)
    assert (editor.bundled / "other.toml").read_text() == OTHER
    assert (editor.own / FILE_NAME).read_text(encoding="utf-8") == schema_text(BY_KEY)
    editor.undo()
    assert not editor.path_of("other").exists()


def test_the_users_folder_is_made_with_the_first_change(tmp_path: Path, editor: ListEditor) -> None:
    fresh = ListEditor(editor.bundled, tmp_path / "deep" / "lists")
    fresh.change("other", SetListKey("order", 1))
    assert text(fresh, "other").startswith('name = "Other"\n')


def test_a_list_is_made_renamed_and_deleted(editor: ListEditor) -> None:
    key = editor.create("My Chips / 芯片!")
    assert key == "my-chips-芯片"
    assert editor.create("Mine") == "mine-2"
    assert editor.create("other") == "other-2", "a list that ships is not hidden by chance"
    assert editor.create("…") == "list"
    assert editor.rename(key, "Chips").name == "Chips"
    assert read_watchlist(editor.path_of(key)).stocks == ()
    editor.delete(key)
    assert not editor.path_of(key).exists()
    assert editor.undo() == "deleted my-chips-芯片.toml"
    assert read_watchlist(editor.path_of(key)).name == "Chips"
    with pytest.raises(EditError, match="'name' is empty"):
        editor.create(" ")


def test_a_list_that_ships_is_not_deleted_but_the_changes_to_it_are(editor: ListEditor) -> None:
    with pytest.raises(EditError, match=r"other\.toml ships with aiwatch and cannot be deleted"):
        editor.delete("other")
    editor.rename("other", "Mine too")
    editor.delete("other")
    assert not editor.path_of("other").exists()


def test_a_stock_moves_to_another_list_with_all_that_is_written_of_it(editor: ListEditor) -> None:
    editor.move([NVDA], "mine", "other")
    assert symbols(editor) == ["AMD"]
    assert text(editor, "other") == f'{OTHER}\n# the chip maker\n[[stock]]\nsymbol = "NVDA"\nname = "NVIDIA"\n'
    assert editor.undo() == "moved NVIDIA (NVDA) from Mine to Other"
    assert text(editor) == MINE
    assert not editor.path_of("other").exists()


def test_a_stock_that_is_in_the_other_list_already_is_not_moved(editor: ListEditor) -> None:
    editor.change("other", AddStock(Stock(NVDA, "NVIDIA")))
    before = text(editor, "other")
    with pytest.raises(EditError, match="NVDA is in this list already"):
        editor.move([AMD, NVDA], "mine", "other")
    assert (text(editor), text(editor, "other")) == (MINE, before)


def test_a_move_that_fails_half_way_is_taken_back(editor: ListEditor, monkeypatch: pytest.MonkeyPatch) -> None:
    real = atomic.put

    def put(path: Path, before: bytes | None, after: bytes | None) -> bool:
        if path.name == "mine.toml":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return real(path, before, after)

    monkeypatch.setattr(writer, "put", put)
    with pytest.raises(EditError, match=r"mine\.toml cannot be written: No space left on device"):
        editor.move([NVDA], "mine", "other")
    assert text(editor) == MINE
    assert not editor.path_of("other").exists()


# Changes made elsewhere


def test_an_edit_is_made_in_what_is_on_disk_by_now(editor: ListEditor, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = editor.path_of("mine"), atomic.written_beside
    theirs = iter(["theirs", "and again"])

    def between(target: Path, data: bytes, mode: int) -> Path:
        new = real(target, data, mode)
        if target == path and (said := next(theirs, "")):
            path.write_text(path.read_text() + f"# {said}\n")
        return new

    monkeypatch.setattr(atomic, "written_beside", between)
    editor.change("mine", RemoveStock(NVDA))
    assert symbols(editor) == ["AMD"]
    assert text(editor).endswith("# theirs\n# and again\n")
    assert list(editor.own.glob(f".*{LEFTOVER}")) == []


def test_an_edit_that_does_not_fit_any_more_is_explained(editor: ListEditor) -> None:
    editor.path_of("mine").write_text(MINE.replace("AMD", "INTC"), encoding="utf-8")
    with pytest.raises(EditError, match="AMD is not in this list any more"):
        editor.change("mine", PlaceStock(AMD, by=-1))
    editor.path_of("mine").unlink()
    with pytest.raises(EditError, match="there is no list 'mine' any more"):
        editor.change("mine", RemoveStock(AMD))


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (MINE.replace("symbol", "symbl", 1).encode(), r"mine\.toml:7: unknown key 'symbl', did you mean 'symbol'\?"),
        (b"name = [\n", r"mine\.toml:1: Invalid value"),
        (b"# \xff\nname = 1\n", r"mine\.toml:1: not UTF-8 text"),
    ],
)
def test_a_file_that_is_wrong_is_never_written_over(editor: ListEditor, bad: bytes, expected: str) -> None:
    editor.change("mine", SetListKey("order", 1))
    editor.path_of("mine").write_bytes(bad)
    for operation in (lambda: editor.change("mine", RemoveStock(AMD)), lambda: editor.rename("mine", "x"), editor.undo):
        with pytest.raises(EditError, match=expected):
            operation()
    assert editor.path_of("mine").read_bytes() == bad


def test_undo_keeps_what_was_written_since(editor: ListEditor) -> None:
    editor.change("mine", RemoveStock(NVDA))
    editor.path_of("mine").write_text(text(editor).replace('"AMD"\nname', '"INTC"\nname') + "# theirs\n")
    editor.undo()
    assert symbols(editor) == ["NVDA", "INTC"]
    assert "# the chip maker\n[[stock]]" in text(editor)
    assert text(editor).endswith("# theirs\n")


def test_what_cannot_be_undone_any_more_is_said_and_the_step_before_can(editor: ListEditor) -> None:
    editor.rename("mine", "First")
    editor.change("mine", AddStock(MRVL))
    editor.path_of("mine").write_text(text(editor).replace("MRVL", "MU"))
    with pytest.raises(
        EditError, match=r"added Marvell \(MRVL\) to First: not undone, MRVL is not in this list any more"
    ):
        editor.undo()
    assert editor.undo() == "renamed Mine to First"
    assert "Marvell" in text(editor)


def test_a_new_list_that_was_filled_since_is_not_undone(editor: ListEditor) -> None:
    key = editor.create("New")
    editor.path_of(key).write_text(text(editor, key) + "# theirs\n")
    with pytest.raises(EditError, match=r"made the list New: not undone, new\.toml was changed since"):
        editor.undo()
    assert editor.path_of(key).exists()


def test_a_deletion_made_elsewhere_can_be_undone(editor: ListEditor) -> None:
    path = editor.path_of("mine")
    path.unlink()
    assert not editor.deleted_here(path)
    editor.note_gone(path, MINE.encode())
    assert editor.undo() == "deleted mine.toml"
    assert text(editor) == MINE


def test_a_deletion_made_here_is_known_once(editor: ListEditor) -> None:
    path = editor.path_of("mine")
    editor.delete("mine")
    assert [editor.deleted_here(path) for _ in range(2)] == [True, False]
    editor.undo()
    editor.delete("mine")
    editor.undo()
    assert not editor.deleted_here(path), "it is there again"


def test_a_copy_that_is_undone_was_deleted_here(editor: ListEditor) -> None:
    editor.change("other", RemoveStock(AVGO))
    editor.undo()
    assert editor.deleted_here(editor.path_of("other"))


def test_a_list_is_copied_for_a_text_editor(editor: ListEditor) -> None:
    assert editor.adopt("mine") == editor.path_of("mine")
    assert editor.steps == []
    assert editor.adopt("other").read_text() == OTHER
    assert last_words(editor) == "copied other.toml"


def test_a_copy_that_nobody_changed_is_forgotten(editor: ListEditor) -> None:
    path = editor.adopt("other")
    assert editor.forget_copy("other")
    assert not path.exists()
    editor.adopt("other").write_text(OTHER + "# theirs\n")
    assert not editor.forget_copy("other")
    assert not editor.forget_copy("mine")
    assert path.exists()
    assert editor.path_of("mine").exists()


def test_stocks_are_added_removed_and_shifted(editor: ListEditor) -> None:
    assert len(editor.add("mine", MRVL, 1).stocks) == 3
    assert symbols(editor) == ["NVDA", "MRVL", "AMD"]
    editor.shift("mine", [MRVL.symbol, AMD], -1)
    assert symbols(editor) == ["MRVL", "AMD", "NVDA"]
    editor.remove("mine", [AMD, NVDA])
    assert symbols(editor) == ["MRVL"]
    assert last_words(editor) == "removed 2 stocks from Mine"
