"""The lines of a panel: what is drawn of them, and when."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.selection import SELECT_ALL
from textual.strip import Strip

from aiwatch.ledger.views import Target
from aiwatch.widgets.linked_rows import Lines, Row, laid_out


def test_a_row_that_leads_elsewhere_begins_with_the_fullest_form_that_fits() -> None:
    target = Target("record", "C004")
    begin, *shorter = (Content(text) for text in ("one hundred", "hundred", "100"))
    row = Row(begin, target=target, shorter=tuple(shorter), after=Content(" more"))
    shown = {width: laid_out([row], width)[0][0].plain for width in range(3, 17)}
    assert shown[16] == "one hundred more"
    assert shown[13] == "one hundred…"
    assert shown[12] == "one hundred…"
    assert shown[11] == "hundred mo…"
    assert shown[8] == "hundred…"
    assert shown[7] == "100 mo…"
    assert shown[4] == "100…"
    assert laid_out([row], 16)[0][1] == target


class Counted(Lines):
    """Notes which rows are drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return super().render_line(y)


class Stage(App[None]):
    """Lines in a frame that scrolls."""

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Counted()


async def test_only_lines_in_sight_are_drawn_and_only_changed_ones_again() -> None:
    app = Stage()
    async with app.run_test(size=(40, 10)) as pilot:
        lines = app.query_one(Counted)
        shown = [Content(f"line {number}") for number in range(5_000)]
        lines.show(shown)
        await pilot.pause()
        assert lines.size.height == 5_000
        assert set(lines.drawn) == set(range(10))
        lines.drawn.clear()
        lines.show([Content(line.plain) for line in shown])
        await pilot.pause()
        assert lines.drawn == []
        changed = [*shown]
        changed[3], changed[400] = Content("changed"), Content("out of sight")
        lines.show(changed)
        await pilot.pause()
        assert set(lines.drawn) == {3}
        assert lines.render_line(3).text.rstrip() == "changed"
        lines.drawn.clear()
        lines.show([line.stylize("bold") if at == 5 else line for at, line in enumerate(changed)])
        await pilot.pause()
        assert set(lines.drawn) == {5}, "another style is another line"


async def test_lines_can_be_selected_across_rows() -> None:
    app = Stage()
    async with app.run_test(size=(40, 10)) as pilot:
        lines = app.query_one(Counted)
        lines.show([Content("first"), Content("second")])
        await pilot.pause()
        app.screen.selections = {lines: SELECT_ALL}
        assert app.screen.get_selected_text() == "first\nsecond"
        metas = [segment.style.meta for y in (0, 1) for segment in lines.render_line(y) if segment.style is not None]
        assert {meta["offset"][1] for meta in metas} == {0, 1}
