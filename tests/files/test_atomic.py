"""How files lie in their folder after they were put there: permissions, links, and what is beside them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from aiwatch.files.atomic import LEFTOVER, Form, form_of, locked, put, replace
from aiwatch.session.layout import ScreenLayout, write_layout

pytestmark = pytest.mark.skipif(os.name == "nt", reason="permissions are those of POSIX")


@pytest.fixture(params=[0o077, 0o027, 0o022])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_files_have_what_the_umask_leaves(tmp_path: Path, umask: int) -> None:
    assert put(tmp_path / "list.toml", None, b"x")
    write_layout(tmp_path / "state" / "layout.json", ScreenLayout())
    with locked(tmp_path):
        pass
    for path in (tmp_path / "list.toml", tmp_path / "state" / "layout.json", tmp_path / ".aiwatch.lock"):
        assert _mode(path) == 0o666 & ~umask


def test_replaced_files_keep_what_they_had(tmp_path: Path, umask: int) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    for mode in (0o600, 0o644, 0o660):
        real.write_bytes(b"a")
        real.chmod(mode)
        link.unlink(missing_ok=True)
        link.symlink_to("real")
        assert put(link, b"a", b"b")
        replace(link, b"c")
        write_layout(link, ScreenLayout(full=True))
        assert (_mode(real), link.is_symlink(), b"full" in real.read_bytes()) == (mode, True, True)


@pytest.mark.parametrize("target", ["real", "below/real", "/absolute"])
def test_a_link_comes_back_as_a_link(tmp_path: Path, target: str) -> None:
    target = target.replace("/absolute", str(tmp_path / "elsewhere"))
    real, link = tmp_path / target, tmp_path / "link"
    real.parent.mkdir(exist_ok=True)
    real.write_bytes(b"a")
    real.chmod(0o600)
    link.symlink_to(target)
    form = form_of(link)
    assert form == Form(0o600, target)
    assert put(link, b"a", None)
    assert real.exists()
    assert put(link, None, b"a", form)
    real.unlink()
    link.unlink()
    assert put(link, None, b"a", form)
    assert (str(link.readlink()), real.read_bytes(), _mode(real)) == (target, b"a", 0o600)
    assert not put(link, None, b"a", form)


def test_what_cannot_be_swept_up_stops_no_writing(tmp_path: Path) -> None:
    (tmp_path / f".x{LEFTOVER}" / "full").mkdir(parents=True)
    with locked(tmp_path):
        assert put(tmp_path / "list.toml", None, b"x")
