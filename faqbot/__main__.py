"""Runs the command: options in, exit code out."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from . import __version__, render
from .bot import FAQBot
from .confidence import reliability
from .errors import FaqbotError, KnowledgeError
from .knowledge import KnowledgeBase

DONE, FOUND, CANNOT_RUN, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done, `check` found something, cannot run, Ctrl-C."""
UNCALIBRATED = (
    "note: the base was never calibrated, so general weights are used; "
    "run `faqbot calibrate` on its folder"
)
"""No problem: small bases do well without."""
REGION = "FAQBOT_REGION"
"""The environment variable that names a region."""
GARBAGE = 200_000
"""New objects after which garbage is looked for."""
PROGRESS_STEP = 50
"""Questions after which the progress is shown anew."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    # The indexes are many small objects that live until the end; looking through them
    # for garbage again and again takes a quarter of the time to build them.
    gc.set_threshold(GARBAGE)
    options = create_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain once more when it
        # closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except FaqbotError as error:
        print(error, file=sys.stderr)
        return CANNOT_RUN


def create_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="faqbot",
        description="Answer questions from a knowledge base; without a command, chat.",
        parents=[_base_option(), _region_option(), _json_option()],
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--vi", action="store_true", help="chat with the keys of vi")
    parser.add_argument(
        "--plain",
        action="store_true",
        help="chat without colours and completion, for a screen reader",
    )
    parser.add_argument(
        "--remember",
        action="store_true",
        help="keep the lines of the chat for the next one; /forget wipes them",
    )
    parser.set_defaults(run=_chat, knowledge=None, json=False, region=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    ask = commands.add_parser(
        "ask",
        parents=[_base_option(), _region_option(), _json_option()],
        help="answer one question, or a line each",
    )
    ask.add_argument(
        "question", nargs="*", help="the question; - reads one from each line of input"
    )
    ask.set_defaults(run=_ask)
    explain = commands.add_parser(
        "explain",
        parents=[_base_option(), _region_option()],
        help="show all that leads to a reply",
    )
    explain.add_argument("question", nargs="+")
    explain.set_defaults(run=_explain)
    topics = commands.add_parser(
        "topics", parents=[_base_option()], help="list what can be answered"
    )
    topics.add_argument("--counts", action="store_true", help="print numbers only")
    topics.set_defaults(run=_topics)
    flags = commands.add_parser(
        "red-flags",
        parents=[_base_option(), _region_option()],
        help="list the signs of danger that are looked for",
    )
    flags.add_argument(
        "--sheet",
        action="store_true",
        help="print what each says as Markdown, for an expert to review",
    )
    flags.set_defaults(run=_red_flags)
    check = commands.add_parser(
        "check",
        parents=[_base_option()],
        help="name everything that is wrong with a knowledge base",
    )
    check.add_argument("folder", nargs="?", metavar="DIR")
    check.add_argument(
        "--on",
        type=_day,
        metavar="DATE",
        help="the day on which reviews must not be older than a year (today)",
    )
    check.set_defaults(run=_check)
    test = commands.add_parser(
        "test",
        parents=[_base_option()],
        help="ask labelled questions; without a file, every wording of the entries, "
        "each as if the base did not hold it",
    )
    test.add_argument("files", nargs="*", metavar="FILE", help="TSV or YAML")
    test.add_argument(
        "--reliability",
        action="store_true",
        help="also show how far the confidence keeps its word",
    )
    test.add_argument(
        "--misses", action="store_true", help="also list what was not right"
    )
    test.set_defaults(run=_test)
    calibrate = commands.add_parser(
        "calibrate",
        parents=[_base_option()],
        help="fit the confidence to a knowledge base",
    )
    calibrate.add_argument("folder", nargs="?", metavar="DIR")
    for option, default, text in (
        ("--wrong-at-most", "3%", "wordings of entries answered wrongly"),
        ("--out-of-scope-answered-at-most", "3%", "out-of-scope examples answered"),
        ("--out-of-scope-offered-at-most", "10%", "the same offered entries"),
        ("--harmless-alarmed-at-most", "1.5%", "harmless messages taken for danger"),
    ):
        calibrate.add_argument(
            option,
            type=_share,
            default=default,
            metavar="SHARE",
            help=f"{text}, left out and asked ({default})".replace("%", "%%"),
        )
    calibrate.set_defaults(run=_calibrate)
    return parser


# Parsers share the options of a common parent, defaults and all, so that one given
# before the command would be lost; each parser gets a parent of its own.
def _base_option() -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parent.add_argument(
        "--knowledge", metavar="DIR", help="use the knowledge base in this folder"
    )
    return parent


def _region_option() -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parent.add_argument(
        "--region",
        metavar="NAME",
        help=f"name the numbers to call there; {REGION} is used where it is not given",
    )
    return parent


def _json_option() -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parent.add_argument(
        "--json", action="store_true", help="print a JSON object for each reply"
    )
    return parent


def _chat(options: argparse.Namespace) -> int:
    if options.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _answer_lines(options)
    # Imported here, because only a chat needs it and it takes a while.
    from . import terminal

    def load() -> KnowledgeBase:
        return KnowledgeBase.load(options.knowledge)

    terminal.run(
        load(),
        region=_region(options),
        plain=options.plain or _is_plain(),
        vi=options.vi,
        remember=options.remember,
        reload=load,
    )
    return DONE


def _ask(options: argparse.Namespace) -> int:
    if options.question == ["-"] or not (options.question or sys.stdin.isatty()):
        return _answer_lines(options)
    if not options.question:
        print("faqbot ask: which question? Add it, or - to read lines", file=sys.stderr)
        return CANNOT_RUN
    _print_reply(_bot(options), " ".join(options.question), options)
    return DONE


def _answer_lines(options: argparse.Namespace) -> int:
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


def _explain(options: argparse.Namespace) -> int:
    _print(render.explanation(_bot(options).explain(" ".join(options.question))))
    return DONE


def _topics(options: argparse.Namespace) -> int:
    base = KnowledgeBase.load(options.knowledge)
    _print(render.counts(base) if options.counts else render.topics(base))
    return DONE


def _red_flags(options: argparse.Namespace) -> int:
    bot = _bot(options)
    _print(render.sheet(bot) if options.sheet else render.red_flags(bot.knowledge))
    return DONE


def _check(options: argparse.Namespace) -> int:
    from . import validation

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


def _test(options: argparse.Namespace) -> int:
    from . import evaluation

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


def _calibrate(options: argparse.Namespace) -> int:
    from . import calibration

    name = options.folder or options.knowledge
    if name is None:
        raise FaqbotError("calibrate: name the folder of the knowledge base")
    base = KnowledgeBase.load(name, calibrated=False)
    budget = calibration.Budget(
        options.wrong_at_most,
        options.out_of_scope_answered_at_most,
        options.out_of_scope_offered_at_most,
        options.harmless_alarmed_at_most,
    )
    trials = calibration.leave_out(base, _progress("calibrate"))
    watched = calibration.watch(base, _progress("calibrate alarms"))
    found = calibration.calibrate(base, trials, budget, watched)
    target = calibration.write(Path(name), found.calibration)
    _print(render.fit(found))
    print(f"wrote {target}", file=sys.stderr)
    return DONE


def _share(text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a share; write it as 3% or 0.03"
        )
    return share


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date; write it as 2026-01-31"
        ) from None


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
    return FAQBot(KnowledgeBase.load(options.knowledge), region=_region(options))


def _region(options: argparse.Namespace) -> str | None:
    return options.region or os.environ.get(REGION)


def _print(text: str) -> None:
    print(render.encodable(text, sys.stdout.encoding), flush=True)


def _is_plain() -> bool:
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


if __name__ == "__main__":
    sys.exit(main())
