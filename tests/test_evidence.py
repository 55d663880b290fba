"""Tests the n-gram evidence against a slow and simple model."""

from collections import Counter
from math import isclose, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot import KnowledgeBase
from faqbot.evidence import SMOOTHING, STEM_SHARE, EvidenceIndex
from faqbot.text import Folded, Folder, Stemmer, character_grams, stem_grams

FOLD = Folder(Stemmer("english"), {"sofa": ["couch", "sofa"]})
SUBJECTS = [
    ["how often should I stretch", "stretching how many times"],
    ["may I lift a sofa", "lifting heavy things", "can I carry the couch"],
    ["hello there", "good morning"],
]
TEXTS = [[FOLD(wording) for wording in group] for group in SUBJECTS]


def naive(texts: list[list[Folded]], question: Folded) -> list[float]:
    """Return the scores by the plain formulas, every n-gram of every subject."""
    everything = [text for group in texts for text in group]
    frequency: Counter[str] = Counter()
    for text in everything:
        frequency.update(set(stem_grams(text)))
        for word in set(text.words):
            frequency.update(set(character_grams(word)))
    rarity = {
        gram: max(1.0, log((1 + len(everything)) / (1 + n)) + 1)
        for gram, n in frequency.items()
    }

    def weights(text: Folded) -> Counter[str]:
        found: Counter[str] = Counter()
        words = Counter(text.words)
        squares = sum(
            (n * rarity[g] * times) ** 2
            for word, times in words.items()
            for g, n in Counter(character_grams(word)).items()
            if g in rarity
        )
        for word, times in words.items():
            for gram in character_grams(word):
                if gram in rarity:
                    found[gram] += times * rarity[gram] / sqrt(squares)  # type: ignore[assignment]
        stems = Counter(gram for gram in stem_grams(text) if gram in rarity)
        length = sqrt(sum((n * rarity[gram]) ** 2 for gram, n in stems.items()))
        for gram, n in stems.items():
            found[gram] += STEM_SHARE * n * rarity[gram] / length  # type: ignore[assignment]
        return found

    asked = weights(question)
    scores = []
    for group in texts:
        held: Counter[str] = Counter()
        for text in group:
            held.update(weights(text))
        total = sum(held.values()) + SMOOTHING * len(rarity)
        scores.append(
            sum(w * log((held[g] + SMOOTHING) / total) for g, w in asked.items())
        )
    return scores


@pytest.mark.parametrize(
    "text", ["how often stretch", "lift my couch", "morning", "strech offen", "zzz"]
)
def test_scores_equal_those_of_the_plain_formulas(text: str) -> None:
    question = FOLD(text)
    found = EvidenceIndex(TEXTS).weigh(question).scores
    for score, expected in zip(found, naive(TEXTS, question), strict=True):
        assert isclose(score, expected, abs_tol=1e-9)


@given(st.text(max_size=60))
def test_scores_are_the_same_whatever_was_asked_before(text: str) -> None:
    fresh, used = EvidenceIndex(TEXTS), EvidenceIndex(TEXTS)
    used.weigh(FOLD("how often should I lift the sofa in the morning"))
    assert fresh.weigh(FOLD(text)) == used.weigh(FOLD(text))


def test_a_side_is_its_subjects_taken_as_one() -> None:
    sides = EvidenceIndex(TEXTS, [[0, 1], [2]])
    merged = EvidenceIndex([[*TEXTS[0], *TEXTS[1]], TEXTS[2]])
    question = FOLD("should I stretch on the couch")
    found, expected = sides.weigh(question).sides, merged.weigh(question).scores
    for side, score in zip(found, expected, strict=True):
        assert isclose(side, score, abs_tol=1e-9)


def test_what_n_grams_say_adds_up_to_the_lead() -> None:
    index = EvidenceIndex(TEXTS)
    question = FOLD("may I lift the couch")
    scores = index.weigh(question).scores
    said = sum(gain for _, gain in index.explain(question, 1, 0))
    assert isclose(said, scores[1] - scores[0], abs_tol=1e-9)


def test_a_question_without_a_known_n_gram_weighs_nothing() -> None:
    evidence = EvidenceIndex(TEXTS).weigh(FOLD("xyzzy"))
    assert evidence.mass == 0
    assert set(evidence.scores) == {0.0}


def test_a_wording_left_out_is_weighed_as_if_it_were_not_there(
    base: KnowledgeBase,
) -> None:
    """Against an index built without it; only the rarity of a few n-grams differs."""
    fold = Folder(Stemmer("english"), base.vocabulary)
    texts = [[fold(wording) for wording in each.wordings] for each in base.entries[:10]]
    sides = [list(range(6)), list(range(6, 10))]
    whole = EvidenceIndex(texts, sides)
    for owner, group in enumerate(texts):
        text = group[7]
        rest = [[each for each in texts if each is not text] for texts in texts]
        without = EvidenceIndex(rest, sides).weigh(text)
        found = whole.weigh_left_out(text, text, owner)
        assert isclose(found.mass, without.mass, rel_tol=0.05)
        for scores, expected in (
            (found.scores, without.scores),
            (found.sides, without.sides),
        ):
            assert scores.index(max(scores)) == expected.index(max(expected))
            for each, other in zip(scores, expected, strict=True):
                ours = (each - max(scores)) / found.mass
                theirs = (other - max(expected)) / without.mass
                assert isclose(ours, theirs, abs_tol=0.05)


def test_a_wording_that_stands_twice_is_left_out_once() -> None:
    twice = EvidenceIndex([[*TEXTS[0], TEXTS[0][0]], *TEXTS[1:]])
    scores = twice.weigh_left_out(TEXTS[0][0], TEXTS[0][0], 0).scores
    assert scores[0] > max(scores[1:])
