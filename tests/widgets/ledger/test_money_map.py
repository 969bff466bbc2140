"""The money map, its circles, and what comes back to those who pay."""

from __future__ import annotations

from aiwatch.widgets.ledger.rows import ViewQuery
from tests.widgets.ledger.fixtures import context, lines, row_of, shown

MAPPED = ViewQuery(mapped=True)


def cells(width: int = 76, currency: str = "") -> dict[tuple[str, str], str]:
    """The map's cells by payer and recipient."""
    rows = shown("deals", width, MAPPED, context(currency=currency)).rows
    titles = rows[1].content.plain
    ends = {name: titles.index(name) + len(name) for name in titles.split()}
    result = {}
    for row in rows[2:]:
        if not row.key.startswith("pays:"):
            break
        text, start = row.content.plain, 0
        for name, end in ends.items():
            payer = text[:11].strip()
            result[payer, name] = text[max(start, 11) : end].strip()
            start = end
    return result


def test_sums_stand_where_payer_and_recipient_meet() -> None:
    result = cells()
    assert result["OpenAI", "Oracle"] == "300"
    assert result["NVIDIA", "OpenAI"] == "100+?"
    assert result["Oracle", "NVIDIA"] == "40"
    assert result["NVIDIA", "CoreWeave"] == "≤6.3"
    assert result["CoreWeave", "NVIDIA"] == "?", "a supplier's part"


def test_a_sum_that_is_not_stated_is_never_zero() -> None:
    result = cells()
    assert result["OpenAI", "Alphabet"] == "?"
    assert result["SoftBank", "OpenAI"] == "?"
    assert result["Amazon", "OpenAI"] == "50"
    assert result["Microsoft", "Oracle"] == "·", "no deal"
    assert "0" not in result.values()


def test_the_map_follows_the_currency() -> None:
    assert cells(currency="CNY")["OpenAI", "Oracle"] == "2100"
    assert "in CNY bn" in lines(shown("deals", 76, MAPPED, context(currency="CNY")))[0]


def test_a_narrow_map_is_a_list_of_arrows() -> None:
    result = shown("deals", 40, MAPPED)
    arrows = [line for line in lines(result) if line.startswith(" OpenAI → Oracle")]
    assert arrows[0].split() == ["OpenAI", "→", "Oracle", "$300bn"]
    assert row_of(result, "pays:E011:E022").split()[-1] == "?"


def test_the_circle_is_named_with_its_sums() -> None:
    for mapped in (False, True):
        for width in (44, 58, 76):
            text = "\n".join(lines(shown("deals", width, ViewQuery(mapped=mapped))))
            assert "NVIDIA → OpenAI → Oracle → NVIDIA" in text
            assert "$100 bn + unknown → $300 bn → $40 bn" in text
            assert "smallest leg $40 bn" in text
            assert "all legs $440 bn" in text


def test_what_comes_from_firms_one_pays() -> None:
    openai = row_of(shown("deals", 76), "gets:E011")
    assert openai.split() == ["OpenAI", "$164", "bn", "+", "?", "directly", "0", "%,", "via", "others", "61", "%"]
    for nobody in ("E022", "E046"):
        assert "pays nobody here" in row_of(shown("deals", 76), f"gets:{nobody}")
    assert "directly     ?" in row_of(shown("deals", 76), "gets:E013"), "what CoreWeave pays NVIDIA is unknown"
    assert "%" not in row_of(shown("deals", 44), "gets:E046")


def test_the_filter_narrows_the_map() -> None:
    rows = shown("deals", 76, ViewQuery(mapped=True, text="coreweave")).rows
    assert [row.key for row in rows if row.key] == [
        "pays:E011", "pays:E013", "pays:E025", "pays:E044", "circle:E013>E044", "circle:E013>E011>E044", "gets:E044",
    ]  # fmt: skip
