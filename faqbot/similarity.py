"""Finds the known wordings nearest to a question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import sqrt

from rapidfuzz import fuzz, process

from .text import Folded, stem_grams

MEASURES = ("sort", "overlap", "whole")
"""Each hears what another does not: words in another order, the rare words that both
have, spelling. The ratios are rapidfuzz's, of the sorted words and of the words as they
stand; the overlap is the cosine of the TF-IDF vectors of the stem n-grams (Salton and
Buckley 1988), each n-gram counted once. `token_set_ratio` in its place gives full marks
to a bare "back", and takes many times as long."""
NEAREST = 3
"""Wordings looked at on each side; one may be near by chance."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The wordings of a subject in the forms in which they are compared."""

    texts: tuple[str, ...]
    ordered: tuple[str, ...]
    """The same with their words sorted: token_sort_ratio is the ratio of these, and
    ten times as quick where they are sorted once."""
    postings: Mapping[str, Sequence[int]]
    """The places of the wordings that hold each stem n-gram."""
    lengths: Sequence[float]
    """The length of each wording as a vector of rarities."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A known wording near a question."""

    subject: int
    """Index of the subject it belongs to."""
    wording: str
    similarity: float
    """Mean of the measures, 0 to 100."""


class WordingIndex:
    """The wordings of each subject, ready to be compared with a question."""

    def __init__(
        self,
        wordings: Sequence[Sequence[str]],
        texts: Sequence[Sequence[Folded]],
        rarity: Mapping[str, float],
    ) -> None:
        """`rarity` is that of each stem n-gram, of which a stranger one has 1."""
        self._wordings = [tuple(group) for group in wordings]
        self._folded = [tuple(group) for group in texts]
        self._rarity = rarity
        # Most subjects are never near enough to be asked for theirs.
        self._prepared: dict[int, Prepared] = {}

    def nearest(self, question: Folded, subjects: Iterable[int]) -> list[Neighbour]:
        """Return the nearest wordings of `subjects`, most similar first."""
        said, ordered = question.text, _sorted(question.text)
        found = []
        for subject in subjects:
            known = self._prepare(subject)
            for wording, text, words, overlap in zip(
                self._wordings[subject],
                known.texts,
                known.ordered,
                self._overlaps(question, [subject]),
                strict=True,
            ):
                ratios = fuzz.ratio(ordered, words) + fuzz.ratio(said, text)
                total = ratios + 100 * overlap
                found.append(Neighbour(subject, wording, total / len(MEASURES)))
        return nlargest(NEAREST, found, key=lambda neighbour: neighbour.similarity)

    def similarities(
        self,
        question: Folded,
        subjects: Iterable[int],
        left_out: Folded | None = None,
    ) -> dict[str, float]:
        """Return, for each measure, the mean over the nearest wordings, 0 to 1.

        The wording `left_out` is passed over.
        """
        subjects = tuple(subjects)
        known = list(map(self._prepare, subjects))
        texts = [text for each in known for text in each.texts]
        ordered = [text for each in known for text in each.ordered]
        overlaps = self._overlaps(question, subjects)
        if left_out is not None and left_out.text in texts:
            place = texts.index(left_out.text)
            del texts[place], ordered[place], overlaps[place]
        said = question.text
        return {
            "sort": _mean(_nearest(_sorted(said), ordered)),
            "overlap": _mean(nlargest(NEAREST, overlaps)),
            "whole": _mean(_nearest(said, texts)),
        }

    def _overlaps(self, question: Folded, subjects: Iterable[int]) -> list[float]:
        """Return the cosine, 0 to 1, of a question and each wording of `subjects`."""
        grams = self._grams(question)
        length = self._length(grams)
        found: list[float] = []
        for subject in subjects:
            known = self._prepare(subject)
            shared = [0.0] * len(known.lengths)
            for gram, square in grams.items():
                for place in known.postings.get(gram, ()):
                    shared[place] += square
            found += [
                total / (length * each)
                for total, each in zip(shared, known.lengths, strict=True)
            ]
        return found

    def _prepare(self, subject: int) -> Prepared:
        """Return the wordings of a subject, prepared when first asked for."""
        found = self._prepared.get(subject)
        if found is None:
            texts = tuple(text.text for text in self._folded[subject])
            grams = list(map(self._grams, self._folded[subject]))
            places: dict[str, list[int]] = {}
            for place, each in enumerate(grams):
                for gram in each:
                    places.setdefault(gram, []).append(place)
            # Two threads may both work this out, and come to the same.
            found = self._prepared[subject] = Prepared(
                texts,
                tuple(map(_sorted, texts)),
                places,
                list(map(self._length, grams)),
            )
        return found

    def _grams(self, text: Folded) -> dict[str, float]:
        """Return the square of the rarity of each stem n-gram of a text."""
        return {gram: self._rarity.get(gram, 1.0) ** 2 for gram in stem_grams(text)}

    @staticmethod
    def _length(grams: Mapping[str, float]) -> float:
        return sqrt(sum(grams.values())) or 1.0


def _nearest(text: str, texts: Sequence[str]) -> list[float]:
    """Return the ratios, 0 to 1, of a text and those nearest to it."""
    found = process.extract(text, texts, scorer=fuzz.ratio, limit=NEAREST)
    return [score / 100 for _, score, _ in found]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))
