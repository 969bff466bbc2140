"""The dashboard needs no filter for ANSI colours, since it has none; other screens keep theirs."""

from __future__ import annotations

from textual.filter import ANSIToTruecolor

from tests.screens.stage import NIGHT, Stage, healthy, on_stage, priced


def others(stage: Stage) -> set[str]:
    """The texts on screen whose colours are no true ones, or dim."""
    hits = set()
    for strip in stage.strips():
        for text, style, _ in strip:
            colours = [style.color, style.bgcolor] if style else []
            if any(colour is not None and colour.triplet is None for colour in colours) or (style and style.dim):
                hits.add(text)
    return hits


async def test_the_dashboard_has_true_colours_alone() -> None:
    async with on_stage(mark="DEMO", clock=lambda: NIGHT) as stage:
        assert not any(isinstance(get_line_filter, ANSIToTruecolor) for get_line_filter in stage.app.get_line_filters())
        await stage.take(priced("002837.SZ", 60.0, 58.02), health=healthy())
        stage.app.notify("a toast")
        for keys in ((), ("slash", "x"), ("escape",), ("2",), ("slash",), ("escape", "3"), ("4",), ("p",)):
            await stage.press(*keys)
            await stage.settle()
            assert others(stage) == set()


async def test_the_palette_keeps_the_filter() -> None:
    async with on_stage() as stage:
        await stage.press("ctrl+p")
        assert any(isinstance(get_line_filter, ANSIToTruecolor) for get_line_filter in stage.app.get_line_filters())
        await stage.press("escape")
        assert not any(isinstance(get_line_filter, ANSIToTruecolor) for get_line_filter in stage.app.get_line_filters())
