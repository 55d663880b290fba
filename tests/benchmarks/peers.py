"""Compares the bot with plain fuzzy search, on the same base and the same questions.

    python tests/benchmarks/peers.py QUESTIONS.tsv…

Each file is tab separated with the columns claims and question and, optionally, expect
(answer or refer). A peer takes the wording with the highest score over all entries.
"Right first" is the share of questions whose best entry speaks of a wanted sentence.
"Right at 10 %" is the share answered right when the threshold is set so that at most a
tenth of the questions to be referred are answered, "wrong at 10 %" the share answered
wrong then.
"""

import argparse
import csv
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from faqbot import Entry, FAQBot
from faqbot.text import normalise

BUDGET = 0.10
"""Share of questions to be referred that may be answered."""
SCORERS: dict[str, Callable[..., float]] = {
    "WRatio": fuzz.WRatio,
    "token_set_ratio": fuzz.token_set_ratio,
    "token_sort_ratio": fuzz.token_sort_ratio,
    "ratio": fuzz.ratio,
}

Answerer = Callable[[str], tuple[Entry, float]]
"""Gives the best entry for a question, and how sure it is."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question and the sentences a right answer speaks of; none: refer it."""

    text: str
    claims: frozenset[str]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+")
    asked = [row for path in parser.parse_args().files for row in read(path)]
    bot = FAQBot()
    answerers: dict[str, Answerer] = {
        f"extractOne, {name}": peer(bot, scorer) for name, scorer in SCORERS.items()
    }
    answerers["faqbot"] = lambda text: ours(bot, text)
    inside = sum(bool(row.claims) for row in asked)
    print(f"{inside} questions to answer, {len(asked) - inside} to refer")
    print(f"{'':28} {'right first':>12} {'right at 10 %':>14} {'wrong at 10 %':>14}")
    for name, answerer in answerers.items():
        shares = measure(answerer, asked)
        print(f"{name:28} {shares[0]:12.1%} {shares[1]:14.1%} {shares[2]:14.1%}")


def read(path: str) -> list[Labelled]:
    """Return the questions to be answered or referred in a file."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Labelled(row["question"], frozenset(filter(None, row["claims"].split(","))))
        for row in rows
        if (row.get("expect") or "answer") in {"answer", "refer"}
    ]


def peer(bot: FAQBot, scorer: Callable[..., float]) -> Answerer:
    """Return the answerer that takes the wording with the highest score."""
    owners = [
        (normalise(wording), entry)
        for entry in bot.knowledge.entries
        for wording in entry.wordings
    ]
    wordings = [wording for wording, _ in owners]

    def answer(text: str) -> tuple[Entry, float]:
        found = process.extractOne(normalise(text), wordings, scorer=scorer)
        return owners[found[2]][1], found[1]

    return answer


def ours(bot: FAQBot, text: str) -> tuple[Entry, float]:
    """Return the best entry and the confidence of the bot."""
    found = bot.explain(text)
    best = found.ranking.entries[0].entry
    assert isinstance(best, Entry)
    return best, found.confidence


def measure(answerer: Answerer, asked: list[Labelled]) -> tuple[float, float, float]:
    """Return the shares right first, right at the budget and wrong at the budget."""
    found = [(row, *answerer(row.text)) for row in asked]
    outside = sorted((sure for row, _, sure in found if not row.claims), reverse=True)
    threshold = outside[int(BUDGET * len(outside))] if outside else 0.0
    inside = [
        (bool(row.claims & set(entry.claims)), sure)
        for row, entry, sure in found
        if row.claims
    ]
    right = [fits for fits, _ in inside]
    answered = [fits for fits, sure in inside if sure > threshold]
    return (
        sum(right) / len(inside),
        sum(answered) / len(inside),
        (len(answered) - sum(answered)) / len(inside),
    )


if __name__ == "__main__":
    main()
