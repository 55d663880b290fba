"""Runs the command: options in, exit code out."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from . import __version__
from .errors import CANNOT_RUN, DONE, INTERRUPTED, FaqbotError

if TYPE_CHECKING:
    from .knowledge import KnowledgeBase

REGION = "FAQBOT_REGION"
"""The environment variable that names a region."""
GARBAGE = 200_000
"""New objects after which garbage is looked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    # The indexes are many small objects that live until the end; looking through them
    # for garbage again and again takes a quarter of the time to build them.
    gc.set_threshold(GARBAGE)
    options = create_parser().parse_args(arguments)
    options.region = options.region or os.environ.get(REGION)
    try:
        return _run(options)
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
    parser.set_defaults(command=None, knowledge=None, json=False, region=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    ask = commands.add_parser(
        "ask",
        parents=[_base_option(), _region_option(), _json_option()],
        help="answer one question, or a line each",
    )
    ask.add_argument(
        "question", nargs="*", help="the question; - reads one from each line of input"
    )
    ask.set_defaults(command="ask")
    explain = commands.add_parser(
        "explain",
        parents=[_base_option(), _region_option()],
        help="show all that leads to a reply",
    )
    explain.add_argument("question", nargs="+")
    explain.set_defaults(command="explain")
    topics = commands.add_parser(
        "topics", parents=[_base_option()], help="list what can be answered"
    )
    topics.add_argument("--counts", action="store_true", help="print numbers only")
    topics.set_defaults(command="topics")
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
    flags.set_defaults(command="red_flags")
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
    check.set_defaults(command="check")
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
    test.set_defaults(command="test")
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
        ("--harmless-advised-at-most", "1%", "harmless messages sent to be looked at"),
        ("--danger-doubted-at-most", "0.5%", "dangers in which no sign counts"),
    ):
        calibrate.add_argument(
            option,
            type=_share,
            default=default,
            metavar="SHARE",
            help=f"{text}, left out and asked ({default})".replace("%", "%%"),
        )
    calibrate.set_defaults(command="calibrate")
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


def _run(options: argparse.Namespace) -> int:
    # Imported here, because the chat shows its prompt before the engine is there, and
    # only the chat needs the terminal.
    is_chat = options.command is None and not options.json
    if is_chat and sys.stdin.isatty() and sys.stdout.isatty():
        return _chat(options)
    from . import commands

    run: Callable[[argparse.Namespace], int] = getattr(
        commands, options.command or "answer_lines"
    )
    return run(options)


def _chat(options: argparse.Namespace) -> int:
    from . import terminal

    def load() -> "KnowledgeBase":
        from .knowledge import KnowledgeBase

        return KnowledgeBase.load(options.knowledge)

    terminal.run(
        load,
        region=options.region,
        plain=options.plain or _is_plain(),
        vi=options.vi,
        remember=options.remember,
    )
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


def _is_plain() -> bool:
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


if __name__ == "__main__":
    sys.exit(main())
