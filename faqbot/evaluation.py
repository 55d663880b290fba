"""Holds replies against what they should have been."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .bot import FAQBot
from .errors import FaqbotError, KnowledgeError, Location
from .models import Entry, Kind, Reply
from .reading import Reader, Record

Progress = Callable[[int, int], None]
"""Is told how much is done, and of how much."""


class Expect(StrEnum):
    """What a labelled question calls for."""

    ANSWER = "answer"
    REFER = "refer"
    URGENT = "urgent"
    CHAT = "chat"
    EITHER = "either"
    """A referral, or an answer that speaks of one of the sentences."""


class Outcome(StrEnum):
    """What a reply did to a labelled question."""

    RIGHT = "right"
    OFFERED = "offered"
    """A clarification holds a right answer."""
    WRONG = "wrong"
    """Answered, though not this question."""
    MISOFFERED = "misoffered"
    """A clarification holds no right answer."""
    REFERRED = "referred"
    ANSWERED = "answered"
    """Answered, though it should have been referred."""
    HEDGED = "hedged"
    """Something was offered, though it should have been referred."""
    FALSE_ALARM = "false alarm"
    MISREAD = "misread"
    """Taken for small talk."""
    MISSED = "missed"
    """A sign of danger, or small talk, that was not recognised."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, and what a right reply to it is."""

    question: str
    expect: Expect = Expect.ANSWER
    claims: frozenset[str] = frozenset()
    """Sentences of the article; a right answer speaks of at least one."""
    entries: frozenset[str] = frozenset()
    """Ids of entries that answer it, for a question that was written for them."""


Trial = tuple[Labelled, Reply]


def read(path: Path) -> list[Labelled]:
    """Return the labelled questions of a file.

    A .tsv file has a header and the columns `question`, `claims` (ids with commas
    between them) and, optionally, `expect`, which is `answer` where it is missing. A
    .yaml file is a list of mappings with `question` and, optionally, `expect`,
    `claims` and `entries` (lists).

    Raises:
        KnowledgeError: with every problem in it, when there is one.
        FaqbotError: when the file cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FaqbotError(f"{path}: cannot be read ({error.strerror})") from error
    reader = Reader()
    if path.suffix == ".tsv":
        found = list(_rows(reader, path.name, content))
    else:
        document = reader.parse(path.name, content)
        records = reader.records(document) if document else []
        found = [_labelled(record) for record in records]
    if reader.problems:
        raise KnowledgeError(reader.problems)
    return found


def _labelled(record: Record) -> Labelled:
    expect = record.choice("expect", Expect) or Expect.ANSWER
    found = Labelled(
        record.text("question"),
        expect,
        frozenset(record.texts("claims")),
        frozenset(record.texts("entries")),
    )
    record.close()
    return found


def _rows(reader: Reader, name: str, content: bytes) -> Iterator[Labelled]:
    lines = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if "question" not in (rows.fieldnames or ()):
        reader.note(
            Location(name, 1), "there is no column 'question'", "name it in the header"
        )
        return
    for number, row in enumerate(rows, 2):
        expect, claims = row.get("expect") or Expect.ANSWER, row.get("claims") or ""
        if expect not in list(Expect):
            reader.note(
                Location(name, number),
                f"'expect' cannot be {expect!r}",
                f"use one of {', '.join(Expect)}",
            )
            continue
        wanted = frozenset(filter(None, claims.split(",")))
        yield Labelled(row["question"] or "", Expect(expect), wanted)


def own_label(entry: Entry, wording: str) -> Labelled:
    """Return a wording of an entry as a question that calls for its answer.

    An answer that speaks of the same sentence of the article serves as well.
    """
    own = frozenset({entry.id})
    return Labelled(wording, Expect.ANSWER, frozenset(entry.claims), own)


def leave_out(
    bot: FAQBot,
    progress: Progress | None = None,
    *,
    taken: bool = False,
    every: int = 1,
) -> Iterator[tuple[Entry, Labelled, Reply]]:
    """Yield each wording of an entry with the reply of a bot that does not hold it.

    With `taken`, only those for which another entry is likelier then. Of so many as
    `every`, 1 or more, one is asked.
    """
    entries = bot.knowledge.entries
    wordings = [(entry, wording) for entry in entries for wording in entry.wordings]
    asked = wordings[::every]
    for count, (entry, wording) in enumerate(asked, 1):
        first = bot.first_left_out(wording, entry) if taken else None
        if not taken or (isinstance(first, Entry) and first.id != entry.id):
            yield entry, own_label(entry, wording), bot.ask_left_out(wording, entry)
        if progress:
            progress(count, len(asked))


def serves(labelled: Labelled, entry: str | None, claims: Iterable[str]) -> bool:
    """Tell whether an entry, which speaks of `claims`, answers a labelled question."""
    return entry in labelled.entries or not labelled.claims.isdisjoint(claims)


def outcome(labelled: Labelled, reply: Reply) -> Outcome:
    """Name what a reply did to a labelled question."""
    fits = serves(labelled, reply.entry, reply.claims)
    offers = any(
        serves(labelled, option.entry, option.claims) for option in reply.options
    )
    match labelled.expect, reply.kind:
        case Expect.URGENT, kind:
            return Outcome.RIGHT if kind is Kind.URGENT else Outcome.MISSED
        case Expect.CHAT, kind:
            return Outcome.RIGHT if kind is Kind.SMALL_TALK else Outcome.MISSED
        case Expect.ANSWER, Kind.ANSWER:
            return Outcome.RIGHT if fits else Outcome.WRONG
        case Expect.ANSWER, Kind.CLARIFICATION:
            return Outcome.OFFERED if offers else Outcome.MISOFFERED
        case Expect.ANSWER, Kind.REFERRAL:
            return Outcome.REFERRED
        case Expect.EITHER, Kind.ANSWER if fits:
            return Outcome.RIGHT
        case Expect.EITHER, Kind.CLARIFICATION if offers:
            return Outcome.RIGHT
        case _, Kind.ANSWER:
            return Outcome.ANSWERED
        case _, Kind.CLARIFICATION:
            return Outcome.HEDGED
        case Expect.EITHER, _:
            return Outcome.RIGHT
        case _, Kind.URGENT:
            return Outcome.FALSE_ALARM
        case _, Kind.SMALL_TALK:
            return Outcome.MISREAD
    return Outcome.RIGHT


def tally(trials: Iterable[Trial]) -> dict[str, Counter[Outcome]]:
    """Return how often each outcome came about, by what was expected."""
    counts: dict[str, Counter[Outcome]] = {}
    for labelled, reply in trials:
        found = counts.setdefault(labelled.expect, Counter())
        found[outcome(labelled, reply)] += 1
    return counts


def judged(bot: FAQBot, questions: Iterable[Labelled]) -> Iterator[tuple[float, bool]]:
    """Yield how sure the bot is of its best entry, and whether that is right.

    Only questions that call for an answer or a referral count: to the others, the best
    entry is of no account.
    """
    for labelled in questions:
        if labelled.expect in {Expect.ANSWER, Expect.REFER}:
            best, sure = bot.best_entry(labelled.question)
            yield sure, best is not None and serves(labelled, best.id, best.claims)
