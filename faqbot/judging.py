"""Says how sure to be, and what is sure enough."""

from collections.abc import Mapping
from dataclasses import dataclass

from .confidence import GENERAL, Logistic
from .knowledge import KnowledgeBase
from .models import Calibration, Entry
from .ranking import DANGER_FEATURES, FEATURES, Ranking, Suspicion


@dataclass(frozen=True, slots=True)
class Policy:
    """The bands of the decision; the first five are the calibration's, unless given."""

    answer: float = GENERAL.answer
    """Lowest probability, that the best entry is right, at which it is answered."""
    offer: float = GENERAL.offer
    """Lowest probability, that one of the best entries is right, to offer them."""
    alarm: float = GENERAL.alarm
    """Lowest probability, that an urgent red flag is meant, at which it is raised."""
    advise: float = GENERAL.advise
    """The same for a red flag that asks for an appointment."""
    doubt: float = 0.0
    """Lowest probability, that an urgent red flag is meant, for a sign that rules find
    to count."""
    warn: float = 0.5
    """Lowest probability, that an urgent red flag is meant, to add when not to wait."""
    sentence_alarm: float = 0.993
    """The alarm for one sentence of several: what stands around it may explain it."""
    part_alarm: float = 0.975
    """The alarm for two sentences of more, or for all that is not asked."""
    plain: float = 0.95
    """Probability that a red flag is meant from which it needs no word that speaks for
    it, and from which no "no" takes it back: the examples of look-alikes know more."""
    hint: float = 0.1
    """Least probability, for the message as a whole, to hear a part of it."""
    sure_question: float = 0.9
    """Probability that an entry is right from which a sentence only asks for that."""
    exact: float = 0.99
    """Least probability that an entry is right whose wording the question is."""
    sentence: float = 0.85
    """Least probability that an entry is right for a sentence of a message to count."""
    options: int = 3
    """Most entries that are offered."""
    topic: float = 0.4
    """Least share of the evidence, 0 to 1, for a topic to be named in a referral."""
    small_talk: float = 59.0
    """Least similarity, 0 to 100, of a message to a known piece of small talk."""


class Judge:
    """Turns what is known about a message into probabilities, 0 to 1."""

    def __init__(self, sure: Calibration, policy: Policy) -> None:
        self._exact = policy.exact
        self._best, self._among, self._danger, self._soon = map(
            Logistic.from_dict, (sure.best, sure.among, sure.danger, sure.soon)
        )

    def confidence(self, ranking: Ranking) -> float:
        """Return the probability that the best entry is right."""
        chance = _chance(self._best, ranking)
        return max(chance, self._exact) if isinstance(ranking.exact, Entry) else chance

    def offer(self, ranking: Ranking) -> float:
        """Return the probability that one of the best entries is right."""
        return _chance(self._among, ranking)

    def contributions(self, ranking: Ranking) -> Mapping[str, float]:
        """Return what each feature adds to the log-odds of the confidence."""
        return self._best.contributions(ranking.features)

    def danger(self, suspicion: Suspicion) -> float:
        """Return the probability that the suspected red flag is meant."""
        model = self._danger if suspicion.flag.level.is_urgent else self._soon
        return model.probability(suspicion.judged(self._best))


def _chance(model: Logistic, ranking: Ranking) -> float:
    return model.probability(ranking.features) if ranking.features else 0.0


def fitted(base: KnowledgeBase) -> Calibration:
    """Return the calibration of a base, or the general one where it has none that fits.

    One does not fit when the wordings have changed since, or what is judged by.
    """
    own = base.calibration
    if own is None or own.base != base.fingerprint:
        return GENERAL
    known = {"bias", *FEATURES}
    levels = {each.level.is_urgent for each in base.red_flags if each.examples}
    models = {True: own.danger, False: own.soon}
    is_known = own.best.keys() == own.among.keys() == known and all(
        models[urgent].keys() == {"bias", *DANGER_FEATURES} for urgent in levels
    )
    return own if is_known else GENERAL
