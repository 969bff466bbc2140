"""A screen of aiwatch is left once, however often and from wherever it is asked to go."""

from __future__ import annotations

from textual.app import App

from aiwatch.screens.base import BaseDialog


class Plain(BaseDialog[int]):
    """A screen with nothing on it."""


async def test_only_the_first_leaving_of_the_screen_in_front_counts() -> None:
    results: list[int | None] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        twice, below, above = Plain(), Plain(), Plain()
        await app.push_screen(twice, results.append)
        twice.dismiss(1)
        twice.dismiss(2)
        twice.action_close()
        await pilot.pause()
        assert (results, len(app.screen_stack)) == ([1], 1)
        await app.push_screen(below, results.append)
        await app.push_screen(above, results.append)
        below.dismiss(3)
        await pilot.pause()
        assert app.screen is above, "what another covers stays"
        above.dismiss(4)
        await pilot.pause()
        assert (results, app.screen) == ([1, 4], below)
