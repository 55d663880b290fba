"""Tests what a message says of a thing: denied, asked about, past or there now."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from faqbot import assertion, negation
from faqbot.assertion import Status
from faqbot.message import Message, Span
from faqbot.negation import NEGATION_REACH
from faqbot.text import words

MARKS = st.text(alphabet="no but is fine, or. smoke?\n", max_size=80)


def span_of(message: Message, sign: str) -> Span:
    """Return where the words of `sign` first stand in a message."""
    said, wanted = [token.word for token in message.tokens], words(sign)
    places = range(len(said) - len(wanted) + 1)
    start = next(n for n in places if said[n : n + len(wanted)] == wanted)
    return Span(start, start + len(wanted))


def is_negated(text: str, sign: str) -> bool:
    message = Message(text)
    return negation.is_negated(message, span_of(message, sign))


def status(text: str, sign: str = "smoke") -> Status:
    message = Message(text)
    return assertion.status(message, span_of(message, sign))


DENIED = [
    ("no smoke", "smoke"),
    ("there isn't any smoke", "smoke"),
    ("THERE ISN’T ANY SMOKE", "smoke"),
    ("we never saw smoke", "smoke"),
    ("a hall without smoke", "smoke"),
    ("none of the smoke got in", "smoke"),
    ("the hall is free of smoke", "smoke"),
    ("he denies any smoke", "smoke"),
    ("nobody smelt smoke", "smoke"),
    ("there are zero flames", "flames"),
]
AFFIRMED = [
    ("smoke", "smoke"),
    ("there is smoke", "smoke"),
    ("maybe a bit of smoke", "smoke"),
    ("smoke and no flames", "smoke"),
]


@pytest.mark.parametrize(("text", "sign"), DENIED)
def test_a_negation_denies_what_follows(text: str, sign: str) -> None:
    assert is_negated(text, sign)


@pytest.mark.parametrize(("text", "sign"), AFFIRMED)
def test_what_no_negation_precedes_is_there(text: str, sign: str) -> None:
    assert not is_negated(text, sign)


@pytest.mark.parametrize("between", range(NEGATION_REACH * 2))
def test_a_negation_reaches_only_so_many_words(between: int) -> None:
    text = f"no {'grey ' * between}smoke"
    assert is_negated(text, "smoke") is (between < NEGATION_REACH)


ENDS_OF_SCOPE = [
    pytest.param("no flames but smoke", id="but"),
    pytest.param("no flames however smoke", id="however"),
    pytest.param("no flames except smoke", id="except"),
    pytest.param("no flames yet smoke", id="yet"),
    pytest.param("no alarm because smoke got in", id="because"),
    pytest.param("no flames and there is smoke", id="and with a subject"),
    pytest.param("no flames and now smoke", id="and now"),
    pytest.param("no flames while my smoke rises", id="while with a subject"),
    pytest.param("no flames. smoke", id="sentence"),
    pytest.param("no flames? smoke", id="question"),
    pytest.param("no flames\nsmoke", id="line"),
    pytest.param("no flames, smoke in the hall", id="comma"),
    pytest.param("no flames: smoke", id="colon"),
    pytest.param("no flames (smoke)", id="bracket"),
    pytest.param("no flames – smoke", id="dash"),
]


@pytest.mark.parametrize("text", ENDS_OF_SCOPE)
def test_a_negation_ends_with_its_clause(text: str) -> None:
    assert is_negated(text, "flames" if "flames" in text else "alarm")
    assert not is_negated(text, "smoke")


@pytest.mark.parametrize("sign", ["heat", "smoke", "flames"])
@pytest.mark.parametrize(
    "text",
    [
        "no heat, smoke or flames",
        "no heat, smoke, or flames",
        "there is no heat smoke or flames",
        "never any heat, smoke or flames",
        "no heat or smoke or flames",
        "no heat and smoke and flames",
        "no heat and no smoke and no flames",
        "no heat no smoke no flames",
        "neither heat nor smoke nor flames",
        "there isn't heat and there aren't smoke or flames",
        "not heat and not smoke and not flames",
    ],
)
def test_a_negation_reaches_through_a_list(text: str, sign: str) -> None:
    assert is_negated(text, sign)


@pytest.mark.parametrize(
    "text",
    [
        "no heat, smoke in the hall, it is thick or thin",
        "no heat, smoke but no flames or ash",
        "no heat, smoke. hot or cold",
    ],
)
def test_an_or_further_on_makes_no_list(text: str) -> None:
    assert not is_negated(text, "smoke")


@pytest.mark.parametrize(
    "text",
    [
        "I can't say there isn't smoke",
        "I cannot deny there is no smoke",
        "I couldn't swear there is no smoke",
        "I would not rule out no smoke",
        "not without smoke",
        "there is never no smoke",
        "it isn't that there is no smoke",
    ],
)
def test_two_negations_make_a_presence(text: str) -> None:
    assert not is_negated(text, "smoke")


@pytest.mark.parametrize(
    "text", ["I can't say there is smoke", "cannot swear to smoke"]
)
def test_a_doubt_alone_denies(text: str) -> None:
    assert is_negated(text, "smoke")


@pytest.mark.parametrize(
    "text",
    [
        "not only smoke",
        "not sure about the smoke",
        "no wonder there is smoke",
        "no doubt it is smoke",
        "no idea why there is smoke",
        "I don't know why there is smoke",
        "no relief from the smoke",
        "nothing helps against the smoke",
        "it is not normal that smoke gets in",
        "for no reason smoke came in",
        "the fan doesn't stop the smoke",
        "no control over the smoke",
        "it is no longer smoke",
    ],
)
def test_what_only_looks_like_a_negation_denies_nothing(text: str) -> None:
    assert not is_negated(text, "smoke")


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("I heard nothing from the alarm", "heard nothing"),
        ("no sound from the alarm", "no sound"),
    ],
)
def test_a_negator_that_is_part_of_the_sign_denies_nothing(
    text: str, sign: str
) -> None:
    message = Message(text)
    spoken = span_of(message, sign)
    alarm = span_of(message, "alarm")
    assert negation.is_negated(message, alarm)
    assert not negation.is_negated(message, alarm, range(spoken.start, spoken.end))
    assert not negation.is_negated(message, spoken)


@pytest.mark.parametrize(
    "text",
    [
        "the alarm is fine",
        "alarm fine",
        "the alarm is okay and loud",
        "alarm normal",
        "the alarm is back to normal",
        "alarm and siren are fine",
        "the alarm is clear",
        "the alarm has gone",
        "the alarm is gone, thanks",
        "alarm? none",
        "the alarm, nope, and no siren",
        "the alarm was ruled out",
    ],
)
def test_an_afterthought_takes_back_what_it_follows(text: str) -> None:
    assert is_negated(text, "alarm")


@pytest.mark.parametrize(
    "text",
    [
        "the alarm has gone numb",
        "the alarm has gone silent",
        "the alarm is clear of the wall",
        "the alarm is not fine",
        "the alarm isn't normal",
        "the alarm is no good",
        "the alarm rings, the door is fine",
        "the alarm rings. all fine",
        "the alarm rings but the door is fine",
        "the alarm rings when the door is fine",
        "the alarm has been ringing all night, fine",
        "the alarm rings and rings all night fine",
        "the alarm rings is it normal",
        "the alarm rings is that ok?",
        "alarm is this fine",
        "the alarm rings, no?",
        "the alarm has not been ruled out",
        "alarm? none of the doors opens",
        "the alarm rings, never before",
    ],
)
def test_a_fine_that_belongs_elsewhere_takes_nothing_back(text: str) -> None:
    assert not is_negated(text, "alarm")


def test_a_negation_and_an_afterthought_make_a_presence() -> None:
    assert not is_negated("no alarm is fine", "alarm")


@pytest.mark.parametrize(
    "text",
    [
        "what does smoke mean?",
        "What is smoke",
        "hi what are the causes of smoke",
        "can smoke get under a door?",
        "is smoke always dangerous",
        "does an oven make smoke?",
        "why do ovens make smoke",
        "how likely is smoke",
        "explain smoke",
        "definition of smoke",
        "how would I know if there is smoke",
        "how can people tell smoke from steam",
        "the leaflet says to look out for smoke",
    ],
)
def test_a_question_about_a_sign_is_no_report_of_it(text: str) -> None:
    assert status(text) is Status.ASKED_ABOUT


@pytest.mark.parametrize(
    "text",
    [
        "what if there is smoke",
        "what if I see smoke in my hall",
        "what would happen if my hall filled with smoke",
        "what happens if there's smoke in our kitchen",
        "Hypothetically, supposing a hall fills with smoke, who opens the door?",
        "what should I do if there is smoke?",
        "so what if there's smoke",
    ],
)
def test_supposing_is_no_report(text: str) -> None:
    assert status(text) is Status.ASKED_ABOUT


@pytest.mark.parametrize(
    "text",
    [
        "what is the best way to clear smoke",
        "what is good against smoke",
        "what helps with smoke",
        "what should we do about smoke",
        "is it safe to stay in smoke",
        "how would people ease smoke",
    ],
)
def test_asking_for_help_with_a_sign_reports_it(text: str) -> None:
    assert status(text) is Status.CURRENT


@pytest.mark.parametrize(
    "text",
    [
        "is my hall full of smoke",
        "why is there smoke in my hall",
        "what is this smoke I see",
        "why is her kitchen full of smoke",
    ],
)
def test_a_question_about_ones_own_case_reports_it(text: str) -> None:
    assert status(text) is Status.CURRENT


@pytest.mark.parametrize(
    "text",
    [
        "does a door stop fire, smoke fills the hall",
        "does a door stop fire? smoke fills the hall",
        "smoke fills the hall. does a door stop fire?",
        "why is there smoke since yesterday",
        "why is there smoke again",
    ],
)
def test_a_report_beside_a_question_stays_a_report(text: str) -> None:
    assert status(text) is Status.CURRENT


@pytest.mark.parametrize(
    "text",
    [
        "there was smoke two years ago, all fine since",
        "smoke came in years ago and it went away",
        "in 2015 we had smoke, back to normal",
        "we had smoke last year. it has cleared up",
        "smoke when I was ten, no problems since",
        "there used to be smoke, settled",
        "for many years there has been smoke, unchanged",
        "it has always had smoke, nothing new",
        "smoke in the hall, 2010. Not bothering us at all",
        "I once saw smoke as a student, long since resolved. Can I cook again today?",
        "We had smoke in the nineties. Never since. What should I buy this week?",
        "smoke at seventeen, all good now",
        "smoke years back, the owner and the hall both pulled through",
        "there used to be smoke, it came right and has stayed right",
        "smoke in the nineties, no drama since",
        "smoke two years before, finished with that",
        "I used to smell smoke, it never returned",
        "I once smelt smoke, all that is long past",
        "I once smelt smoke, all settled, and now I'm only asking which alarm is best",
        "I once smelt smoke, now she is totally fit",
    ],
)
def test_what_is_long_ago_and_over_is_past(text: str) -> None:
    assert status(text) is Status.PAST


@pytest.mark.parametrize(
    "text",
    [
        "we had smoke in 1979. These days it is the damp",
        "smoke came in forty years ago. Which alarm is best?",
        "the kitchen filled with smoke when I was nine",
        "there was smoke when he was a boy, I only ask about alarms",
        "we lived with smoke until I was twelve",
        "there was smoke in the war",
        "a hall full of smoke, 1987",
        "smoke came in in the winter of 78",
        "my landlord choked on smoke and lost a shed back in 1987",
    ],
)
def test_a_moment_long_gone_is_past_without_a_word_of_its_end(text: str) -> None:
    assert status(text) is Status.PAST


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("smoke came in ages ago", id="ages may be a week"),
        pytest.param("smoke came in when I was at work", id="when today"),
        pytest.param("smoke came in when I was 10 minutes away", id="no age"),
        pytest.param("built in 2010 and for weeks smoke in the hall", id="joined on"),
        pytest.param("we moved in 2010, smoke in the hall", id="another clause"),
        pytest.param("there is smoke from a fire in 2010", id="present tense"),
        pytest.param("smoke came in in 80 minutes", id="no year"),
        pytest.param("I once smelt smoke and it has returned", id="returned"),
        pytest.param("we had smoke once, done, and now it is back", id="back now"),
    ],
)
def test_what_may_last_is_current(text: str) -> None:
    assert status(text) is Status.CURRENT


@pytest.mark.parametrize(
    "text",
    [
        "I train people with burns and they talk of smoke",
        "we handle patients who breathed smoke",
        "I saw a film where the hero walks through smoke. Which alarm is best?",
        "writing a story in which smoke fills a hall",
        "there was smoke from my ears, figuratively",
        "In last night's film the detective saw smoke",
        "In the soap his hall is full of smoke, I laughed",
        "a bloke in that hospital show choked on smoke",
        "A character in the film I saw coughed up smoke. Which alarm is best?",
        "The villain hides in the smoke",
        "an exam question mentions smoke",
        "our module shows what to do when a hall has smoke in children",
    ],
)
def test_others_in_general_and_stories_are_past(text: str) -> None:
    assert status(text) is Status.PAST


@pytest.mark.parametrize(
    "text",
    [
        "like people with asthma I have smoke in my chest",
        "I read a book where it is explained and I see smoke in my hall",
        "I teach children, there is smoke in my hall",
        "in the film club he saw smoke",
        "he is an actor and breathed smoke",
        "my bloke in the telly room breathed smoke",
        "In the film there was a fire and now my hall has smoke",
        "In the show I breathed smoke",
        "in the game a lad breathed smoke",
        "the girl in the show breathed smoke",
    ],
)
def test_ones_own_case_beside_others_is_current(text: str) -> None:
    assert status(text) is Status.CURRENT


@pytest.mark.parametrize(
    "text",
    [
        "the doctor asked about smoke, none at all",
        "the chemist asked about smoke, ash, heat. It is a nice hall",
        "the form asks if there was smoke",
        "a nurse checked for smoke and laughed",
    ],
)
def test_what_somebody_asked_about_is_not_reported(text: str) -> None:
    assert status(text) is Status.ASKED_ABOUT


def test_a_yes_to_what_somebody_asked_reports_it() -> None:
    assert status("the doctor asked about smoke and yes it is bad") is Status.CURRENT
    assert status("he asked about the hall, I have smoke there") is Status.CURRENT


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("there was smoke two years ago", id="not said to be over"),
        pytest.param("there was smoke yesterday, fine now", id="not long ago"),
        pytest.param("we had smoke last night", id="last night"),
        pytest.param("smoke years ago, fine since, worse today", id="worse"),
        pytest.param("smoke years ago, all fine since, but now smoke", id="but now"),
        pytest.param("smoke years ago, settled, started again", id="again"),
        pytest.param("smoke for years, unchanged. suddenly thick", id="suddenly"),
        pytest.param("two years ago I moved. there is smoke. all fine", id="apart"),
        pytest.param("in 2019 I moved, all fine, but smoke came in", id="another part"),
        pytest.param("moved in 2019, all fine, and there is smoke", id="present tense"),
        pytest.param("smoke in 2015, sorted. Is it bad that it is back?", id="is back"),
        pytest.param("smoke for three years, I'm fit and well", id="only well"),
        pytest.param("once I open the door smoke came in, I'm fine", id="whenever"),
    ],
)
def test_what_is_unclear_in_time_is_current(text: str) -> None:
    assert status(text) is Status.CURRENT


@pytest.mark.parametrize(
    "text",
    [
        "my neighbour had smoke in the hall",
        "my late grandmother died of smoke",
        "my uncle once had smoke",
        "my aunt had smoke, my own house only creaks when I am sitting",
        "grandpa had smoke in the hall. I am sitting well",
        "my sister had smoke, she is okay, I only ask about alarms",
        "my family suffered from smoke",
        "my father had smoke in his flat, should I buy an alarm?",
        "my father had smoke, is frying safe for me",
        "Grandad lost his house to smoke in the fifties. I only ask about alarms.",
        "A neighbour found smoke, all sorted. Which alarm is best?",
    ],
)
def test_somebody_elses_history_is_past(text: str) -> None:
    assert status(text) is Status.PAST


@pytest.mark.parametrize(
    "text",
    [
        "my neighbour has smoke in the hall",
        "my neighbour sees smoke",
        "my neighbour had visitors. there is smoke",
        "my neighbour had smoke, it started again",
        "my dad had a fall in the smoke and can't stand up",
        "my dad had a fall in the smoke, he can't stand up",
        "my mum had smoke in the hall, coughing all over",
        "my dad had smoke in the hall, is he in danger?",
        "my dad had smoke in the hall. His house is hot",
        "my sister had smoke in the hall, her eyes hurt",
        "my husband can't see for smoke, he's fine otherwise",
        "a friend has smoke in the hall, I'm fine",
    ],
)
def test_somebody_elses_trouble_now_is_current(text: str) -> None:
    assert status(text) is Status.CURRENT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Why can't I see?", "why i cant see"),
        ("can't he and she", "he cant and she"),
        ("why don't, I see", "why dont i see"),
        ("I can't", "i cant"),
    ],
)
def test_a_question_is_read_in_the_order_of_a_statement(text: str, words: str) -> None:
    assert " ".join(token.word for token in Message(text).tokens) == words


def test_tokens_know_their_sentence_and_clause() -> None:
    tokens = Message("Smoke, heat. Flames – now").tokens
    assert [(t.word, t.sentence, t.clause) for t in tokens] == [
        ("smoke", 0, 0),
        ("heat", 0, 1),
        ("flames", 1, 2),
        ("now", 1, 3),
    ]


@pytest.mark.parametrize("text", ["", " ", "?!", "…\n\n", "🔥"])
def test_a_message_without_words_has_no_tokens(text: str) -> None:
    assert Message(text).tokens == ()


@given(MARKS)
def test_any_span_of_any_message_can_be_judged(text: str) -> None:
    message = Message(text)
    for place in range(len(message.tokens)):
        span = Span(place, place + 1)
        assert negation.is_negated(message, span) in (True, False)
        assert assertion.status(message, span) in Status


@given(MARKS)
def test_what_stands_in_another_sentence_denies_nothing(text: str) -> None:
    """But for a flat "none" that is all that follows."""
    assume(words(text)[:1] != ["none"])
    message = Message(f"{text}. There is smoke here\n{text}")
    before = len(Message(text).tokens)
    assert not negation.is_negated(message, Span(before + 2, before + 3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("there is smoke in my hall", False),
        ("my uncle had smoke in his hall", True),
        ("smoke came in two weeks ago", True),
        ("a book that is full of smoke", True),
    ],
)
def test_words_of_another_time_or_of_others_make_a_message_distant(
    text: str, expected: bool
) -> None:
    assert assertion.may_be_distant(text) is expected
