"""What is said of sources that are down."""

from __future__ import annotations

from aiwatch.market.source_health import Condition, SourceHealth
from aiwatch.widgets.status_line import source_errors, source_part
from tests.screens.stage import MORNING, failing, healthy


def test_up_to_three_are_told_in_full() -> None:
    down = [failing("tencent", "HTTP 500", wait=40), failing("yahoo", "HTTP 429", wait=60)]
    words = ["Tencent: HTTP 500; next try in 40 s", "Yahoo: HTTP 429; next try in 1 min"]
    assert source_errors([*healthy(), *down], MORNING) == words
    assert source_errors([*healthy(), down[0]], MORNING) == words[:1]


def test_one_sentence_says_that_all_are_down() -> None:
    down = [failing("tencent", "HTTP 500", wait=60), failing("yahoo", "HTTP 429", wait=40)]
    words = "No source gives prices (2 of 2). Tencent: HTTP 500; next try in 40 s · H details"
    assert source_errors(down, MORNING, " · H details") == [words]
    later = [failing(name, "HTTP 500", wait=-1) for name in ("tencent", "yahoo")]
    assert source_errors(later, MORNING) == ["No source gives prices (2 of 2). Tencent: HTTP 500; trying again"]


def test_what_is_never_asked_again_is_said_once_and_no_next_try_with_it() -> None:
    stopped = [SourceHealth(name, name.title(), Condition.STOPPED, why="the feed stopped") for name in ("a", "b", "c")]
    assert source_errors(stopped, MORNING) == ["the feed stopped"]
    assert source_part(stopped[0], MORNING, 1).plain == "A stopped ✗"


def test_of_more_the_first_is_told_in_full_and_the_others_by_name() -> None:
    down = [failing(name, f"no connection to {name}") for name in ("tencent", "sina", "yahoo", "ecb")]
    idle = SourceHealth("stream", "Stream", Condition.IDLE, why="the stream is switched off")
    assert source_errors([*healthy(), *down, idle], MORNING, " · H: details") == [
        "Tencent: no connection to tencent; next try in 40 s",
        "Sina, Yahoo and Ecb are down too · H: details",
        "the stream is switched off",
    ]
