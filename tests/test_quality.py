"""Holds every quality figure above its floor, on labelled questions by other writers.

A floor only ever rises. The questions measure; none of them stands in the base.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from faqbot import FAQBot, Kind, Reply

AT_LEAST = {
    ("in_scope", "answer", "right"): 0.82,
    ("in_scope", "answer", "helped"): 0.90,
    ("out_of_scope", "urgent", "right"): 0.97,
    ("real", "urgent", "right"): 0.75,
    ("out_of_scope", "chat", "right"): 1.0,
}
AT_MOST = {
    ("in_scope", "answer", "wrong"): 0.04,
    ("in_scope", "answer", "false alarm"): 0.0,
    ("out_of_scope", "refer", "answered"): 0.03,
    ("out_of_scope", "refer", "false alarm"): 0.02,
    ("real", "refer", "answered"): 0.02,
    ("real", "refer", "false alarm"): 0.035,
}


def outcomes(expect: str, wanted: set[str], reply: Reply) -> Iterator[str]:
    """Yield the names for what a reply did to a question with this label."""
    offered = {claim for option in reply.options for claim in option.claims}
    if reply.kind is Kind.URGENT:
        yield "right" if expect == "urgent" else "false alarm"
    elif reply.kind is Kind.SMALL_TALK and expect == "chat":
        yield "right"
    elif reply.kind is Kind.ANSWER and expect == "refer":
        yield "answered"
    elif reply.kind is Kind.ANSWER and expect == "answer":
        yield from ("right", "helped") if wanted & set(reply.claims) else ("wrong",)
    elif reply.kind is Kind.CLARIFICATION and expect == "answer" and wanted & offered:
        yield "helped"


@pytest.fixture(scope="module")
def shares(bot: FAQBot, questions: Path) -> dict[tuple[str, str, str], float]:
    """The share of each outcome, by file and label."""
    counts: Counter[tuple[str, str, str]] = Counter()
    totals: Counter[tuple[str, str]] = Counter()
    for path in sorted(questions.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                expect = row.get("expect") or "answer"
                wanted = set(filter(None, (row["claims"] or "").split(",")))
                totals[path.stem, expect] += 1
                for outcome in outcomes(expect, wanted, bot.ask(row["question"])):
                    counts[path.stem, expect, outcome] += 1
    return {
        (file, expect, outcome): count / totals[file, expect]
        for (file, expect, outcome), count in counts.items()
    }


@pytest.mark.parametrize("figure", AT_LEAST, ids=" ".join)
def test_a_figure_stays_above_its_floor(
    shares: dict[tuple[str, str, str], float], figure: tuple[str, str, str]
) -> None:
    assert shares.get(figure, 0.0) >= AT_LEAST[figure]


@pytest.mark.parametrize("figure", AT_MOST, ids=" ".join)
def test_a_figure_stays_below_its_ceiling(
    shares: dict[tuple[str, str, str], float], figure: tuple[str, str, str]
) -> None:
    assert shares.get(figure, 0.0) <= AT_MOST[figure]
