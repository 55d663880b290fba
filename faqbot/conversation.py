"""Remembers what was said, so that a reply can be answered with a number."""

import re
from dataclasses import dataclass, replace
from typing import Protocol

from . import wording
from .models import Kind, Level, Option, Release, Reply
from .text import normalise

ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "one": 1,
    "two": 2,
    "three": 3,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "last": -1,
}
"""Words that choose among what was offered; -1 is the last."""
FILLERS = frozenset("the number option choice answer question please".split())
"""Words that may stand around a choice."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
NONE_OF_THEM = frozenset({"none", "none of these", "none of them", "neither", "0"})
"""What people say when nothing that was offered fits."""


class Answerer(Protocol):
    """What a conversation needs of a bot."""

    def ask(self, question: str, *, before: str = "") -> Reply:
        """Return the reply to a question, with what was said just before it."""

    def release(self, message: str) -> Release | None:
        """Return what in a message ends the reminders after an emergency reply."""

    def answer(self, entry_id: str, question: str = "") -> Reply:
        """Return the answer of an entry that was chosen."""


@dataclass(frozen=True, slots=True)
class State:
    """What a conversation remembers from one turn to the next."""

    offered: tuple[Option, ...] = ()
    """The choices of the last reply."""
    last: Reply | None = None
    """The last reply."""
    reminder: str | None = None
    """What was to be done at once, until it is clear that it is being done."""


class Conversation:
    """Asks a bot question after question."""

    def __init__(self, bot: Answerer, state: State | None = None) -> None:
        self._bot = bot
        self.state = state or State()
        """What is remembered; a value that can be kept and handed in again."""

    def ask(self, question: str) -> Reply:
        """Return the reply to `question`, which may be a choice of what was offered.

        Anything that is no choice is a new question. Raises TypeError when it is not a
        string.
        """
        choice = self._choose(question)
        before = self.state.last.question if self.state.last else ""
        reply = choice or self._bot.ask(question, before=before)
        is_chat = choice is None and reply.kind is Kind.SMALL_TALK
        keep = self.state.offered if is_chat else ()
        reply, reminder = self._remind(reply)
        self.state = State(reply.options or keep, reply, reminder)
        return reply

    def _remind(self, reply: Reply) -> tuple[Reply, str | None]:
        """Return a reply with what must be done first, and that for the next turn."""
        reminder = self.state.reminder
        if reply.kind is Kind.URGENT:
            if reply.level is Level.EMERGENCY:
                reminder = _SENTENCE_END.split(reply.text, maxsplit=1)[0]
            return reply, reminder
        if reminder is None:
            return reply, None
        release = self._bot.release(reply.question)
        if release:
            return Reply(reply.question, Kind.SMALL_TALK, release.reply), None
        text = wording.REMINDER.format(advice=reminder, reply=reply.text)
        return replace(reply, text=text), reminder

    def _choose(self, question: str) -> Reply | None:
        offered = self.state.offered
        if not offered or not isinstance(question, str):
            return None
        said = normalise(question)
        if said in NONE_OF_THEM:
            return Reply(question, Kind.SMALL_TALK, wording.CHOICE_NONE)
        place = _place(said, len(offered))
        if place is None:
            return None
        if not 1 <= place <= len(offered):
            text = wording.CHOICE_OUT_OF_RANGE.format(count=len(offered))
            return Reply(question, Kind.CLARIFICATION, text, options=offered)
        return self._bot.answer(offered[place - 1].entry, question)


def _place(said: str, count: int) -> int | None:
    """Return the place that a few words name, from 1, or None where they name none."""
    words = [word for word in said.split() if word not in FILLERS]
    if len(words) == 2 and words[1] in {"one", "1"} and words[0] in ORDINALS:
        words = words[:1]
    if len(words) != 1:
        return None
    (word,) = words
    if word.isdecimal() and len(word) < 4:
        return int(word)
    place = ORDINALS.get(word)
    return count if place == -1 else place
