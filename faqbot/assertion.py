"""Tells whether something in a message is so, now: negation, time, mood."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

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
# These end what a negation reaches, but not what is told of one time.
_TIMES = frozenset("since until because".split())
_JOINERS = frozenset("and or so then plus while when".split())
_SUBJECTS = frozenset(
    "i im ive id my mine it its he she they we the there theres both now today this "
    "that his her their you your".split()
)
_FINE = frozenset(
    "fine normal ok okay alright unaffected intact nil none resolved absent ruled "
    "excluded".split()
)
# These are "fine" only where nothing follows: "my toes have gone numb" is not.
_FINE_AT_THE_END = frozenset("good clear negative gone steady".split())
_DENIALS = frozenset("not isnt arent no hasnt havent never".split())
# These deny what stands before them when they are all that follows: "jelly legs? none".
# A lone "no" does not: "my groin is numb, no?"
_FLAT_DENIALS = frozenset("nope none nah never negative".split())


_INVERTED = frozenset(
    "cant cannot couldnt dont didnt doesnt havent hasnt wont isnt arent".split()
)
_PRONOUNS = frozenset("i he she we they".split())


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(phrases)})\b")


# Each looks like a negation of what follows and is none: "no relief from the numbness".
_NO_NEGATION = _any_of(
    "not only|not just|not sure|not certain|no wonder|no doubt|no idea|not know",
    "dont know|not better|no better|not improving|no relief|no matter|not long",
    "no help|not helping|nothing helps|nothing eases|nothing works|not stop",
    "doesnt stop|wont stop|not normal|not right|nothing to do|no reason|for no",
    "why not|not able|no control|no feeling",
    "(not|dont|didnt) feel(?! (faint|sick|ill|unwell|dizzy|feverish|hot|weak))",
    "no sensation|no longer|not fine|not ok|not okay|no joke|no change in the",
)
_DOUBT = re.compile(
    r"\b(cant|cannot|couldnt|wouldnt|wont|not) (say|deny|rule out|swear)\b"
)
# Years that had gone by when this was written; of a later one "ago" must be said.
_YEAR = r"(19\d\d|20[01]\d|202[0-3])"
_TEENS = r"(\w+teen|twenty|thirty)"
_PAST = _any_of(
    r"ages ago|years? (ago|back|since)|(long|way) (ago|back)|decades?|last year",
    r"used to|ancient history|back in the|(winters|summers) (ago|back)|i once",
    rf"once (in|back|when|had|got)|(back )?in {_YEAR}|{_YEAR}|in the \w+ties",
    r"in (the|my) (army|war|youth|teens|twenties|thirties|forties|student days)",
    r"as an? (child|kid|boy|girl|teen|teenager|student|toddler|baby)|since childhood",
    rf"when i was|(til|till|until) i was|(at|was) {_TEENS}|(aged|at age) \w+",
    r"(at|in|after) (uni|university|school|college)|(during|in|giving) (labour|birth)",
    r"in my (last|first|second|third) pregnancy|my (first|second|third) (baby|child)",
    rf"(is|hes|shes) (\d\d|{_TEENS}) now|for (\w+ )?years|always (had|needed|been)",
)
# A moment long gone. What happened then is over, unless something says it lasts.
_LONG_AGO = _any_of(
    rf"(back )?(in|of) {_YEAR}|in the (fif|six|seven|eigh|nine)ties|in the war",
    r"(decades|\w+teen years|(twenty|thirty|forty|fifty)( \w+)? years|\d\d years) ago",
    r"when (i|he|she|they|we) (was|were) (young|little|small|kids|"
    r"an? (boy|girl|kid|child|teenager|student|baby))",
    r"(when|til|till|until) (i|he|she) was "
    rf"({_TEENS}|twelve|eleven|ten|nine|eight|seven|six|five|[1-9]\d?)"
    r"(?! (weeks?|months?|minutes?|hours?|miles?|feet|foot|metres?|steps?))",
)
_OVER = _any_of(
    r"(fine|ok|okay|well|better|gone|good|sorted|normal|happy|perfect) (now|since)",
    r"all (fine|good|gone|sorted|repaired)|(its|it is|all|long) gone|life is good",
    r"recovered|(full|complete) recovery|healed|cleared( up)?|cured|back to normal",
    r"went away|settled|sorted|long since|resolved|trouble free|wore off|grew out",
    r"repaired|survived",
    r"no (new )?(problems?|symptoms?|trouble|issues?|changes?)( since| now)?",
    r"nothing (new|since)|not new|unchanged|discharged|no new \w+|same as ever",
    r"no (\w+ )?(symptoms|pain) now|(hasnt|havent) changed|turned out (well|fine|a)",
    r"never (since|again|returned|came back|happened again)|(none|nothing) in all",
    r"not bothering|doesnt bother|behind me|over in (a|\w+) \w+|it ended|they stopped",
    r"(feeling|strength|sensation|function) (\w+ )?came back|right as rain|good years",
    r"got (\w+ ){0,4}back (fully|completely|within|by)",
    r"(fine|normal|solid|dry) ever since",
    r"(normal|gone|over|fine|dry|better) (by |within |in )?(the |a |\w+ )?"
    r"(same |next )?(\w*day|tea|evening|morning|night|week|month|year|end)",
    r"all well|nothing to report|long (over|recovered)|forgotten|ancient history",
    r"strong as (the other|ever)",
)
# Others in general, whom somebody looks after, teaches or has read of.
_ANYBODY = _any_of(
    r"(patients|residents|clients|pupils|people|children|adults) (with|who)",
    r"(i|we) (nurse|teach|treat|handle|lift|train|coach) "
    r"(\w+ )?(people|patients|children)",
    r"(spinal|stroke|cancer|rehab) (\w+ )?(ward|unit|clinic)|many (of them )?cant",
)
_FICTION = _any_of(
    r"(film|movie|novel|book|thriller|story|scene|play|panto|game|series|script) "
    r"(\w+ ){0,3}?(where|in which|when the|whose)",
)
_FIGURATIVE = _any_of("figuratively|not literally|so to speak|as the saying goes")
# Says that the writer is well, which makes only another's trouble a thing of the past.
_WELL = _any_of(
    r"(im|i am|shes|she is|hes|he is|both|perfectly|completely) (\w+ and )?"
    r"(fine|well|healthy|fit|ok|okay|happy|content|dry)|not my (issue|problem|case)",
    r"(im|i am) (\d\d|only|just|here|careful|asking)|(i|me) (dont|only|just)",
    r"for myself|my own \w+ (is|are) (\w+ )?(fine|good|normal)|got it back",
    r"never did me",
)
_NEWS = _any_of(
    r"(and|but) now|started|worse|suddenly|come back|it again|happening",
    r"since (yesterday|last night|this morning|today|\w+day|then)|came on|returned?",
    r"(is|its) back(?! (pain|ache|trouble|problems?))|(minutes?|hours?|hrs?|days?) ago",
    r"yesterday|last night",
)
_PERHAPS_NEWS = _any_of(
    r"now (i|im|ive|it|its|my|he|she|hes|shes|both|they)|just (now|had|got|been)",
    r"(?<!never )(?<!ever )(?<!happened )again|today|tonight|still|lately|recently",
    r"this (morning|afternoon|evening|week)|keeps?|any ?more|weeks? ago",
)
# A sentence that only asks for something ordinary or says why somebody writes. What is
# new in it is no news of a sign in another: "… fine since. Can I squat again today?"
_ERRAND = re.compile(
    r"(so |and |but |now |today |these days |anyway |mostly |ok |thanks )*"
    r"((can|could|may|should|would|must) (i|we|you|adults|a)\b|"
    r"(what|whats|which|how|hows|is|are|do|does|did|when|where|will|any|best|safe)\b|"
    r"i(d| would) (like|love|rather)\b|i (just|only|mostly) (want|wonder|need|ask)\b|"
    r"i (want|wonder|ask|teach|need)\b|(im|i am) (here|asking|looking|after|just|only|"
    r"curious|wondering)\b|looking for|wondering|asking|my question|just curious|only)"
)
_ASKING = re.compile(
    r"(so |ok |okay |hi |hello |please |and |but )*"
    r"(what (is|are|was|does|do|causes|makes|happens)\b|whats |what (if|would)\b|"
    r"what should (i|you|one|we|someone) do if\b|"
    r"(can|could|does|do|is|are|will|would|should) (?!i |we |my |not |it be that i )|"
    r"why (do|does|would|is|are|can)\b|"
    r"how (do|does|would|will|can|could) "
    r"(a |the )?\w+ "
    r"(know|tell|spot|recogni[sz]e|check|test|describe)\b|who (is|gets|are)\b|"
    r"how (common|likely|serious|dangerous|many|often|long does)\b|"
    r"how much (?!i |my )|tell me about\b|explain\b|define\b|what means\b|"
    r"what should be done\b|what is (advised|done)\b|"
    r"(meaning|definition|symptoms|signs) of\b|(my|the) leaflet\b)"
)
# What somebody else asked about is not said to be there, unless a "yes" follows.
_REPORTED = _any_of(
    r"(nurse|doctor|gp|physio\w*|midwife|consultant|form|questionnaire|he|she|they) "
    r"(\w+ ){0,3}?(asked|asks|checked|went) (me |us )?"
    r"(about|if|whether|for|over|through)"
)
_YES = _any_of("yes|yeah|yep|i do|i did|i have|i am|he does|she does|it is")
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
_OTHER = (
    r"(father|dad|daddy|mother|mum|mom|mam|brother|sister|uncle|aunt|auntie|cousin|"
    r"grandfather|grandmother|grandad|granddad|grandpa|gran|granny|grandma|nan|nanna|"
    r"neighbou?r|friend|niece|nephew|mate|colleague|parents|family|ex|wife|husband|"
    r"partner|son|daughter|lady|bloke|man|woman|guy|girl|lad|boss|teacher|in law)s?"
)
_OTHERS = re.compile(
    rf"\b(my|a|an|the|our|another) (\w+ ){{0,2}}?{_OTHER}\b|^(once )?{_OTHER}\b"
)
_OTHERS_HISTORY = re.compile(
    rf"\bmy (\w+ )?{_OTHER} (once )?(had|died|passed|suffered|was|got)\b"
)
# What is told as it is now: "my dad had a fall and can't move his legs".
_PRESENT = _any_of(
    "(has|have)(?! (always|been))|im|ive|am|is|are|cant|cannot|wont|isnt|arent|dont",
    "hasnt|havent|doesnt",
    "says?|feels?|looks?|hes|shes|theyre|wants?|needs?|complains?",
)
_UNDER_WAY = _any_of(r"(?!(any|some|no|every)thing|morning|evening|during)\w+ing")
_THEIRS = _any_of("he|hes|she|shes|his|her|him|they|their")
_BOUNDARY = re.compile(r"(?P<sentence>[.!?;…\n]+)|(?P<clause>[,:()\[\]]|\s[-–—]+\s)")


class Message:
    """A message as tokens, with its sentences and clauses."""

    def __init__(self, text: str) -> None:
        self.tokens: tuple[Token, ...] = tuple(_straightened(_tokens(text)))
        """Every word, in order."""
        by_sentence: dict[int, list[str]] = defaultdict(list)
        self._clauses: dict[int, list[str]] = defaultdict(list)
        for token in self.tokens:
            by_sentence[token.sentence].append(token.word)
            self._clauses[token.clause].append(token.word)
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
        if self._is_reported(span) or self._is_asked_about(span, here):
            return Status.ASKED_ABOUT
        if _NEWS.search(self._whole) or any(
            _PERHAPS_NEWS.search(sentence)
            for number, sentence in self._sentences.items()
            if first <= number <= last or not _ERRAND.match(sentence)
        ):
            return Status.CURRENT
        return Status.PAST if self._is_past(span) else Status.CURRENT

    def _is_past(self, span: Span) -> bool:
        """Tell whether a span is told as past, and as over or as another's."""
        part = self._part(span)
        own = [
            token for token in part if token.clause == self.tokens[span.start].clause
        ]
        said, told = (
            " ".join(token.word for token in tokens) for tokens in (own, part)
        )
        if _FIGURATIVE.search(told):
            return True
        others = _ANYBODY.search(told) or _FICTION.search(told)
        if others and not _OWN.search(told, others.end()):
            return True
        had = _OTHERS_HISTORY.search(told)
        if had and not self._is_told_now(part, had.end()):
            return True
        if _PRESENT.search(said):
            return False
        if self._is_long_ago(span) and not _PRESENT.search(told):
            return True
        over = _OVER.search(self._whole)
        if _PAST.search(told):
            return bool(over or (_OTHERS.search(told) and _WELL.search(self._whole)))
        return bool(over and _OTHERS.search(told) and not _PRESENT.search(told))

    def _is_reported(self, span: Span) -> bool:
        """Tell whether a span is what somebody asked about, and nobody said yes to."""
        before = [
            token.word
            for token in self.tokens[: span.start]
            if token.sentence == self.tokens[span.start].sentence
        ]
        asked = _REPORTED.search(" ".join(before))
        return bool(asked and not _YES.search(self._whole))

    def _is_long_ago(self, span: Span) -> bool:
        """Tell whether a moment long gone stands right before or after a span.

        What is joined on may be new: "melanoma in 2021 and for weeks now an ache".
        """
        clause = self.tokens[span.start].clause
        if self.tokens[span.end - 1].clause != clause:
            return False
        ends = (_JOINERS | _TERMINATORS) - {"when", "until"}
        before, after = (
            takewhile(
                lambda token: token.clause == clause and token.word not in ends, tokens
            )
            for tokens in (self.tokens[: span.start][::-1], self.tokens[span.end :])
        )
        around = [token.word for token in before][::-1], [t.word for t in after]
        return any(_LONG_AGO.search(" ".join(found)) for found in around)

    def _is_told_now(self, part: Sequence[Token], start: int) -> bool:
        """Tell whether what follows `start` in a part is about somebody as they are."""
        rest, passed = defaultdict(list), 0
        for token in part:
            passed += len(token.word) + 1
            if passed > start:
                rest[token.clause].append(token.word)
        clauses = [" ".join(found) for found in rest.values()]
        return any(
            (_PRESENT.search(clause) or _UNDER_WAY.search(clause))
            and (not _ERRAND.match(clause) or _THEIRS.search(clause))
            for clause in clauses
        )

    def _part(self, span: Span) -> list[Token]:
        """Return the tokens around a span, up to a "but" or the ends of sentences."""
        start, end = span.start, span.end
        first, last = self.tokens[start].sentence, self.tokens[end - 1].sentence
        while (
            start > 0
            and self.tokens[start - 1].sentence == first
            and self.tokens[start - 1].word not in _TERMINATORS - _TIMES
        ):
            start -= 1
        while (
            end < len(self.tokens)
            and self.tokens[end].sentence == last
            and self.tokens[end].word not in _TERMINATORS - _TIMES
        ):
            end += 1
        return list(self.tokens[start:end])

    def _is_asked_about(self, span: Span, here: str) -> bool:
        """Tell whether the words of its sentence, `here`, ask what a span means.

        "Does heat help, both legs are numb" does not: the sign has its own clause.
        """
        if not _ASKING.match(here):
            return False
        if _NEWS.search(here) or _PERHAPS_NEWS.search(here):
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
        after = self._clauses[clause + 1]
        if len(after) in (1, 2) and after[0] in _FLAT_DENIALS:
            return True
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
