"""Ranks entries, out-of-scope topics and small talk together for one question."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from math import exp, log

from .confidence import Logistic
from .evidence import Evidence, EvidenceIndex
from .knowledge import KnowledgeBase
from .lexicon import Lexicon
from .models import Alarm, Candidate, Entry, LookAlikes, RedFlag, Referral, Subject
from .similarity import MEASURES, Neighbour, WordingIndex
from .text import Folded, Folder, Phrasebook, Stemmer

CONTENDERS = 5
"""Subjects a side whose wordings are compared with the question one by one."""
LONGEST_QUESTION = 400
"""Words of a question that are looked at; a whole book is not worth the wait."""
LONGEST = 30
"""Words from which a question counts as long; few wordings are longer."""

CONTEXT = 0.5
"""Weight of an n-gram of what was answered before against one of what is asked now."""
FOLLOWING = 1.0
"""Nats that an entry gains by standing under the follow-ups of the one before."""

FEATURES = (
    "evidence",
    "scope",
    "lead",
    "share",
    *(f"near_{name}" for name in MEASURES),
    *(f"far_{name}" for name in MEASURES),
    "unknown",
    "length",
    "topic_words",
)
"""What the confidence is judged by, in the order in which it is explained."""
DANGER_FEATURES = (
    *(name for name in FEATURES if name != "topic_words"),
    "odds",
    "confidence",
)
"""What the probability is judged by that a red flag is meant: the same for red flags
against all that is harmless, the log-odds of the two sides over the whole message, for
a long one that leans to danger throughout is surer than a short one that leans as much,
and how sure it is that an entry answers."""
LEVELS = (True, False)
"""Whether a red flag is urgent; the two kinds are judged apart."""
EVERYDAY = 0.005
"""Share of the harmless wordings from which a stem is too common to tell of danger."""
RARE = 3
"""Wordings up to which a stem is not common, however few there are."""
TELLING = 3
"""Words that are looked at to tell whether a danger is denied or past."""


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
    evidence: Evidence
    left_out: Folded | None = None
    """The wording that its owner is to lack."""

    @property
    def entries(self) -> list[Candidate]:
        """The candidates that can be answered, best first."""
        return [each for each in self.candidates if isinstance(each.entry, Entry)]

    @property
    def best(self) -> Entry | None:
        """The entry that fits best; None where the base has none."""
        entries = (each.entry for each in self.candidates)
        return next((each for each in entries if isinstance(each, Entry)), None)

    @property
    def is_outdone(self) -> bool:
        """Whether an out-of-scope topic is likelier than every entry."""
        return isinstance(self.candidates[0].entry, Referral)

    @property
    def outside(self) -> list[Candidate]:
        """The out-of-scope topics and small talk, best first."""
        return [each for each in self.candidates if not isinstance(each.entry, Entry)]


@dataclass(frozen=True, slots=True)
class Watched:
    """Red flags that are told apart from what is harmless, and from one another."""

    flags: Mapping[int, RedFlag]
    """Each by its place among all that is weighed."""
    side: int
    """Place among the sides of the evidence of these flags taken as one."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The red flag that a message speaks for most, and how far to believe it."""

    flag: RedFlag
    features: Mapping[str, float]
    """The values of DANGER_FEATURES but for the confidence."""
    asked: Mapping[str, float]
    """The values of FEATURES, of which that is made."""

    def judged(self, best: Logistic) -> dict[str, float]:
        """Return the values of all of DANGER_FEATURES, by the model of the entries."""
        sure = best.probability(self.asked) if self.asked else 0.0
        return {**self.features, "confidence": sure}


class Ranker:
    """Indexes of every wording of every subject."""

    def __init__(
        self,
        subjects: Sequence[Subject],
        fold: Folder,
        other_texts: Iterable[str] = (),
        alarms: Sequence[Alarm] = (),
    ) -> None:
        """`other_texts` hold words that are known, though nobody asks with them.

        `alarms` are weighed beside the subjects, and are no candidates.
        """
        self.subjects = tuple(subjects)
        self._fold = fold
        every = (*subjects, *alarms)
        # A topic and a red flag may share an id.
        self._places = {each.id: place for place, each in enumerate(subjects)}
        self._alarm_places = {
            each.id: place for place, each in enumerate(alarms, len(subjects))
        }
        self._watched = {
            urgent: Watched(
                {
                    place: each
                    for place, each in enumerate(every)
                    if isinstance(each, RedFlag) and each.level.is_urgent is urgent
                },
                side,
            )
            for side, urgent in enumerate(LEVELS, 2)
        }
        self._harmless = [
            place for place, each in enumerate(every) if not isinstance(each, RedFlag)
        ]
        look_alikes = [
            place for place, each in enumerate(every) if isinstance(each, LookAlikes)
        ]
        wordings = [each.wordings for each in every]
        texts = [[fold(wording) for wording in group] for group in wordings]
        self._owners: dict[tuple[str, ...], Subject] = {}
        for subject, group in zip(subjects, texts, strict=False):
            for text in group:
                self._owners.setdefault(text.words, subject)
        topic_words = [
            {word: fold(word) for word in getattr(each, "words", ())} for each in every
        ]
        self._topic_words = Phrasebook(
            (folded.stems, (word, folded.stems))
            for found in topic_words
            for word, folded in found.items()
        )
        evidence = [
            [*group, *found.values()]
            for group, found in zip(texts, topic_words, strict=True)
        ]
        inside = [isinstance(subject, Entry) for subject in subjects]
        sides = [
            [place for place, each in enumerate(inside) if each is side]
            for side in (True, False)
        ]
        urgent, others = (list(each.flags) for each in self._watched.values())
        self._evidence = EvidenceIndex(
            evidence,
            [*sides, urgent, others, self._harmless],
            # Look-alikes are the rivals of urgent flags, one by one.
            levelled=[sides[0], [*urgent, *look_alikes], others],
            common=len(subjects),
        )
        self._wordings = WordingIndex(wordings, texts, self._evidence.rarity)
        self._stem_uses = [
            Counter(stem for text in group for stem in set(text.stems))
            for group in texts
        ]
        self._lexicon = Lexicon(
            (text for group in evidence[: len(subjects)] for text in group),
            map(fold, other_texts),
            fold.stemmer,
        )
        uses = Counter(
            word
            for place in self._harmless
            for text in texts[place]
            for word in set(text.words)
        )
        count = sum(len(texts[place]) for place in self._harmless)
        stems: Counter[str] = Counter()
        for place in self._harmless:
            stems.update(self._stem_uses[place])
        often = max(EVERYDAY * count, RARE)
        self._everyday = {stem for stem, n in stems.items() if n > often}
        self.common_words = frozenset(word for word, n in uses.items() if n > 1)
        """Words of two harmless wordings or more, so that a slip in one is none."""

    @classmethod
    def of(cls, base: KnowledgeBase) -> "Ranker":
        """Return the ranker of a knowledge base."""
        fold = Folder(Stemmer(base.about.language), base.vocabulary)
        return cls(base.subjects, fold, base.other_texts, base.alarms)

    def rank(self, question: str) -> Ranking:
        """Return the candidates for `question`; ties keep the order of the base."""
        typed = self._fold(question).shortened(LONGEST_QUESTION)
        meant = self._meant(typed, left_out=False)
        ranking = self._weigh(meant, self._evidence.weigh(meant))
        return replace(ranking, exact=self._owners.get(typed.words))

    def rank_after(self, question: str, last: Entry) -> tuple[Candidate, ...]:
        """Return the candidates for a few words that go on from an entry, best first.

        "And on Sundays?" after "When do you open?" asks when they open on Sundays.
        """
        said, told = (
            self._evidence.weigh(self._meant(self._fold(text), left_out=False))
            for text in (question, last.question)
        )
        scores = [
            now + CONTEXT * before * said.mass / (told.mass or 1.0)
            for now, before in zip(said.scores, told.scores, strict=True)
        ]
        for each in last.follow_ups:
            scores[self._places[each]] += FOLLOWING
        return self._candidates(scores[: len(self.subjects)], said.mass or 1.0)

    def rank_left_out(self, wording: str, owner: Subject | Alarm) -> Ranking:
        """Return the candidates for a wording as if `owner` did not hold it."""
        typed, meant, place, evidence = self._left_out(wording, owner)
        return self._weigh(meant, evidence, typed, place)

    def first_left_out(self, wording: str, owner: Subject) -> Subject:
        """Return the first of those candidates, in half the time."""
        *_, evidence = self._left_out(wording, owner)
        scores = evidence.scores[: len(self.subjects)]
        return self.subjects[scores.index(max(scores))]

    def _left_out(
        self, wording: str, owner: Subject | Alarm
    ) -> tuple[Folded, Folded, int, Evidence]:
        """Return a wording as typed and as meant, the place of its owner, and what it
        says where its owner does not hold it."""
        typed = self._fold(wording)
        meant = self._meant(typed, left_out=True)
        is_alarm = isinstance(owner, RedFlag | LookAlikes)
        place = (self._alarm_places if is_alarm else self._places)[owner.id]
        return typed, meant, place, self._evidence.weigh_left_out(meant, typed, place)

    def _meant(self, typed: Folded, *, left_out: bool) -> Folded:
        """Return what was typed with its slips mended."""
        mended = self._lexicon.mend(typed, left_out=left_out)
        return typed if mended == typed.words else self._fold.join(mended)

    def _weigh(
        self,
        question: Folded,
        evidence: Evidence,
        left_out: Folded | None = None,
        owner: int | None = None,
    ) -> Ranking:
        """Return the ranking; `left_out` is the wording that its owner is to lack."""
        scale = evidence.mass or 1.0
        scores = evidence.scores[: len(self.subjects)]
        candidates = self._candidates(scores, scale)
        order = [self._places[each.id] for each in candidates]
        unknown = self._lexicon.unknown(question, left_out=left_out is not None)
        features: Mapping[str, float] = {}
        inside = [each for each in order if isinstance(self.subjects[each], Entry)]
        outside = [each for each in order if not isinstance(self.subjects[each], Entry)]
        if inside and question.words:
            own = owner == inside[0]
            decisive = self.decisive_words(question, inside[0], left_out=own)
            features = {
                **_contrasts(evidence, inside, outside, evidence.sides[:2]),
                **self._likenesses("near", question, inside, left_out),
                **self._likenesses("far", question, outside, left_out),
                **_strangeness(question, unknown),
                "topic_words": float(bool(decisive)),
            }
        return Ranking(
            question, candidates, features, None, unknown, evidence, left_out
        )

    def _candidates(
        self, scores: Sequence[float], scale: float
    ) -> tuple[Candidate, ...]:
        """Return the subjects as candidates, the highest score first."""
        top = max(scores, default=0.0)
        chances = [exp(score - top) for score in scores]
        total = sum(chances) or 1.0
        return tuple(
            Candidate(
                self.subjects[place], scores[place] / scale, chances[place] / total
            )
            for place in sorted(range(len(scores)), key=lambda place: -scores[place])
        )

    def odds(self, ranking: Ranking, *, urgent: bool) -> float:
        """Return the log-odds of red flags of a level against all that is harmless.

        In nats, over the whole of a ranked message.
        """
        flags, harmless = self._sides(ranking, self._watched[urgent])
        return flags - harmless

    @staticmethod
    def _sides(ranking: Ranking, watched: Watched) -> tuple[float, float]:
        """Return the scores of red flags and of all that is harmless, each as one."""
        sides = ranking.evidence.sides
        return sides[watched.side], sides[-1]

    def suspect(
        self, ranking: Ranking, levels: Iterable[bool] = LEVELS
    ) -> Iterator[Suspicion]:
        """Yield the red flag of each level that a ranked message speaks for most.

        `levels` tell whether it is to be urgent. A level none of whose flags has
        examples is left out, and so is a message without words.
        """
        question, evidence = ranking.question, ranking.evidence
        wanted = [each for each in map(self._watched.__getitem__, levels) if each.flags]
        if not question.words or not wanted:
            return
        harmless, *orders = (
            sorted(places, key=lambda place: -evidence.scores[place])
            for places in (self._harmless, *(each.flags for each in wanted))
        )
        alike = {
            **self._likenesses("far", question, harmless, ranking.left_out),
            **_strangeness(question, ranking.unknown_words),
        }
        for watched, flags in zip(wanted, orders, strict=True):
            sides = self._sides(ranking, watched)
            features = {
                **_contrasts(evidence, flags, harmless, sides),
                **self._likenesses("near", question, flags, ranking.left_out),
                **alike,
                "odds": sides[0] - sides[1],
            }
            yield Suspicion(watched.flags[flags[0]], features, ranking.features)

    def telling(self, ranking: Ranking, flag: RedFlag) -> tuple[str, ...]:
        """Return the words of a ranked message that speak most for `flag`.

        They are held against whatever harmless fits best; there are at most TELLING.
        Numbers and everyday words tell nothing: "it's been 7 weeks".
        """
        question, scores = ranking.question, ranking.evidence.scores
        rival = max(self._harmless, key=lambda place: scores[place])
        grams = self._evidence.explain(question, self._alarm_places[flag.id], rival)
        gains = {gram.removeprefix("="): gain for gram, gain in grams if gain > 0}
        stems = dict(zip(question.words, question.stems, strict=True))
        found = (
            (gains[stem], word)
            for word, stem in stems.items()
            if stem in gains and stem not in self._everyday and not stem.isdigit()
        )
        return tuple(word for _, word in nlargest(TELLING, found))

    def _likenesses(
        self, side: str, question: Folded, order: list[int], left_out: Folded | None
    ) -> dict[str, float]:
        found = self._wordings.similarities(question, order[:CONTENDERS], left_out)
        return {f"{side}_{name}": value for name, value in found.items()}

    def decisive_words(
        self, question: Folded, place: int, *, left_out: bool = False
    ) -> tuple[str, ...]:
        """Return topic words in the question that the subject at `place` never uses.

        With `left_out`, the question is one of its wordings and does not count.
        """
        uses, own = self._stem_uses[place], int(left_out)
        return tuple(
            word
            for word, stems in self._topic_words.find(question.stems)
            if any(uses[stem] <= own for stem in stems)
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


def _strangeness(question: Folded, unknown: Sequence[str]) -> dict[str, float]:
    """Return how much of a question is not known, and how long it is."""
    return {
        "unknown": len(unknown) / len(question.words),
        "length": log(min(len(question.words), LONGEST)),
    }


def _contrasts(
    evidence: Evidence,
    inside: list[int],
    outside: list[int],
    sides: Sequence[float],
) -> dict[str, float]:
    """Return how far the first inside leads the first outside and the others inside.

    `sides` are the scores of both taken as a whole.
    """
    scores, scale = evidence.scores, evidence.mass or 1.0
    best = scores[inside[0]]
    against = scores[outside[0]] if outside else min(scores)
    second = scores[inside[1]] if len(inside) > 1 else min(scores)
    return {
        "evidence": (best - against) / scale,
        "scope": (sides[0] - sides[1]) / scale,
        "lead": (best - second) / scale,
        "share": 1 / sum(exp(scores[each] - best) for each in inside),
    }
