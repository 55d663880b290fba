"""Runs the command: options in, exit code out."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import __version__, render
from .bot import FAQBot
from .errors import FaqbotError, KnowledgeError
from .knowledge import KnowledgeBase

DONE, FOUND, CANNOT_RUN, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done, `check` found something, cannot run, Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
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
        parents=[_base_option(), _json_option()],
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.set_defaults(run=_chat, knowledge=None, json=False)
    commands = parser.add_subparsers(metavar="COMMAND")
    ask = commands.add_parser(
        "ask",
        parents=[_base_option(), _json_option()],
        help="answer one question, or a line each",
    )
    ask.add_argument(
        "question", nargs="*", help="the question; - reads one from each line of input"
    )
    ask.set_defaults(run=_ask)
    explain = commands.add_parser(
        "explain", parents=[_base_option()], help="show all that leads to a reply"
    )
    explain.add_argument("question", nargs="+")
    explain.set_defaults(run=_explain)
    topics = commands.add_parser(
        "topics", parents=[_base_option()], help="list what can be answered"
    )
    topics.add_argument("--counts", action="store_true", help="print numbers only")
    topics.set_defaults(run=_topics)
    for name, run, text in (
        ("check", _check, "name everything that is wrong with a knowledge base"),
        ("calibrate", _calibrate, "fit the confidence to a knowledge base"),
    ):
        command = commands.add_parser(name, parents=[_base_option()], help=text)
        command.add_argument("folder", nargs="?", metavar="DIR")
        command.set_defaults(run=run)
    return parser


# Parsers share the options of a common parent, defaults and all, so that one given
# before the command would be lost; each parser gets a parent of its own.
def _base_option() -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parent.add_argument(
        "--knowledge", metavar="DIR", help="use the knowledge base in this folder"
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

    terminal.run(_bot(options), plain=_is_plain())
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


def _check(options: argparse.Namespace) -> int:
    try:
        KnowledgeBase.load(options.folder or options.knowledge)
    except KnowledgeError as error:
        _print(render.problems(error.problems))
        return FOUND
    return DONE


def _calibrate(options: argparse.Namespace) -> int:
    from . import calibration

    folder = options.folder or options.knowledge
    if folder is None:
        raise FaqbotError("calibrate: name the folder of the knowledge base")
    calibration.write(Path(folder), lambda text: print(text, file=sys.stderr))
    return DONE


def _bot(options: argparse.Namespace) -> FAQBot:
    return FAQBot(KnowledgeBase.load(options.knowledge))


def _print(text: str) -> None:
    print(render.encodable(text, sys.stdout.encoding), flush=True)


def _is_plain() -> bool:
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


if __name__ == "__main__":
    sys.exit(main())
