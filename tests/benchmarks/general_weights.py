"""Fits the weights for a base that was never calibrated, on many small bases.

    python tests/benchmarks/general_weights.py

Each small base is drawn from the base that ships: a few entries and out-of-scope topics
with a few wordings each. It is asked wordings of its own that it does not hold, and
wordings of what was not drawn, which it should not answer.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

from faqbot.calibration import Budget, Trial, calibrate
from faqbot.knowledge import KnowledgeBase
from faqbot.models import Entry, Subject
from faqbot.ranking import Ranker
from faqbot.text import Folder, Stemmer

BASES = 150
ASKED = 6
"""Wordings asked of each subject drawn, and of each of as many that were not."""


def main() -> None:
    """Print the weights."""
    base = KnowledgeBase.load()
    chance = random.Random(7)
    trials = [trial for _ in range(BASES) for trial in small_trials(base, chance)]
    found = calibrate(base, trials, Budget()).calibration
    print(f"    answer={found.answer},\n    offer={found.offer},")
    for name, weights in (("best", found.best), ("among", found.among)):
        print(f"    {name}={{")
        for feature, weight in weights.items():
            print(f'        "{feature}": {weight:.1f},')
        print("    },")


def small_trials(base: KnowledgeBase, chance: random.Random) -> Iterator[Trial]:
    """Yield trials of one small base."""
    inside = chance.sample(base.entries, chance.randint(3, 15))
    outside = chance.sample(base.referrals, chance.randint(0, 5))
    chat = chance.sample(base.small_talk, chance.randint(0, 2))
    drawn: list[Subject] = [*inside, *outside, *chat]
    held: list[Subject] = []
    asked: list[tuple[Subject, str]] = []
    for subject in drawn:
        wordings = chance.sample(subject.wordings, len(subject.wordings))
        count = chance.randint(4, 12)
        kept = tuple(wordings[:count])
        asked += [(subject, wording) for wording in wordings[count : count + ASKED]]
        if isinstance(subject, Entry):
            held.append(replace(subject, question=kept[0], variants=kept[1:]))
        else:
            held.append(replace(subject, examples=kept))
    claims = {claim for entry in inside for claim in entry.claims}
    others = [
        subject
        for subject in base.subjects
        if subject not in drawn and not claims & set(getattr(subject, "claims", ()))
    ]
    for subject in chance.sample(others, len(drawn)):
        stranger = (
            replace(subject, claims=()) if isinstance(subject, Entry) else subject
        )
        asked += [(stranger, each) for each in chance.sample(subject.wordings, ASKED)]
    ranker = Ranker(held, Folder(Stemmer(base.about.language)))
    for subject, wording in asked:
        yield Trial(subject, ranker.rank(wording))


if __name__ == "__main__":
    main()
