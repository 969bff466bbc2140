"""The quote board in an app of its own, with quotes and ticks given by hand."""

from __future__ import annotations

from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.widgets import Input

from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.themes import MEANINGS
from aiwatch.watchlist import Stock
from aiwatch.widgets.beat import TICKS_A_SECOND
from aiwatch.widgets.board.board import Board
from aiwatch.widgets.board.painter import LOOKS
from aiwatch.widgets.looks import Looks
from tests.board.fixtures import HandClock, desk_of, quote, stock

STOCKS = [
    stock("002837.SZ", "Envicool", "英维克", role="liquid cooling"),
    stock("603757.SS", "Dayuan Pumps", "大元泵业", role="pumps"),
    stock("300870.SZ", "Honor Electronic", "欧陆通", role="power"),
    stock("NVDA", "NVIDIA", "英伟达", role="chips"),
    stock("0700.HK", "Tencent", "腾讯控股", role="cloud"),
]
ENVICOOL, DAYUAN, HONOR, NVIDIA, TENCENT = (stock.symbol for stock in STOCKS)


class HandBoard(Board):
    """A board that ticks only when told to."""

    def tick(self, in_second: int) -> None:
        """Do not tick by the clock on the wall."""

    def tick_by_hand(self, in_second: int) -> None:
        """Tick as the clock would have it."""
        super().tick(in_second)


class BoardApp(App[None]):
    """A board above an input that can take its focus; it keeps the messages."""

    def __init__(self, stocks: list[Stock] | None = None) -> None:
        super().__init__()
        self.clock = HandClock()
        self.market = desk_of(self.clock)
        self.board = HandBoard(self.market, id="board")
        self.stocks = STOCKS if stocks is None else stocks
        self.heard: list[tuple[str, Symbol | None]] = []
        self.ticks = TICKS_A_SECOND // 2
        self.market.apply(
            [
                quote("002837.SZ", 63.80, 58.02),
                quote("603757.SS", 47.10, 42.86),
                quote("300870.SZ", 248.50, 221.27),
                quote("NVDA", 178.88, 180.64),
            ]
        )

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours a theme of aiwatch has."""
        return MEANINGS

    def compose(self) -> ComposeResult:
        """The board and an input."""
        yield self.board
        yield Input()

    def on_mount(self) -> None:
        """Show the stocks."""
        self.board.show(self.stocks)

    def on_board_highlighted(self, message: Board.Highlighted) -> None:
        """Keep it."""
        self.heard.append(("highlighted", message.symbol))

    def on_board_chosen(self, message: Board.Chosen) -> None:
        """Keep it."""
        self.heard.append(("chosen", message.symbol))

    def give(self, text: str, last: float, **more: object) -> None:
        """A newer quote of ``text`` to the desk and the board."""
        held = self.market.quotes[parse_symbol(text)]
        self.board.invalidate(self.market.apply([replace(held, last=last, **more)]))

    def line(self, y: int) -> str:
        """What stands in a line of the board."""
        return self.board.render_line(y).text

    @property
    def rows_painted(self) -> int:
        """How many rows were painted anew since the start."""
        return self.board._painter.painted

    def lit(self, y: int) -> str:
        """The characters of a line that have the background of a flash."""
        flashes = {Looks(self.board, LOOKS)(f"flash-{way}", "").bgcolor for way in ("up", "down")}
        strip = self.board.render_line(y)
        return "|".join(part.text for part in strip if part.style and part.style.bgcolor in flashes)

    def tick(self, times: int = 1) -> None:
        """Tick the board; the first tick comes when half a second has passed."""
        for _ in range(times):
            self.ticks += 1
            self.board.tick_by_hand(self.ticks % TICKS_A_SECOND)


def codes(board: Board) -> list[str]:
    """The codes of the rows shown."""
    return [item.symbol.code for item in board.shown]
