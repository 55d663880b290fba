"""Finds signs of danger in a message, before anything else is looked for."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from .assertion import Status, is_anothers_history, status
from .message import Message, Span, Token
from .models import RedFlag, Release, Sign
from .negation import is_negated
from .text import Stemmer, words

WINDOW = 12
"""Most words from the first to the last of the concepts that make one sign."""
SENTENCE_GAP = 3
"""Words that the end of a sentence counts for in that window."""
WILDCARD_WORDS = 3
"""Most words that * stands for in a phrase."""
SHORTEST_SLIP = 4
"""Letters of the shortest word in which a slip is looked for."""
LONG_WORD = 8
"""Letters from which a word may hold two slips."""
NEIGHBOURS = 2
"""Places of a group on each side of another among which the nearest is looked for."""

Spell = Callable[[str], Iterable[str]]
"""Yields the stems that a word may be meant for."""
Pattern = tuple[str, ...]
"""The stems of a phrase; "*" is up to WILDCARD_WORDS words, "=legs" is not "leg"."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A red flag found in a message."""

    flag: RedFlag
    status: Status
    evidence: tuple[str, ...]
    """The words of the message that raised it."""


class Phrases:
    """Phrases for one idea, to be met together."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.by_first: dict[str, list[Pattern]] = defaultdict(list)
        """The phrases that begin with each stem."""
        for pattern in patterns:
            self.by_first[pattern[0]].append(pattern)


class Screen:
    """Looks for red flags: groups of words that together mean danger."""

    def __init__(
        self,
        flags: Sequence[RedFlag],
        concepts: Mapping[str, Sequence[str]],
        idioms: Sequence[str],
        stemmer: Stemmer,
        known_words: Iterable[str] = (),
        releases: Sequence[Release] = (),
    ) -> None:
        """`releases` end reminders.

        `known_words` are folded words that are never taken for a misspelling.
        """
        self._stemmer = stemmer
        self._flags = flags
        self._concepts = {
            name: self._patterns(group) for name, group in concepts.items()
        }
        self._phrases = {flag.id: self._patterns(flag.phrases) for flag in flags}
        self._cancels = {flag.id: self._patterns(flag.unless) for flag in flags}
        self._idioms = self._patterns(idioms)
        self._releases = [
            (release, self._patterns(release.phrases)) for release in releases
        ]
        spoken = [phrase for group in concepts.values() for phrase in group]
        spoken += [phrase for flag in flags for phrase in flag.phrases]
        self._vocabulary = sorted({word for phrase in spoken for word in words(phrase)})
        self._known = frozenset(known_words) | frozenset(self._vocabulary)

    def find(self, message: str) -> tuple[Finding, ...]:
        """Return the red flags in `message`: current ones first, then by urgency."""
        read = _Reading(Message(message), self._spell)
        read.forget(self._idioms)
        found = [finding for flag in self._flags if (finding := self._find(flag, read))]
        order = list(Status)
        return tuple(
            sorted(
                found, key=lambda each: (order.index(each.status), each.flag.level.rank)
            )
        )

    def release(self, message: str) -> Release | None:
        """Return the first release that stands in `message` and is not denied.

        A question settles nothing: "that is no emergency, right?"
        """
        if "?" in message:
            return None
        read = _Reading(Message(message), self._spell)
        for release, patterns in self._releases:
            if any(True for _ in read.present(patterns)):
                return release
        return None

    def weigh(
        self, message: str, flag: RedFlag, telling: Sequence[str], *, sure: bool
    ) -> Finding | None:
        """Return a flag that a message is like the examples of, unless it is denied.

        `telling` are the words that make it so. It is denied where they all are and it
        is not `sure`, and as current as the most current of them. A "no" may be part of
        what the examples say: "my bum doesn't clench any more".
        """
        read = Message(message)
        wanted = set(map(self._stemmer, telling))
        spans = [
            Span(place, place + 1)
            for place, token in enumerate(read.tokens)
            if self._stemmer(token.word) in wanted
        ]
        present = [span for span in spans if sure or not is_negated(read, span)]
        if spans and not present:
            return None
        order = list(Status)
        states = [status(read, span) for span in present] or [Status.CURRENT]
        return Finding(flag, min(states, key=order.index), tuple(telling))

    def _find(self, flag: RedFlag, read: "_Reading") -> Finding | None:
        """Return a flag with its most current evidence, or None."""
        if any(True for _ in read.matches(self._cancels[flag.id])):
            return None
        finding: Finding | None = None
        order = list(Status)
        for span in self._raised(flag, read):
            told = status(read.message, span)
            if finding is None or order.index(told) < order.index(finding.status):
                tokens = read.message.tokens[span.start : span.end]
                finding = Finding(flag, told, tuple(token.word for token in tokens))
            if told is Status.CURRENT:
                break
        return finding

    def _raised(self, flag: RedFlag, read: "_Reading") -> Iterator[Span]:
        """Yield the places where a flag is raised and not denied."""
        yield from read.present(self._phrases[flag.id])
        for sign in flag.signs:
            yield from self._signs(sign, read)

    def _signs(self, sign: Sign, read: "_Reading") -> Iterator[Span]:
        for name in sign.anywhere:
            if all(
                is_anothers_history(read.message, span)
                for span in read.present(self._concepts[name])
            ):
                return
        patterns = [self._concepts[name] for name in sign.near]
        spoken = read.places(patterns)
        anchors, *others = (list(read.present(group, spoken)) for group in patterns)
        if not all(others):
            return
        tokens = read.message.tokens
        for anchor in anchors:
            spans = [anchor]
            for group in others:
                place = bisect(group, anchor.start, key=lambda span: span.start)
                around = group[max(place - NEIGHBOURS, 0) : place + NEIGHBOURS]
                spans.append(min(around, key=lambda span: _words(tokens, anchor, span)))
            first = min(spans, key=lambda span: span.start)
            last = max(spans, key=lambda span: span.end)
            if _words(tokens, first, last) <= WINDOW:
                yield Span(first.start, last.end)

    def _patterns(self, phrases: Iterable[str]) -> "Phrases":
        return Phrases(filter(None, map(self._pattern, phrases)))

    def _pattern(self, phrase: str) -> Pattern:
        stems: list[str] = []
        for part in phrase.split():
            if part == "*":
                stems.append(part)
            elif part.startswith("="):
                stems += [f"={word}" for word in words(part)]
            else:
                stems += map(self._stemmer, words(part))
        return tuple(stems)

    def _spell(self, word: str) -> Iterator[str]:
        """Yield the stem of a word, and those of the words it may be a slip for.

        "numm betwen my legs" must be read; a known word is never a slip, so that
        "week" is not taken for "weak".
        """
        yield self._stemmer(word)
        yield f"={word}"
        if word in self._known or len(word) < SHORTEST_SLIP or not word.isalpha():
            return
        for meant in self._vocabulary:
            room = (len(meant) >= SHORTEST_SLIP) + (len(meant) >= LONG_WORD)
            if (
                room
                and meant[0] == word[0]
                and OSA.distance(word, meant, score_cutoff=room) <= room
            ):
                yield self._stemmer(meant)
                # "leg" is no slip for "legs" but another form of it.
                if self._stemmer(word) != self._stemmer(meant):
                    yield f"={meant}"


class _Reading:
    """A message with the places of its stems, so that phrases are found at once."""

    def __init__(self, message: Message, spell: Spell) -> None:
        self.message = message
        spelt = {token.word: frozenset(spell(token.word)) for token in message.tokens}
        self._stems = [spelt[token.word] for token in message.tokens]
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, stems in enumerate(self._stems):
            for stem in stems:
                self._places[stem].append(place)
        self._met: dict[Phrases, list[Span]] = {}

    def forget(self, phrases: Phrases) -> None:
        """Take phrases out of the reading: "killing me" is no sign of anything."""
        for span in self.matches(phrases):
            for place in range(span.start, span.end):
                self._stems[place] = frozenset()
        self._met.clear()

    def places(self, groups: Iterable[Phrases]) -> frozenset[int]:
        """Return the places of all tokens in phrases of `groups`, denied or not."""
        return frozenset(
            place
            for group in groups
            for span in self.matches(group)
            for place in range(span.start, span.end)
        )

    def present(self, phrases: Phrases, spoken: Container[int] = ()) -> Iterator[Span]:
        """Yield where a phrase stands and is not denied by a token not in `spoken`."""
        for span in self.matches(phrases):
            if not is_negated(self.message, span, spoken):
                yield span

    def matches(self, phrases: Phrases) -> list[Span]:
        """Return where a phrase stands, in order."""
        found = self._met.get(phrases)
        if found is None:
            spans = {
                Span(start, end)
                for stem in phrases.by_first.keys() & self._places.keys()
                for pattern in phrases.by_first[stem]
                for start in self._places[stem]
                if (end := self._follow(pattern, 0, start)) is not None
            }
            found = sorted(spans, key=lambda span: (span.start, span.end))
            self._met[phrases] = found
        return found

    def _follow(self, pattern: Pattern, part: int, place: int) -> int | None:
        """Return one past the last token where the rest of a pattern stands."""
        if part == len(pattern):
            return place
        if pattern[part] == "*":
            ends = (
                self._follow(pattern, part + 1, place + skipped)
                for skipped in range(WILDCARD_WORDS + 1)
            )
            return next((end for end in ends if end is not None), None)
        if place < len(self._stems) and pattern[part] in self._stems[place]:
            return self._follow(pattern, part + 1, place + 1)
        return None


def _words(tokens: Sequence[Token], one: Span, other: Span) -> int:
    """Return how many words two spans stretch over, the ends of sentences included."""
    first, last = sorted((one, other), key=lambda span: span.start)
    ends = tokens[last.start].sentence - tokens[first.start].sentence
    return max(first.end, last.end) - first.start + SENTENCE_GAP * ends


def gravest(findings: Iterable[Finding]) -> Finding | None:
    """Return the most urgent of the current findings, or None."""
    current = [found for found in findings if found.status is Status.CURRENT]
    return min(current, key=lambda found: found.flag.level.rank, default=None)
