"""Runs a chat in a terminal: keys, colours, history and completion."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Generic, TypeVar

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.styles import Style
from rapidfuzz import fuzz, process

from . import render, wording
from .bot import FAQBot
from .chat import Chat
from .errors import FaqbotError
from .knowledge import KnowledgeBase
from .render import Fragments
from .text import normalise

STYLE = Style.from_dict(
    {
        "prompt": "bold",
        "urgent": "ansired bold",
        "source": "italic",
        "note": "italic",
        "bottom-toolbar": "noreverse",
    }
)
"""Colours by meaning, from the terminal's own palette."""
ENOUGH_LETTERS = 3
"""Letters typed from which questions are completed."""
LIKE_ENOUGH = 75
"""Least likeness, 0 to 100, of a question to what was typed to complete it."""
MOST_COMPLETIONS = 6

Made = TypeVar("Made")


class Later(Generic[Made]):
    """Something that is made in the background, so that nobody waits for it."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: list[Made] = []
        self._failed: list[Exception] = []
        # A daemon, so that leaving at once does not wait for it either.
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._made.append(self._make())
        except Exception as error:
            self._failed.append(error)

    def __call__(self) -> Made:
        """Return it, when it is made; raises what went wrong."""
        self._thread.join()
        if self._failed:
            raise self._failed[0]
        return self._made[0]


class QuestionCompleter(Completer):
    """Completes commands, and questions that are like what is typed."""

    def __init__(
        self, questions: Callable[[], Iterable[str]], commands: Iterable[str]
    ) -> None:
        self._questions = questions
        self._commands = list(commands)

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Yield what may be meant by the text before the cursor, likeliest first."""
        typed = document.text_before_cursor
        if typed.startswith("/"):
            found = [name for name in self._commands if name.startswith(typed)]
        else:
            found = self._like(normalise(typed))
        for text in found:
            yield Completion(text, start_position=-len(typed))

    def _like(self, typed: str) -> list[str]:
        if len(typed) < ENOUGH_LETTERS:
            return []
        questions = {question: normalise(question) for question in self._questions()}
        parts = typed.split()
        holding = [
            question
            for question, folded in questions.items()
            if all(f" {part}" in f" {folded}" for part in parts)
        ]
        hits = process.extract(
            typed,
            questions,
            scorer=fuzz.partial_token_sort_ratio,
            score_cutoff=LIKE_ENOUGH,
            limit=MOST_COMPLETIONS,
        )
        like = [question for _, _, question in hits]
        return list(dict.fromkeys([*holding, *like]))[:MOST_COMPLETIONS]


def run(
    base: KnowledgeBase,
    *,
    region: str | None = None,
    plain: bool = False,
    vi: bool = False,
    remember: bool = False,
    reload: Callable[[], KnowledgeBase] | None = None,
) -> None:
    """Chat on the terminal that standard input and output are.

    Raises FaqbotError where the base has no such region, or where the history that
    `remember` asks for cannot be kept.
    """
    if region:
        base.region(region)
    bot = Later(lambda: FAQBot(base, region=region))
    kept = history_file() if remember else None

    def write(fragments: Fragments) -> None:
        if chat.plain:
            text = render.as_text(fragments)
            sys.stdout.write(render.encodable(text, sys.stdout.encoding))
            sys.stdout.flush()
        else:
            marked = [
                (f"class:{name}" if name else "", text) for name, text in fragments
            ]
            print_formatted_text(FormattedText(marked), style=STYLE, end="")

    chat = Chat(
        base,
        bot,
        write,
        lambda: shutil.get_terminal_size().columns,
        reload=reload,
        forget=lambda: forget(),
    )
    chat.plain = plain

    def open_session() -> PromptSession[str]:
        history: History = FileHistory(str(kept)) if kept else InMemoryHistory()
        return PromptSession(
            [("class:prompt", wording.PROMPT)],
            completer=QuestionCompleter(
                lambda: (entry.question for entry in chat.base.entries), chat.commands
            ),
            complete_while_typing=True,
            history=history,
            auto_suggest=AutoSuggestFromHistory(),
            bottom_toolbar=lambda: chat.status,
            style=STYLE,
            vi_mode=vi,
        )

    # Opened when it is needed: it steers the terminal, which plain text must not.
    session: PromptSession[str] | None = None

    def forget() -> None:
        nonlocal session
        if kept:
            kept.write_bytes(b"")
        session = None

    def read() -> str:
        nonlocal session
        if chat.plain:
            return input(wording.PROMPT)
        session = session or open_session()
        try:
            return session.prompt()
        except KeyboardInterrupt:
            # It drops a line; at an empty prompt it is a wish to leave.
            if session.default_buffer.text:
                return ""
            raise

    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    with _ended_by(signal.SIGTERM, getattr(signal, "SIGHUP", None)):
        try:
            chat.run(read)
        except OSError:
            # The terminal was closed; there is nobody left to say goodbye to.
            return


def history_file() -> Path:
    """Return the file that keeps earlier lines, made for its owner's eyes alone.

    It lies in the state folder of the XDG base directories. Raises FaqbotError where
    it cannot be made.
    """
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    path = Path(state) / "faqbot" / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError as error:
        raise FaqbotError(f"{path}: cannot be kept ({error.strerror})") from error
    return path


@contextmanager
def _ended_by(*signals: signal.Signals | None) -> Iterator[None]:
    """Let signals end the chat as an exception, so that the terminal is put right."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {each: signal.signal(each, end) for each in signals if each}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
