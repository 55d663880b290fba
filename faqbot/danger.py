"""Hears danger in words that no rule lists, by the examples of red flags."""

from dataclasses import dataclass, replace

from .judging import Judge, Policy
from .ranking import Ranker, Ranking, Suspicion
from .safety import Finding, Screen
from .text import sentences

SHORTEST_SENTENCE = 4
"""Words from which a sentence may say by itself what is meant; "Why?" may not."""
MOST_SENTENCES = 16
"""Sentences of a message that are looked at one by one."""
MIN_TELLING = 2
"""Fewest words that must speak for a red flag when no rule does."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message sounds like."""

    chance: float = 0.0
    """Probability that a red flag is meant."""
    suspicion: Suspicion | None = None
    """The flag that is likeliest, and what the probability is judged by."""
    finding: Finding | None = None
    """The flag, where it is likely enough to be raised and is not denied."""


class Listener:
    """Holds messages against the examples of red flags."""

    def __init__(
        self, ranker: Ranker, screen: Screen, judge: Judge, policy: Policy
    ) -> None:
        self._ranker = ranker
        self._screen = screen
        self._judge = judge
        self._policy = policy

    def hear(self, message: str, ranking: Ranking) -> Heard:
        """Return the urgent red flag that a ranked message sounds like.

        "The flannel could be touching anyone when I dry off." A sentence alone raises
        one too, but must be surer, for what stands around it may explain it: "Do planks
        help? The seat feels like foam. I drive."
        """
        heard = self._hear(message, ranking, self._policy.alarm)
        if heard.finding or heard.chance < self._policy.hint:
            return heard
        parts = sentences(message)[:MOST_SENTENCES]
        if len(parts) < 2:
            return heard
        ranked = [(each, self._ranker.rank(each)) for each in parts]
        for _, part in ranked:
            if len(part.question.words) >= SHORTEST_SENTENCE:
                alone = self._hear(message, part, self._policy.sentence_alarm)
                if alone.finding:
                    return alone
        # What is left without the questions that an entry answers for sure is a message
        # of its own, so that no such question can drown it.
        told = [
            sentence
            for sentence, part in ranked
            if self._judge.confidence(part) < self._policy.sure_question
        ]
        if 0 < len(told) < len(ranked):
            rest = self._ranker.rank(" ".join(told))
            alone = self._hear(message, rest, self._policy.alarm)
            if alone.finding:
                return alone
        return heard

    def hear_soon(self, message: str, ranking: Ranking) -> Heard:
        """Return the red flag for an appointment that a ranked message sounds like."""
        return self._hear(message, ranking, self._policy.advise, urgent=False)

    def _hear(
        self, message: str, ranking: Ranking, raised: float, *, urgent: bool = True
    ) -> Heard:
        """Return what one part of a message sounds like, as it was ranked."""
        suspicion = self._ranker.suspect(ranking, urgent=urgent)
        if suspicion is None:
            return Heard()
        heard = Heard(self._judge.danger(suspicion), suspicion)
        if heard.chance < raised:
            return heard
        telling = self._ranker.telling(ranking, suspicion.flag)
        # One word, as in "my back is screaming", may stand in a danger by chance.
        if len(telling) < MIN_TELLING:
            return heard
        found = self._screen.weigh(message, suspicion.flag, telling)
        return replace(heard, finding=found)
