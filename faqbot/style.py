"""Finds texts that are hard to read, frightening, or in letters of another script."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import Location, Problem
from .knowledge import KnowledgeBase
from .models import Entry
from .text import Folder, Stemmer, sentences

_WORD = re.compile(r"[A-Za-z'’]+")


@dataclass(frozen=True, slots=True)
class Said:
    """A text that people read, or that stands for what they write."""

    speaker: str
    """Id of what says it."""
    text: str
    place: Location
    explains: bool = False
    """Whether it is an answer or a piece of advice."""


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade: the US school year that can read English text.

    0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al. 1975); a text
    without words is at grade 0.
    """
    found = _WORD.findall(text)
    if not found:
        return 0.0
    # A line break is only where YAML wrapped the text.
    count = len(sentences(" ".join(text.split())))
    return (
        0.39 * len(found) / count
        + 11.8 * sum(map(_syllables, found)) / len(found)
        - 15.59
    )


def unwanted_words(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the texts people read that hold a phrase which the base wants avoided."""
    fold = Folder(Stemmer(base.about.language))
    avoided = {
        f" {' '.join(fold.stems(phrase))} ": phrase for phrase in base.about.avoid
    }
    for said in _said(base):
        folded = f" {' '.join(fold.stems(said.text))} "
        for stems, phrase in avoided.items():
            if stems in folded:
                yield Problem.warning(
                    said.place,
                    f"{said.speaker!r} says {phrase!r}, which this base avoids",
                    "say it in other words",
                )


def hard_texts(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the answers and advice that are harder to read than the base allows."""
    highest = base.about.reading_grade
    if highest is None:
        return
    for said in _said(base):
        if said.explains and (level := grade(said.text)) > highest:
            yield Problem.warning(
                said.place,
                f"{said.speaker!r} reads at grade {level:.1f}, above {highest:g}",
                "use shorter sentences and shorter words",
            )


def foreign_scripts(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the texts with letters of another script than most of the base.

    An example of an out-of-scope topic may be in another script as a whole, for people
    do write in theirs; one word of two scripts is a slip everywhere.
    """
    letters = Counter(
        script for entry in base.entries for script in _scripts(entry.question)
    )
    own = letters.most_common(1)[0][0] if letters else ""
    for said, free in [*_wordings(base), *((said, False) for said in _said(base))]:
        for word in said.text.split():
            scripts = set(_scripts(word))
            if scripts - {own} and (own in scripts or not free):
                (foreign, *_) = sorted(scripts - {own})
                yield Problem.warning(
                    said.place,
                    f"{word!r} holds letters of the script {foreign.title()}",
                    f"type it again in {own.title()} letters",
                )


def _said(base: KnowledgeBase) -> Iterator[Said]:
    """Yield every text that people read as a reply, or part of one."""
    about = base.about
    for part in (about.introduction, about.safety_net, about.notice):
        if part:
            yield Said(about.name, part, base.place(about, part))
    for entry in base.entries:
        yield Said(entry.id, entry.answer, base.place(entry, entry.answer), True)
    for topic in base.referrals:
        yield Said(topic.id, topic.advice, base.place(topic, topic.advice), True)
    for chat in base.small_talk:
        yield Said(chat.id, chat.reply, base.place(chat, chat.reply))
    for flag in base.red_flags:
        yield Said(flag.id, flag.message, base.place(flag, flag.message))


def _wordings(base: KnowledgeBase) -> Iterator[tuple[Said, bool]]:
    """Yield every wording, and whether it may be in any script as a whole."""
    for subject in base.subjects:
        free = not isinstance(subject, Entry)
        for text in subject.wordings:
            yield Said(subject.id, text, base.place(subject, text)), free


def _scripts(text: str) -> Iterator[str]:
    """Yield the script of each letter, as Unicode's names of letters begin."""
    for letter in unicodedata.normalize("NFKC", text):
        if letter.isalpha():
            yield re.split(r"[ -]", unicodedata.name(letter, "UNKNOWN"))[0]


def _syllables(word: str) -> int:
    """Return about how many syllables a word has: its groups of vowels."""
    lower = word.lower()
    count = len(re.findall(r"[aeiouy]+", lower))
    silent = lower.endswith("e") and not lower.endswith(("le", "ee"))
    return max(1, count - (silent and count > 1))
