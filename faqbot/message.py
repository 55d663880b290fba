"""Reads a message as words in sentences and clauses."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .text import words

TERMINATORS = frozenset(
    "but however although though except apart besides yet still because since until "
    "unless whereas despite".split()
)
"""Words that end what a "no" before them reaches."""
JOINERS = frozenset("and or so then plus while when".split())
"""Words after which something new may begin."""
_INVERTED = frozenset(
    "cant cannot couldnt dont didnt doesnt havent hasnt wont isnt arent".split()
)
_PRONOUNS = frozenset("i he she we they".split())
_BOUNDARY = re.compile(r"(?P<sentence>[.!?;…\n]+)|(?P<clause>[,:()\[\]]|\s[-–—]+\s)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a message."""

    word: str
    sentence: int
    """Number of its sentence in the message, from 0."""
    clause: int
    """Number of its clause in the message, from 0."""


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring tokens of a message."""

    start: int
    """Place of the first token."""
    end: int
    """One past the place of the last."""


def any_of(*phrases: str) -> re.Pattern[str]:
    """Return a pattern that is met where one of `phrases` stands in folded text."""
    return re.compile(rf"\b({'|'.join(phrases)})\b")


class Message:
    """A message as tokens, with its sentences and clauses."""

    def __init__(self, text: str) -> None:
        self.tokens: tuple[Token, ...] = tuple(_straightened(_tokens(text)))
        """Every word, in order."""
        by_sentence: dict[int, list[str]] = defaultdict(list)
        self.clauses: dict[int, list[str]] = defaultdict(list)
        """The words of each clause, by its number."""
        for token in self.tokens:
            by_sentence[token.sentence].append(token.word)
            self.clauses[token.clause].append(token.word)
        self.sentences = {
            number: " ".join(found) for number, found in by_sentence.items()
        }
        """The words of each sentence, by its number."""
        self.whole = " ".join(token.word for token in self.tokens)
        """All words, parted by spaces."""


def _straightened(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield tokens in the order of a statement: "why can't I feel" as "why I can't"."""
    held: Token | None = None
    for token in tokens:
        if held and held.clause == token.clause and token.word in _PRONOUNS:
            yield token
            continue
        if held:
            yield held
        held = token if token.word in _INVERTED else None
        if not held:
            yield token
    if held:
        yield held


def _tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text; a mark within a number may end a sentence too, which
    loses nothing."""
    start = sentence = clause = 0
    marks: Sequence[re.Match[str] | None] = [*_BOUNDARY.finditer(text), None]
    for mark in marks:
        end = mark.start() if mark else len(text)
        for word in words(text[start:end]):
            yield Token(word, sentence, clause)
        if mark:
            start = mark.end()
            clause += 1
            sentence += mark.lastgroup == "sentence"
