"""Fits the confidence to a knowledge base, from its own wordings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path

from .confidence import Band, Logistic, fit, reliability
from .errors import FaqbotError
from .evaluation import Progress, own_label, serves
from .knowledge import KnowledgeBase
from .models import Calibration, Entry, RedFlag, Subject
from .ranking import DANGER_FEATURES, FEATURES, LEVELS, Ranker, Ranking, Suspicion

OFFERED = 3
"""Entries among which the right one must be for an offer to count as right."""
DIGITS = 4
"""Decimals of a weight that are kept."""
EDGES = 100
"""Steps from 0 to 1 on which the edge of a band may lie."""
HARMLESS_STEP = 5
"""Of so many wordings one is asked whether it sounds like danger; there are plenty."""
LOWEST_EDGE = 0.05
"""Lowest edge of a band, however generous the budget."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A wording asked of a base that does not hold it."""

    subject: Subject
    """Where the wording comes from."""
    ranking: Ranking

    @property
    def best(self) -> bool:
        """Whether the first entry would be a right answer."""
        return self._right(1)

    @property
    def among(self) -> bool:
        """Whether the first few entries hold a right answer."""
        return self._right(OFFERED)

    def _right(self, count: int) -> bool:
        if not isinstance(self.subject, Entry):
            return False
        wanted = own_label(self.subject, "")
        first = (candidate.entry for candidate in self.ranking.entries[:count])
        return any(
            serves(wanted, entry.id, entry.claims)
            for entry in first
            if isinstance(entry, Entry)
        )


def leave_out(base: KnowledgeBase, progress: Progress | None = None) -> list[Trial]:
    """Return a trial of every wording of a base, left out one by one."""
    ranker = Ranker.of(base)
    asked = [(each, wording) for each in base.subjects for wording in each.wordings]
    trials = []
    for count, (subject, wording) in enumerate(asked, 1):
        trials.append(Trial(subject, ranker.rank_left_out(wording, subject)))
        if progress:
            progress(count, len(asked))
    return trials


@dataclass(frozen=True, slots=True)
class Watch:
    """A message held against the examples of red flags, which do not hold it."""

    suspicion: Suspicion
    danger: bool
    """Whether it is an example of a red flag as urgent as the one suspected."""


def watch(base: KnowledgeBase, progress: Progress | None = None) -> list[Watch]:
    """Return what the examples of red flags and a part of the wordings look like.

    An example is held against red flags as urgent as its own alone: whether it is a
    sign of others too, nobody has said.
    """
    ranker = Ranker.of(base)
    harmless = [(each, wording) for each in base.subjects for wording in each.wordings]
    alarms = [(each, wording) for each in base.alarms for wording in each.wordings]
    asked = [*alarms, *harmless[::HARMLESS_STEP]] if alarms else []
    found = []
    for count, (owner, wording) in enumerate(asked, 1):
        is_flag = isinstance(owner, RedFlag)
        levels = [owner.level.is_urgent] if isinstance(owner, RedFlag) else LEVELS
        ranking = ranker.rank_left_out(wording, owner)
        found += [Watch(each, is_flag) for each in ranker.suspect(ranking, levels)]
        if progress:
            progress(count, len(asked))
    return found


@dataclass(frozen=True, slots=True)
class Budget:
    """Shares of the trials that may go wrong, 0 to 1; they set the bands."""

    wrong: float = 0.03
    """Wordings of entries that another entry may answer."""
    answered: float = 0.03
    """Examples of out-of-scope topics that an entry may answer."""
    offered: float = 0.10
    """Examples of out-of-scope topics for which entries may be offered."""
    alarmed: float = 0.015
    """Messages without danger that may be taken for one."""
    advised: float = 0.01
    """Messages without need for an appointment that may be taken to have one."""
    doubted: float = 0.005
    """Examples of urgent red flags that rules alone may not raise."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A calibration, and how it does on the trials that it was fitted to."""

    calibration: Calibration
    bands: list[Band]
    """How far the confidence keeps its word."""
    right: float
    """Share of the wordings of entries that are answered rightly."""
    wrong: float
    answered: float
    """Share of the examples of out-of-scope topics that are answered."""
    offered: float
    alarmed: float
    """Share of the examples of urgent red flags that are recognised by the others."""
    advised: float
    """The same for red flags that ask for an appointment."""


def calibrate(
    base: KnowledgeBase,
    trials: Sequence[Trial],
    budget: Budget,
    watched: Sequence[Watch] = (),
) -> Fit:
    """Return the calibration that fits `trials`, with bands that keep to `budget`."""
    asked = [trial for trial in trials if trial.ranking.features]
    rows = [trial.ranking.features for trial in asked]
    best = fit(rows, [trial.best for trial in asked], FEATURES)
    among = fit(rows, [trial.among for trial in asked], FEATURES)
    sure = [best.probability(row) for row in rows]
    likely = [among.probability(row) for row in rows]
    # What a likelier topic outdoes is not answered, however sure.
    answerable = [
        0.0 if trial.ranking.is_outdone else chance
        for chance, trial in zip(sure, asked, strict=True)
    ]
    inside = [isinstance(trial.subject, Entry) for trial in asked]
    entries, topics = sum(inside) or 1, len(inside) - sum(inside) or 1

    wrong = [
        chance
        for chance, trial, is_in in zip(answerable, asked, inside, strict=True)
        if is_in and not trial.best
    ]
    answered = [
        chance for chance, is_in in zip(answerable, inside, strict=True) if not is_in
    ]
    answer = max(
        _edge(wrong, budget.wrong * entries), _edge(answered, budget.answered * topics)
    )
    offered = [
        chance
        for chance, first, is_in in zip(likely, answerable, inside, strict=True)
        if not is_in and first < answer
    ]
    offer = _edge(offered, budget.offered * topics)
    urgent, others = (
        [each for each in watched if each.suspicion.flag.level.is_urgent is level]
        for level in LEVELS
    )
    alarm, danger, dangers = _alarm(urgent, best, budget.alarmed)
    advise, soon, appointments = _alarm(others, best, budget.advised)
    return Fit(
        Calibration(
            base.fingerprint,
            answer,
            offer,
            _rounded(best.to_dict()),
            _rounded(among.to_dict()),
            alarm,
            _rounded(danger),
            advise,
            _rounded(soon),
            _doubt(dangers, budget.doubted),
        ),
        reliability(zip(sure, (trial.best for trial in asked), strict=True)),
        right=sum(
            chance >= answer and trial.best
            for chance, trial in zip(answerable, asked, strict=True)
        )
        / entries,
        wrong=sum(chance >= answer for chance in wrong) / entries,
        answered=sum(chance >= answer for chance in answered) / topics,
        offered=sum(chance >= offer for chance in offered) / topics,
        alarmed=sum(chance >= alarm for chance in dangers) / (len(dangers) or 1),
        advised=sum(chance >= advise for chance in appointments)
        / (len(appointments) or 1),
    )


def _alarm(
    watched: Sequence[Watch], best: Logistic, most: float
) -> tuple[float, Mapping[str, float], list[float]]:
    """Return the band of an alarm, its weights, and the chances of the dangers."""
    if not watched:
        return 1.0, {}, []
    rows = [each.suspicion.judged(best) for each in watched]
    model = fit(rows, [each.danger for each in watched], DANGER_FEATURES)
    dangers, harmless = (
        [
            model.probability(row)
            for row, each in zip(rows, watched, strict=True)
            if each.danger is is_danger
        ]
        for is_danger in (True, False)
    )
    return _edge(harmless, most * len(harmless)), model.to_dict(), dangers


def _doubt(dangers: Iterable[float], most: float) -> float:
    """Return the highest edge below which no more than `most` of `dangers` lie."""
    lowest = sorted(dangers)
    place = int(most * len(lowest))
    return floor(lowest[place] * EDGES) / EDGES if place < len(lowest) else 0.0


def write(folder: Path, found: Calibration) -> Path:
    """Write a calibration as the calibration.yaml of `folder`, and return its path.

    Raises FaqbotError where the file cannot be written.
    """
    lines = [
        "# Written by `faqbot calibrate`, from the wordings of this base.",
        f'base: "{found.base}"',
        f"answer: {found.answer}",
        f"offer: {found.offer}",
    ]
    models = {"best": found.best, "among": found.among}
    if found.danger:
        lines += [f"alarm: {found.alarm}", f"doubt: {found.doubt}"]
        models["danger"] = found.danger
    if found.soon:
        lines.append(f"advise: {found.advise}")
        models["soon"] = found.soon
    for name, weights in models.items():
        lines.append(f"{name}:")
        lines += [f"  {feature}: {weight}" for feature, weight in weights.items()]
    target = folder / "calibration.yaml"
    try:
        target.write_text("\n".join([*lines, ""]), encoding="utf-8")
    except OSError as error:
        raise FaqbotError(f"{target}: cannot be written ({error.strerror})") from error
    return target


def _edge(chances: Iterable[float], most: float) -> float:
    """Return the lowest edge of a band that no more than `most` of `chances` reach."""
    highest = sorted(chances, reverse=True)
    place = int(most)
    if place >= len(highest):
        return LOWEST_EDGE
    edge = (floor(highest[place] * EDGES) + 1) / EDGES
    return max(LOWEST_EDGE, edge)


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(weight, DIGITS) for name, weight in weights.items()}
