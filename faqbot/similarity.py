"""Finds the known wordings nearest to a question."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from rapidfuzz import fuzz, process

from .text import Folded

SCORERS: dict[str, Callable[..., float]] = {
    "sort": fuzz.token_sort_ratio,
    "set": fuzz.token_set_ratio,
    "whole": fuzz.ratio,
}
"""Each hears what another does not: order, containment, spelling. `token_set_ratio`
alone gives full marks to one shared word, so none of them judges alone."""
NEAREST = 3
"""Wordings looked at on each side; one may be near by chance."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A known wording near a question."""

    subject: int
    """Index of the subject it belongs to."""
    wording: str
    similarity: float
    """Mean of the scorers, 0 to 100."""


class WordingIndex:
    """The wordings of each subject, ready to be compared with a question."""

    def __init__(
        self, wordings: Sequence[Sequence[str]], texts: Sequence[Sequence[Folded]]
    ) -> None:
        self._wordings = [tuple(group) for group in wordings]
        self._texts = [tuple(text.text for text in group) for group in texts]

    def nearest(self, question: Folded, subjects: Iterable[int]) -> list[Neighbour]:
        """Return the nearest wordings of `subjects`, most similar first."""
        found = []
        for subject in subjects:
            pairs = zip(self._wordings[subject], self._texts[subject], strict=True)
            for wording, text in pairs:
                total = sum(scorer(question.text, text) for scorer in SCORERS.values())
                found.append(Neighbour(subject, wording, total / len(SCORERS)))
        return nlargest(NEAREST, found, key=lambda neighbour: neighbour.similarity)

    def similarities(
        self,
        question: Folded,
        subjects: Iterable[int],
        left_out: Folded | None = None,
    ) -> dict[str, float]:
        """Return, for each scorer, the mean over the nearest wordings, 0 to 1.

        The wording `left_out` is passed over.
        """
        texts = [text for subject in subjects for text in self._texts[subject]]
        if left_out is not None and left_out.text in texts:
            texts.remove(left_out.text)
        return {
            name: _mean_of_highest(question.text, texts, scorer) / 100
            for name, scorer in SCORERS.items()
        }


def _mean_of_highest(
    text: str, texts: Sequence[str], scorer: Callable[..., float]
) -> float:
    found = process.extract(text, texts, scorer=scorer, limit=NEAREST)
    return sum(score for _, score, _ in found) / len(found) if found else 0.0
