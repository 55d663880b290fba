"""Tests what a conversation remembers, and how choices are understood."""

import json
from collections.abc import Container

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot import Conversation, FAQBot, Kind, KnowledgeBase, Option, Policy, Reply
from faqbot import wording as fixed
from faqbot.bot import OWN_SUBJECT
from faqbot.conversation import NONE_OF_THEM, State
from faqbot.models import Move, Release

OPTIONS = tuple(
    Option(name, f"What about {name}?", (), 0.3) for name in ("loans", "fines", "cards")
)
CHOICES = [
    ("1", "loans"),
    (" 2. ", "fines"),
    ("3)", "cards"),
    ("#2", "fines"),
    ("２", "fines"),
    ("02", "fines"),
    ("number 3", "cards"),
    ("option two please", "fines"),
    ("the FIRST one", "loans"),
    ("the second question", "fines"),
    ("3rd", "cards"),
    ("the last one", "cards"),
    ("Third!", "cards"),
]
NO_CHOICES = [
    "first aid",
    "2 books",
    "one of my loans",
    "2024",
    "second hand books",
    "none of my books are late",
    "²½",
    "",
    "?",
    "the",
]
OUT_OF_RANGE = ["4", "17", "999", "00"]


OFFERS = {"vague": OPTIONS, "vaguer": OPTIONS[1:]}
"""What the scripted bot offers, by question."""


class Desk:
    """A bot that answers by what its script says, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: str, *, before: str = "") -> Reply:
        """Offer choices for a vague question, chat at "hello", else refer."""
        self.asked.append(question)
        options = OFFERS.get(question, ())
        kind = Kind.CLARIFICATION if options else Kind.REFERRAL
        if question == "hello":
            kind = Kind.SMALL_TALK
        return Reply(question, kind, "scripted", options=options)

    def release(self, message: str) -> Release | None:
        """Never release."""
        return None

    def move(self, message: str) -> Move | None:
        """See no move."""
        return None

    def follow_up(self, question: str, entry_id: str) -> Reply | None:
        """Take every message for a question of its own."""
        return None

    def further(self, question: str, entry_id: str) -> Reply | None:
        """Know nothing further."""
        return None

    def alternatives(self, question: str, without: Container[str]) -> Reply:
        """Offer what is left of the choices."""
        left = tuple(each for each in OPTIONS if each.entry not in without)
        kind = Kind.CLARIFICATION if left else Kind.REFERRAL
        return Reply(question, kind, "others", options=left)

    def refer(self, question: str) -> Reply:
        """Refer."""
        return Reply(question, Kind.REFERRAL, "referred")

    def reasons(self, entry_id: str) -> str:
        """Say why."""
        return f"because of {entry_id}"

    def answer(self, entry_id: str, question: str = "") -> Reply:
        """Answer with the id of the entry."""
        return Reply(question, Kind.ANSWER, "chosen", entry=entry_id)


@pytest.fixture
def desk() -> Desk:
    """A scripted bot."""
    return Desk()


@pytest.fixture
def offered(desk: Desk) -> Conversation:
    """A conversation in which three choices have just been offered."""
    talk = Conversation(desk)
    talk.ask("vague")
    return talk


@pytest.fixture(scope="module")
def real() -> FAQBot:
    """A bot on a small base that offers choices for every question."""
    content = {
        "about": {"name": "Desk", "covers": "loans"},
        "entries": [
            {
                "id": "renew",
                "question": "How do I renew a loan?",
                "variants": ["extend a loan"],
                "answer": "About renew.",
            },
            {
                "id": "fines",
                "question": "What does a late book cost?",
                "variants": ["overdue charge"],
                "answer": "About fines.",
            },
        ],
        "small_talk": [{"id": "hi", "examples": ["hello"], "reply": "Hello!"}],
        "red_flags": {
            "flags": [
                {
                    "id": "fire",
                    "name": "Fire",
                    "level": "emergency",
                    "message": "Leave the building.",
                    "phrases": ["fire alarm"],
                }
            ]
        },
    }
    policy = Policy(answer=1.1, offer=0.0)
    return FAQBot(KnowledgeBase.from_dict(content), policy=policy)


@pytest.mark.parametrize(("said", "entry"), CHOICES)
def test_a_number_or_an_ordinal_chooses(
    offered: Conversation, said: str, entry: str
) -> None:
    reply = offered.ask(said)
    assert (reply.kind, reply.entry, reply.question) == (Kind.ANSWER, entry, said)


@pytest.mark.parametrize("said", NO_CHOICES, ids=repr)
def test_what_is_no_choice_is_a_new_question(
    offered: Conversation, desk: Desk, said: str
) -> None:
    offered.ask(said)
    assert desk.asked == ["vague", said]


@pytest.mark.parametrize("said", OUT_OF_RANGE)
def test_a_number_out_of_range_offers_the_same_again(
    offered: Conversation, desk: Desk, said: str
) -> None:
    reply = offered.ask(said)
    assert reply.kind is Kind.CLARIFICATION
    assert reply.text == fixed.CHOICE_OUT_OF_RANGE.format(count=3)
    assert reply.options == OPTIONS
    assert offered.ask("3").entry == "cards"
    assert desk.asked == ["vague"]


@pytest.mark.parametrize("said", [*sorted(NONE_OF_THEM), "None of these!", "NEITHER."])
def test_none_of_them_offers_what_is_left(desk: Desk, said: str) -> None:
    talk = Conversation(desk)
    talk.ask("vaguer")
    assert talk.ask(said).options == OPTIONS[:1]
    reply = talk.ask(said)
    assert (reply.kind, reply.question) == (Kind.REFERRAL, said)
    talk.ask("1")
    assert desk.asked == ["vaguer", "1"]


@pytest.mark.parametrize("said", ["1", "first", "none of these", "7"])
def test_a_choice_of_nothing_is_a_question(desk: Desk, said: str) -> None:
    Conversation(desk).ask(said)
    assert desk.asked == [said]


def test_what_was_offered_survives_small_talk(offered: Conversation) -> None:
    for _ in range(2):
        assert offered.ask("hello").kind is Kind.SMALL_TALK
    assert offered.state.offered == OPTIONS
    assert offered.ask("2").entry == "fines"


@pytest.mark.parametrize("said", ["another question", "1"])
def test_any_other_reply_ends_what_was_offered(
    offered: Conversation, desk: Desk, said: str
) -> None:
    offered.ask(said)
    assert offered.state.offered == ()
    offered.ask("2")
    assert desk.asked[-1] == "2"


def test_new_choices_take_the_place_of_old_ones(offered: Conversation) -> None:
    offered.ask("vaguer")
    assert offered.state.offered == OPTIONS[1:]
    assert offered.ask("1").entry == "fines"


def test_a_conversation_goes_on_from_a_state_that_was_kept(
    offered: Conversation, desk: Desk
) -> None:
    kept = offered.state
    offered.ask("another question")
    assert Conversation(desk, kept).ask("1").entry == "loans"


def test_the_state_holds_the_last_reply(offered: Conversation) -> None:
    for said in ("vague", "2"):
        reply = offered.ask(said)
        assert offered.state.last is reply
    offered.ask("hello")
    assert offered.state.last is reply
    assert offered.state.said == "hello"


def test_conversations_of_one_bot_do_not_share_their_state(real: FAQBot) -> None:
    one, other = real.conversation(), real.conversation()
    one.ask("a loan")
    assert one.state.offered
    assert other.state == State()


def test_a_choice_gets_the_answer_of_its_entry(real: FAQBot) -> None:
    talk = real.conversation()
    first = talk.ask("a loan").options[0]
    reply = talk.ask("1")
    assert (reply.entry, reply.text) == (first.entry, f"About {first.entry}.")
    assert reply.confidence == 1.0


def test_danger_comes_before_what_was_offered(real: FAQBot) -> None:
    talk = real.conversation()
    talk.ask("a loan")
    assert talk.ask("the fire alarm rings").kind is Kind.URGENT
    assert talk.state.offered == ()


@pytest.mark.parametrize("asked_before", [[], ["a loan"]], ids=["fresh", "offered"])
@pytest.mark.parametrize("said", [None, 1, b"1", ["1"]], ids=repr)
def test_what_is_no_string_is_refused(
    real: FAQBot, asked_before: list[str], said: object
) -> None:
    talk = real.conversation()
    for question in asked_before:
        talk.ask(question)
    before = talk.state
    with pytest.raises(TypeError, match="str"):
        talk.ask(said)  # type: ignore[arg-type]
    assert talk.state is before


@given(said=st.text(st.characters(exclude_categories=())))
def test_any_text_after_an_offer_gets_a_reply(real: FAQBot, said: str) -> None:
    talk = real.conversation()
    talk.ask("a loan")
    assert talk.ask(said).question == said


@given(number=st.integers(-50, 5000))
def test_only_a_number_in_range_chooses(number: int) -> None:
    talk = Conversation(Desk())
    talk.ask("vague")
    reply = talk.ask(f"{number:d}")
    # A sign is a mark like any other: "-2" is what "- 2" is, a bulleted choice.
    chosen = 1 <= abs(number) <= len(OPTIONS)
    assert (reply.kind is Kind.ANSWER) == chosen


# --- danger over several turns ---


def test_a_sign_may_be_spread_over_two_turns(bot: FAQBot) -> None:
    talk = bot.conversation()
    assert talk.ask("Which stretch is best for back pain?").kind is not Kind.URGENT
    assert talk.ask("my back has been sore").kind is not Kind.URGENT
    assert bot.ask("I had cancer once").kind is not Kind.URGENT
    reply = talk.ask("I had cancer once")
    assert (reply.kind, reply.red_flag) == (Kind.URGENT, "cancer_signs")


def test_what_was_said_two_turns_ago_is_not_screened_again(bot: FAQBot) -> None:
    talk = bot.conversation()
    talk.ask("my back has been sore")
    talk.ask("hello")
    assert talk.ask("I had cancer once").kind is not Kind.URGENT


RELEASES = [
    "ok the ambulance is coming",
    "I've called 999",
    "my wife is driving me to hospital",
    "sorry, that was a joke",
    "that's not what I meant",
    "wrong",
    "I didn't say that",
]


@pytest.mark.parametrize("release", RELEASES)
def test_an_emergency_is_repeated_until_it_is_settled(
    bot: FAQBot, release: str
) -> None:
    talk = bot.conversation()
    alarm = talk.ask("I can't pee and my back hurts")
    advice = alarm.text.split(". ")[0]
    for question in ("how often should I stretch?", "thanks", "what is an MRI"):
        reply = talk.ask(question)
        assert reply.kind is not Kind.URGENT
        assert reply.text.startswith(advice)
        assert bot.ask(question).text in reply.text
    assert not talk.ask(release).text.startswith(advice)
    assert talk.state.reminder is None
    reply = talk.ask("how often should I stretch?")
    assert reply.text == bot.ask("how often should I stretch?").text


@pytest.mark.parametrize(
    "message",
    [
        "no ambulance is coming",
        "it is not a joke",
        "can I do planks",
        "I can't get up",
        "that's not an emergency, right?",
        "is an ambulance coming?",
        "which number do I call?",
        "I'm fine really",
        "no",
    ],
)
def test_what_does_not_settle_an_emergency_keeps_it(bot: FAQBot, message: str) -> None:
    talk = bot.conversation()
    talk.ask("I can't pee and my back hurts")
    talk.ask(message)
    assert talk.state.reminder


def test_what_is_due_today_is_repeated_but_yields_to_what_is_due_now(
    bot: FAQBot,
) -> None:
    talk = bot.conversation()
    today = talk.ask("my left foot drags since Sunday").text.split(". ")[0]
    assert talk.ask("how often should I stretch?").text.startswith(today)
    now = talk.ask("and now I can't pee").text.split(". ")[0]
    talk.ask("my left foot drags more")
    assert talk.ask("how often should I stretch?").text.startswith(now)


HARMLESS = [
    "it's been 7 weeks",
    "shut up",
    "fuck off",
    "two weeks now",
    "on the left side",
    "I am 45",
    "I called the dentist",
    "both",
]


@pytest.mark.parametrize("said", HARMLESS)
def test_a_few_harmless_words_raise_no_alarm(bot: FAQBot, said: str) -> None:
    talk = bot.conversation()
    talk.ask("my back hurts")
    assert talk.ask(said).kind is not Kind.URGENT


# --- going on from what was said ---

FOLLOW_UPS = [
    (
        "How often should I do strengthening exercises?",
        "and stretching?",
        "how-often-stretch",
    ),
    ("How often should I stretch?", "and strengthening?", "how-often-strengthen"),
    ("How often should I stretch?", "it hurts when I do that", "stretch-hurts"),
    (
        "Which back problems can strengthening help?",
        "how often?",
        "how-often-strengthen",
    ),
    (
        "Does sitting for a long time hurt my back?",
        "what about standing?",
        "long-standing",
    ),
    (
        "Is it hard on my back to be on my feet for long?",
        "and sitting?",
        "long-sitting",
    ),
    (
        "How often should I do strengthening exercises?",
        "for how long?",
        "how-long-keep-going",
    ),
    (
        "How often should I do strengthening exercises?",
        "is that safe?",
        "exercise-safe",
    ),
    ("How often should I do strengthening exercises?", "every day?", "train-every-day"),
]


@pytest.mark.parametrize(("before", "said", "entry"), FOLLOW_UPS)
def test_a_few_words_go_on_from_the_last_answer(
    bot: FAQBot, before: str, said: str, entry: str
) -> None:
    talk = bot.conversation()
    talk.ask(before)
    talk.ask("thanks")
    reply = talk.ask(said)
    assert reply.entry == entry
    if bot.ask(said).entry != entry or bot.ask(said).confidence < OWN_SUBJECT:
        question = bot.knowledge.find(entry).question
        assert reply.text.startswith(fixed.ABOUT.format(question=question))


@pytest.mark.parametrize(
    "said", ["how often?", "for how long?", "is that safe?", "when?", "every day"]
)
def test_without_context_unfinished_words_ask_back(bot: FAQBot, said: str) -> None:
    for reply in (bot.ask(said), bot.conversation().ask(said)):
        assert reply.kind is Kind.CLARIFICATION
        assert len(reply.options) == 3


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Should I wear a back belt or brace?", Kind.ANSWER),
        ("can I take ibuprofen", Kind.REFERRAL),
        ("hello", Kind.SMALL_TALK),
        ("asdf qwer", Kind.REFERRAL),
    ],
)
def test_a_question_of_its_own_is_a_new_subject(
    bot: FAQBot, said: str, kind: Kind
) -> None:
    talk = bot.conversation()
    talk.ask("How often should I stretch?")
    assert (talk.ask(said), kind) == (bot.ask(said), bot.ask(said).kind)


def test_a_referral_stays_one_when_it_is_taken_up(bot: FAQBot) -> None:
    talk = bot.conversation()
    topic = talk.ask("can I take ibuprofen for my back").topic
    assert topic == "medicines"
    for said in ("ok but which dose?", "and with food?"):
        reply = talk.ask(said)
        assert (reply.kind, reply.topic) == (Kind.REFERRAL, topic)


def test_what_was_rejected_is_not_given_again(bot: FAQBot) -> None:
    talk = bot.conversation()
    given = {talk.ask("does sitting all day hurt my back").entry}
    for said in ("no, that's not it", "none of these"):
        reply = talk.ask(said)
        assert reply.kind is Kind.CLARIFICATION
        offered = {option.entry for option in reply.options}
        assert not offered & given
        given |= offered
    assert talk.ask("no").kind is Kind.REFERRAL


@pytest.mark.parametrize("said", ["the sitting one", "sitting", "about sitting please"])
def test_the_words_of_one_option_choose_it(bot: FAQBot, said: str) -> None:
    talk = bot.conversation()
    options = talk.ask("is it bad for my back").options
    assert "long-sitting" in {option.entry for option in options}
    assert talk.ask(said).entry == "long-sitting"


def test_words_of_two_options_choose_none(bot: FAQBot) -> None:
    talk = bot.conversation()
    talk.ask("is it bad for my back")
    assert talk.ask("my back").kind is not Kind.ANSWER


TWO = "How often should I stretch? And should I bend my knees when I lift?"


def test_two_questions_are_both_answered_in_order(bot: FAQBot) -> None:
    reply = bot.conversation().ask(TWO)
    first, second = (bot.knowledge.find(i) for i in ("how-often-stretch", "bend-knees"))
    assert reply.entry == first.id
    assert reply.text.index(first.question) < reply.text.index(second.question)
    assert second.answer in reply.text
    assert set(first.claims + second.claims) == set(reply.claims)


def test_a_danger_in_one_of_two_questions_wins(bot: FAQBot) -> None:
    reply = bot.conversation().ask(f"{TWO} My groin is numb.")
    assert reply.kind is Kind.URGENT


def test_the_last_answer_can_be_repeated_shortened_explained_and_taken_further(
    bot: FAQBot,
) -> None:
    talk = bot.conversation()
    answer = talk.ask("How often should I stretch?")
    assert talk.ask("say that again").text == answer.text
    short = talk.ask("shorter").text
    assert answer.text.startswith(short)
    assert len(short) < len(answer.text) / 2
    talk.ask("thanks")
    assert "rests on" in talk.ask("why?").text
    more = talk.ask("tell me more")
    follow_ups = bot.knowledge.find("how-often-stretch").follow_ups
    assert [option.entry for option in more.options] == list(follow_ups[:3])
    assert talk.ask("1").entry == follow_ups[0]


@pytest.mark.parametrize("said", ["more", "go on"])
def test_there_is_no_more_before_an_answer(bot: FAQBot, said: str) -> None:
    assert bot.conversation().ask(said).text == fixed.NOTHING_BEFORE


SCRIPT = [
    "hello",
    "is it bad for my back",
    "the sitting one",
    "what about standing?",
    "no",
    "I can't pee and my back hurts",
    "how often should I stretch?",
    "help is coming",
    "can I take ibuprofen",
]


def test_a_conversation_goes_on_from_what_was_written_down(bot: FAQBot) -> None:
    whole, talk = bot.conversation(), bot.conversation()
    for said in SCRIPT:
        written = json.dumps(talk.state.to_dict())
        talk = Conversation(bot, State.from_dict(json.loads(written)))
        assert talk.ask(said).text == whole.ask(said).text
    assert json.dumps(talk.state.to_dict()) == json.dumps(whole.state.to_dict())


@given(said=st.lists(st.sampled_from([*SCRIPT, "1", "2", "more", "why?", "shorter"])))
def test_any_conversation_can_be_written_down(bot: FAQBot, said: list[str]) -> None:
    talk = bot.conversation()
    for each in said[:6]:
        assert talk.ask(each).question == each
    assert State.from_dict(talk.state.to_dict()).to_dict() == talk.state.to_dict()
