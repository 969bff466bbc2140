"""Tables: Yahoo's portfolios and our own."""

from __future__ import annotations

import pytest

from aiwatch.errors import FileError
from aiwatch.watchlist import AlertRules
from tests.watchlist.imports.reading import lists, problems, read

HEAD = (
    "Symbol,Current Price,Date,Time,Change,Open,High,Low,Volume,"
    "Trade Date,Purchase Price,Quantity,Commission,High Limit,Low Limit,Comment"
)
PRICES = "210.96,2025/08/15,16:00 EDT,8.18,201.92,211.0,201.92,147203662"


def _yahoo(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


def test_yahoos_portfolio_has_lots_limits_and_comments() -> None:
    text = _yahoo(
        f"NVDA,{PRICES},20250301,100,10,5,250,150.5,Long-term",
        f"NVDA,{PRICES},20250601,130,10,,,,",
        f"BRK-B,{PRICES},,,,,,,",
        f"0700.HK,{PRICES},,380.2,200,,,,",
    )
    imported = read(text, "quotes.csv")
    assert imported.kind == "csv"
    assert lists(imported) == {"Quotes": ["NVDA 20 115.25", "BRK-B", "0700.HK 200 380.2"]}
    [nvidia, *_] = imported.lists[0].stocks
    assert (nvidia.name, nvidia.note) == ("NVIDIA", "Long-term")
    assert nvidia.alerts == AlertRules(above=250.0, below=150.5)
    assert problems(imported) == ["1: trade dates are not kept: a position has one quantity and one average cost"]


def test_sales_are_taken_off_in_the_order_of_their_days() -> None:
    text = _yahoo(
        f"NVDA,{PRICES},20250701,200,10,,,,,BUY",
        f"NVDA,{PRICES},20250501,180,4,,,,,SELL",
        f"NVDA,{PRICES},20250301,100,10,,,,,BUY",
        f"AMD,{PRICES},20250301,100,10,,,,,BUY",
        f"AMD,{PRICES},20250302,120,-10,,,,,SELL",
        f"MSFT,{PRICES},20250302,120,1,,,,,DIVIDEND",
        f"$$CASH_TX,{PRICES},20250302,1,5000,,,,,DEPOSIT",
        head=HEAD + ",Transaction Type",
    )
    imported = read(text, "quotes.csv")
    assert lists(imported) == {"Quotes": ["NVDA 16 162.5", "AMD"]}
    assert problems(imported)[1:] == [
        "5: AMD is listed without a position: all of it is sold again",
        "7: 'DIVIDEND' of MSFT is neither a purchase nor a sale",
        "8: '$$CASH_TX' is cash, which a watchlist does not keep",
    ]


def test_other_columns_and_second_words_are_told() -> None:
    text = "Ticker;Name;Shares;Unit_Cost;Sector\nNVDA;Nvidia;1.5;100;chips\nNVDA;Other;1;100;x\n;;;;\n;a;;;\n"
    imported = read(text, "x.csv")
    assert lists(imported) == {"X": ["NVDA 2.5 100.0"]}
    assert imported.lists[0].stocks[0].name == "Nvidia"
    assert problems(imported) == [
        "1: columns that are not kept: sector",
        "3: a second name of NVDA is not kept: 'Other'",
        "5: a line without a symbol",
    ]


@pytest.mark.parametrize(
    ("quantity", "price", "position", "problem"),
    [
        ('"1,200"', "100", "NVDA 1200 100.0", ""),
        ('"1,2"', "100", "NVDA", "quantity '1,2' is no number"),
        ("1", '"1,5"', "NVDA 1 None", "cost '1,5' is no number"),
        ("1e3", "2.5E-1", "NVDA 1000 0.25", ""),
        ("nan", "1", "NVDA", "quantity 'nan' is no number"),
        ("1e99", "1", "NVDA", "quantity '1e99' is no number"),
        ("-3", "10", "NVDA -3 10.0", ""),
        ("0", "", "NVDA", ""),
    ],
)
def test_numbers(quantity: str, price: str, position: str, problem: str) -> None:
    imported = read(f"symbol,quantity,cost\nNVDA,{quantity},{price}\n", "x.csv")
    assert lists(imported) == {"X": [position]}
    assert problem in " ".join(problems(imported))
    assert bool(problem) is bool(imported.problems)


def test_alerts_that_cannot_be_are_told() -> None:
    text = "symbol,alerts.above,alerts.below,alerts.limit\nNVDA,5,6,\nAMD,-1,,yes\nMSFT,x,3,\n"
    imported = read(text, "x.csv")
    assert [stock.alerts for stock in imported.lists[0].stocks] == [None, AlertRules(limit=True), AlertRules(below=3)]
    assert problems(imported) == [
        "2: neither limit is kept: 5 is not above 6",
        "3: above -1 is not kept: it must be more than 0",
        "4: above 'x' is no number",
    ]


def test_lines_are_those_of_the_file_also_after_a_cell_of_two() -> None:
    imported = read('symbol,note\nNVDA,"two\nlines"\nnope!,\n', "x.csv")
    assert imported.lists[0].stocks[0].note == "two lines"
    assert problems(imported) == ["4: symbol 'nope!' is not known"]


def test_a_table_without_symbols_is_refused() -> None:
    with pytest.raises(FileError, match="one of them must be Symbol"):
        read("a,b\n1,2\n", "x.csv")
    with pytest.raises(FileError, match="no column is called Symbol"):
        read("a,b\n1,2\n", "x.txt", kind="csv")


@pytest.mark.parametrize(
    ("rows", "symbols", "said"),
    [
        ('AAPL,"Apple\nMSFT,Microsoft\nNVDA,Nvidia', "AAPL MSFT NVDA", ["2: a quote is opened"]),
        ('AAPL,"Apple\nMSFT,"Microsoft"\nNVDA,Nvidia', "AAPL MSFT NVDA", ["2: a quote is opened"]),
        ('AAPL,"Apple\nMSFT,Microsoft"\nNVDA,Nvidia', "AAPL MSFT NVDA", ["2: a quote is opened"]),
        ('AAPL,"Apple" Inc\nMSFT,Microsoft', "AAPL MSFT", ["2: a quote is opened"]),
        ('AAPL,Apple\nMSFT,"Microsoft', "AAPL MSFT", ["3: a quote is opened"]),
        ('AAPL,5" disks\nMSFT,Microsoft', "AAPL MSFT", []),
        ('AAPL,"Apple\n a text, of two lines"\nMSFT,x', "AAPL MSFT", ["2: a text in quotes goes on to line 3"]),
        ('"AAPL,Apple\nMSFT,Microsoft', "MSFT", ["2: a quote is opened"]),
    ],
)
def test_a_quote_too_many_costs_no_other_row(rows: str, symbols: str, said: list[str]) -> None:
    for end in ("\n", "\r\n", "\r"):
        imported = read(f"Symbol,Name\n{rows}\n".replace("\n", end), "x.csv")
        assert [str(stock.symbol) for stock in imported.lists[0].stocks] == symbols.split()
        for words, problem in zip(said, problems(imported), strict=False):
            assert problem.startswith(words)
        assert bool(said) == bool(imported.problems)


def test_a_comma_in_the_only_column_of_texts_is_of_the_text() -> None:
    rows = (
        "NVDA,1,,,,,,,,20260701,10,3,,,,half sold, keep rest",
        "AMD,1,,,,,,,,20260701,10,3,,,,one, two, three",
    )
    imported = read(_yahoo(*rows), "x.csv")
    assert lists(imported) == {"X": ["NVDA 3 10.0", "AMD 3 10.0"]}
    assert [stock.note for stock in imported.lists[0].stocks] == ["half sold, keep rest", "one, two, three"]
    with_trade = read(_yahoo(rows[0] + ",SELL", head=f"{HEAD},Transaction Type"), "x.csv")
    assert lists(with_trade) == {"X": ["NVDA -3 10.0"]}
    named = read("Symbol,Name,Quantity\nNVDA,Nvidia, Corp,100\n", "x.csv")
    assert lists(named) == {"X": ["NVDA 100 None"]}
    assert named.lists[0].stocks[0].name == "Nvidia, Corp"


def test_cells_too_many_are_not_kept_without_a_word() -> None:
    imported = read("Symbol,Name,Quantity,Note\nNVDA,a, b,100,c\nAMD,x,1,y\nGOOG,x,2,z,,\n", "x.csv")
    assert lists(imported) == {"X": ["NVDA", "AMD 1 None", "GOOG 2 None"]}
    assert problems(imported) == ["2: 5 cells under a head of 4: 4 of them are not kept"]
    no_text = read("Symbol,Quantity\nNVDA,1,2\n", "x.csv")
    assert problems(no_text) == ["2: 3 cells under a head of 2: 1 of them are not kept"]


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(FileError, match="two columns mean the same: quantity"):
        read("Symbol,Quantity,Shares\nNVDA,1,2\n", "x.csv")


@pytest.mark.parametrize(
    "text",
    [
        "Symbol\rNVDA\r",
        "Symbol\n" + "A" * 200_000 + "\nNVDA\n",
        "Symbol,Note\nNVDA," + "x" * 200_000 + "\n",
        "Symbol,Tags\nNVDA," + "x" * 200_000 + "\n",
        'Symbol,Tags\nNVDA,"a;""b"\n',
        'Symbol,Tags\nNVDA,"a;b\nc;d"\n',
        "Symbol\nNV\0DA\nNVDA\n",
        "Symbol,Quantity\nNVDA," + "9" * 100_000 + "\n",
        "Symbol,Quantity\nNVDA,1e99\n",
        "Symbol,Quantity,Commission,Purchase Price\nNVDA,1e-99,1e14,1e14\n",
    ],
)
def test_no_table_ends_in_another_error(text: str) -> None:
    assert [str(stock.symbol) for stock in read(text, "x.csv").lists[0].stocks] == ["NVDA"]


@pytest.mark.parametrize("head", ["x" * 200_000, '"' + "x" * 200_000, "\0", '"', ""])
def test_a_head_that_is_none_is_refused(head: str) -> None:
    with pytest.raises(FileError):
        read(f"{head}\nNVDA\n", "x.csv")


def test_points_and_commas_of_another_country_are_not_guessed_at() -> None:
    text = "Symbol;Quantity;Purchase Price\nSAP.DE;1.000;150,25\nBMW.DE;1.000.000;99\nAIR.PA;5;1.5\n"
    imported = read(text, "x.csv")
    assert lists(imported) == {"X": ["SAP.DE", "BMW.DE", "AIR.PA 5 1.5"]}
    assert problems(imported) == [
        "2: cost '150,25' is no number",
        "2: quantity '1.000' may be of thousands: write it without a point",
        "3: quantity '1.000.000' may be of thousands: write it without a point",
        "3: the price 99 is not kept, as there is no quantity",
    ]
    imported = read("Symbol;Quantity;Cost\nSAP.DE;10;120,500\nBMW.DE;1,000;99\n", "x.csv")
    assert lists(imported) == {"X": ["SAP.DE 10 None", "BMW.DE"]}
    assert problems(imported)[:2] == [
        "2: cost '120,500' may be of thousands: write it without a comma",
        "3: quantity '1,000' may be of thousands: write it without a comma",
    ]
    assert lists(read('Symbol,Quantity\nSAP.DE,"1,000"\n', "x.csv")) == {"X": ["SAP.DE 1000 None"]}
    alone = read("Symbol;Quantity\nSAP.DE;1.000\n", "x.csv")
    assert lists(alone) == {"X": ["SAP.DE 1 None"]}


def test_a_cell_longer_than_any_is_named_as_that() -> None:
    imported = read(f"Symbol,Name\nAAPL,{'x' * 200_000}\nMSFT,Microsoft\n", "x.csv")
    assert lists(imported) == {"X": ["AAPL", "MSFT"]}
    assert problems(imported) == ["2: a cell is longer than 131,072 characters: what is behind it is not kept"]
