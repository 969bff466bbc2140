"""Chinese names as people type them in Latin letters."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiwatch.config.paths import bundled
from aiwatch.watchlist import pinyin
from aiwatch.watchlist.pinyin import MOST_READINGS, initials, learn_pinyin, matches_pinyin, pinyin_keys, work_out
from aiwatch.watchlist.reader import read_watchlists
from tests.properties import examples


@pytest.fixture(autouse=True)
def _nothing_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "_learnt", {})


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("英维克", "ywk yingweike"),
        ("中国银行", "zgyh zhongguoyinhang"),
        ("长城汽车", "ccqc changchengqiche"),
        ("重庆啤酒", "cqpj chongqingpijiu"),
        ("长电科技", "cdkj changdiankeji zdkj"),
        ("台积电", "tjd taijidian"),
        ("阿里巴巴-W", "albbw alibabaw"),
        ("*ST长药", "stcy stchangyao"),
        ("万科A", "wka wankea"),
        ("TCL科技", "tclkj tclkeji"),
        ("騰訊控股", "txkg tengxunkonggu"),
        ("绿地控股", "ldkg lvdikonggu"),
        ("英 维克 股份有限公司", "ywkgfyxgs"),
    ],
)
def test_keys_are_what_people_type(name: str, keys: str) -> None:
    assert set(keys.split()) <= set(work_out([name])[name])


def test_a_word_is_read_as_a_word_and_the_likeliest_comes_first() -> None:
    keys = work_out(["中国银行", "重庆啤酒"])
    assert keys["中国银行"] == ("zgyh", "zhongguoyinhang")
    assert keys["重庆啤酒"] == ("cqpj", "chongqingpijiu")


def test_many_readings_are_cut_with_the_likeliest_kept() -> None:
    name = "单大行重藏调度乐" * 3
    keys = work_out([name])[name]
    assert len(keys) <= 2 * MOST_READINGS
    assert keys[0] == "ddxzcddl" * 3


async def test_names_are_learnt_in_a_child_process_once() -> None:
    assert pinyin_keys("英维克") == ()
    assert not matches_pinyin("英维克", "ywk")
    assert await learn_pinyin(["英维克", "NVIDIA", "", "长电科技"])
    assert "pypinyin" not in sys.modules or pinyin_keys("NVIDIA") == ()
    assert (initials("英维克"), initials("NVIDIA")) == ("ywk", "")
    assert pinyin_keys("英维克")[:2] == ("ywk", "yingweike")
    assert await learn_pinyin(["英维克", "长电科技"], command=("no-such-program",))


async def test_a_name_is_matched_by_the_beginning_of_a_key() -> None:
    pinyin.learn_here(["长电科技"])
    for text in ("c", "cd", "CDKJ", "zdkj", "chang dian", "ChangDianKeJi"):
        assert matches_pinyin("长电科技", text)
    for text in ("", " ", "dk", "cdkjx", "hang"):
        assert not matches_pinyin("长电科技", text)


@pytest.mark.parametrize(
    "printed", ["[", "[]", "{}", '{"英维克": 3}', '{"英维克": [1]}', '{"别的": ["bd"]}', '{"英维克": null}']
)
async def test_a_child_that_fails_teaches_nothing(printed: str) -> None:
    program = f"import sys; sys.stdin.read(); sys.stdout.buffer.write({printed.encode()!r})"
    assert not await learn_pinyin(["英维克"], command=(sys.executable, "-c", program))
    assert not await learn_pinyin(["英维克"], command=("no-such-program",))
    assert not await learn_pinyin(["英维克"], command=(sys.executable, "-c", "raise SystemExit(3)"))
    assert pinyin_keys("英维克") == pinyin_keys("别的") == ()


def test_every_bundled_chinese_name_has_a_key_for_each_character() -> None:
    names = [stock.name_zh for watchlist in read_watchlists(bundled("watchlists")).lists for stock in watchlist.stocks]
    names = [name for name in names if pinyin.has_han(name)]
    assert len(names) > 20
    for name, keys in work_out(names).items():
        assert len(keys[0]) == sum(character.isalnum() for character in name)


@settings(max_examples=examples(60), deadline=None)
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x9FFF), max_size=12))
def test_any_text_has_keys_of_letters_and_digits(name: str) -> None:
    keys = work_out([name])[name]
    assert len(keys) == len(set(keys)) <= 2 * MOST_READINGS
    assert all(key == "".join(filter(str.isalnum, key)).casefold() for key in keys)
    assert json.loads(json.dumps(keys)) == list(keys)
