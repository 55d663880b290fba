"""Ranks subjects by the n-grams that a question shares with their wordings."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import expm1, log, log1p, sqrt

from .text import Folded, character_grams, stem_grams

SMOOTHING = 0.1
"""Weight that every n-gram has for every subject, whether it occurs there or not."""
STEM_SHARE = 0.75
"""Weight of the stem n-grams against that of the character n-grams, which is 1."""


Read = tuple[Sequence[str], Sequence[str]]
"""The words and the stem n-grams of a text."""

Parts = tuple[Mapping[str, tuple[str, ...]], Mapping[str, float], Mapping[str, float]]
"""The n-grams of the words of a question, the weights of words and of stem n-grams."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one question says for each subject."""

    scores: tuple[float, ...]
    """Log-likelihood of the question under each subject, in nats, up to a constant."""
    mass: float
    """Weight of the question's n-grams that occur in the base at all."""
    sides: tuple[float, ...]
    """The same as `scores` for each side, all its subjects taken as one."""


class EvidenceIndex:
    """A multinomial naive Bayes model over TF-IDF weights, all subjects alike likely.

    McCallum and Nigam (1998) describe the model; Rennie et al. (2003) the TF-IDF
    weights and the scaling of each text to length 1, which keep long texts from
    counting more. Stems and characters are scaled apart.

    What is counted are words and stems; the characters of a word are looked at once a
    word, and the gains of an n-gram are worked out when it is first asked for. That
    makes an index many times as quick to build. Two approximations come with it: in
    the length and in the document frequency, the words of a text are taken to share
    no n-gram.
    """

    def __init__(
        self,
        texts: Sequence[Sequence[Folded]],
        sides: Sequence[Sequence[int]] = (),
        levelled: Sequence[Sequence[int]] = (),
        common: int | None = None,
    ) -> None:
        """Count the wordings of each subject.

        `texts` is a list a subject; `sides` are groups of subjects, by their places.
        Within each group of `levelled`, all subjects weigh the same, however many
        wordings they have. Only the first `common` subjects say how rare an n-gram is.
        """
        self._spelt: dict[str, tuple[str, ...]] = {}
        self._words_with: dict[str, list[str]] = {}
        read = [[(text.words, tuple(stem_grams(text))) for text in g] for g in texts]
        counting = read[:common]
        self.rarity = self._count(
            [text for group in counting for text in group],
            [text for group in read[len(counting) :] for text in group],
        )
        """Smoothed inverse document frequency of each n-gram, 1 or more."""
        self._word_uses: dict[str, list[tuple[int, float]]] = {}
        self._gains: dict[str, dict[int, float]] = {}
        totals: list[float] = []
        self._word_gains: dict[str, array[float]] = {}
        lengths, heights = {}, {}
        for word, grams in self._spelt.items():
            lengths[word] = self._length(grams)
            heights[word] = sum(self.rarity[gram] for gram in grams)
        counted = [self._scaled(group, lengths) for group in read]
        for by_word, by_stem in counted:
            total = sum(weight * self.rarity[gram] for gram, weight in by_stem.items())
            total += sum(weight * heights[word] for word, weight in by_word.items())
            totals.append(total)
        # Smoothing takes more from a subject with few wordings, so that one with many
        # would win what belongs to neither; rivals are brought to one size.
        self._scales = [1.0] * len(totals)
        for level in levelled:
            size = sum(totals[subject] for subject in level) / (len(level) or 1)
            for subject in level:
                self._scales[subject] = size / (totals[subject] or size or 1.0)
        totals = [
            total * scale for total, scale in zip(totals, self._scales, strict=True)
        ]
        for subject, (by_word, _) in enumerate(counted):
            scale = self._scales[subject]
            for word, weight in by_word.items():
                self._word_uses.setdefault(word, []).append((subject, weight * scale))
        self._stem_weights = [by_stem for _, by_stem in counted]
        # A side is one more subject, whose weights are those of its subjects together.
        self._sides = [frozenset(side) for side in sides]
        self._subjects = len(totals)
        totals += [sum(totals[subject] for subject in side) for side in self._sides]
        self._totals = [total + self._room for total in totals]
        self._floor = [log(SMOOTHING / total) for total in self._totals]

    def weigh(self, question: Folded) -> Evidence:
        """Return the evidence of a folded question for each subject."""
        parts = self._parts(question, self.rarity)
        mass = sum(self._weights(parts).values())
        return self._evidence(self._score(parts, mass, self._floor), mass)

    def weigh_left_out(self, question: Folded, wording: Folded, owner: int) -> Evidence:
        """Return the evidence of a question as if `owner` did not hold `wording`.

        What the wording adds to its owner and to its side is taken out again, and so
        are the n-grams that it alone has. The rarity of the others stays as it is.
        """
        scale = self._scales[owner]
        held = {
            gram: weight * scale
            for gram, weight in self._weights(self._parts(wording, self.rarity)).items()
        }
        added = sum(held.values())
        floor = list(self._floor)
        poorer = {owner} | {
            place
            for place, side in enumerate(self._sides, self._subjects)
            if owner in side
        }
        for place in poorer:
            floor[place] = log(SMOOTHING / (self._totals[place] - added))
        parts = self._parts(question, self._shared)
        weights = self._weights(parts)
        mass = sum(weights.values())
        scores = self._score(parts, mass, floor)
        for gram, weight in weights.items():
            gains = self._gain(gram)
            for subject in poorer & gains.keys():
                left = expm1(gains[subject]) - held.get(gram, 0.0) / SMOOTHING
                scores[subject] += weight * (log1p(max(left, 0.0)) - gains[subject])
        return self._evidence(scores, mass)

    def explain(
        self, question: Folded, subject: int, other: int
    ) -> list[tuple[str, float]]:
        """Return how much each n-gram speaks for `subject` against `other`, in nats.

        Strongest first, either way; stem n-grams begin with "=".
        """
        found = []
        for gram, weight in self._weights(self._parts(question, self.rarity)).items():
            gains = self._gain(gram)
            gap = gains.get(subject, 0.0) - gains.get(other, 0.0)
            gap += self._floor[subject] - self._floor[other]
            found.append((gram, weight * gap))
        return sorted(found, key=lambda pair: (-abs(pair[1]), pair[0]))

    def _evidence(self, scores: list[float], mass: float) -> Evidence:
        count = self._subjects
        return Evidence(tuple(scores[:count]), mass, tuple(scores[count:]))

    def _count(self, texts: Sequence[Read], others: Sequence[Read]) -> dict[str, float]:
        """Return the rarity in `texts` of each n-gram there or in `others`.

        It is the smoothed inverse document frequency.
        """
        frequency: dict[str, int] = defaultdict(int)
        self._tally(texts, frequency)
        # What only the others use is no more likely to be met in any of the subjects.
        self._room = SMOOTHING * len(frequency)
        everywhere = frequency.copy()
        self._tally(others, everywhere)
        self._shared = {gram for gram, count in everywhere.items() if count > 1}
        return {
            gram: max(1.0, log((1 + len(texts)) / (1 + frequency.get(gram, 0))) + 1)
            for gram in everywhere
        }

    def _tally(self, texts: Sequence[Read], frequency: dict[str, int]) -> None:
        """Spell every word, and add up how many of the texts use each n-gram."""
        uses = Counter(chain.from_iterable(set(words) for words, _ in texts))
        for gram in chain.from_iterable(set(grams) for _, grams in texts):
            frequency[gram] += 1
        for word, count in uses.items():
            spelt = self._spelt.get(word)
            if spelt is None:
                spelt = self._spelt[word] = tuple(character_grams(word))
                for gram in set(spelt):
                    self._words_with.setdefault(gram, []).append(word)
            for gram in set(spelt):
                frequency[gram] += count

    def _scaled(
        self, texts: Iterable[Read], lengths: Mapping[str, float]
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return the summed weights of words and of stem n-grams, rarity left out."""
        by_word: dict[str, float] = defaultdict(float)
        by_stem: dict[str, float] = defaultdict(float)
        for words, grams in texts:
            _add(by_word, words, lengths, 1.0)
            _add(by_stem, grams, self.rarity, STEM_SHARE)
        return by_word, by_stem

    def _parts(self, question: Folded, known: Container[str]) -> Parts:
        """Return what of a question is known, with its weights, rarity left out."""
        spelt = {
            word: tuple(gram for gram in character_grams(word) if gram in known)
            for word in question.words
        }
        lengths = {word: self._length(grams) for word, grams in spelt.items()}
        grams = tuple(gram for gram in stem_grams(question) if gram in known)
        return spelt, *self._scaled([(question.words, grams)], lengths)

    def _weights(self, parts: Parts) -> dict[str, float]:
        """Return the TF-IDF weight of each n-gram of a question."""
        spelt, by_word, by_stem = parts
        weights = defaultdict(float, by_stem)
        for word, weight in by_word.items():
            for gram in spelt[word]:
                weights[gram] += weight
        return {gram: weight * self.rarity[gram] for gram, weight in weights.items()}

    def _score(self, parts: Parts, mass: float, floor: Sequence[float]) -> list[float]:
        """Return the score of each subject; `mass` is the weight of all n-grams."""
        spelt, by_word, by_stem = parts
        scores = [mass * each for each in floor]
        others = {}
        for word, weight in by_word.items():
            if spelt[word] != self._spelt.get(word):
                others[word] = weight
                continue
            gains = zip(scores, self._gain_of_word(word), strict=True)
            scores = [score + weight * gain for score, gain in gains]
        rest = self._weights((spelt, others, by_stem))
        for gram, weight in rest.items():
            for subject, gain in self._gain(gram).items():
                scores[subject] += weight * gain
        return scores

    def _gain_of_word(self, word: str) -> Sequence[float]:
        """Return how much likelier each subject makes the n-grams of a known word.

        They are met together in question after question, and so are added up once.
        """
        found = self._word_gains.get(word)
        if found is None:
            # Two threads may both work this out, and come to the same.
            found = array("d", [0.0]) * len(self._floor)
            for gram in self._spelt[word]:
                for subject, gain in self._gain(gram).items():
                    found[subject] += self.rarity[gram] * gain
            self._word_gains[word] = found
        return found

    def _gain(self, gram: str) -> Mapping[int, float]:
        """Return how much likelier an n-gram is under each subject that uses it."""
        found = self._gains.get(gram)
        if found is None:
            totals: dict[int, float] = defaultdict(float)
            for subject, weights in enumerate(self._stem_weights):
                if gram in weights:
                    totals[subject] = weights[gram] * self._scales[subject]
            for word in self._words_with.get(gram, ()):
                times = self._spelt[word].count(gram)
                for subject, weight in self._word_uses[word]:
                    totals[subject] += times * weight
            for place, side in enumerate(self._sides, self._subjects):
                whole = sum(totals[subject] for subject in side & totals.keys())
                if whole:
                    totals[place] = whole
            rarity = self.rarity[gram]
            # Two threads may both work this out, and come to the same.
            found = self._gains[gram] = {
                subject: log1p(total * rarity / SMOOTHING)
                for subject, total in totals.items()
            }
        return found

    def _length(self, grams: Sequence[str]) -> float:
        """Return the length of the TF-IDF vector of a word."""
        counts = _counted(grams)
        return sqrt(sum((n * self.rarity[gram]) ** 2 for gram, n in counts.items()))


def _counted(parts: Sequence[str]) -> Mapping[str, int]:
    """Return how often each part of a text stands there; most stand once."""
    once = dict.fromkeys(parts, 1)
    return once if len(once) == len(parts) else Counter(parts)


def _add(
    totals: dict[str, float],
    parts: Sequence[str],
    weights: Mapping[str, float],
    share: float,
) -> None:
    """Add the parts of a text to `totals`, scaled so that its length is `share`."""
    counts = _counted(parts)
    squares = 0.0
    for part, count in counts.items():
        squares += (count * weights[part]) ** 2
    scale = share / sqrt(squares or 1.0)
    for part, count in counts.items():
        totals[part] += count * scale
