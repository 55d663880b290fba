"""Holds every quality figure above its floor, on labelled questions by other writers.

A floor only ever rises. The questions measure; none of them stands in the base.
`python -m tests.test_quality` prints what is missed, to be kept in `known_misses.tsv`.
"""

from collections.abc import Iterable

import pytest

from faqbot import FAQBot, KnowledgeBase
from faqbot.evaluation import Outcome, Trial, outcome, read, tally

from .conftest import ROOT, SHARED

FOLDERS = {"shared": SHARED / "questions", "own": ROOT / "tests" / "questions"}
FILES = {
    "in_scope": FOLDERS["shared"] / "in_scope.tsv",
    "out_of_scope": FOLDERS["shared"] / "out_of_scope.tsv",
    "real": FOLDERS["shared"] / "real.tsv",
    "answers": FOLDERS["own"] / "answers.yaml",
    "others": FOLDERS["own"] / "others.yaml",
    "opposites": FOLDERS["own"] / "opposites.yaml",
    "unseen_answers": FOLDERS["own"] / "unseen_answers.yaml",
    "unseen_others": FOLDERS["own"] / "unseen_others.yaml",
}
KNOWN = FOLDERS["own"] / "known_misses.tsv"
"""What is missed of the project's own questions: file, outcome, question."""
GOOD = {Outcome.RIGHT, Outcome.OFFERED}

AT_LEAST = {
    "in_scope answer right": 0.888,
    "in_scope answer helped": 0.925,
    "out_of_scope urgent right": 1.0,
    "real urgent right": 1.0,
    "out_of_scope chat right": 1.0,
    "answers answer right": 0.943,
    "answers answer helped": 0.958,
    "others chat right": 0.88,
    "opposites answer helped": 0.95,
    "unseen_answers answer right": 0.941,
}
AT_MOST = {
    "in_scope answer wrong": 0.0373,
    "in_scope answer false-alarm": 0.0,
    "out_of_scope refer answered": 0.0137,
    "out_of_scope refer false-alarm": 0.0,
    "real refer answered": 0.0143,
    "real refer false-alarm": 0.0286,
    "answers answer wrong": 0.0258,
    "answers answer false-alarm": 0.0104,
    "others refer answered": 0.0069,
    "unseen_answers answer wrong": 0.0107,
    "unseen_others refer answered": 0.0196,
}


def ask(bot: FAQBot, name: str) -> list[Trial]:
    """Return the questions of a file with the replies to them."""
    return [(each, bot.ask(each.question)) for each in read(FILES[name])]


def share(trials: Iterable[Trial], figure: str) -> float:
    """Return the share of an outcome; "helped" is right or offered."""
    _, expect, what = figure.split()
    counts = tally(trials)[expect]
    wanted = GOOD if what == "helped" else {Outcome(what.replace("-", " "))}
    return sum(counts[each] for each in wanted) / counts.total()


def misses(name: str, trials: Iterable[Trial]) -> list[str]:
    """Return a line for each question that got no right reply, and no offer of one."""
    found = [(outcome(*trial), trial[0].question) for trial in trials]
    return [f"{name}\t{what}\t{text}" for what, text in found if what not in GOOD]


@pytest.mark.parametrize("name", FILES)
def test_figures_stay_within_their_bounds(bot: FAQBot, name: str) -> None:
    if not FILES[name].exists():
        pytest.skip("the labelled questions are not here")
    trials = ask(bot, name)
    found = {
        figure: share(trials, figure)
        for figure in (*AT_LEAST, *AT_MOST)
        if figure.split()[0] == name
    }
    assert found
    broken = [
        f"{figure}: {value:.4f}"
        for figure, value in found.items()
        if not AT_LEAST.get(figure, 0.0) <= value <= AT_MOST.get(figure, 1.0)
    ]
    known = set(KNOWN.read_text(encoding="utf-8").splitlines())
    new = [line for line in misses(name, trials) if line not in known]
    assert not broken, "\n".join([*broken, "newly missed:", *new])


def test_there_are_many_questions_of_all_kinds() -> None:
    own = [read(path) for path in FILES.values() if path.parent == FOLDERS["own"]]
    assert sum(map(len, own)) >= 500


def main() -> None:
    """Print what is missed of the project's own questions."""
    bot = FAQBot(KnowledgeBase.load(ROOT / "knowledge"))
    for name, path in FILES.items():
        if path.parent == FOLDERS["own"]:
            print(*misses(name, ask(bot, name)), sep="\n")  # noqa: T201


if __name__ == "__main__":
    main()
