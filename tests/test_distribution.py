"""What is published beside the code: metadata, versions with their hashes, licences, the recipe of an image."""

from __future__ import annotations

import re
import shlex
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from email.message import Message

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {
    canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK, re.MULTILINE)
}
LICENCES = {
    canonicalize_name(name): licence
    for name, licence in re.findall(
        r"^\| ([a-z0-9][a-z0-9-]*) \| (.+?) \| .*\|$", (ROOT / "LICENSES.md").read_text("utf-8"), re.MULTILINE
    )
}
PERMISSIVE = {
    "MIT",
    "MIT-0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "Apache-2.0",
    "PSF-2.0",
    "MPL-2.0",
    "Zlib",
    "CC0-1.0",
}
"""What may stand beside the MIT licence of aiwatch, by SPDX."""


def _constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.partition("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, _, version in pins}


def test_the_metadata_says_all_that_an_index_asks_for() -> None:
    for key in ("name", "version", "description", "readme", "license", "license-files", "requires-python", "keywords"):
        assert PROJECT[key], key
    kinds = {words.partition(" ::")[0] for words in PROJECT["classifiers"]}
    assert {
        "Development Status",
        "Environment",
        "Intended Audience",
        "Operating System",
        "Programming Language",
    } <= kinds
    assert {"Topic", "Typing", "Natural Language"} <= kinds
    assert not any(words.startswith("License ::") for words in PROJECT["classifiers"]), "the licence is an expression"
    assert len(PROJECT["description"]) < 120


def test_no_address_is_named_before_the_project_has_one() -> None:
    """Where there is one, it stands in ``[project.urls]``, and this is turned round; the list for a release says so."""
    assert "urls" not in PROJECT
    release = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Release")[2]
    assert "`[project.urls]`" in release


def test_every_classifier_is_one_that_there_is() -> None:
    classifiers = pytest.importorskip("trove_classifiers").classifiers
    assert [words for words in PROJECT["classifiers"] if words not in classifiers] == []


def test_every_dependency_is_locked_to_the_version_that_is_tested() -> None:
    constraints = _constraints()
    assert {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]} <= LOCKED.keys()
    assert {name: version for name, version in LOCKED.items() if constraints.get(name) != version} == {}


def test_every_locked_package_has_hashes_and_none_comes_from_elsewhere() -> None:
    blocks = re.split(r"\n(?=[\w.-]+==)", LOCK)[1:]
    assert len(blocks) == len(LOCKED) > 40
    for block in blocks:
        head, *rest = block.splitlines()
        assert head.endswith("\\"), head
        assert [line for line in rest if not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)] == [], head
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_every_package_that_is_installed_has_its_licence_listed() -> None:
    assert LICENCES.keys() == LOCKED.keys()
    for name, licence in LICENCES.items():
        assert set(licence.split(" AND ")) <= PERMISSIVE, f"{name}: {licence}"


def _told(name: str) -> str:
    """What the installed package says of its licence, in one text; empty where it is not installed."""
    try:
        listed = cast("Message", metadata(name))
    except PackageNotFoundError:
        return ""
    classifiers = [words for words in listed.get_all("Classifier") or [] if words.startswith("License")]
    return " ".join((listed.get("License-Expression") or "", (listed.get("License") or "")[:200], *classifiers)).strip()


WORDS = {"Apache-2.0": "Apache", "BSD-3-Clause": "BSD", "BSD-2-Clause": "BSD", "PSF-2.0": "PSF", "MPL-2.0": "MPL"}


@pytest.mark.parametrize("name", LOCKED)
def test_a_licence_is_the_one_that_the_package_itself_names(name: str) -> None:
    words = _told(name)
    if not words:
        pytest.skip(f"{name} is not installed here, or says nothing of its licence")
    if not re.search(r"\bUNKNOWN\b$", words):
        for licence in LICENCES[canonicalize_name(name)].split(" AND "):
            assert WORDS.get(licence, licence) in words, (licence, words)


def _instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, each with what follows its word; a line that goes on is one."""
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


KNOWN = {"FROM", "COPY", "RUN", "USER", "ENV", "ENTRYPOINT", "WORKDIR", "CMD", "ARG", "LABEL"}


def test_the_recipe_of_an_image_is_one_and_runs_as_nobody_special() -> None:
    instructions = _instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    words = [word for word, _ in instructions]
    assert set(words) <= KNOWN
    assert words[0] == "FROM"
    assert len(words) < 10
    values = dict(instructions)
    assert re.fullmatch(r"python:3\.\d+-slim", values["FROM"])
    assert values["USER"] == "watcher"
    assert values["ENTRYPOINT"] == '["aiwatch"]'
    run = shlex.split(values["RUN"])
    assert run.count("&&") == 2
    assert "--require-hashes" in run
    assert all("=" in pair for pair in values["ENV"].split())
    assert words.index("USER") > max(place for place, word in enumerate(words) if word == "RUN")


@pytest.mark.parametrize("path", ["LICENSES.md", "requirements.lock", "Dockerfile", ".dockerignore"])
def test_what_is_published_names_no_registry(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not re.search(r"\bpypi\b|pythonhosted|docker\.io|ghcr|quay", text)
