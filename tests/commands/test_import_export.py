"""``aiwatch import`` and ``aiwatch export``: what they write, what they say, and their exit statuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aiwatch.commands.group import commands
from aiwatch.errors import EditError, FileError
from aiwatch.watchlist.reader import read_watchlist

TICKER = """\
interval: 5
watchlist: [NVDA, sz002837, BTC.X]
groups:
  - name: Power
    holdings:
      - {symbol: 603308.SS, quantity: 100, unit_cost: 20}
"""


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments])


@pytest.fixture
def folder(home: Path) -> Path:
    """The user's folder of watchlists, which is not there yet."""
    return home / ".config/aiwatch/watchlists"


@pytest.fixture
def ticker(tmp_path: Path) -> Path:
    path = tmp_path / ".ticker.yaml"
    path.write_text(TICKER, encoding="utf-8")
    return path


def test_every_list_becomes_a_file_of_its_own_with_names_and_positions(folder: Path, ticker: Path) -> None:
    result = _run("import", ticker)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"wrote {folder / 'ticker.toml'}: 2 stocks",
        f"wrote {folder / 'power-2.toml'}: 1 stock, 1 with a position",
    ]
    assert result.stderr.splitlines() == [
        f"{ticker}:1: not kept, as they are no stocks: interval",
        f"{ticker}:2: 'BTC.X' is a crypto-currency in another spelling than Yahoo's; write it as in BTC-USD",
    ]
    nvidia, envicool = read_watchlist(folder / "ticker.toml").stocks
    assert (nvidia.name, nvidia.name_zh) == ("NVIDIA", "英伟达")
    assert (envicool.name, envicool.name_zh) == ("Envicool", "英维克")
    [yingliu] = read_watchlist(folder / "power-2.toml").stocks
    assert (yingliu.name, yingliu.quantity, yingliu.cost) == ("Yingliu", 100.0, 20.0)


def test_no_file_is_ever_overwritten(folder: Path, ticker: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "ticker.toml").write_text("mine, and broken", encoding="utf-8")
    for number in (2, 3):
        assert f"wrote {folder / f'ticker-{number}.toml'}: 2 stocks" in _run("import", ticker).stdout
    assert (folder / "ticker.toml").read_text(encoding="utf-8") == "mine, and broken"


def test_a_dry_run_says_the_same_and_writes_nothing(folder: Path, ticker: Path) -> None:
    dry = _run("import", "--dry-run", ticker)
    assert not folder.exists()
    assert dry.stdout.replace("would write", "wrote") == _run("import", ticker).stdout
    assert dry.exit_code == 0


def test_a_name_makes_one_list(folder: Path, ticker: Path) -> None:
    result = _run("import", "--name", "From ticker: 我的", ticker)
    path = folder / "from-ticker-我的.toml"
    assert result.stdout == f"wrote {path}: 3 stocks, 1 with a position\n"
    assert read_watchlist(path).name == "From ticker: 我的"


def test_a_watchlist_file_is_kept_as_it_is(folder: Path, tmp_path: Path) -> None:
    text = '# mine\nname = "Mine"\ndescription = "x"\n\n[[stock]]\nsymbol = "hk700" # Tencent\nname = "T"\n'
    path = tmp_path / "list.toml"
    path.write_text(text, encoding="utf-8")
    assert _run("import", path).exit_code == 0
    assert (folder / "mine.toml").read_text(encoding="utf-8") == text


def test_a_format_may_be_said(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "symbols.csv"
    path.write_text("NVDA\nAMD\n", encoding="utf-16")
    with pytest.raises(FileError, match="one of them must be Symbol"):
        CliRunner().invoke(commands, ["import", str(path)], catch_exceptions=False)
    assert _run("import", "--format", "txt", path).stdout == f"wrote {folder / 'symbols.toml'}: 2 stocks\n"


@pytest.mark.parametrize("text", ["", "# nothing", "BTC.X", "000001"])
def test_nothing_to_import_is_a_failure(folder: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.txt"
    path.write_text(text, encoding="utf-8")
    result = _run("import", path)
    assert result.exit_code == 1
    assert "no stock to import was found, read as a plain or TradingView list" in result.stderr
    assert not folder.exists()


@pytest.mark.parametrize(("content", "words"), [(b"NVDA\n\xff\xff", ":2: not UTF-8 text"), (b'{"Tickers"', "not JSON")])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    with pytest.raises(FileError, match=words):
        CliRunner().invoke(commands, ["import", str(path)], catch_exceptions=False)


def test_a_folder_that_cannot_be_written_is_said(folder: Path, ticker: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file", encoding="utf-8")
    with pytest.raises(EditError, match="watchlists cannot be written: "):
        CliRunner().invoke(commands, ["import", str(ticker)], catch_exceptions=False)


def test_a_name_must_be_one(ticker: Path) -> None:
    for name in (" ", "a\nb"):
        assert _run("import", "--name", name, ticker).exit_code == 2


@pytest.mark.parametrize("kind", ["toml", "csv", "txt", "ticker"])
def test_what_is_exported_is_imported_again(folder: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"out.{'yml' if kind == 'ticker' else kind}"
    assert _run("export", "cooling", "--format", kind, "--output", path).output == ""
    printed = _run("export", "Cooling", "--format", kind)
    assert path.read_text(encoding="utf-8") == printed.stdout
    assert _run("import", "--name", "Again", path).stdout == f"wrote {folder / 'again.toml'}: 4 stocks\n"
    symbols = [stock.symbol.text for stock in read_watchlist(folder / "again.toml").stocks]
    assert symbols == ["000811.SZ", "002158.SZ", "605060.SS", "300990.SZ"]


def test_an_export_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.toml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileError, match=r"out\.toml:1: is there already"):
        CliRunner().invoke(commands, ["export", "power", "--output", str(path)], catch_exceptions=False)
    assert path.read_text(encoding="utf-8") == "mine"


def test_an_export_needs_a_folder_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"out\.toml:1: cannot be written: No such file"):
        CliRunner().invoke(
            commands, ["export", "power", "--output", str(tmp_path / "a/out.toml")], catch_exceptions=False
        )


def test_a_list_that_is_not_there_is_said() -> None:
    result = _run("export", "coling")
    assert result.exit_code == 2
    assert "no watchlist is called 'coling'; there are named-in-the-articles, power, cooling" in result.stderr


@pytest.mark.parametrize(
    ("command", "kinds"),
    [("import", "ticker tickrs mop stockstui csv txt toml"), ("export", "toml csv txt ticker")],
)
def test_the_help_tells_the_formats(command: str, kinds: str) -> None:
    lines = [line.split() for line in _run(command, "--help").stdout.splitlines() if line.startswith("    ")]
    assert {words[0] for words in lines} >= set(kinds.split())
