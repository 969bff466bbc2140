"""What is read of the environment: proxies, the hosts they are not for, certificates, and never a password shown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.proxy import parse_proxy

from aiwatch.formatting.addresses import shown_address, without_passwords
from aiwatch.sources.http import HttpSource
from aiwatch.sources.network.environment import NetworkFault, NetworkProblem, Proxy, read_network
from tests.sources.loopback import clock, settings
from tests.sources.loopback_tls import TRUSTED

HTTPS, PROXY = "https://qt.gtimg.cn/q=sz002837", "http://proxy:3128"


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        (" proxy:3128\r\n", "http://proxy:3128"),
        ("HTTP://Proxy/", "http://proxy:80"),
        ("https://proxy", "https://proxy:443"),
        ("socks5://127.0.0.1", "socks5h://127.0.0.1:1080"),
        ("socks://127.0.0.1:7891/", "socks5h://127.0.0.1:7891"),
        ("socks5h://[::1]:1", "socks5h://[::1]:1"),
        ("http://me@proxy:1", "http://me:@proxy:1"),
        ("http://me:p@ss@proxy:1", "http://me:p%40ss@proxy:1"),
        ("http://me:%E5%AF%86@proxy:1", "http://me:%E5%AF%86@proxy:1"),
        ("http://代理.example:1", "http://xn--mnq481g.example:1"),
    ],
)
def test_a_proxy_is_read(value: str, url: str) -> None:
    proxy = read_network({"HTTPS_PROXY": value}).proxy_for(HTTPS)
    assert isinstance(proxy, Proxy)
    assert proxy.url == url


BROKEN = [
    *("ftp://me:secret@h:1", "socks4://me:secret@h:1", "socks4a://h:1", "http://me:secret@", "http://", "://h", ":1"),
    *("http://me:secret", "http://me:secret%40h:1", "me:secret@h:x", "http://me:secret@h:99999", "http://h:0"),
    *("http://me:sec/secret@h:1", "http://me:sec#secret@h:1", "http://me:sec?secret@h:1", "me:sec://secret@h:1"),
    *("http://[::g]:1", "http://[::1", "http://a b:1", "http://h\x1b[31m:1", "http://..:1", "http://h/path", "/etc/x"),
    *(
        "socks5://me:" + "secret" * 50 + "@h:1",
        "http://" + "a" * 300,
        "http:/me:secret@h:1",
        "http:me:secret",
        "\u202e",
    ),
]


@pytest.mark.parametrize("value", BROKEN)
@pytest.mark.parametrize("variable", ["https_proxy", "ALL_PROXY"])
def test_a_proxy_that_is_none_is_one_line_without_its_password(variable: str, value: str) -> None:
    network = read_network({variable: value})
    with pytest.raises(NetworkFault) as caught:
        network.proxy_for(HTTPS)
    text = str(caught.value)
    assert text.startswith(f"{variable}=")
    assert text.isprintable()
    assert "secret" not in text
    assert network.problems == (caught.value.problem,)
    assert network.proxy_for("https://127.0.0.1:1/") is None


@given(st.text() | st.from_regex(r"(https?|socks5)://[^ ]*"))
def test_whatever_is_read_as_a_proxy_can_be_used_as_one(value: str) -> None:
    network = read_network({"ALL_PROXY": value})
    assert all(str(problem).isprintable() for problem in network.problems)
    if not network.problems and (proxy := network.proxy_for(HTTPS)) is not None:
        httpx.Proxy(proxy.url)
        parse_proxy(proxy.url)


@pytest.mark.parametrize(
    ("environment", "url", "variable"),
    [
        ({"HTTPS_PROXY": PROXY}, "http://h/", ""),
        ({"https_proxy": "", "HTTPS_PROXY": PROXY}, HTTPS, ""),
        ({"https_proxy": PROXY, "HTTPS_PROXY": "x:1"}, HTTPS, "https_proxy"),
        ({"ALL_PROXY": "x:1", "HTTPS_PROXY": PROXY}, HTTPS, "HTTPS_PROXY"),
        ({"ALL_PROXY": "x:1", "HTTPS_PROXY": PROXY}, "wss://h/", "HTTPS_PROXY"),
        ({"ALL_PROXY": PROXY, "HTTP_PROXY": "x:1"}, "wss://h/", "ALL_PROXY"),
        ({"HTTP_PROXY": PROXY}, "ws://h/", "HTTP_PROXY"),
        ({"HTTP_PROXY": PROXY}, "wss://h/", ""),
    ],
)
def test_the_variable_of_the_scheme_goes_first(environment: dict[str, str], url: str, variable: str) -> None:
    proxy = read_network(environment).proxy_for(url)
    assert (proxy.variable if proxy else "") == variable


EXEMPT = [
    ("*", "h", True),
    ("gtimg.cn", "qt.gtimg.cn", True),
    (".gtimg.cn", "qt.gtimg.cn", True),
    ("*.gtimg.cn", "qt.gtimg.cn", True),
    ("QT.GTIMG.CN", "qt.gtimg.cn", True),
    ("img.cn", "qt.gtimg.cn", False),
    ("qt.*", "qt.gtimg.cn", True),
    ("https://qt.gtimg.cn/", "qt.gtimg.cn", True),
    ("a;qt.gtimg.cn b", "qt.gtimg.cn", True),
    ("qt.gtimg.cn:443", "qt.gtimg.cn", True),
    ("qt.gtimg.cn:80", "qt.gtimg.cn", False),
    ("10.0.0.0/8", "10.1.2.3", True),
    ("10.0.0.0/8", "11.1.2.3", False),
    ("10.1.2.3", "10.1.2.3", True),
    ("fe80::/10", "[fe80::1]", True),
    ("[fe80::1]:443", "[fe80::1]", True),
    ("fe80::1", "[fe80::2]", False),
    ("localhost,::1,fe80::/10", "qt.gtimg.cn", False),
]


@pytest.mark.parametrize(("no_proxy", "host", "direct"), EXEMPT)
def test_no_proxy_is_honoured(no_proxy: str, host: str, direct: bool) -> None:
    network = read_network({"HTTPS_PROXY": PROXY, "no_proxy": no_proxy})
    assert network.problems == ()
    assert (network.proxy_for(f"https://{host}/") is None) is direct


@pytest.mark.parametrize(
    "entry", ["10.0.0.0/99", "fe80::/200", "a/b", "h:x", "h:99999", "[::g]", "192.168.", "(none)", "<local>"]
)
def test_an_entry_of_no_proxy_that_cannot_be_read_is_named_and_the_others_count(entry: str) -> None:
    network = read_network({"HTTPS_PROXY": PROXY, "NO_PROXY": f"a.test,{entry},b.test"})
    (problem,) = network.problems
    assert str(problem).startswith(f"NO_PROXY=a.test,{entry},b.test: {entry!r} cannot be read")
    assert network.proxy_for("https://b.test/") is None
    assert network.proxy_for(HTTPS) is not None


@given(st.text())
def test_no_text_of_no_proxy_is_too_odd(text: str) -> None:
    network = read_network({"HTTPS_PROXY": PROXY, "NO_PROXY": text})
    network.proxy_for(HTTPS)
    assert all(str(problem).isprintable() for problem in network.problems)


def certificate_files(folder: Path) -> dict[str, tuple[dict[str, str], str]]:
    """Environments with certificates that cannot be used, and what is said of them."""
    (folder / "garbage.pem").write_bytes(os.urandom(500))
    (folder / "empty.pem").touch()
    (folder / "huge.pem").touch()
    os.truncate(folder / "huge.pem", 2**40)
    os.mkfifo(folder / "fifo.pem")
    (folder / "bare").mkdir()
    at = str(folder)
    return {
        "missing": ({"SSL_CERT_FILE": f"{at}/none.pem"}, "there is no such file"),
        "folder": ({"SSL_CERT_FILE": at}, "is a folder"),
        "garbage": ({"SSL_CERT_FILE": f"{at}/garbage.pem"}, "holds no certificates"),
        "empty": ({"SSL_CERT_FILE": f"{at}/empty.pem"}, "holds no certificates"),
        "huge": ({"SSL_CERT_FILE": f"{at}/huge.pem"}, "is no file of certificates"),
        "fifo": ({"SSL_CERT_FILE": f"{at}/fifo.pem"}, "is no file of certificates"),
        "device": ({"SSL_CERT_FILE": "/dev/zero"}, "is no file of certificates"),
        "long": ({"SSL_CERT_FILE": "/" + "a" * 5000}, "cannot be read"),
        "no folder": ({"SSL_CERT_DIR": f"{at}/none"}, "there is no such folder"),
        "a file": ({"SSL_CERT_DIR": str(TRUSTED)}, "is a file, not a folder"),
        "bare": ({"SSL_CERT_DIR": f"{at}/bare"}, "holds no certificates"),
    }


def test_certificates_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    for environment, what in certificate_files(tmp_path).values():
        problem = read_network(environment).certificate_problem()
        assert isinstance(problem, NetworkProblem)
        assert str(problem).startswith(f"{next(iter(environment))}=")
        assert what in str(problem)
        assert str(problem).isprintable()
    assert read_network({}).certificate_problem() is None
    assert read_network({"SSL_CERT_FILE": str(TRUSTED), "SSL_CERT_DIR": "/none"}).certificate_problem() is None


def test_keys_that_cannot_be_logged_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "none" / "keys")
    monkeypatch.setenv("SSLKEYLOGFILE", path)  # Python's own ssl module opens it
    assert str(read_network().certificate_problem()).startswith(f"SSLKEYLOGFILE={path}"[:60])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:secret@h:1/p?x", "https://h:1/p?…"),
        ("me:secret@h:1", "h:1"),
        ("http://me:secret", "http://me:…"),
        ("http://[::1]:1", "http://[::1]:1"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, shown: str) -> None:
    assert shown_address(address) == shown


def test_a_text_is_shown_without_passwords() -> None:
    assert without_passwords("no 'http://me:se@cret@h:1' at a@b") == "no 'http://h:1' at a@b"
    assert without_passwords("plain") == "plain"


async def test_a_source_that_cannot_be_opened_fails_when_it_is_asked() -> None:
    class Unready(HttpSource):
        def prepare(self) -> None:
            raise LookupError("no zones at http://me:secret@h/")

    async with Unready(settings("http://127.0.0.1:9"), clock) as source:
        requests: list[Any] = [source.get("/"), source.send("GET", "http://127.0.0.1:9/")]
        for request in requests:
            with pytest.raises(Exception, match=r"^cannot be opened: LookupError: no zones at http://h/$"):
                await request
