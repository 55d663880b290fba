"""Chats in a terminal."""

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.styles import Style

from . import render, wording
from .bot import FAQBot
from .conversation import Conversation
from .render import Fragments
from .text import normalise

STYLE = Style.from_dict(
    {"prompt": "bold", "urgent": "ansired bold", "source": "italic", "note": "italic"}
)
"""Colours by meaning, from the terminal's own palette."""

Read = Callable[[], str]
"""Returns a line; raises KeyboardInterrupt on Ctrl-C and EOFError on Ctrl-D."""
Write = Callable[[Fragments], None]
"""Shows fragments."""


class Chat:
    """A conversation with commands."""

    def __init__(
        self, bot: FAQBot, write: Write, width: Callable[[], int] | None = None
    ) -> None:
        """`width` tells how many columns there are, at any moment."""
        self._bot = bot
        self._talk = Conversation(bot)
        self._write = write
        self._width = width or (lambda: shutil.get_terminal_size().columns)
        self._asked: str | None = None
        self.commands: dict[str, Callable[[], str]] = {
            "/help": lambda: wording.HELP,
            "/topics": lambda: render.topics(bot.knowledge),
            "/why": self._why,
            "/source": lambda: render.sources(self._talk.state.last, bot.knowledge),
            "/quit": lambda: wording.GOODBYE,
        }
        """What each command says."""

    def greet(self) -> None:
        """Show what this is, sample questions, and how to get help."""
        about = self._bot.knowledge.about
        introduction = about.introduction or wording.CAN_HELP_BRIEF.format(
            covers=about.covers
        )
        samples = [self._bot.knowledge.find(each).question for each in about.samples]
        lines = [wording.GREETING.format(name=about.name, introduction=introduction)]
        if samples:
            lines += [wording.SAMPLES, *(f"  {sample}" for sample in samples)]
        self._say("\n".join([*lines, wording.HELP_HINT]), "note")

    def run(self, read: Read) -> None:
        """Answer until Ctrl-D or /quit; Ctrl-C drops the line."""
        self.greet()
        while True:
            try:
                line = read()
            except KeyboardInterrupt:
                continue
            except EOFError:
                self._say(wording.GOODBYE, "note")
                return
            if not self.turn(line):
                return

    def turn(self, line: str) -> bool:
        """Show the reply to one line; return whether the chat goes on."""
        typed = line.strip()
        if not typed:
            return True
        if typed.startswith("/"):
            return self._command(typed.split()[0].casefold())
        self._asked = line
        reply = self._talk.ask(line)
        self._show(render.reply_fragments(reply, self._width()))
        return True

    def _command(self, name: str) -> bool:
        meant = [each for each in self.commands if each.startswith(name)]
        if name == "/exit":
            meant = ["/quit"]
        if len(meant) != 1:
            known = ", ".join(self.commands)
            shown = "".join(filter(str.isprintable, name))
            self._say(wording.NO_SUCH_COMMAND.format(command=shown, commands=known))
            return True
        self._say(self.commands[meant[0]](), "note")
        return meant != ["/quit"]

    def _why(self) -> str:
        if self._asked is None:
            return wording.NOTHING_TO_EXPLAIN
        found, last = self._bot.explain(self._asked), self._talk.state.last
        if last and last.entry and last.entry != found.reply.entry:
            return wording.WHY_CHOSEN.format(question=last.matched)
        return render.why(found)

    def _say(self, text: str, meaning: str = "") -> None:
        self._show([(meaning, f"{render.wrap(text, self._width())}\n")])

    def _show(self, fragments: Fragments) -> None:
        self._write([*fragments, ("", "\n")])


class QuestionCompleter(Completer):
    """Completes commands, and canonical questions that hold the words typed."""

    def __init__(self, questions: Iterable[str], commands: Iterable[str]) -> None:
        self._questions = [(question, normalise(question)) for question in questions]
        self._commands = list(commands)

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Yield what may be meant by the text before the cursor."""
        typed = document.text_before_cursor
        if typed.startswith("/"):
            found = [name for name in self._commands if name.startswith(typed)]
        else:
            parts = normalise(typed).split()
            found = [
                question
                for question, folded in self._questions
                if parts and all(f" {part}" in f" {folded}" for part in parts)
            ]
        for text in found:
            yield Completion(text, start_position=-len(typed))


def run(bot: FAQBot, *, plain: bool = False) -> None:
    """Chat on the terminal that standard input and output are."""

    def write(fragments: Fragments) -> None:
        if plain:
            text = render.as_text(fragments)
            sys.stdout.write(render.encodable(text, sys.stdout.encoding))
            sys.stdout.flush()
        else:
            marked = [
                (f"class:{name}" if name else "", text) for name, text in fragments
            ]
            print_formatted_text(FormattedText(marked), style=STYLE, end="")

    chat = Chat(bot, write)
    session: PromptSession[str] = PromptSession(
        [("class:prompt", wording.PROMPT)],
        completer=QuestionCompleter(
            (entry.question for entry in bot.knowledge.entries), chat.commands
        ),
        complete_while_typing=False,
        history=InMemoryHistory(),
        style=None if plain else STYLE,
    )
    chat.run(session.prompt)
