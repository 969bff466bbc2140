"""``aiwatch report``: what is in it, that it is shown before it is written, and that nothing private leaves."""

from __future__ import annotations

import asyncio
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aiwatch import __version__
from aiwatch.commands.group import commands
from aiwatch.commands.upkeep.privacy import HIDDEN, Privacy
from aiwatch.config.paths import find_places
from aiwatch.errors import Refused
from aiwatch.runtime.crash_log import log_failure
from aiwatch.simulator.server import Exchange
from aiwatch.sources.recording import Captured, Recorder, read
from tests.feed.fakes import NOW

SECRETS = {
    "https_proxy": "http://morgenstern:Tr0ub%40dor@proxy.acme-internal.example:3128",
    "ALL_PROXY": "socks5://u5er:p4ss@10.77.1.9:1080",
    "no_proxy": "intranet.acme-internal.example,10.0.0.0/8",
    "SOME_API_TOKEN": "tok-0123456789",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
    "USER": "morgenstern",
    "HOSTNAME": "laptop-of-m",
}
PRIVATE = (
    *("morgenstern", "Tr0ub%40dor", "Tr0ub@dor", "proxy.acme-internal.example", "u5er", "p4ss", "10.77.1.9"),
    *("intranet.acme", "tok-0123456789", "wJalrXUtnFEMI", "laptop-of-m", "my-secret-fund", "quotes.acme", "q=abcdef"),
)


@pytest.fixture(name="private")
def _private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a person with something to hide everywhere that a report looks."""
    home = tmp_path / "morgenstern"
    home.mkdir()
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    for name in ("HTTPS_PROXY", "all_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    places = find_places(os.environ)
    places.watchlists.mkdir(parents=True)
    places.settings.write_text(
        'start_list = "my-secret-fund"\ncolours = "monochrome"\n[sources.tencent]\nbase_url = "https://quotes.acme.example"\n'
        '[sources.stream]\nurl = "wss://quotes.acme.example/?token=q=abcdef"\n',
        encoding="utf-8",
    )
    (places.watchlists / "my-secret-fund.toml").write_text(
        'name = "my-secret-fund"\ndescription = "d"\n[[stock]]\nsymbol = "NVDA"\nname = "N"\n'
        "quantity = 31337\ncost = 1\n",
        encoding="utf-8",
    )
    try:
        raise ValueError(f"{home}/my-secret-fund.toml of morgenstern at http://u:pw@quotes.acme.example")
    except ValueError as error:
        log_failure(error)
    return home


def _report(*words: str, answer: str = "") -> Result:
    return CliRunner().invoke(commands, ["report", *words], input=answer)


def _nothing_private_in(text: str, home: Path) -> None:
    assert [word for word in (*PRIVATE, str(home), str(home.parent), "31337") if word.lower() in text.lower()] == []


def test_what_is_in_it_and_what_is_not(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "132")
    monkeypatch.setenv("LINES", "43")
    result = _report("--offline")
    assert result.exit_code == 0, result.output
    _nothing_private_in(result.output, private)
    for words in (
        f"aiwatch {__version__}\n",
        "  Python 3.",
        "  textual 8.",
        "  curl_cffi 0.",
        "  numpy ",
        "  132 columns, 43 lines\n",
        "  colours = monochrome",
        "  start_list, watchlists: (one of your own)",
        "  sources.tencent.base_url = (one of your own)",
        "  sources.stream: enabled, url (one of your own)",
        "  0 problems in lists, 0 in the settings",
        '  File "…/test_report.py", line ',
        "  ValueError\n",
    ):
        assert words in result.output, words
    assert "Doctor" not in result.output


async def test_the_doctor_is_in_it_and_says_nothing_private(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Exchange() as exchange:
        for name in ("tencent", "sina", "yahoo", "ecb", "stream"):
            monkeypatch.setenv(f"AIWATCH_{name.upper()}_URL", getattr(exchange.urls, name))
        result = await asyncio.to_thread(_report)
    assert "✓ Tencent (127.0.0.1:" in result.output
    assert f"https_proxy is set: http://{HIDDEN}" in result.output
    _nothing_private_in(result.output, private)


async def _recorded(path: Path, home: Path) -> None:
    moments = iter([NOW, *(NOW + timedelta(minutes=minutes) for minutes in (0, 1, 59, 62, 120))])
    async with Recorder(path, lambda: next(moments)) as recorder:
        for symbol in ("A", "B", "C"):
            recorder.note("tencent", [symbol], f"{symbol} {home} u5er".encode())
        recorder.note("sina", ["D"], error=Refused("proxy.acme-internal.example", "said morgenstern: no", status=403))
        recorder.note("yahoo", ["NVDA"], b'{"crumb": "?crumb=q=abcdef&x=1"} http://morgenstern:Tr0ub%40dor@h')


def test_a_recording_is_cut_to_its_last_hour_and_cleaned(private: Path, tmp_path: Path) -> None:
    path, bundle = tmp_path / "long.gz", tmp_path / "bundle.zip"
    asyncio.run(_recorded(path, private))
    result = _report("--offline", "--output", str(bundle), "--recording", str(path), "--yes")
    assert result.exit_code == 0, result.output
    assert "2 answers of sina, yahoo" in result.output
    assert "it names 2 symbols: D NVDA" in result.output
    with zipfile.ZipFile(bundle) as archive:
        assert sorted(archive.namelist()) == ["recording.gz", "report.txt"]
        archive.extractall(tmp_path / "out")
    text = (tmp_path / "out/report.txt").read_text("utf-8")
    assert text in result.output, "what is written is what was shown"
    answers = list(read(tmp_path / "out/recording.gz"))
    assert [(answer.source, answer.asked) for answer in answers] == [("sina", ("D",)), ("yahoo", ("NVDA",))]
    for answer in answers:
        _nothing_private_in(_all_of(answer), private)
    assert f'{{"crumb": "?crumb={HIDDEN}&x=1"}} http://{HIDDEN}@h' == answers[1].body.decode()


def _all_of(answer: Captured) -> str:
    error = "" if answer.error is None else f"{answer.error} {answer.error.host}"
    return f"{answer.source} {answer.asked} {answer.body!r} {error}"


@pytest.mark.parametrize(("answer", "is_written"), [("y\n", True), ("n\n", False), ("", False)])
def test_it_is_written_only_after_it_was_shown_and_agreed_to(
    home: Path, tmp_path: Path, answer: str, is_written: bool
) -> None:
    bundle = tmp_path / "bundle.zip"
    result = _report("--offline", "--output", str(bundle), answer=answer)
    assert result.output.index("aiwatch 0") < result.output.index(f"Write this to {bundle}?")
    assert bundle.exists() is is_written


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--recording", __file__), "--recording needs --output"), (("--output", __file__), "is there already")],
)
def test_what_cannot_be_done_is_said_before_anything_is_asked(words: tuple[str, ...], said: str) -> None:
    result = _report(*words)
    assert (result.exit_code, said in result.output) == (2, True)


def test_settings_that_cannot_be_read_do_not_hinder_a_report(home: Path) -> None:
    settings = find_places(os.environ).settings
    settings.parent.mkdir(parents=True)
    settings.write_text("colour = 'my-secret'", encoding="utf-8")
    result = _report("--offline")
    assert result.exit_code == 0
    assert "cannot be used: File problem" in result.output
    assert "my-secret" not in result.output


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("/u/anna/lists of anna", "~/lists of …"),
        ("annals of Anna-Lena, ANNA", "annals of …-Lena, …"),
        ("http://a:b@host/x?token=123&y=4", "http://…@host/x?token=…&y=4"),
        ("box7.example and box7", "… and …"),
        ("nothing here", "nothing here"),
        ("key tok-1234 key", "key … key"),
    ],
)
def test_what_is_taken_out_of_a_text(text: str, cleaned: str) -> None:
    privacy = Privacy.of({"USER": "anna", "MY_TOKEN": "tok-1234"}, Path("/u/anna"), "box7.example")
    assert privacy.clean(text) == cleaned
