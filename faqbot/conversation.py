"""Remembers what was said, so that a few words are understood from it."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from . import wording
from .models import Kind, Level, Move, Option, Release, Reply
from .text import normalise, sentences

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
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "last": -1,
}
"""Words that choose among what was offered; -1 is the last."""
FILLERS = frozenset(
    "the number option choice answer question please about one i mean meant".split()
)
"""Words that may stand around a choice."""
NONE_OF_THEM = frozenset(
    {"none", "none of these", "none of them", "none of those", "neither", "0"}
)
"""What people say when nothing that was offered fits."""
LONGEST_CHOICE = 5
"""Words of the longest message that may choose by the words of an option."""
LONGEST_AFTER_REFERRAL = 6
"""Words of the longest message that may go on from a referral."""
ROUNDS = 2
"""Offers that are made before a rejected reply becomes a referral."""
MOST_QUESTIONS = 3
"""Questions of one message that are answered."""
SURE = 0.6
"""Confidence from which one of two questions in a message is answered."""
SHORT = 2
"""Sentences of a shortened answer."""

_QUESTION_END = re.compile(r"(?<=[?;])\s*|\n+|,?\s+and also\s+|,?\s+also,?\s+", re.I)


class Answerer(Protocol):
    """What a conversation needs of a bot."""

    def ask(self, question: str, *, before: str = "") -> Reply:
        """Return the reply to a question, with what was said just before it."""

    def release(self, message: str) -> Release | None:
        """Return what in a message ends the reminders after an emergency reply."""

    def move(self, message: str) -> Move | None:
        """Return what a message does with the conversation itself, if it does."""

    def follow_up(self, question: str, entry_id: str) -> Reply | None:
        """Return the reply to a few words that go on from an entry, if they do."""

    def further(self, question: str, entry_id: str) -> Reply | None:
        """Return an offer of what goes on from an entry; None if nothing does."""

    def alternatives(self, question: str, without: Container[str]) -> Reply:
        """Return an offer of the next best entries, or a referral."""

    def refer(self, question: str) -> Reply:
        """Return a referral, whatever could be answered."""

    def reasons(self, entry_id: str) -> str:
        """Return what an answer rests on."""

    def answer(self, entry_id: str, question: str = "") -> Reply:
        """Return the answer of an entry that was chosen."""


@dataclass(frozen=True, slots=True)
class State:
    """What a conversation remembers from one turn to the next."""

    offered: tuple[Option, ...] = ()
    """The choices of the last reply."""
    last: Reply | None = None
    """The last reply that was no small talk."""
    said: str = ""
    """The last message."""
    entry: str | None = None
    """Id of the entry answered last; small talk does not lose it."""
    asked: str | None = None
    """The last question that was no choice and no move."""
    rejected: tuple[str, ...] = ()
    """Ids of the entries that were not what that question meant."""
    rounds: int = 0
    """Offers made since it was asked because a reply was rejected."""
    reminder: str | None = None
    """What was to be done at once, until it is clear that it is being done."""
    is_emergency: bool = False
    """Whether that is due now, and not only today."""

    def to_dict(self) -> dict[str, object]:
        """Return the state as a JSON object."""
        return {
            "offered": [option.to_dict() for option in self.offered],
            "last": self.last.to_dict() if self.last else None,
            "said": self.said,
            "entry": self.entry,
            "asked": self.asked,
            "rejected": list(self.rejected),
            "rounds": self.rounds,
            "reminder": self.reminder,
            "is_emergency": self.is_emergency,
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "State":
        """Return the state that `to_dict` wrote; raises KeyError or ValueError."""
        last = content["last"]
        return cls(
            offered=tuple(map(Option.from_dict, content["offered"])),
            last=Reply.from_dict(last) if last else None,
            said=content["said"],
            entry=content["entry"],
            asked=content["asked"],
            rejected=tuple(content["rejected"]),
            rounds=content["rounds"],
            reminder=content["reminder"],
            is_emergency=content["is_emergency"],
        )


class Conversation:
    """Asks a bot question after question."""

    def __init__(self, bot: Answerer, state: State | None = None) -> None:
        self._bot = bot
        self.state = state or State()
        """What is remembered; a value that can be kept and handed in again."""

    def ask(self, question: str) -> Reply:
        """Return the reply to `question`, which may go on from what was said before.

        It may choose of what was offered, reject or take up the last reply. Anything
        else is a new question. Raises TypeError when it is not a string.
        """
        if isinstance(question, str) and (chosen := self._choose(question)):
            return self._keep(chosen, is_new=False)
        alone = self._bot.ask(question, before=self.state.said)
        if self.state.reminder and (release := self._bot.release(question)):
            # "An ambulance is coming" sounds a bit like danger itself.
            alone = Reply(question, Kind.SMALL_TALK, release.reply)
            self.state = replace(self.state, reminder=None, is_emergency=False)
            return self._keep(alone, is_new=False)
        if alone.kind is Kind.URGENT:
            return self._keep(alone, is_new=True)
        if moved := self._move(question):
            return self._keep(moved, is_new=False)
        if referred := self._refer_on(alone):
            return self._keep(referred, is_new=False)
        reply = self._read(alone)
        return self._keep(reply, is_new=reply.kind is not Kind.SMALL_TALK)

    def reject(self, question: str = "") -> Reply:
        """Return the next best entries, after a reply that was not what was meant."""
        return self._keep(self._reject(question), is_new=False)

    def more(self, question: str = "") -> Reply:
        """Return an offer of what goes on from the last answer."""
        return self._keep(self._more(question), is_new=False)

    def _read(self, alone: Reply) -> Reply:
        """Return the reply to a message by what was said before it.

        `alone` is the reply where nothing was.
        """
        question, state = alone.question, self.state
        if state.entry and (found := self._bot.follow_up(question, state.entry)):
            return found
        return alone if alone.kind is Kind.SMALL_TALK else self._each(alone) or alone

    def _refer_on(self, alone: Reply) -> Reply | None:
        """Return the referral that a few words go on from, if they do.

        "Ok but which dose?" after a referral asks no new question.
        """
        last, asked = self.state.last, self.state.asked
        if last is None or last.topic is None or alone.kind is Kind.SMALL_TALK:
            return None
        count = len(normalise(alone.question).split())
        if count > LONGEST_AFTER_REFERRAL or alone.confidence >= SURE:
            return None
        joined = self._bot.ask(f"{asked} {alone.question}")
        is_same = joined.kind is Kind.REFERRAL and joined.topic == last.topic
        return replace(joined, question=alone.question) if is_same else None

    def _each(self, whole: Reply) -> Reply | None:
        """Return the answers to all questions of a message, where all are sure."""
        parts = [part.strip() for part in _QUESTION_END.split(whole.question)]
        parts = [part for part in parts if normalise(part)]
        if not 1 < len(parts) <= MOST_QUESTIONS:
            return None
        replies = [self._bot.ask(part) for part in parts]
        entries = {reply.entry for reply in replies}
        if len(entries) < len(parts) or not all(
            reply.kind is Kind.ANSWER and reply.confidence >= SURE for reply in replies
        ):
            return None
        headed = [
            wording.ALSO_ABOUT.format(place=place, question=reply.matched)
            + f"\n{reply.text}"
            for place, reply in enumerate(replies, 1)
        ]
        return replace(
            replies[0],
            question=whole.question,
            text="\n\n".join(headed),
            claims=tuple(dict.fromkeys(c for each in replies for c in each.claims)),
            references=tuple(
                dict.fromkeys(r for each in replies for r in each.references)
            ),
            confidence=min(reply.confidence for reply in replies),
        )

    def _move(self, question: str) -> Reply | None:
        """Return the reply to what is said about the conversation itself."""
        match self._bot.move(question):
            case Move.REPEAT if self.state.last:
                return replace(self.state.last, question=question)
            case Move.SHORTEN if self.state.last:
                return replace(
                    self.state.last, question=question, text=_short(self.state.last)
                )
            case Move.MORE:
                return self._more(question)
            case Move.WHY if self.state.entry:
                reasons = self._bot.reasons(self.state.entry)
                return Reply(question, Kind.SMALL_TALK, reasons)
            case Move.REJECT if self.state.asked and self._can_reject():
                return self._reject(question)
        return None

    def _can_reject(self) -> bool:
        last = self.state.last
        return last is not None and last.kind in {Kind.ANSWER, Kind.CLARIFICATION}

    def _more(self, question: str) -> Reply:
        if self.state.entry is None:
            return Reply(question, Kind.SMALL_TALK, wording.NOTHING_BEFORE)
        found = self._bot.further(question, self.state.entry)
        return found or Reply(question, Kind.SMALL_TALK, wording.NO_MORE)

    def _reject(self, question: str) -> Reply:
        state = self.state
        if state.asked is None or not self._can_reject():
            return Reply(question, Kind.SMALL_TALK, wording.NOTHING_BEFORE)
        last = state.last
        assert last is not None
        wrong = [last.entry] if last.entry else [each.entry for each in last.options]
        rejected = (*state.rejected, *wrong)
        self.state = replace(state, rejected=rejected, rounds=state.rounds + 1)
        if state.rounds >= ROUNDS:
            return replace(self._bot.refer(state.asked), question=question)
        found = self._bot.alternatives(state.asked, rejected)
        return replace(found, question=question)

    def _keep(self, reply: Reply, *, is_new: bool) -> Reply:
        """Remember a reply, and return it with what must be done first.

        `is_new` tells whether its question opened a subject of its own.
        """
        state = self.state
        is_aside = reply.kind is Kind.SMALL_TALK
        last = state.last if is_aside else reply
        reply, reminder = self._remind(reply)
        self.state = State(
            offered=state.offered if is_aside else reply.options,
            last=last,
            said=reply.question,
            entry=reply.entry or state.entry,
            asked=reply.question if is_new else state.asked,
            rejected=() if is_new else state.rejected,
            rounds=0 if is_new else state.rounds,
            reminder=reminder,
            is_emergency=reminder is not None
            and (state.is_emergency or reply.level is Level.EMERGENCY),
        )
        return reply

    def _remind(self, reply: Reply) -> tuple[Reply, str | None]:
        """Return a reply with what must be done first, and that for the next turn."""
        reminder = self.state.reminder
        if reply.kind is Kind.URGENT:
            # What is due today does not take the place of what is due now.
            if reply.level is Level.EMERGENCY or not self.state.is_emergency:
                reminder = sentences(reply.text)[0]
            return reply, reminder
        if reminder is None:
            return reply, None
        text = wording.REMINDER.format(advice=reminder, reply=reply.text)
        return replace(reply, text=text), reminder

    def _choose(self, question: str) -> Reply | None:
        offered = self.state.offered
        if not offered:
            return None
        said = normalise(question)
        if said in NONE_OF_THEM:
            return self._reject(question)
        place = _place(said, offered)
        if place is None:
            return None
        if not 1 <= place <= len(offered):
            text = wording.CHOICE_OUT_OF_RANGE.format(count=len(offered))
            return Reply(question, Kind.CLARIFICATION, text, options=offered)
        return self._bot.answer(offered[place - 1].entry, question)


def _place(said: str, offered: Sequence[Option]) -> int | None:
    """Return the place that a few words name, from 1, or None where they name none."""
    found = said.split()
    words = [word for word in found if word not in FILLERS or word in ORDINALS]
    if len(words) == 2 and words[1] in {"one", "1"} and words[0] in ORDINALS:
        words = words[:1]
    if len(words) == 1:
        (word,) = words
        if word.isdecimal() and len(word) < 4:
            return int(word)
        if word in ORDINALS:
            return len(offered) if ORDINALS[word] == -1 else ORDINALS[word]
    # "The one on sitting": the words of one option and of no other.
    words = [word for word in found if word not in FILLERS]
    if not words or len(found) > LONGEST_CHOICE:
        return None
    fits = [
        place
        for place, option in enumerate(offered, 1)
        if set(words) <= set(normalise(option.question).split())
    ]
    return fits[0] if len(fits) == 1 else None


def _short(reply: Reply) -> str:
    """Return the first sentences of a reply, which say what to do."""
    return " ".join(sentences(reply.text)[:SHORT])
