"""Folds wording before it is compared, so that only what matters is left."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Generic, TypeVar

import snowballstemmer

LANGUAGES: tuple[str, ...] = tuple(sorted(snowballstemmer.algorithms()))
"""Languages whose words can be reduced to stems."""

CHARACTER_LENGTHS = range(3, 6)
"""Lengths of character n-grams: 3 bears typos, 5 is most of a word."""

Meaning = TypeVar("Meaning")

_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘`´ʼ＇", ""))
_ACCENTS = re.compile(r"[̀-ͯ]")
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"\w+")


def normalise(text: str) -> str:
    """Return `text` in lower case, without accents, marks or control characters.

    An apostrophe joins ("can't" becomes "cant"), every other mark separates, and a
    letter repeated three times or more stands twice ("sooo" becomes "soo").
    """
    return " ".join(words(text))


def sentences(text: str) -> list[str]:
    """Return the sentences of `text`, with their marks; a line ends one, too."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def is_question(sentence: str) -> bool:
    """Tell whether a sentence ends with a question mark, whatever follows it."""
    return sentence.rstrip(" .!").endswith("?")


def words(text: str) -> list[str]:
    """Return the words of `text`, folded."""
    return _WORD.findall(_fold(text).replace("_", " "))


@lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", plain))
    return _ELONGATED.sub(r"\1\1", unicodedata.normalize("NFC", plain))


class Stemmer:
    """Reduces words of one language to their stems."""

    # The stemmers of the library keep the word they work on in themselves, so two
    # threads must not share one at the same time.
    _lock = Lock()

    def __init__(self, language: str) -> None:
        """Raises ValueError where the language is not one of LANGUAGES."""
        if language not in LANGUAGES:
            raise ValueError(f"no stems are known for {language!r}")
        self.language = language

    def __call__(self, word: str) -> str:
        """Return the stem of a folded word."""
        return _stem(self.language, word)


@lru_cache(maxsize=65536)
def _stem(language: str, word: str) -> str:
    # The pure-Python classes are named so that a compiled one, where somebody has
    # installed it, cannot change a reply.
    name = "".join(part.capitalize() for part in language.split("_"))
    with Stemmer._lock:
        stem: str = getattr(snowballstemmer, f"{name}Stemmer")().stemWord(word)
    return stem


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in the forms in which it is compared."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    ideas: tuple[str, ...] = ()
    """Names of the vocabulary's groups of which a phrase stands in it."""

    @property
    def text(self) -> str:
        """The stems as one text, for scorers that compare strings."""
        return " ".join(self.stems)

    def shortened(self, count: int) -> "Folded":
        """Return the first `count` words."""
        return Folded(self.words[:count], self.stems[:count], self.ideas)


class Phrasebook(Generic[Meaning]):
    """Phrases by their stems, each with what it means."""

    def __init__(self, phrases: Iterable[tuple[Sequence[str], Meaning]]) -> None:
        """Phrases without a stem are passed over."""
        self._by_first: dict[str, list[tuple[str, Meaning]]] = {}
        for stems, meaning in phrases:
            if stems:
                padded = f" {' '.join(stems)} "
                self._by_first.setdefault(stems[0], []).append((padded, meaning))

    def find(self, stems: Sequence[str]) -> Iterator[Meaning]:
        """Yield the meaning of each phrase that stands in a text, given its stems."""
        padded = f" {' '.join(stems)} "
        for stem in dict.fromkeys(stems):
            for phrase, meaning in self._by_first.get(stem, ()):
                if phrase in padded:
                    yield meaning


class Folder:
    """Folds texts of one language, with the vocabulary of one knowledge base."""

    def __init__(
        self, stemmer: Stemmer, vocabulary: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        """`vocabulary` maps the name of an idea to the phrases for it."""
        self.stemmer = stemmer
        self._ideas = Phrasebook(
            (self.stems(phrase), name)
            for name, phrases in (vocabulary or {}).items()
            for phrase in phrases
        )

    def __call__(self, text: str) -> Folded:
        """Return `text` folded."""
        return self.join(words(text))

    def join(self, found: Iterable[str]) -> Folded:
        """Return folded words as a text."""
        found = tuple(found)
        stems = tuple(map(self.stemmer, found))
        ideas = dict.fromkeys(self._ideas.find(stems))
        return Folded(found, stems, tuple(ideas))

    def stems(self, text: str) -> tuple[str, ...]:
        """Return the stems of the words of `text`."""
        return tuple(map(self.stemmer, words(text)))


def character_grams(word: str) -> Iterator[str]:
    """Yield the character n-grams of a word, with a space for its edges."""
    padded = f" {word} "
    for length in CHARACTER_LENGTHS:
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]


def stem_grams(text: Folded) -> Iterator[str]:
    """Yield the stems, pairs of neighbouring stems and ideas, marked as such."""
    before = "^"
    for stem in text.stems:
        yield f"={stem}"
        yield f"={before} {stem}"
        before = stem
    for idea in text.ideas:
        yield f"~{idea}"
