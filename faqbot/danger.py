"""Hears danger in words that no rule lists, by the examples of red flags."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .assertion import Status
from .judging import Judge, Policy
from .models import RedFlag
from .ranking import LONGEST_QUESTION, Ranker, Ranking, Suspicion
from .safety import Finding, Screen
from .text import sentences

SHORTEST_SENTENCE = 4
"""Words from which a sentence may say by itself what is meant; "Why?" may not."""
MOST_SENTENCES = 16
"""Sentences of a message that are looked at one by one."""
MIN_TELLING = 2
"""Fewest words that must speak for a red flag when no rule does, unless it is as sure
as a sentence must be."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message sounds like."""

    suspicion: Suspicion
    """What the chance is judged by."""
    chance: float
    """Probability that it is meant."""
    finding: Finding | None = None
    """The flag, where it is likely enough to be raised and is not denied."""

    @property
    def flag(self) -> RedFlag:
        """The red flag that is likeliest."""
        return self.suspicion.flag


class Listener:
    """Holds messages against the examples of red flags."""

    def __init__(
        self, ranker: Ranker, screen: Screen, judge: Judge, policy: Policy
    ) -> None:
        self._ranker = ranker
        self._screen = screen
        self._judge = judge
        self._policy = policy

    def hear(self, message: str, ranking: Ranking) -> Iterator[Heard]:
        """Yield what a ranked message sounds like, for each level with examples.

        "The flannel could be touching anyone when I dry off."
        """
        for suspicion in self._ranker.suspect(ranking):
            is_urgent = suspicion.flag.level.is_urgent
            edge = self._policy.alarm if is_urgent else self._policy.advise
            heard = self._weigh(message, ranking, suspicion, edge)
            if is_urgent and not heard.finding:
                heard = self._hear_parts(message, heard.chance) or heard
            yield heard

    def doubted(
        self, found: tuple[Finding, ...], message: str, ranking: Ranking
    ) -> tuple[Finding, ...]:
        """Return what rules found in a ranked message, with what is unlikely marked.

        "The lorry left two tonnes of gravel, and my back aches" has two words of a
        sign, and is like no message that means it. A flag without examples is not
        doubted, nor what is too long to be held against them as a whole.
        """
        doubtful = [
            each
            for each in found
            if each.status is Status.CURRENT
            and each.flag.level.is_urgent
            and each.flag.examples
        ]
        if (
            not doubtful
            or len(ranking.question.words) >= LONGEST_QUESTION
            or len(sentences(message)) > MOST_SENTENCES
            or self._may_be_meant(message, ranking)
        ):
            return found
        return tuple(
            replace(each, status=Status.UNLIKELY) if each in doubtful else each
            for each in found
        )

    def _may_be_meant(self, message: str, ranking: Ranking) -> bool:
        """Tell whether an urgent red flag is not too unlikely to count.

        What is asked beside it is left aside only where the whole is too unlikely.
        """
        if self._is_likely(ranking):
            return True
        rest = self._told(_ranked(self._ranker, message))
        return bool(rest) and self._is_likely(self._ranker.rank(rest))

    def _is_likely(self, part: Ranking) -> bool:
        return self._policy.doubt <= 0 or any(
            self._judge.danger(each) >= self._policy.doubt
            for each in self._ranker.suspect(part, [True])
        )

    def _told(self, ranked: Sequence[tuple[str, Ranking]]) -> str:
        """Return what is left without the questions that an entry answers for sure.

        It is a message of its own, so that no such question can drown it. Empty where
        nothing is left, or all.
        """
        told = [
            sentence
            for sentence, part in ranked
            if self._judge.confidence(part) < self._policy.sure_question
        ]
        return " ".join(told) if len(told) < len(ranked) else ""

    def _hear_parts(self, message: str, chance: float) -> Heard | None:
        """Return the urgent red flag that a part of a message raises by itself.

        It is not looked for where `chance`, that of the whole message, is too low.
        What an entry answers for sure is never what drowns a sign beside it.
        """
        ranked = _ranked(self._ranker, message)
        if chance >= self._policy.hint:
            for part, edge in self._parts(ranked):
                alone = self._hear_part(message, part, edge)
                if alone:
                    return alone
        rest = self._told(ranked)
        if not rest:
            return None
        return self._hear_part(message, self._ranker.rank(rest), self._policy.alarm)

    def _parts(
        self, ranked: Sequence[tuple[str, Ranking]]
    ) -> Iterator[tuple[Ranking, float]]:
        """Yield parts of a message, and how likely each must be to be heard alone.

        A part must be surer than a whole message, for what stands around it may
        explain it: "Do planks help? The seat feels like foam. I drive." A sentence
        tells least; two that follow one another, and all that is not asked, tell more.
        """
        policy = self._policy
        for _, part in ranked:
            if len(part.question.words) >= SHORTEST_SENTENCE:
                yield part, policy.sentence_alarm
        said = [sentence for sentence, _ in ranked]
        if len(said) > 2:
            for pair in pairwise(said):
                yield self._ranker.rank(" ".join(pair)), policy.part_alarm
        told = [sentence for sentence in said if not sentence.rstrip().endswith("?")]
        if 0 < len(told) < len(said):
            yield self._ranker.rank(" ".join(told)), policy.part_alarm

    def _hear_part(self, message: str, part: Ranking, edge: float) -> Heard | None:
        """Return the urgent red flag that a part raises, as it was ranked."""
        for suspicion in self._ranker.suspect(part, [True]):
            heard = self._weigh(message, part, suspicion, edge)
            if heard.finding:
                return heard
        return None

    def _weigh(
        self, message: str, part: Ranking, suspicion: Suspicion, edge: float
    ) -> Heard:
        """Return how likely a suspicion is, and what is found from `edge` on."""
        heard = Heard(suspicion, self._judge.danger(suspicion))
        if heard.chance < edge:
            return heard
        telling = self._ranker.telling(part, suspicion.flag)
        # One word, as in "my back is screaming", may stand in a danger by chance.
        is_plain = heard.chance >= self._policy.sentence_alarm
        if len(telling) < MIN_TELLING and not is_plain:
            return heard
        # No word of "I can't walk" is rare, and together they are plain.
        words = telling or part.question.words
        found = self._screen.weigh(message, suspicion.flag, words)
        return replace(heard, finding=found)


def _ranked(ranker: Ranker, message: str) -> list[tuple[str, Ranking]]:
    """Return the sentences of a message of several, each ranked."""
    parts = sentences(message)[:MOST_SENTENCES]
    return [(each, ranker.rank(each)) for each in parts] if len(parts) > 1 else []
