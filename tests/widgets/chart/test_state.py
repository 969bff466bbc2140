"""What a chart shows now: whatever a person does in whatever order, it stays within its bars."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.market.bars import Range
from aiwatch.widgets.chart.data import ChartData, View
from aiwatch.widgets.chart.drawing.captions import RANGES, Key
from aiwatch.widgets.chart.drawing.draw import draw
from aiwatch.widgets.chart.state import ChartState
from aiwatch.widgets.chart.words import captions_of
from tests.widgets.chart.fixtures import compared, daily, minute_data

DATA: tuple[ChartData, ...] = (daily(0), daily(1), daily(70), daily(400), minute_data(1), minute_data(90), compared(60))

ACTS: st.SearchStrategy[Callable[[ChartState], object]] = st.one_of(
    st.sampled_from(DATA).map(lambda data: lambda state: state.put(data)),
    st.sampled_from(tuple(RANGES)).map(lambda span: lambda state: state.choose(span)),
    st.sampled_from((0.5, 0.8, 1.25, 2.0)).map(lambda factor: lambda state: state.zoom(factor)),
    st.sampled_from((-10, -1, 1, 10)).map(lambda bars: lambda state: state.step(bars)),
    st.sampled_from((-1, 1)).map(lambda side: lambda state: state.to_edge(side)),
    st.booleans().map(lambda each: lambda state: state.look(replace(state.view, candles=each))),
    st.booleans().map(lambda each: lambda state: state.look(replace(state.view, adjusted=each))),
    st.tuples(st.integers(0, 200), st.integers(0, 60)).map(lambda size: lambda state: state.fit(*size)),
    st.just(lambda state: state.clear()),
    st.just(lambda state: state.say(("the host: timed out", ""), is_error=True)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, min_size=1, max_size=14))
def test_anything_may_happen_in_any_order(acts: list[Callable[[ChartState], object]]) -> None:
    state = ChartState(View(Range.HALF_YEAR))
    state.fit(80, 24)
    for act in acts:
        act(state)
        window, count = state.view.window, state.built.count
        assert window is None or 0 <= window[0] < window[1] <= count
        assert state.cursor is None or state.cursor in state.places
        picture = replace(state.built.picture, cursor=state.cursor)
        drawing = draw(picture, captions_of(state, (Key("+", "zoom"),)), state.width, state.height)
        assert [len(row) for row in drawing.canvas.glyphs] == [state.width] * state.height


def test_newer_bars_keep_the_zoom_and_fewer_bars_end_it() -> None:
    state = ChartState(View(Range.MAX))
    state.fit(80, 24)
    state.put(daily(70))
    state.zoom(0.5)
    assert state.view.window == (35, 70)
    state.put(daily(70))
    assert state.view.window == (35, 70)
    state.put(daily(40))
    assert state.view.window is None
