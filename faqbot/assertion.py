"""Tells whether something in a message is so, now: negation, time, mood."""

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .text import words

NEGATION_REACH = 6
"""Words that a negation reaches forward; NegEx (Chapman et al. 2001) uses five."""
DOUBT_REACH = 10
"""The same for "I can't say that …", which turns a negation round."""
AFTERTHOUGHT_REACH = 4
"""Words within which "… is fine" follows what it takes back."""


class Status(StrEnum):
    """Whether something is there now, as far as the message says."""

    CURRENT = "current"
    ASKED_ABOUT = "asked about"
    """The message asks what it means, or what if."""
    PAST = "past"
    """Long ago and over, old and unchanged, or somebody else's history."""


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


# The words below are grammar, not subject matter, so they stand here and not in YAML.
# All are folded: apostrophes have gone.
_VERB_NEGATORS = frozenset(
    "not never denies deny denied isnt arent wasnt werent dont doesnt didnt havent "
    "hasnt hadnt aint".split()
)
# In a list one stands before every part, and all say one thing: "no fever no chills".
_NOUN_NEGATORS = frozenset(
    "no without neither nor none nothing nobody zero non negative free".split()
)
_NEGATORS = _VERB_NEGATORS | _NOUN_NEGATORS
_TERMINATORS = frozenset(
    "but however although though except apart besides yet still because since until "
    "unless whereas despite".split()
)
_JOINERS = frozenset("and or so then plus while when".split())
_SUBJECTS = frozenset(
    "i im ive id my mine it its he she they we the there theres both now today this "
    "that his her their you your".split()
)
_FINE = frozenset(
    "fine normal ok okay alright unaffected intact nil none resolved absent".split()
)
# These are "fine" only where nothing follows: "my toes have gone numb" is not.
_FINE_AT_THE_END = frozenset("good clear negative gone steady".split())
_DENIALS = frozenset("not isnt arent no".split())


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(phrases)})\b")


# Each looks like a negation of what follows and is none: "no relief from the numbness".
_NO_NEGATION = _any_of(
    "not only|not just|not sure|not certain|no wonder|no doubt|no idea|not know",
    "dont know|not better|no better|not improving|no relief|no matter|not long",
    "no help|not helping|nothing helps|nothing eases|nothing works|not stop",
    "doesnt stop|wont stop|not normal|not right|nothing to do|no reason|for no",
    "why not|not feel|dont feel|didnt feel|not able|no control|no feeling",
    "no sensation|no longer|not fine|not ok|not okay|no joke|no change in the",
)
_DOUBT = re.compile(
    r"\b(cant|cannot|couldnt|wouldnt|wont|not) (say|deny|rule out|swear)\b"
)
_PAST = _any_of(
    r"ages ago|(\w+ ){1,2}years? ago|years ago|long ago|decades?|last year|used to",
    r"(back )?in (19|20)\d\d|as a (child|kid|teenager|student)|when i was",
    r"since childhood|in my (teens|twenties|thirties)|in my last pregnancy",
    r"for (\w+ )?years|always (had|needed|been)",
)
_OVER = _any_of(
    r"(fine|ok|okay|well|better|gone) (now|since)|all fine|(its|it is|all) gone",
    r"recovered|healed|cleared( up)?|cured|back to normal|went away|settled",
    r"no (new )?(problems?|symptoms?|trouble|issues?|changes?)( since| now)?",
    r"nothing (new|since)|not new|unchanged|discharged|no new \w+|same as ever",
    r"no (\w+ )?(symptoms|pain) now|(hasnt|havent) changed",
)
_NEWS = _any_of(
    r"now i|and now|but now|started|worse|again|suddenly",
    r"since (yesterday|last night|this morning|today|\w+day)|just (now|had|got|been)",
    r"today|tonight|yesterday|this (morning|afternoon|evening|week)|last night",
    r"(minutes?|hours?|hrs?|days?) ago",
)
_ASKING = re.compile(
    r"(so |ok |okay |hi |hello |please |and |but )*"
    r"(what (is|are|was|does|do|causes|makes|happens)\b|whats |what (if|would)\b|"
    r"what should (i|you|one|we|someone) do if\b|"
    r"(can|could|does|do|is|are|will|would|might|should) (?!i |we |my |it be that i )|"
    r"why (do|does|would|is|are|can)\b|"
    r"how (do|would|will|can|could) (i|you|we|one|people) "
    r"(know|tell|spot|recogni[sz]e)\b|"
    r"how (common|likely|serious|dangerous)\b|tell me about\b|explain\b|define\b|"
    r"(meaning|definition|symptoms|signs) of\b|(my|the) leaflet\b)"
)
# "What is the best stretch for a numb groin" asks for help with a sign, not about it.
_REQUEST = _any_of(
    "best|good|right|safe|ok|okay|fine|allowed|helps?|should|ease|relieve|cure|fix"
)
_SUPPOSING = _any_of(
    "what if|what would|what happens if|what should (i|you|we) do if|suppose"
)
_OWN = re.compile(
    r"\b(i|im|ive|my|me|mine|hes|shes|his|her|our)\b(?! (know|tell|spot|do if|should))"
)
_OTHERS_HISTORY = re.compile(
    r"\bmy (\w+ )?(father|dad|mother|mum|mom|mam|brother|sister|uncle|aunt|auntie|"
    r"cousin|grandfather|grandmother|grandad|granddad|gran|grandma|grandpa|nan|"
    r"neighbou?r|friend|niece|nephew|mate|colleague|parents|family)( once)? "
    r"(had|died|passed|suffered|was|got)\b"
)
_BOUNDARY = re.compile(r"(?P<sentence>[.!?;…\n]+)|(?P<clause>[,:()\[\]]|\s[-–—]+\s)")


class Message:
    """A message as tokens, with its sentences and clauses."""

    def __init__(self, text: str) -> None:
        self.tokens: tuple[Token, ...] = tuple(_tokens(text))
        """Every word, in order."""
        by_sentence: dict[int, list[str]] = defaultdict(list)
        for token in self.tokens:
            by_sentence[token.sentence].append(token.word)
        self._sentences = {
            number: " ".join(found) for number, found in by_sentence.items()
        }
        self._whole = " ".join(token.word for token in self.tokens)

    def is_negated(self, span: Span, spoken: Container[int] = ()) -> bool:
        """Tell whether a span is denied: "no numbness", "my bladder is fine".

        Two negations make a presence, as in "I can't say it isn't numb". The tokens at
        the places in `spoken` deny nothing: they are part of what is looked for, as
        "felt nothing" is in "I felt nothing in my groin".
        """
        scope = self._scope(span)
        doubts = len(_DOUBT.findall(" ".join(self.tokens[n].word for n in scope)))
        before = " ".join(
            "" if place in spoken else self.tokens[place].word
            for place in scope[-NEGATION_REACH:]
        )
        near = _NO_NEGATION.sub(" ", _DOUBT.sub(" ", before)).split()
        count = doubts + sum(word in _VERB_NEGATORS for word in near)
        count += not _NOUN_NEGATORS.isdisjoint(near)
        return (count + self._is_taken_back(span)) % 2 == 1

    def status(self, span: Span) -> Status:
        """Tell whether a span speaks of now; where the message is unclear, it does."""
        first, last = (
            self.tokens[place].sentence for place in (span.start, span.end - 1)
        )
        here = " ".join(self._sentences.get(n, "") for n in range(first, last + 1))
        if self._is_asked_about(span, here):
            return Status.ASKED_ABOUT
        if _NEWS.search(self._whole):
            return Status.CURRENT
        past = all(
            self._is_past(self._sentences.get(n, "")) for n in range(first, last + 1)
        )
        return Status.PAST if past else Status.CURRENT

    def _is_past(self, sentence: str) -> bool:
        """Tell whether a sentence speaks of what is over, or of another's past."""
        if _OTHERS_HISTORY.search(sentence):
            return True
        return bool(_PAST.search(sentence) and _OVER.search(self._whole))

    def _is_asked_about(self, span: Span, here: str) -> bool:
        """Tell whether the words of its sentence, `here`, ask what a span means.

        "Does heat help, both legs are numb" does not: the sign has its own clause.
        """
        if not _ASKING.match(here) or _NEWS.search(here):
            return False
        if _SUPPOSING.search(here):
            return True
        if _REQUEST.search(here) or _OWN.search(here):
            return False
        first = next(
            token.clause
            for token in self.tokens
            if token.sentence == self.tokens[span.start].sentence
        )
        return self.tokens[span.start].clause == first

    def _scope(self, span: Span) -> list[int]:
        """Return the places before a span at which a negation of it may stand."""
        found: list[int] = []
        for place in range(span.start - 1, -1, -1):
            token, after = self.tokens[place], self.tokens[place + 1]
            if (
                len(found) == DOUBT_REACH
                or token.sentence != after.sentence
                or token.word in _TERMINATORS
                or (token.word in _JOINERS and after.word in _SUBJECTS | _NEGATORS)
                or (token.clause != after.clause and not self._is_in_list(span))
            ):
                break
            found.append(place)
        return found[::-1]

    def _is_in_list(self, span: Span) -> bool:
        """Tell whether a span stands in a list: "no numbness, tingling or pain".

        Only an "or" makes it one: in "no fever, numb groin" the second is not denied.
        """
        sentence = self.tokens[span.start].sentence
        start = max(span.start - 1, 0)
        for token in self.tokens[start : span.end + NEGATION_REACH]:
            if token.sentence != sentence or token.word in _TERMINATORS | _SUBJECTS:
                return False
            if token.word in {"or", "nor"}:
                return True
        return False

    def _is_taken_back(self, span: Span) -> bool:
        """Tell whether "fine", "normal" or the like follows a span in its clause.

        "… is it normal" asks, and takes nothing back.
        """
        clause = self.tokens[span.end - 1].clause
        denied, before = False, ""
        for place in range(span.end, span.end + AFTERTHOUGHT_REACH):
            token = self.tokens[place] if place < len(self.tokens) else None
            if (
                token is None
                or token.clause != clause
                or token.word in _TERMINATORS | _JOINERS - {"and"}
                or (before in {"is", "are"} and token.word in _SUBJECTS)
            ):
                return False
            denied = denied or token.word in _DENIALS
            last = token is self.tokens[-1] or self.tokens[place + 1].clause != clause
            if token.word in _FINE or (last and token.word in _FINE_AT_THE_END):
                return not denied
            before = token.word
        return False


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
