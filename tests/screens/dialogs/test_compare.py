"""The dialog that asks with what a chart is compared."""

from __future__ import annotations

import pytest
from textual.app import App

from aiwatch.market.symbol import parse_symbol
from aiwatch.screens.dialogs.compare import CompareDialog, Comparison, With
from aiwatch.watchlist import Stock

ENVICOOL = Stock(parse_symbol("002837.SZ"), "Envicool", name_zh="英维克")
OTHERS = (
    Stock(parse_symbol("603757.SS"), "Dayuan Pumps", name_zh="大元泵业"),
    Stock(parse_symbol("MSFT"), "Microsoft"),
)


class _Keyboard:
    """No key of the dashboard is any of the dialog's."""

    keys: dict[str, tuple[str, ...]] = {"view.stealth": ()}  # noqa: RUF012


class _Asking(App[None]):
    """Asks at once, and keeps what was given."""

    keyboard = _Keyboard()
    given: object = "nothing yet"

    def __init__(self, **listed: object) -> None:
        super().__init__()
        self._known = listed

    def on_mount(self) -> None:
        """Ask."""
        dialog = CompareDialog(ENVICOOL, OTHERS, **self._known)  # type: ignore[arg-type]
        self.push_screen(dialog, lambda options: setattr(self, "given", options))


KNOWN = {"benchmark": "CSI 300", "list_name": "Cooling"}


@pytest.mark.parametrize(
    ("keys", "is_compared", "options"),
    [
        ("enter", False, Comparison(With.BENCHMARK)),
        ("down enter", False, Comparison(With.LIST)),
        ("enter", True, Comparison(With.NOTHING)),
        ("up up down down down enter", False, Comparison(With.STOCK, OTHERS[1])),
        ("m i c r o enter", True, Comparison(With.STOCK, OTHERS[1])),
        ("大 元 enter", False, Comparison(With.STOCK, OTHERS[0])),
        ("c s i enter", False, Comparison(With.BENCHMARK)),
        ("6 0 0 5 1 9 . s s enter", False, Comparison(With.STOCK, Stock(parse_symbol("600519.SS"), "600519.SS"))),
        ("escape", False, None),
        ("x y z enter", False, "nothing yet"),
    ],
)
async def test_what_is_chosen_is_given(keys: str, is_compared: bool, options: object) -> None:
    app = _Asking(is_compared=is_compared, **KNOWN)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press(*keys.split())
        await pilot.pause()
        assert app.given == options


async def test_without_a_benchmark_and_a_list_the_stocks_are_offered() -> None:
    app = _Asking(is_compared=False)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.given == Comparison(With.STOCK, OTHERS[0])
