"""Knows which words a base uses: mends slips for them, and names the others."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .text import Folded, Stemmer

COMMON = 3
"""Texts that use a word from which on others are taken for slips of it."""
SHORTEST_SLIP = 4
"""Shorter words have too many neighbours to be recognised when misspelt."""
LONG_WORD = 8
"""Letters from which a word may have two slips instead of one."""
SHORTEST_RUN = 6
"""Letters from which a word may be several that were run together."""
SHORTEST_PIECE, MEAN_PIECE = 2, 3
"""Letters that each of those words has at least, and that they have on average."""
LOOKALIKES = str.maketrans("0134579", "oleastg")
"""Digits that stand for letters, as in "p05ture"."""


class Lexicon:
    """The words of a base, and how many of its texts use each."""

    def __init__(
        self, wordings: Iterable[Folded], others: Iterable[Folded], stemmer: Stemmer
    ) -> None:
        """`others` hold words that are known, though nobody asks with them."""
        self._stemmer = stemmer
        self._uses: Counter[str] = Counter()
        self._stems: Counter[str] = Counter()
        for text in chain(wordings, others):
            self._uses.update(set(text.words))
            self._stems.update(set(text.stems))
        self._common = sorted(w for w, n in self._uses.items() if n >= COMMON)

    def unknown(self, question: Folded, *, left_out: bool = False) -> tuple[str, ...]:
        """Return the words of `question` that are not known, each once, in order.

        A number is known. With `left_out`, the question is one of the wordings, and
        what it alone uses is not known.
        """
        own = int(left_out)
        pairs = zip(question.words, question.stems, strict=True)
        return tuple(
            dict.fromkeys(word for word, stem in pairs if not self._knows(stem, own))
        )

    def mend(self, question: Folded, *, left_out: bool = False) -> tuple[str, ...]:
        """Return the words of `question`, those not known as what they are slips for.

        A word that the base knows is never changed, whatever stands one letter away
        ("heel", "heal"). A slip keeps the first letter: "rate" is none for "crate".
        """
        own = int(left_out)
        return tuple(
            mended
            for word, stem in zip(question.words, question.stems, strict=True)
            for mended in ([word] if self._knows(stem, own) else self._mend(word))
        )

    def _knows(self, stem: str, own: int) -> bool:
        return self._stems[stem] > own or stem.isdigit()

    def _mend(self, word: str) -> list[str]:
        if not word.isalpha():
            plain = word.translate(LOOKALIKES)
            return [plain] if self._uses[plain] >= COMMON else [word]
        if len(word) >= SHORTEST_SLIP and (meant := self._meant(word)):
            return [meant]
        return self._parted(word) or [word]

    def _meant(self, word: str) -> str | None:
        """Return the common word that is nearest and used most."""
        hits = process.extract(
            word,
            self._common,
            scorer=OSA.distance,
            score_cutoff=1 + (len(word) >= LONG_WORD),
            limit=None,
        )
        near = [
            (distance, -self._uses[known], known)
            for known, distance, _ in hits
            if known != word and (known[0] == word[0] or known[:2] == word[1::-1])
        ]
        return min(near)[2] if near else None

    def _parted(self, word: str) -> list[str] | None:
        """Return the fewest common words that `word` is when they are run together."""
        if len(word) < SHORTEST_RUN:
            return None
        ways: list[list[str] | None] = [[]]
        for end in range(1, len(word) + 1):
            found = [
                [*before, word[start:end]]
                for start in range(end - SHORTEST_PIECE + 1)
                if (before := ways[start]) is not None
                and self._uses[word[start:end]] >= COMMON
            ]
            ways.append(
                min(
                    found,
                    key=lambda way: (
                        len(way),
                        -min(self._uses[piece] for piece in way),
                    ),
                    default=None,
                )
            )
        way = ways[-1]
        return way if way and len(word) >= MEAN_PIECE * len(way) > MEAN_PIECE else None
