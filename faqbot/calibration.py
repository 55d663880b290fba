"""Fits the confidence to a knowledge base, from its own wordings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .confidence import Logistic, fit
from .errors import FaqbotError
from .knowledge import KnowledgeBase
from .models import Entry, Subject
from .ranking import FEATURES, Ranker, Ranking
from .text import Folder, Stemmer

FOLDS = 5
"""Parts that the wordings are dealt into; each is judged by a model of the others."""
OFFERED = 3
"""Entries among which the right one must be for an offer to count as right."""
DIGITS = 4
"""Decimals of a weight that are kept."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """A wording asked of a base that does not hold it."""

    subject: Subject
    """Where the wording comes from."""
    ranking: Ranking

    @property
    def best(self) -> bool:
        """Whether the first entry would have been a right answer."""
        return self._right(1)

    @property
    def among(self) -> bool:
        """Whether the first few entries hold a right answer."""
        return self._right(OFFERED)

    def _right(self, count: int) -> bool:
        return any(
            _fits(self.subject, candidate.entry)
            for candidate in self.ranking.entries[:count]
        )


def cross_examine(base: KnowledgeBase, say: Say = lambda text: None) -> list[Trial]:
    """Return a trial of every wording, each by a ranker that has not seen it."""
    fold = Folder(Stemmer(base.about.language), base.vocabulary)
    answers = [entry.answer for entry in base.entries]
    trials: list[Trial] = []
    for part in range(FOLDS):
        held = [_without(subject, part) for subject in base.subjects]
        ranker = Ranker(held, fold, answers)
        for subject in base.subjects:
            for wording in _dealt(subject, part):
                trials.append(Trial(subject, ranker.rank(wording)))
        say(f"part {part + 1} of {FOLDS} judged")
    return trials


def calibrate(trials: Sequence[Trial]) -> dict[str, Logistic]:
    """Return the models of the confidence that fit `trials`."""
    asked = [trial for trial in trials if trial.ranking.features]
    rows = [trial.ranking.features for trial in asked]
    return {
        "best": fit(rows, [trial.best for trial in asked], FEATURES),
        "among": fit(rows, [trial.among for trial in asked], FEATURES),
    }


def write(folder: Path, say: Say) -> None:
    """Calibrate the base in `folder` and write its calibration.yaml.

    Raises FaqbotError where the base cannot be read or the file not be written.
    """
    base = KnowledgeBase.load(folder)
    models = calibrate(cross_examine(base, say))
    target = folder / "calibration.yaml"
    lines = ["# Written by `faqbot calibrate`, from the wordings of this base."]
    for name, model in models.items():
        lines.append(f"{name}:")
        lines += [
            f"  {feature}: {weight:.{DIGITS}f}"
            for feature, weight in model.to_dict().items()
        ]
    try:
        target.write_text("\n".join([*lines, ""]), encoding="utf-8")
    except OSError as error:
        raise FaqbotError(f"{target}: cannot be written ({error.strerror})") from error
    say(f"wrote {target}")


def _fits(asked: Subject, found: Subject) -> bool:
    """Tell whether the answer of one entry serves for a wording of another."""
    if not isinstance(asked, Entry) or not isinstance(found, Entry):
        return False
    return asked.id == found.id or bool(set(asked.claims) & set(found.claims))


def _dealt(subject: Subject, part: int) -> Iterator[str]:
    """Yield the wordings of a subject that are asked in this part."""
    if len(subject.wordings) > 1:
        yield from subject.wordings[part::FOLDS]


def _without(subject: Subject, part: int) -> Subject:
    """Return a subject without the wordings that are asked in this part."""
    asked = set(_dealt(subject, part))
    kept = tuple(wording for wording in subject.wordings if wording not in asked)
    if isinstance(subject, Entry):
        return replace(subject, question=kept[0], variants=kept[1:])
    return replace(subject, examples=kept)
