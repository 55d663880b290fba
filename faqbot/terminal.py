"""Runs a chat in a terminal: keys, colours, history and completion."""

import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING, Generic, TypeVar

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.styles import Style

from . import wording
from .errors import FaqbotError

if TYPE_CHECKING:
    from .chat import Chat
    from .knowledge import KnowledgeBase
    from .render import Fragments

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
LONGEST_LINE = 4094
"""Bytes of the longest line that a terminal hands over whole; it drops the rest."""
GONE = {errno.EIO, errno.EPIPE, errno.EBADF}
"""What goes wrong when the terminal was closed: there is nobody left to talk to."""
Made = TypeVar("Made")
Read = Callable[[], str]
"""Returns a line; raises KeyboardInterrupt on Ctrl-C at an empty prompt, and EOFError
on Ctrl-D."""


class Later(Generic[Made]):
    """Something that is made in the background, so that nobody waits for it."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: list[Made] = []
        self._failed: list[Exception] = []
        # A daemon, so that leaving at once does not wait for it either.
        self._thread = Thread(target=self._run, daemon=True)
        self._begun = False

    def begin(self, then: Callable[[], object] = lambda: None) -> None:
        """Begin to make it; `then` is called from there when it is done."""
        if not self._begun:
            self._begun, self._then = True, then
            self._thread.start()

    def _run(self) -> None:
        try:
            self._made.append(self._make())
        except Exception as error:
            self._failed.append(error)
        self._then()

    @property
    def made(self) -> Made | None:
        """It, or None while it is not made."""
        return self._made[0] if self._made else None

    def __call__(self) -> Made:
        """Return it, when it is made; raises what went wrong."""
        self.begin()
        self._thread.join()
        if self._failed:
            raise self._failed[0]
        return self._made[0]


class ChatCompleter(Completer):
    """Completes commands, and questions that are like what is typed."""

    def __init__(self, chat: Callable[[], "Chat | None"]) -> None:
        """`chat` is looked at for its commands and questions once it is there."""
        self._chat = chat

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Yield what may be meant by the text before the cursor, likeliest first."""
        typed, chat = document.text_before_cursor, self._chat()
        for text in chat.completions(typed) if chat else ():
            yield Completion(text, start_position=-len(typed))


def run(
    load: "Callable[[], KnowledgeBase]",
    *,
    region: str | None = None,
    plain: bool = False,
    vi: bool = False,
    remember: bool = False,
) -> None:
    """Chat on the terminal that standard input and output are.

    The prompt stands there before the base is loaded and its indexes are built, which
    happens behind it. Raises KnowledgeError where the base cannot be used, and
    FaqbotError where it has no such region or the lines that `remember` asks for cannot
    be kept.
    """
    kept = history_file() if remember else None
    session: PromptSession[str] | None = None

    def make() -> "Chat":
        # Imported here, behind the prompt: they take longer than prompt_toolkit.
        from .bot import FAQBot
        from .chat import Chat

        base = load()
        if region:
            base.region(region)
        bot = Later(lambda: FAQBot(base, region=region))
        made = Chat(base, bot, write, width, reload=load, forget=forget)
        made.plain = plain
        return made

    def width() -> int:
        return shutil.get_terminal_size().columns

    def forget() -> None:
        nonlocal session
        if kept:
            kept.write_bytes(b"")
        session = None

    chat = Later(make)

    def is_plain() -> bool:
        return chat.made.plain if chat.made else plain

    def write(fragments: "Fragments") -> None:
        if is_plain():
            text = "".join(text for _, text in fragments)
            encoding = sys.stdout.encoding or "utf-8"
            sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
            sys.stdout.flush()
        else:
            marked = [
                (f"class:{name}" if name else "", text) for name, text in fragments
            ]
            print_formatted_text(FormattedText(marked), style=STYLE, end="")

    def open_session() -> PromptSession[str]:
        history: History = FileHistory(str(kept)) if kept else InMemoryHistory()
        opened: PromptSession[str] = PromptSession(
            [("class:prompt", wording.PROMPT)],
            completer=ChatCompleter(lambda: chat.made),
            complete_while_typing=True,
            history=history,
            auto_suggest=AutoSuggestFromHistory(),
            bottom_toolbar=lambda: chat.made.status if chat.made else "",
            style=STYLE,
            vi_mode=vi,
        )
        opened.app.after_render += begin
        return opened

    def begin(app: Application[str]) -> None:
        """Make the chat once the first prompt stands there, and greet above it."""
        loop = app.loop
        assert loop is not None

        def greet() -> None:
            if app.is_running and chat.made:
                run_in_terminal(chat().greet)
            elif app.is_running:
                # The base is broken; the prompt ends with its problems.
                app.exit(exception=EOFError)

        chat.begin(lambda: loop.call_soon_threadsafe(greet))

    def read() -> str:
        nonlocal session
        if is_plain():
            line = input(wording.PROMPT)
            if len(line.encode(errors="replace")) >= LONGEST_LINE:
                chat().say(wording.CUT_SHORT)
            return line
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
            if plain:
                chat().greet()
            converse(chat, read)
        except OSError as error:
            if error.errno not in GONE:
                raise


def converse(chat: Callable[[], "Chat"], read: Read) -> None:
    """Answer until Ctrl-D, /quit, or Ctrl-C twice at an empty prompt.

    `chat` is called when the first line is there, for it may take a while to make.
    """
    interrupted = False
    while True:
        try:
            line = read()
        except KeyboardInterrupt:
            if interrupted:
                break
            interrupted = chat().interrupt()
            continue
        except EOFError:
            break
        interrupted = False
        if not chat().turn(line):
            return
    chat().say(wording.GOODBYE)


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
