"""Ranks entries, out-of-scope topics and small talk together for one question."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .evidence import Evidence, EvidenceIndex
from .models import Candidate, Entry, Subject
from .similarity import SCORERS, Neighbour, WordingIndex
from .text import Folded, Folder, words

CONTENDERS = 5
"""Subjects a side whose wordings are compared with the question one by one."""
SLIP = 0.8
"""Least OSA similarity, 0 to 1, at which a word is a known one misspelt."""
SHORTEST_SLIP = 4
"""Shorter words have too many neighbours to be recognised when misspelt."""
LONGEST_QUESTION = 400
"""Words of a question that are looked at; a whole book is not worth the wait."""
LONGEST = 30
"""Words from which a question counts as long; few wordings are longer."""

FEATURES = (
    "evidence",
    "scope",
    "lead",
    "share",
    *(f"near_{name}" for name in SCORERS),
    *(f"far_{name}" for name in SCORERS),
    "unknown",
    "length",
    "topic_words",
)
"""What the confidence is judged by, in the order in which it is explained."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates for one question, and what tells how far to trust the first."""

    question: Folded
    candidates: tuple[Candidate, ...]
    """One a subject, best first."""
    features: Mapping[str, float]
    """The values of FEATURES; empty where there is no entry or no word."""
    exact: Subject | None
    """The subject of which the question is a known wording, word for word."""
    unknown_words: tuple[str, ...]
    """Words of the question that are not in the base and not a slip for one that is."""

    @property
    def entries(self) -> list[Candidate]:
        """The candidates that can be answered, best first."""
        return [each for each in self.candidates if isinstance(each.entry, Entry)]

    @property
    def outside(self) -> list[Candidate]:
        """The out-of-scope topics and small talk, best first."""
        return [each for each in self.candidates if not isinstance(each.entry, Entry)]


class Ranker:
    """Indexes of every wording of every subject."""

    def __init__(
        self,
        subjects: Sequence[Subject],
        fold: Folder,
        other_texts: Iterable[str] = (),
    ) -> None:
        """`other_texts` hold words that are known, though nobody asks with them."""
        self.subjects = tuple(subjects)
        self._fold = fold
        self._places = {subject.id: place for place, subject in enumerate(subjects)}
        wordings = [subject.wordings for subject in subjects]
        texts = [[fold(wording) for wording in group] for group in wordings]
        self._owners: dict[tuple[str, ...], Subject] = {}
        for subject, group in zip(subjects, texts, strict=True):
            for text in group:
                self._owners.setdefault(text.words, subject)
        topic_words = [
            {word: fold(word) for word in getattr(subject, "words", ())}
            for subject in subjects
        ]
        self._topic_words = {
            " ".join(folded.stems): word
            for found in topic_words
            for word, folded in found.items()
        }
        evidence = [
            [*group, *found.values()]
            for group, found in zip(texts, topic_words, strict=True)
        ]
        inside = [isinstance(subject, Entry) for subject in subjects]
        sides = [
            [place for place, each in enumerate(inside) if each is side]
            for side in (True, False)
        ]
        self._evidence = EvidenceIndex(evidence, sides)
        self._wordings = WordingIndex(wordings, texts)
        self._entry_stems = [
            frozenset(stem for text in group for stem in text.stems) for group in texts
        ]
        used = Counter(
            word for group in evidence for text in group for word in set(text.words)
        )
        self.common_words = frozenset(word for word, n in used.items() if n > 1)
        """Words of two wordings or more, so that a slip in one does not count."""
        self._known_words = sorted(set(used).union(*map(words, other_texts)))
        self._known_stems = frozenset(fold.stems(" ".join(self._known_words)))

    def rank(self, question: str) -> Ranking:
        """Return the candidates for `question`; ties keep the order of the base."""
        folded = self._fold(question).shortened(LONGEST_QUESTION)
        evidence = self._evidence.weigh(folded)
        scale = evidence.mass or 1.0
        order = sorted(
            range(len(self.subjects)), key=lambda place: -evidence.scores[place]
        )
        top = max(evidence.scores, default=0.0)
        chances = [exp(score - top) for score in evidence.scores]
        total = sum(chances) or 1.0
        candidates = tuple(
            Candidate(
                self.subjects[place],
                evidence.scores[place] / scale,
                chances[place] / total,
            )
            for place in order
        )
        unknown = self.unknown(folded)
        features = self._features(folded, order, evidence, unknown)
        exact = self._owners.get(folded.words)
        return Ranking(folded, candidates, features, exact, unknown)

    def unknown(self, question: Folded) -> tuple[str, ...]:
        """Return the words that the base does not know, each once, in order."""
        return tuple(
            dict.fromkeys(
                word
                for word, stem in zip(question.words, question.stems, strict=True)
                if stem not in self._known_stems
                and not word.isdigit()
                and not self._is_slip(word)
            )
        )

    def _is_slip(self, word: str) -> bool:
        if len(word) < SHORTEST_SLIP:
            return False
        return (
            process.extractOne(
                word,
                self._known_words,
                scorer=OSA.normalized_similarity,
                score_cutoff=SLIP,
            )
            is not None
        )

    def _features(
        self,
        question: Folded,
        order: list[int],
        evidence: Evidence,
        unknown: tuple[str, ...],
    ) -> dict[str, float]:
        inside = [each for each in order if isinstance(self.subjects[each], Entry)]
        outside = [each for each in order if not isinstance(self.subjects[each], Entry)]
        if not inside or not question.words:
            return {}
        best = inside[0]
        scores, scale = evidence.scores, evidence.mass or 1.0
        against = scores[outside[0]] if outside else min(scores)
        second = scores[inside[1]] if len(inside) > 1 else min(scores)
        among = sum(exp(scores[each] - scores[best]) for each in inside)
        near = self._wordings.similarities(question, inside[:CONTENDERS])
        far = self._wordings.similarities(question, outside[:CONTENDERS])
        return {
            "evidence": (scores[best] - against) / scale,
            "scope": (evidence.sides[0] - evidence.sides[1]) / scale,
            "lead": (scores[best] - second) / scale,
            "share": 1 / among,
            **{f"near_{name}": value for name, value in near.items()},
            **{f"far_{name}": value for name, value in far.items()},
            "unknown": len(unknown) / len(question.words),
            "length": log(min(len(question.words), LONGEST)),
            "topic_words": float(bool(self.decisive_words(question, best))),
        }

    def decisive_words(self, question: Folded, place: int) -> tuple[str, ...]:
        """Return topic words in the question that the subject at `place` never uses."""
        text = f" {' '.join(question.stems)} "
        own = self._entry_stems[place]
        return tuple(
            word
            for stems, word in self._topic_words.items()
            if f" {stems} " in text and not own.issuperset(stems.split())
        )

    def neighbours(self, ranking: Ranking, *, outside: bool) -> list[Neighbour]:
        """Return the wordings nearest to the question on one side."""
        side = ranking.outside if outside else ranking.entries
        nearest = [self._places[each.id] for each in side[:CONTENDERS]]
        return self._wordings.nearest(ranking.question, nearest)

    def compare(self, ranking: Ranking) -> list[tuple[str, float]]:
        """Return what each n-gram says for the first candidate against the second."""
        if len(ranking.candidates) < 2:
            return []
        first, second = (self._places[each.id] for each in ranking.candidates[:2])
        return self._evidence.explain(ranking.question, first, second)
