"""Holds every quality figure above its floor, on labelled questions by other writers.

A floor only ever rises. The questions measure; none of them stands in the base.
"""

from pathlib import Path

import pytest

from faqbot import FAQBot
from faqbot.evaluation import Outcome, read, tally

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


@pytest.fixture(scope="module")
def shares(bot: FAQBot, questions: Path) -> dict[tuple[str, str, str], float]:
    """The share of each outcome, by file and label; "helped" is right or offered."""
    found: dict[tuple[str, str, str], float] = {}
    for path in sorted(questions.glob("*.tsv")):
        counts = tally((each, bot.ask(each.question)) for each in read(path))
        for expect, outcomes in counts.items():
            total = outcomes.total()
            found |= {
                (path.stem, expect, outcome): count / total
                for outcome, count in outcomes.items()
            }
            helped = outcomes[Outcome.RIGHT] + outcomes[Outcome.OFFERED]
            found[path.stem, expect, "helped"] = helped / total
    return found


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
