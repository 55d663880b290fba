"""Tells whether something in a message is so now: time, mood, whose it is."""

import re
from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from itertools import takewhile

from .message import JOINERS, TERMINATORS, Message, Span, Token, any_of


class Status(StrEnum):
    """Whether something is there now, as far as the message says."""

    CURRENT = "current"
    ASKED_ABOUT = "asked about"
    """The message asks what it means, or what if."""
    PAST = "past"
    """Long ago and over, old and unchanged, somebody else's history, or a story's."""
    UNLIKELY = "unlikely"
    """The message as a whole is like none that means it."""


# What follows is grammar, not subject matter, so it stands here and not in YAML.
# These end what a negation reaches, but not what is told of one time.
_TIMES = frozenset("since until because".split())
# Years that had gone by when this was written; of a later one "ago" must be said.
_YEAR = r"(19\d\d|20[01]\d|202[0-3])"
_SHORT_YEAR = r"[6-9]\d(?! (percent|degrees?|k?g|kilos?|lbs?|miles?|m|minutes?|years?))"
_TEENS = r"(\w+teen|twenty|thirty)"
_PAST = any_of(
    r"ages ago|(years?|yrs?) (ago|back|since|before)|(long|way) (ago|back)|decades?",
    rf"last year|(in|of|summer|winter|spring|autumn) {_SHORT_YEAR}",
    r"used to|ancient history|back in the|(winters|summers) (ago|back)|i once",
    rf"once (in|back|when|had|got)|(back )?in {_YEAR}|{_YEAR}|in the \w+ties",
    r"in (the|my) (army|war|youth|teens|twenties|thirties|forties|student days)",
    r"in (boot camp|national service)|my (army|navy|college|student) (days|life)",
    r"as an? (child|kid|boy|girl|teen|teenager|student|toddler|baby)|since childhood",
    rf"when i was|(til|till|until) i was|(at|was) {_TEENS}|(aged|at age) \w+",
    r"(at|in|after) (uni|university|school|college)|(during|in|giving) (labour|birth)",
    r"in my (last|first|second|third) pregnancy|my (first|second|third) (baby|child)",
    rf"(is|hes|shes) (\d\d|{_TEENS}) now|for (\w+ )?years|always (had|needed|been)",
)
# A moment long gone. What happened then is over, unless something says it lasts.
_LONG_AGO = any_of(
    rf"(back )?(in|of) {_YEAR}|(in|during) the (fif|six|seven|eigh|nine)ties",
    rf"(in|of) the (war|{_SHORT_YEAR})|(in|of|summer|winter) {_SHORT_YEAR}",
    r"as a (boy|girl|kid|child|toddler|baby)|(till|til|until) the day (he|she) died",
    r"(decades|\w+teen years|(twenty|thirty|forty|fifty)( \w+)? years|\d\d years) ago",
    r"when (i|he|she|they|we) (was|were) (young|little|small|kids|"
    r"an? (boy|girl|kid|child|teenager|student|baby))",
    r"(when|til|till|until) (i|he|she) was "
    rf"({_TEENS}|twelve|eleven|ten|nine|eight|seven|six|five|[1-9]\d?)"
    r"(?! (weeks?|months?|minutes?|hours?|miles?|feet|foot|metres?|steps?))",
)
_OVER = any_of(
    r"(fine|ok|okay|well|better|gone|good|sorted|normal|happy|perfect) (now|since)",
    r"all (fine|good|gone|sorted|repaired)|(its|it is|all|long) gone|life is good",
    r"recovered|(full|complete) recovery|healed|cleared( up)?|cured|back to normal",
    r"went away|settled|sorted|long since|resolved|trouble free|wore off|grew out",
    r"repaired|survived|pulled through|bounced back|never looked back|came good",
    r"(came|put|set|stayed) right|over and done|done and dusted|finished with",
    r"(chapter|wound|ulcer) (is )?closed|behind us|(long|all) past|laugh about it",
    r"(and|all|is|was) (finished|forgotten)|been (perfect|fine|good|great|well)",
    r"no (new )?(problems?|symptoms?|trouble|issues?|changes?)( since| now)?",
    r"(no|zero) \w+ (ever )?since|(now|genuinely|totally|perfectly) (fit|happy)",
    r"nothing (new|since)|not new|unchanged|discharged|no new \w+|same as ever",
    r"no (\w+ )?(symptoms|pain) now|(hasnt|havent) changed|turned out (well|fine|a)",
    r"never (since|again|returned|came back|happened again)|(none|nothing) in all",
    r"not bothering|doesnt bother|behind me|over in (a|\w+) \w+|it ended|they stopped",
    r"(feeling|strength|sensation|function) (\w+ )?came back|right as rain|good years",
    r"got (\w+ ){0,4}back (fully|completely|within|by)",
    r"(fine|normal|solid|dry|gone|grand|good|well|perfect|great|clear) (ever )?since",
    r"(totally|completely|perfectly|all) right (ever )?since",
    r"(normal|gone|over|fine|dry|better) (by |within |in )?(the |a |\w+ )?"
    r"(same |next )?(\w*day|tea|evening|morning|night|week|month|year|end)",
    r"all well|nothing to report|long (over|recovered)|forgotten|ancient history",
    r"strong as (the other|ever)",
)
_SOUND = r"(fine|fit|well|ok|okay|good|great|happy|healthy|grand|perfect|normal|strong)"
_ONE_IS = r"(im|i am|hes|he is|shes|she is|its|it is|theyre|they are)"
_ASKS = r"(im|i am|i) (just|only|simply|here|asking|want|wish|wonder)"
# Others in general, whom somebody looks after, teaches or has read of.
_ANYBODY = any_of(
    r"(patients|residents|clients|pupils|people|children|adults) (with|who)",
    r"in (patients|residents|clients|pupils|people|children|adults)",
    r"(i|we) (nurse|teach|treat|handle|lift|train|coach) "
    r"(\w+ )?(people|patients|children)",
    r"(spinal|stroke|cancer|rehab) (\w+ )?(ward|unit|clinic)|many (of them )?cant",
)
# Only what nobody takes part in: a girl in the show, or a lad in the game, may be hurt.
_STORY = (
    r"(film|movie|novel|book|thriller|story|drama|soap|sitcom|series|telly|tv|"
    r"(hospital|tv|telly|medical|doctor) show)"
    r"(?! (room|club|sofa|set|crew|stand|shop|hall))"
)
_FICTION = any_of(
    rf"({_STORY}|scene|play|panto|game|script) "
    r"(\w+ ){0,3}?(where|in which|when the|whose)",
    # "In the film he jumps", not "he was in the film and jumped".
    rf"^(\w+ )?(in|on) (\w+ ){{0,3}}?{_STORY}( (i|we) (watched|saw|read))?"
    r"(?= (\w+ ){0,3}?(he|she|they|his|her|the|a|an|one|someone|somebody)\b)",
    r"(?<!my )(?<!our )(man|woman|guy|girl|boy|bloke|chap|fella|fellow|lad|lady|"
    r"character|people|someone|somebody|actor|actress) "
    rf"(in|on|from) (\w+ ){{0,2}}?{_STORY}( (i|we) (watched|saw|read))?",
    r"^((the|a|that|this|one) )?(\w+ )?(hero|heroine|villain|character|actor|actress)"
    rf"( (in|on|from) (\w+ ){{0,2}}?{_STORY}( (i|we) (watched|saw|read))?)?",
    r"(role ?play|case study|exam question|textbook|flash ?cards?|quiz|osce|scenario|"
    r"leaflet|poster|lecture|module) (\w+ ){0,3}?"
    r"(has|says|mentions|lists|shows|about|describes)",
)
_FIGURATIVE = any_of("figuratively|not literally|figure of speech|just an expression")
# Says that the writer is well, which makes only another's trouble a thing of the past.
_WELL = any_of(
    r"(im|i am|shes|she is|hes|he is|both|perfectly|completely) (\w+ and )?"
    r"(fine|well|healthy|fit|ok|okay|happy|content|dry)|not my (issue|problem|case)",
    r"(im|i am) (\d\d|only|just|here|careful|asking)|(i|me) (dont|only|just)",
    r"for myself|my own \w+ (is|are) (\w+ )?(fine|good|normal)|got it back",
    r"never did me|nothing (is )?wrong with (me|mine)|before (he|she) (passed|died)",
)
_NEWS = any_of(
    rf"(and|but) now(?! {_ASKS})",
    r"started|worse|suddenly|(?<!never )(?<!not )come back|it again|happening",
    r"since (yesterday|last night|this morning|today|\w+day|then)|came on",
    r"(?<!never )(?<!not )returned?",
    r"(is|its) back(?! (pain|ache|trouble|problems?))|(minutes?|hours?|hrs?|days?) ago",
    r"yesterday|last night",
)
_PERHAPS_NEWS = any_of(
    rf"now(?! ({_ASKS}|{_ONE_IS} (\w+ )?{_SOUND})) "
    r"(i|im|ive|it|its|my|he|she|hes|shes|both|they)",
    r"just (now|had|got|been)",
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
_PREFACE = (
    r"(so|ok|okay|hi|hello|please|and|but|(just )?(curious|wondering)|hypothetically|"
    r"out of (curiosity|interest)|(quick|random) question)"
)
_ASKING = re.compile(
    rf"({_PREFACE} )*"
    r"(what (is|are|was|does|do|causes|makes|happens)\b|whats |what (if|would)\b|"
    r"suppos(e|ing)\b|"
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
_REPORTED = any_of(
    r"(nurse|doctor|dr|gp|physio\w*|midwife|consultant|pharmacist|chemist|osteopath|"
    r"chiropractor|form|questionnaire|he|she|they) "
    r"(\w+ ){0,3}?(asked|asks|checked|went) (me |us )?"
    r"(about|if|whether|for|over|through)"
)
_YES = any_of("yes|yeah|yep|aye|i do|i did|he does|she does|they do|i am$|it is$")
_TOLD = any_of("i (have|had|cant|cannot|keep|lost|feel)|ive|(he|she) (has|cant|keeps)")
# "What is the best stretch for a numb groin" asks for help with a sign, not about it.
_REQUEST = any_of(
    "best|good|right|safe|ok|okay|fine|allowed|helps?|should|ease|relieve|cure|fix"
)
_SUPPOSING = any_of(
    "supposing|what if|what would|what happens if|what should (i|you|we) do if|suppose"
)
_OWN = re.compile(
    r"\b(i|im|ive|my|me|mine|hes|shes|his|her|our)\b(?! (know|tell|spot|do if|should))"
)
_MINE = re.compile(r"\b(?<!not )(i|im|ive|id|my|me|mine|we|our|us)\b")
_OTHER = (
    r"(father|dad|daddy|mother|mum|mom|mam|brother|sister|uncle|aunt|auntie|cousin|"
    r"grandfather|grandmother|grandad|granddad|grandpa|gran|granny|grandma|nan|nanna|"
    r"neighbou?r|friend|niece|nephew|mate|colleague|parents|family|ex|wife|husband|"
    r"partner|son|daughter|lady|bloke|man|woman|guy|girl|lad|boss|teacher|in law|"
    r"coworker|roommate|flatmate|housemate|classmate|supervisor|manager|coach|twin|"
    r"buddy|pal|cobber|landlord|barber|dog|cat|horse|pony|beagle|puppy)s?"
)
_OTHERS = re.compile(
    rf"\b(my|a|an|the|our|another) (\w+ ){{0,2}}?{_OTHER}\b|^(once )?{_OTHER}\b"
)
_OTHERS_HISTORY = re.compile(
    rf"(\bmy (\w+ )?|^(\w+ )?){_OTHER} (once )?"
    r"((has )?had|died|passed|suffered|was|got)\b"
)
# The writer, and not "my aunt".
_WRITER = re.compile(rf"\b(i|im|ive|id|me|mine|myself|my(?! (\w+ )?{_OTHER}\b))\b")
# What is told as it is now: "my dad had a fall and can't move his legs".
_PRESENT = any_of(
    r"(has|have)(?! (\w+ )?(always|been))|im|ive|am|is|are|cant|cannot|wont|isnt|arent",
    "dont|hasnt|havent|doesnt",
    "says?|feels?|looks?|hes|shes|theyre|wants?|needs?|complains?",
)
_UNDER_WAY = any_of(r"(?!(any|some|no|every)thing|morning|evening|during)\w+ing")
_THEIRS_NOW = any_of(
    r"(is|are|has|have|does|do|can|should) (he|she|they)|hes|shes|theyre",
    r"(his|her|their) (\w+ ){0,2}?(hurts?|aches?|is|are|feels?|has|have|goes|keeps?)",
    r"(he|she|they) (now|(\w+ )?(is|are|has|have|hasnt|havent|cant|cannot|feels?|says?|"
    r"gets?|keeps?|needs?|looks?|hurts?|aches?|complains?|loses?|losing))",
)
_WELL_NOW = any_of(
    r"(is|are|hes|shes|theyre) (\w+ )?(gone|fine|well|ok|okay|better|dead|recovered|"
    r"great|good|happy|in remission|passed)"
)


_DISTANT = any_of(
    r"ago|once|died|character|student|exam|nurse|carer|teach(er|es|ing)?|leaflet",
    r"article|book|novel|film|movie|hypothetically|curious",
)


def may_be_distant(text: str) -> bool:
    """Tell whether a message has a word of another time, of others or of a story.

    That settles nothing, but makes it likelier that a sign in it is none of now.
    """
    marks = (_DISTANT, _PAST, _LONG_AGO, _OTHERS, _ANYBODY, _FICTION)
    message = Message(text)
    return any(mark.search(message.whole) for mark in marks)


def status(message: Message, span: Span) -> Status:
    """Tell whether a span speaks of now; where the message is unclear, it does."""
    first, last = (
        message.tokens[place].sentence for place in (span.start, span.end - 1)
    )
    here = " ".join(message.sentences.get(n, "") for n in range(first, last + 1))
    if _is_reported(message, span) or _is_asked_about(message, span, here):
        return Status.ASKED_ABOUT
    if _is_fiction(message, span):
        return Status.PAST
    if _NEWS.search(message.whole) or any(
        _PERHAPS_NEWS.search(sentence)
        for number, sentence in message.sentences.items()
        if first <= number <= last or not _ERRAND.match(sentence)
    ):
        return Status.CURRENT
    return Status.PAST if _is_past(message, span) else Status.CURRENT


def _is_fiction(message: Message, span: Span) -> bool:
    """Tell whether a span befalls somebody in a story or lesson, not who tells of it.

    What follows its clause may be the teller's: "in the film he wept, I laughed".
    """
    last = message.tokens[span.end - 1].clause
    told = " ".join(
        token.word for token in _part(message, span) if token.clause <= last
    )
    found = _FICTION.search(told)
    return bool(found and not _MINE.search(told, found.end()))


def _is_past(message: Message, span: Span) -> bool:
    """Tell whether a span is told as past, and as over or as another's."""
    part = _part(message, span)
    own = [token for token in part if token.clause == message.tokens[span.start].clause]
    said, told = (" ".join(token.word for token in tokens) for tokens in (own, part))
    if _FIGURATIVE.search(told):
        return True
    others = _ANYBODY.search(told)
    if others and not _OWN.search(told, others.end()):
        return True
    if is_anothers_history(message, span):
        return True
    if _PRESENT.search(said):
        return False
    is_long_ago = _is_long_ago(message, span) or (
        _OTHERS.search(told) and _LONG_AGO.search(told)
    )
    if is_long_ago and not _PRESENT.search(told):
        return True
    over = _OVER.search(message.whole)
    if _PAST.search(told):
        return bool(over or (_OTHERS.search(told) and _WELL.search(message.whole)))
    return bool(over and _OTHERS.search(told) and not _PRESENT.search(told))


def is_anothers_history(message: Message, span: Span) -> bool:
    """Tell whether a span is what a relative had, and not said to have now."""
    part = _part(message, span)
    had = _OTHERS_HISTORY.search(" ".join(token.word for token in part))
    return bool(had and not _is_told_now(message, part, had.end()))


def _is_reported(message: Message, span: Span) -> bool:
    """Tell whether a span is what somebody asked about, and nobody said yes to."""
    here = message.tokens[span.start].sentence
    before = [each for each in message.tokens[: span.start] if each.sentence == here]
    said = " ".join(token.word for token in before)
    asked = _REPORTED.search(said)
    if not asked:
        return False
    clause = before[len(said[: asked.end()].split()) - 1].clause
    answer = [
        each
        for each in message.tokens[span.start - len(before) :]
        if each.sentence <= here + 1
    ]
    from_here, elsewhere = (
        " ".join(token.word for token in tokens)
        for tokens in (
            answer[len(before) :],
            (token for token in answer if token.clause > clause),
        )
    )
    return not (_YES.search(from_here) or _TOLD.search(elsewhere))


def _is_long_ago(message: Message, span: Span) -> bool:
    """Tell whether a moment long gone stands right beside a span or within it.

    What is joined on may be new: "melanoma in 2021 and for weeks now an ache".
    """
    clause = message.tokens[span.start].clause
    if message.tokens[span.end - 1].clause != clause:
        return False
    ends = (JOINERS | TERMINATORS) - {"when", "until"}
    before, after = (
        takewhile(
            lambda token: token.clause == clause and token.word not in ends, tokens
        )
        for tokens in (message.tokens[: span.start][::-1], message.tokens[span.end :])
    )
    told = [*[*before][::-1], *message.tokens[span.start : span.end], *after]
    dated = " ".join(message.clauses.get(clause + 1, ()))
    return bool(
        _LONG_AGO.search(" ".join(token.word for token in told))
        or re.fullmatch(rf"((back )?in )?{_YEAR}", dated)
    )


def _is_told_now(message: Message, part: Sequence[Token], start: int) -> bool:
    """Tell whether what follows `start` in a part is about another as they are now.

    What the writer tells of their own is not: "my aunt had it, my back only aches".
    """
    rest, passed = defaultdict(list), 0
    for token in part:
        passed += len(token.word) + 1
        if passed > start:
            rest[token.clause].append(token.word)
    clauses = [_WELL_NOW.sub("", " ".join(found)) for found in rest.values()]
    later = [
        _WELL_NOW.sub("", " ".join(found))
        for number, found in message.clauses.items()
        if number > part[-1].clause
    ]
    return any(map(_THEIRS_NOW.search, [*clauses, *later])) or any(
        (_PRESENT.search(clause) or _UNDER_WAY.search(clause))
        and not (_ERRAND.match(clause) or _WRITER.search(clause))
        for clause in clauses
    )


def _part(message: Message, span: Span) -> list[Token]:
    """Return the tokens around a span, up to a "but" or the ends of sentences."""
    start, end = span.start, span.end
    first, last = message.tokens[start].sentence, message.tokens[end - 1].sentence
    while (
        start > 0
        and message.tokens[start - 1].sentence == first
        and message.tokens[start - 1].word not in TERMINATORS - _TIMES
    ):
        start -= 1
    while (
        end < len(message.tokens)
        and message.tokens[end].sentence == last
        and message.tokens[end].word not in TERMINATORS - _TIMES
    ):
        end += 1
    return list(message.tokens[start:end])


def _is_asked_about(message: Message, span: Span, here: str) -> bool:
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
        for token in message.tokens
        if token.sentence == message.tokens[span.start].sentence
    )
    preface = " ".join(message.clauses[first])
    return message.tokens[span.start].clause == first + bool(
        re.fullmatch(_PREFACE, preface)
    )
