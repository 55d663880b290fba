"""Tells whether something in a message is denied."""

import re
from collections.abc import Container

from .message import JOINERS, TERMINATORS, Message, Span, any_of

NEGATION_REACH = 6
"""Words that a negation reaches forward; NegEx (Chapman et al. 2001) uses five."""
DOUBT_REACH = 10
"""The same for "I can't say that …", which turns a negation round."""
AFTERTHOUGHT_REACH = 4
"""Words within which "… is fine" follows what it takes back."""

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
# Each looks like a negation of what follows and is none: "no relief from the numbness".
_NO_NEGATION = any_of(
    "not only|not just|not sure|not certain|no wonder|no doubt|no idea|not know",
    "dont know|not better|no better|not improving|no relief|no matter|not long",
    "no help|not helping|nothing helps|nothing eases|nothing works|not stop",
    "doesnt stop|wont stop|not normal|not right|nothing to do|no reason|for no",
    "why not|not able|(no|zero) (control|feeling|strength|power|grip)|never before",
    "never (had|happened|felt) (this|it|that|like|before)",
    "(not|dont|didnt) feel(?! (faint|sick|ill|unwell|dizzy|feverish|hot|weak))",
    "no sensation|no longer|not fine|not ok|not okay|no joke|no change in the",
)
_DOUBT = re.compile(
    r"\b(cant|cannot|couldnt|wouldnt|wont|not) (say|deny|rule out|swear)\b"
)


def is_negated(message: Message, span: Span, spoken: Container[int] = ()) -> bool:
    """Tell whether a span is denied: "no numbness", "my bladder is fine".

    Two negations make a presence, as in "I can't say it isn't numb". The tokens at
    the places in `spoken` deny nothing: they are part of what is looked for, as
    "felt nothing" is in "I felt nothing in my groin".
    """
    scope = _scope(message, span)
    doubts = len(_DOUBT.findall(" ".join(message.tokens[n].word for n in scope)))
    before = " ".join(
        "" if place in spoken else message.tokens[place].word
        for place in scope[-NEGATION_REACH:]
    )
    # What is looked for may end such words: the "control" of "no control".
    first = message.tokens[span.start].word
    near = _NO_NEGATION.sub(" ", _DOUBT.sub(" ", f"{before} {first}")).split()
    if near[-1:] == [first]:
        del near[-1]
    count = doubts + sum(word in _VERB_NEGATORS for word in near)
    count += not _NOUN_NEGATORS.isdisjoint(near)
    return (count + _is_taken_back(message, span)) % 2 == 1


def _scope(message: Message, span: Span) -> list[int]:
    """Return the places before a span at which a negation of it may stand."""
    found: list[int] = []
    for place in range(span.start - 1, -1, -1):
        token, after = message.tokens[place], message.tokens[place + 1]
        if (
            len(found) == DOUBT_REACH
            or token.sentence != after.sentence
            or token.word in TERMINATORS
            or (token.word in JOINERS and after.word in _SUBJECTS | _NEGATORS)
            or (token.clause != after.clause and not _is_in_list(message, span))
        ):
            break
        found.append(place)
    return found[::-1]


def _is_in_list(message: Message, span: Span) -> bool:
    """Tell whether a span stands in a list: "no numbness, tingling or pain".

    Only an "or" makes it one: in "no fever, numb groin" the second is not denied.
    """
    sentence = message.tokens[span.start].sentence
    start = max(span.start - 1, 0)
    for token in message.tokens[start : span.end + NEGATION_REACH]:
        if token.sentence != sentence or token.word in TERMINATORS | _SUBJECTS:
            return False
        if token.word in {"or", "nor"}:
            return True
    return False


def _is_taken_back(message: Message, span: Span) -> bool:
    """Tell whether "fine", "normal" or the like follows a span in its clause.

    "… is it normal" asks, and takes nothing back.
    """
    clause = message.tokens[span.end - 1].clause
    after = message.clauses[clause + 1]
    is_flat = len(after) in (1, 2) and after[0] in _FLAT_DENIALS
    if is_flat and not _NO_NEGATION.search(" ".join(after)):
        return True
    denied, before = False, ""
    for place in range(span.end, span.end + AFTERTHOUGHT_REACH):
        token = message.tokens[place] if place < len(message.tokens) else None
        if (
            token is None
            or token.clause != clause
            or token.word in TERMINATORS | JOINERS - {"and"}
            or (before in {"is", "are"} and token.word in _SUBJECTS)
        ):
            return False
        denied = denied or token.word in _DENIALS
        last = token is message.tokens[-1] or message.tokens[place + 1].clause != clause
        if token.word in _FINE or (last and token.word in _FINE_AT_THE_END):
            return not denied
        before = token.word
    return False
