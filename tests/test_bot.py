"""Tests what the bot decides to say."""

import pickle
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faqbot import FAQBot, Kind, Policy

from .conftest import KEYS

NAUGHTY = [
    "",
    " ",
    "\n\n",
    "?",
    "...",
    "\x00",
    "\x1b[31mhello\x1b[0m",
    "\ud800",
    "😀" * 50,
    "a" * 100_000,
    "how " * 20_000,
    "पीठ दर्द",
    "'; DROP TABLE faq; --",
    "%s %d {0} {name}",
    "\u202eniap kcab",
    "null",
    "1e309",
]
OUTSIDE = [
    ("how much ibuprofen may I take for my back", "medicines"),
    ("what is the exchange rate for euros", "banking-and-payments"),
    ("is an MRI worth it for my back", "scans"),
    ("¿qué ejercicios son buenos para la espalda?", "other-languages"),
]
OPPOSITES = [
    ("Should I bend my knees when I pick something up?", "bend-knees"),
    ("should I not bend my knees when I pick something up", "bend-knees"),
    ("does sitting for hours hurt my back", "long-sitting"),
    ("does standing for hours hurt my back", "long-standing"),
    ("is a cushion better than a belt", "belt-or-cushion"),
    ("how often should I stretch", "how-often-stretch"),
    ("how often should I do strengthening work", "how-often-strengthen"),
]


@pytest.mark.parametrize("text", NAUGHTY, ids=lambda text: repr(text[:20]))
def test_any_text_gets_a_reply(bot: FAQBot, text: str) -> None:
    reply = bot.ask(text)
    assert reply.text
    assert reply.question == text
    assert 0 <= reply.confidence <= 1


@settings(max_examples=100)
@given(text=st.text())
def test_no_text_at_all_raises(bot: FAQBot, text: str) -> None:
    assert bot.ask(text).to_dict()["schema"] == 1


@pytest.mark.parametrize("text", [None, 3, b"hello", ["hello"]])
def test_what_is_no_string_is_refused(bot: FAQBot, text: object) -> None:
    with pytest.raises(TypeError, match="str"):
        bot.ask(text)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "  ", "?!", "…"])
def test_a_message_without_a_word_is_told_so(bot: FAQBot, text: str) -> None:
    reply = bot.ask(text)
    assert reply.kind is Kind.REFERRAL
    assert reply.topic is None


@pytest.mark.parametrize(("text", "topic"), OUTSIDE)
def test_a_topic_out_of_scope_is_recognised(bot: FAQBot, text: str, topic: str) -> None:
    reply = bot.ask(text)
    assert (reply.kind, reply.topic) == (Kind.REFERRAL, topic)


def test_a_health_topic_names_who_to_ask_and_when_not_to_wait(bot: FAQBot) -> None:
    reply = bot.ask("can I mix paracetamol and naproxen")
    assert reply.refer_to is not None
    assert reply.refer_to in reply.text
    net = bot.localise(bot.knowledge.about.safety_net or "")
    assert net
    assert net in reply.text


def test_what_is_no_health_topic_is_not_sent_to_a_clinician(bot: FAQBot) -> None:
    reply = bot.ask("how do I reset the password of my laptop")
    assert reply.kind is Kind.REFERRAL
    assert reply.refer_to is None
    assert "doctor" not in reply.text


def test_words_that_are_not_known_are_named(bot: FAQBot) -> None:
    reply = bot.ask("flumboozle quizzaciously")
    assert reply.unknown_words == ("flumboozle", "quizzaciously")
    assert "“flumboozle” and “quizzaciously”" in reply.text


@pytest.mark.parametrize(("text", "entry"), OPPOSITES)
def test_neighbours_and_opposites_are_told_apart(
    bot: FAQBot, text: str, entry: str
) -> None:
    assert bot.ask(text).entry == entry


def test_case_and_marks_do_not_matter(bot: FAQBot) -> None:
    chance = random.Random(7)
    for entry in chance.sample(bot.knowledge.entries, 30):
        shouted = f"  {entry.question.upper().rstrip('?')} !!! "
        first, second = bot.ask(entry.question), bot.ask(shouted)
        assert first.text == second.text
        assert first.confidence == second.confidence


def test_a_reply_is_one_schema(bot: FAQBot) -> None:
    keys = {tuple(bot.ask(text).to_dict()) for text in (*NAUGHTY, "how do I lift")}
    assert keys == {tuple(KEYS)}


def test_every_subject_is_one_candidate(bot: FAQBot) -> None:
    found = bot.rank("should I sit or stand")
    assert sorted(each.id for each in found) == sorted(
        subject.id for subject in bot.knowledge.subjects
    )
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert sum(each.confidence for each in found) == pytest.approx(1)


def test_options_are_likely_first_and_share_the_probability(bot: FAQBot) -> None:
    asker = FAQBot(bot.knowledge, policy=Policy(answer=1.1, offer=0.0))
    reply = asker.ask("is it bad for me")
    assert reply.kind is Kind.CLARIFICATION
    assert 2 <= len(reply.options) <= 3
    chances = [option.confidence for option in reply.options]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1 + 1e-9
    assert all(option.question in reply.text for option in reply.options)


def test_a_bot_cannot_be_changed(bot: FAQBot) -> None:
    with pytest.raises(AttributeError):
        bot.policy = Policy()


def test_a_bot_can_be_pickled_and_shared(bot: FAQBot) -> None:
    texts = [entry.question for entry in bot.knowledge.entries[:40]]
    expected = list(bot.ask_many(texts))
    copy = pickle.loads(pickle.dumps(bot))
    assert list(copy.ask_many(texts)) == expected
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(copy.ask, texts)) == expected


def test_explain_agrees_with_the_reply(bot: FAQBot) -> None:
    found = bot.explain("how often should I do strengthening exercises")
    assert found.reply.confidence == pytest.approx(found.confidence)
    assert found.reply.entry == found.ranking.entries[0].id
    assert found.inside[0].similarity >= found.outside[0].similarity


STORY = (
    "I used to drive a lorry up and down the country for a firm that has gone now. "
    "These days I look after two grandchildren and an allotment, and Tuesdays I sing. "
    "My wife says I never sit still. "
)


def test_a_story_does_not_drown_the_question(bot: FAQBot) -> None:
    drowned = []
    for entry in bot.knowledge.entries[::3]:
        reply = bot.ask(STORY + entry.question)
        if entry.id not in {reply.entry, *(option.entry for option in reply.options)}:
            drowned.append(entry.id)
    assert len(drowned) <= 1, drowned
