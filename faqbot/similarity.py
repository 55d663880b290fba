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
        # token_sort_ratio is the ratio of the sorted words; they are sorted once here,
        # which makes it ten times as quick.
        self._sorted = [tuple(map(_sorted, group)) for group in self._texts]

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
        subjects = tuple(subjects)
        texts, ordered = (
            [text for subject in subjects for text in form[subject]]
            for form in (self._texts, self._sorted)
        )
        if left_out is not None and left_out.text in texts:
            place = texts.index(left_out.text)
            del texts[place], ordered[place]
        said = question.text
        return {
            "sort": _mean_of_highest(_sorted(said), ordered, fuzz.ratio),
            "set": _mean_of_highest(said, texts, fuzz.token_set_ratio),
            "whole": _mean_of_highest(said, texts, fuzz.ratio),
        }


def _mean_of_highest(
    text: str, texts: Sequence[str], scorer: Callable[..., float]
) -> float:
    """Return the mean similarity, 0 to 1, of a text to those nearest to it."""
    found = process.extract(text, texts, scorer=scorer, limit=NEAREST)
    return sum(score for _, score, _ in found) / len(found) / 100 if found else 0.0


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))
