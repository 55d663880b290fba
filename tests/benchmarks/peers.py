"""Compares the bot with other ways to match, on the same base and the same questions.

    pip install -e ".[bench]"
    python tests/benchmarks/peers.py QUESTIONS.tsv…

Each file is tab separated with the columns claims and question and, optionally, expect
(answer or refer). Fuzzy search, BM25 and TF-IDF take the wording with the highest score
over all entries. The support vector machine learns the wordings of entries and the
examples of topics, and is as sure as the best entry leads the best topic.
"Right first" is the share of questions whose best entry speaks of a wanted sentence.
"Right at 10 %" is the share answered right when the threshold is set so that at most a
tenth of the questions to be referred are answered, "wrong at 10 %" the share answered
wrong then; so for 5 %.
"""

import argparse
import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rank_bm25 import BM25Okapi
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from faqbot import Entry, FAQBot
from faqbot.text import normalise

BUDGETS = (0.10, 0.05)
"""Shares of the questions to be referred that may be answered."""
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
        f"extractOne, {name}": fuzzy(bot, scorer) for name, scorer in SCORERS.items()
    }
    answerers["BM25 (rank-bm25)"] = bm25(bot)
    answerers["TF-IDF nearest, words"] = tfidf(bot, "word", (1, 2))
    answerers["TF-IDF nearest, characters"] = tfidf(bot, "char_wb", (2, 5))
    answerers["linear SVM, characters"] = support_vectors(bot)
    answerers["faqbot"] = lambda text: ours(bot, text)
    inside = sum(bool(row.claims) for row in asked)
    print(f"{inside} questions to answer, {len(asked) - inside} to refer")
    heads = [f"{what} at {b:.0%}" for b in BUDGETS for what in ("right", "wrong")]
    print(f"{'':28}{'right first':>13}" + "".join(f"{head:>14}" for head in heads))
    for name, answerer in answerers.items():
        first, *others = measure(answerer, asked)
        shown = "".join(f"{share:14.1%}" for share in others)
        print(f"{name:28}{first:13.1%}{shown}", flush=True)


def read(path: str) -> list[Labelled]:
    """Return the questions to be answered or referred in a file."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Labelled(row["question"], frozenset(filter(None, row["claims"].split(","))))
        for row in rows
        if (row.get("expect") or "answer") in {"answer", "refer"}
    ]


def owned(bot: FAQBot) -> tuple[list[str], list[Entry]]:
    """Return every wording of every entry, and whose it is."""
    pairs = [
        (normalise(wording), entry)
        for entry in bot.knowledge.entries
        for wording in entry.wordings
    ]
    return [wording for wording, _ in pairs], [entry for _, entry in pairs]


def fuzzy(bot: FAQBot, scorer: Callable[..., float]) -> Answerer:
    """Return the answerer that takes the wording with the highest fuzzy score."""
    wordings, owners = owned(bot)

    def answer(text: str) -> tuple[Entry, float]:
        found = process.extractOne(normalise(text), wordings, scorer=scorer)
        return owners[found[2]], found[1]

    return answer


def bm25(bot: FAQBot) -> Answerer:
    """Return the answerer that takes the wording with the highest BM25 score."""
    wordings, owners = owned(bot)
    index = BM25Okapi([wording.split() for wording in wordings])
    return _highest(owners, lambda text: index.get_scores(text.split()))


def tfidf(bot: FAQBot, analyzer: str, lengths: tuple[int, int]) -> Answerer:
    """Return the answerer that takes the wording with the highest cosine."""
    wordings, owners = owned(bot)
    vectors = TfidfVectorizer(analyzer=analyzer, ngram_range=lengths, sublinear_tf=True)
    table = vectors.fit_transform(wordings)
    return _highest(
        owners, lambda text: (table @ vectors.transform([text]).T).toarray().ravel()
    )


def _highest(
    owners: Sequence[Entry], scores_of: Callable[[str], Sequence[float]]
) -> Answerer:
    def answer(text: str) -> tuple[Entry, float]:
        scores = scores_of(normalise(text))
        place = int(np.argmax(scores))
        return owners[place], float(scores[place])

    return answer


def support_vectors(bot: FAQBot) -> Answerer:
    """Return the answerer that has learnt to tell all subjects apart."""
    subjects = bot.knowledge.subjects
    pairs = [
        (normalise(wording), place)
        for place, subject in enumerate(subjects)
        for wording in subject.wordings
    ]
    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        LinearSVC(C=0.5),
    )
    model.fit([text for text, _ in pairs], [place for _, place in pairs])
    is_entry = np.array([isinstance(subject, Entry) for subject in subjects])

    def answer(text: str) -> tuple[Entry, float]:
        scores = model.decision_function([normalise(text)])[0]
        inside = np.where(is_entry, scores, -np.inf)
        best = subjects[int(inside.argmax())]
        assert isinstance(best, Entry)
        return best, float(inside.max() - scores[~is_entry].max())

    return answer


def ours(bot: FAQBot, text: str) -> tuple[Entry, float]:
    """Return the best entry and the confidence of the bot."""
    found = bot.explain(text)
    best = found.ranking.entries[0].entry
    assert isinstance(best, Entry)
    return best, found.confidence


def measure(answerer: Answerer, asked: list[Labelled]) -> list[float]:
    """Return the share right first, then right and wrong at each budget."""
    found = [(row, *answerer(row.text)) for row in asked]
    outside = sorted((sure for row, _, sure in found if not row.claims), reverse=True)
    inside = [
        (bool(row.claims & set(entry.claims)), sure)
        for row, entry, sure in found
        if row.claims
    ]
    shares = [sum(fits for fits, _ in inside) / len(inside)]
    for budget in BUDGETS:
        threshold = outside[int(budget * len(outside))] if outside else 0.0
        answered = [fits for fits, sure in inside if sure > threshold]
        right = sum(answered)
        shares += [right / len(inside), (len(answered) - right) / len(inside)]
    return shares


if __name__ == "__main__":
    main()
