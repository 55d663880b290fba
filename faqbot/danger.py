"""Hears danger in words that no rule lists, by the examples of red flags."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .assertion import Status, may_be_distant
from .judging import Judge, Policy
from .models import RedFlag
from .ranking import LONGEST_QUESTION, Ranker, Ranking, Suspicion
from .safety import Finding, Screen
from .text import is_question, sentences

SHORTEST_SENTENCE = 4
"""Words from which a sentence may say by itself what is meant; "Why?" may not."""
MOST_SENTENCES = 16
"""Sentences of a message that are looked at one by one."""
LONG_MESSAGE = 20
"""Words from which a sign that rules find must be likelier: the more is told, the more
often words of it make a sign by chance."""
LONGER_DOUBT = 3
"""How many times as likely it must be then."""
DISTANT_DOUBT = 3
"""The same where a message tells of another time or of somebody else."""
LEAST_ODDS = -1.0
"""Log-odds, in nats, under which a part of a message is not looked at closer. It saves
four in ten such looks; of 636 parts that raised a flag, none had less."""


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
        doubt = self._policy.doubt
        if may_be_distant(message):
            doubt *= DISTANT_DOUBT
        if self._is_likely(ranking, doubt):
            return True
        rest = self._told(_ranked(self._ranker, message))
        return bool(rest) and self._is_likely(self._ranker.rank(rest), doubt)

    def _is_likely(self, part: Ranking, doubt: float) -> bool:
        if len(part.question.words) >= LONG_MESSAGE:
            doubt *= LONGER_DOUBT
        return doubt <= 0 or any(
            self._judge.danger(each) >= doubt
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
        """Return the urgent red flag that a part of a message raises by itself."""
        ranked = _ranked(self._ranker, message)
        for part, edge in self._parts(ranked, chance):
            alone = self._hear_part(message, part, edge)
            if alone:
                return alone
        return None

    def _parts(
        self, ranked: Sequence[tuple[str, Ranking]], chance: float
    ) -> Iterator[tuple[Ranking, float]]:
        """Yield parts of a message, and how likely each must be to be heard alone.

        A part must be surer than a whole message, for what stands around it may
        explain it: "Do planks help? The seat feels like foam. I drive." A sentence
        tells least; two that follow one another, and all that is not asked, tell more.
        The first two are left out where `chance`, that of the whole message, is too
        low. What an entry answers for sure is never what drowns a sign beside it.
        """
        policy, rank = self._policy, self._ranker.rank
        said = [sentence for sentence, _ in ranked]
        if chance >= policy.hint:
            for _, part in ranked:
                if len(part.question.words) >= SHORTEST_SENTENCE:
                    yield part, policy.sentence_alarm
            if len(said) > 2:
                for pair in pairwise(said):
                    yield rank(" ".join(pair)), policy.part_alarm
        told = [sentence for sentence in said if not is_question(sentence)]
        if 0 < len(told) < len(said):
            part = rank(" ".join(told))
            if len(part.question.words) >= SHORTEST_SENTENCE:
                yield part, policy.part_alarm
        rest = rank(self._told(ranked))
        if len(rest.question.words) > 1:
            yield rest, policy.alarm

    def _hear_part(self, message: str, part: Ranking, edge: float) -> Heard | None:
        """Return the urgent red flag that a part raises, as it was ranked."""
        if self._ranker.odds(part, urgent=True) < LEAST_ODDS:
            return None
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
        is_plain = heard.chance >= self._policy.plain
        if not (telling or is_plain):
            return heard
        # No word of "my legs don't work" is rare, and together they are plain.
        spoken = telling or part.question.words
        found = self._screen.weigh(message, suspicion.flag, spoken, sure=is_plain)
        return replace(heard, finding=found)


def _ranked(ranker: Ranker, message: str) -> list[tuple[str, Ranking]]:
    """Return the sentences of a message of several, each ranked."""
    parts = sentences(message)[:MOST_SENTENCES]
    return [(each, ranker.rank(each)) for each in parts] if len(parts) > 1 else []
