"""Holds a chat line by line: questions, commands, and what is shown for them."""

from collections.abc import Callable
from pathlib import Path

from rapidfuzz import fuzz, process

from . import render, wording
from .bot import FAQBot
from .conversation import Conversation
from .errors import FaqbotError
from .knowledge import KnowledgeBase
from .models import Reply
from .render import Fragments
from .text import normalise

Write = Callable[[Fragments], None]
"""Shows fragments."""
ENOUGH_LETTERS = 3
"""Letters typed from which questions are completed."""
LIKE_ENOUGH = 75
"""Least likeness, 0 to 100, of a question to what was typed to complete it."""
MOST_COMPLETIONS = 6
TAKE_WORDS = frozenset({"/topics", "/export", "/region"})
"""Commands that take words after them; after any other they are a message."""
LEAVE = frozenset({"quit", "exit", "q", ":q"})
"""Words that leave as /quit does."""
YES = frozenset({"y", "yes"})
"""What confirms that a file may be written over."""


NO = frozenset({"n", "no"})
"""What says no to that, and nothing else."""


class Chat:
    """A conversation with commands."""

    def __init__(
        self,
        base: KnowledgeBase,
        bot: Callable[[], FAQBot],
        write: Write,
        width: Callable[[], int],
        *,
        reload: Callable[[], KnowledgeBase] | None = None,
        forget: Callable[[], None] | None = None,
    ) -> None:
        """`bot` is called when it is first needed, for its indexes take a while.

        `width` tells how many columns there are, at any moment; `reload` reads the
        base again; `forget` wipes what was kept of earlier lines.
        """
        self.base = base
        """What questions are answered from."""
        self._make = bot
        self._write = write
        self._width = width
        self._reload_base = reload
        self._forget_lines = forget
        self._bot: FAQBot | None = None
        self._talk: Conversation | None = None
        self._turns: list[Reply] = []
        self._waiting: Path | None = None
        self.plain = False
        """Whether to show text without any styling."""
        self.commands: dict[str, Callable[[str], str]] = {
            "/help": lambda _: wording.HELP,
            "/topics": self._topics,
            "/why": lambda _: self._why(),
            "/source": lambda _: self._source(),
            "/no": lambda _: self._reply(self._conversation().reject()),
            "/more": lambda _: self._reply(self._conversation().more()),
            "/export": self._export,
            "/region": self._region,
            "/plain": lambda _: self._plain(),
            "/reload": lambda _: self._reload(),
            "/forget": lambda _: self._forget(),
            "/quit": lambda _: wording.GOODBYE,
        }
        """What each command says for the words after it."""

    @property
    def status(self) -> str:
        """Subject, certainty in words and region, on one line."""
        parts = []
        if self._turns:
            last = self._turns[-1]
            if last.entry:
                parts.append(render.title(self.base.find(last.entry).topic))
            parts.append(render.certainty(last))
        region = self._bot.region if self._bot else None
        parts.append(region.name if region else wording.NO_REGION)
        return " | ".join(parts)

    def completions(self, typed: str) -> list[str]:
        """Return commands and questions that may be meant, likeliest first."""
        if typed.startswith("/"):
            return [name for name in self.commands if name.startswith(typed)]
        wanted = normalise(typed)
        if len(wanted) < ENOUGH_LETTERS:
            return []
        questions = {
            entry.question: normalise(entry.question) for entry in self.base.entries
        }
        holding = [
            question
            for question, folded in questions.items()
            if all(f" {part}" in f" {folded}" for part in wanted.split())
        ]
        hits = process.extract(
            wanted,
            questions,
            scorer=fuzz.partial_token_sort_ratio,
            score_cutoff=LIKE_ENOUGH,
            limit=MOST_COMPLETIONS,
        )
        like = [question for _, _, question in hits]
        return list(dict.fromkeys([*holding, *like]))[:MOST_COMPLETIONS]

    def greet(self) -> None:
        """Show what this is, sample questions, and how to get help."""
        about = self.base.about
        introduction = about.introduction or wording.CAN_HELP_BRIEF.format(
            covers=about.covers
        )
        samples = [self.base.find(each).question for each in about.samples]
        lines = [wording.GREETING.format(name=about.name, introduction=introduction)]
        if samples:
            lines += [wording.SAMPLES, *(f"  {sample}" for sample in samples)]
        self.say("\n".join([*lines, wording.HELP_HINT]))

    def interrupt(self) -> bool:
        """Take Ctrl-C at an empty prompt; return whether another one would leave."""
        if self._waiting:
            self._waiting = None
            self.say(wording.NOT_EXPORTED)
            return False
        self.say(wording.LEAVE_HINT)
        return True

    def turn(self, line: str) -> bool:
        """Show the reply to one line; return whether the chat goes on."""
        typed = line.strip()
        if self._waiting:
            path, self._waiting = self._waiting, None
            if typed.casefold() in YES:
                self.say(self._save(path))
                return True
            self.say(wording.NOT_EXPORTED)
            typed = "" if typed.casefold() in NO else typed
        if not typed:
            return True
        if typed.casefold() in LEAVE:
            typed = "/quit"
        if typed.startswith("/"):
            name, _, rest = typed.partition(" ")
            return self._command(name.casefold(), rest.strip())
        self._reply(self._conversation().ask(line))
        return True

    def say(self, text: str) -> None:
        """Show a text that is no reply."""
        self._show([("note", f"{render.wrap(text, self._width())}\n")])

    def _conversation(self) -> Conversation:
        if self._talk is None:
            self._bot = self._make()
            self._talk = self._bot.conversation()
        return self._talk

    def _ready_bot(self) -> FAQBot:
        self._conversation()
        assert self._bot is not None
        return self._bot

    def _reply(self, reply: Reply) -> str:
        if self._talk and self._talk.state.said:
            self._turns.append(reply)
        self._show(render.reply_fragments(reply, self._width()))
        return ""

    def _command(self, name: str, rest: str) -> bool:
        meant = [each for each in self.commands if each.startswith(name)]
        if name in self.commands:
            meant = [name]
        if name == "/exit":
            meant = ["/quit"]
        is_command = len(meant) == 1 and (not rest or meant[0] in TAKE_WORDS)
        if rest and not is_command:
            # "/my groin is numb", "/no feeling down there": something to be heard.
            self._reply(self._conversation().ask(f"{name.lstrip('/')} {rest}"))
            return True
        if len(meant) != 1:
            known = ", ".join(self.commands)
            self.say(wording.NO_SUCH_COMMAND.format(command=name, commands=known))
            return True
        if said := self.commands[meant[0]](rest):
            self.say(said)
        return meant != ["/quit"]

    def _topics(self, wanted: str) -> str:
        return render.topics(self.base, wanted)

    def _why(self) -> str:
        last = self._turns[-1] if self._turns else None
        if last is None:
            return wording.NOTHING_TO_EXPLAIN
        found = self._ready_bot().explain(last.question)
        if last.entry and last.entry != found.reply.entry:
            return wording.WHY_CHOSEN.format(question=last.matched)
        return render.why(found)

    def _source(self) -> str:
        last = self._talk.state.last if self._talk else None
        return render.sources(last, self.base)

    def _export(self, name: str) -> str:
        if not name:
            return wording.EXPORT_WHERE
        if not self._turns:
            return wording.NOTHING_TO_EXPORT
        try:
            path = Path(name).expanduser()
            if path.exists():
                self._waiting = path
                return wording.EXPORT_OVER.format(path=path)
        except (OSError, RuntimeError, ValueError) as error:
            return _failed(name, error)
        return self._save(path)

    def _save(self, path: Path) -> str:
        text = render.transcript(self._turns, self.base)
        try:
            path.write_text(text, encoding="utf-8")
        except (OSError, ValueError) as error:
            return _failed(path, error)
        return wording.EXPORTED.format(path=path)

    def _region(self, name: str) -> str:
        bot = self._ready_bot()
        if name:
            try:
                self._bot = bot.in_region(None if name == wording.NOWHERE else name)
            except FaqbotError as error:
                return f"{error}"
            self._talk = Conversation(self._bot, self._conversation().state)
            bot = self._bot
        known = ", ".join(region.id for region in self.base.regions) or "-"
        chosen = bot.region.name if bot.region else wording.NO_REGION
        return wording.REGION.format(chosen=chosen, known=known, none=wording.NOWHERE)

    def _plain(self) -> str:
        self.plain = not self.plain
        return wording.PLAIN if self.plain else wording.NOT_PLAIN

    def _reload(self) -> str:
        if self._reload_base is None:
            return wording.NO_RELOAD
        bot = self._ready_bot()
        region = bot.region.id if bot.region else None
        try:
            base = self._reload_base()
            self._bot = FAQBot(base, region=region)
        except FaqbotError as error:
            return f"{error}\n{wording.KEPT}"
        self.base, self._talk = base, self._bot.conversation()
        return wording.RELOADED.format(count=len(base.entries))

    def _forget(self) -> str:
        if self._bot:
            self._talk = self._bot.conversation()
        self._turns.clear()
        if self._forget_lines:
            self._forget_lines()
        return wording.FORGOTTEN

    def _show(self, fragments: Fragments) -> None:
        shown = [(meaning, render.harmless(text)) for meaning, text in fragments]
        self._write([*shown, ("", "\n")])


def _failed(path: Path | str, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or error
    return wording.EXPORT_FAILED.format(path=path, reason=reason)
