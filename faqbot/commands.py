"""Does what each command says, and returns its exit code."""

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from . import calibration, evaluation, render, validation
from .bot import FAQBot
from .confidence import reliability
from .errors import CANNOT_RUN, DONE, FOUND, FaqbotError, KnowledgeError
from .knowledge import KnowledgeBase

UNCALIBRATED = (
    "note: the base was never calibrated, so general weights are used; "
    "run `faqbot calibrate` on its folder"
)
"""No problem: small bases do well without."""
PROGRESS_STEP = 50
"""Questions after which the progress is shown anew."""


def ask(options: argparse.Namespace) -> int:
    """Answer the question, or each line of input."""
    if options.question == ["-"] or not (options.question or sys.stdin.isatty()):
        return answer_lines(options)
    if not options.question:
        print("faqbot ask: which question? Add it, or - to read lines", file=sys.stderr)
        return CANNOT_RUN
    _print_reply(_bot(options), " ".join(options.question), options)
    return DONE


def answer_lines(options: argparse.Namespace) -> int:
    """Answer each line of input."""
    bot = _bot(options)
    for line in _lines():
        if options.json or line.strip():
            _print_reply(bot, line, options)
    return DONE


def _lines() -> Iterator[str]:
    """Yield the lines of standard input; nothing but a newline ends one."""
    for line in sys.stdin.buffer:
        yield line.removesuffix(b"\n").removesuffix(b"\r").decode(errors="replace")


def _print_reply(bot: FAQBot, question: str, options: argparse.Namespace) -> None:
    reply = bot.ask(question)
    if options.json:
        print(render.as_json(reply), flush=True)
    else:
        _print(render.as_text(render.reply_fragments(reply)))


def explain(options: argparse.Namespace) -> int:
    """Show all that leads to a reply."""
    _print(render.explanation(_bot(options).explain(" ".join(options.question))))
    return DONE


def topics(options: argparse.Namespace) -> int:
    """List what can be answered, or count it."""
    base = KnowledgeBase.load(options.knowledge)
    _print(render.counts(base) if options.counts else render.topics(base))
    return DONE


def red_flags(options: argparse.Namespace) -> int:
    """List the signs of danger, or print the sheet for review."""
    bot = _bot(options)
    _print(render.sheet(bot) if options.sheet else render.red_flags(bot.knowledge))
    return DONE


def check(options: argparse.Namespace) -> int:
    """Name everything that is wrong with a base."""
    try:
        base = KnowledgeBase.load(options.folder or options.knowledge)
        found = validation.check(base, options.on or date.today(), _progress("check"))
        if base.calibration is None:
            print(UNCALIBRATED, file=sys.stderr)
    except KnowledgeError as error:
        found = list(error.problems)
    if found:
        _print(render.problems(found))
    return FOUND if found else DONE


def test(options: argparse.Namespace) -> int:
    """Ask labelled questions, or every wording left out."""
    bot = _bot(options)
    if not options.files:
        left_out = evaluation.leave_out(bot, _progress("test"))
        _print(render.outcomes(evaluation.tally(each[1:] for each in left_out)))
        return DONE
    asked = [each for file in options.files for each in evaluation.read(Path(file))]
    trials = [(each, bot.ask(each.question)) for each in asked]
    _print(render.outcomes(evaluation.tally(trials)))
    if options.reliability:
        _print(render.reliability(reliability(evaluation.judged(bot, asked))))
    if options.misses:
        _print(render.misses(trials))
    right = {evaluation.Outcome.RIGHT, evaluation.Outcome.OFFERED}
    is_good = all(evaluation.outcome(*trial) in right for trial in trials)
    return DONE if is_good else FOUND


def calibrate(options: argparse.Namespace) -> int:
    """Fit the confidence to a base, and write it there."""
    name = options.folder or options.knowledge
    if name is None:
        raise FaqbotError("calibrate: name the folder of the knowledge base")
    base = KnowledgeBase.load(name, calibrated=False)
    budget = calibration.Budget(
        options.wrong_at_most,
        options.out_of_scope_answered_at_most,
        options.out_of_scope_offered_at_most,
        options.harmless_alarmed_at_most,
        options.harmless_advised_at_most,
        options.danger_doubted_at_most,
    )
    trials = calibration.leave_out(base, _progress("calibrate"))
    watched = calibration.watch(base, _progress("calibrate alarms"))
    found = calibration.calibrate(base, trials, budget, watched)
    target = calibration.write(Path(name), found.calibration)
    _print(render.fit(found))
    print(f"wrote {target}", file=sys.stderr)
    return DONE


def _progress(name: str) -> Callable[[int, int], None] | None:
    """Return what shows how far a command is, for a person who watches it."""
    if not sys.stderr.isatty():
        return None

    def show(count: int, total: int) -> None:
        if count % PROGRESS_STEP == 0 or count == total:
            end = "\n" if count == total else ""
            print(f"\r{name}: {count} of {total}", end=end, file=sys.stderr, flush=True)

    return show


def _bot(options: argparse.Namespace) -> FAQBot:
    return FAQBot(KnowledgeBase.load(options.knowledge), region=options.region)


def _print(text: str) -> None:
    print(render.encodable(text, sys.stdout.encoding), flush=True)
