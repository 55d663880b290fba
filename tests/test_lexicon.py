"""Slips are mended, known words are left alone, and the others are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot import FAQBot
from faqbot.lexicon import COMMON, Lexicon
from faqbot.text import Folder, Stemmer

STEMMER = Stemmer("english")
FOLD = Folder(STEMMER)
SENTENCES = [
    "is posture training good for a lower back that heals slowly",
    "does my heel need training",
    "the disk of my computer",
    "a desk at the right height for good posture",
    "should I lift or lie down",
]
LEXICON = Lexicon(
    [FOLD(sentence) for sentence in SENTENCES * COMMON],
    [FOLD("an answer about discs")],
    STEMMER,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("posturre", "posture"),
        ("potsure", "posture"),
        ("tranning", "training"),
        ("lowerback", "lower back"),
        ("isposturetraininggood", "is posture training good"),
        ("p05ture", "posture"),
        ("POSTUER?!", "posture"),
        ("oglft", "oglft"),
    ],
)
def test_a_slip_becomes_the_word_that_was_meant(typed: str, meant: str) -> None:
    assert " ".join(LEXICON.mend(FOLD(typed))) == meant


@pytest.mark.parametrize(
    "word", ["heel", "heals", "disk", "desk", "discs", "lift", "lie", "training"]
)
def test_a_known_word_is_left_alone(word: str) -> None:
    assert LEXICON.mend(FOLD(word)) == (word,)


@pytest.mark.parametrize(
    "word", ["oven", "rower", "gower", "desks0", "l5", "m545", "42"]
)
def test_a_word_with_another_beginning_or_meaning_is_left_alone(word: str) -> None:
    """ "rower" is one letter from "lower", and no slip for it."""
    assert LEXICON.mend(FOLD(word)) == (word,)


def test_words_that_the_base_never_uses_are_named_once() -> None:
    question = FOLD("is yoga or Yoga good for posture 2020")
    assert LEXICON.unknown(question) == ("yoga",)


def test_a_word_of_a_left_out_wording_alone_is_not_known() -> None:
    lexicon = Lexicon([FOLD("good posture"), FOLD("good manners")], [], STEMMER)
    assert lexicon.unknown(FOLD("good posture")) == ()
    assert lexicon.unknown(FOLD("good posture"), left_out=True) == ("posture",)


@given(st.text(max_size=60))
def test_mending_twice_changes_nothing_more(text: str) -> None:
    once = LEXICON.mend(FOLD(text))
    assert LEXICON.mend(FOLD.join(once)) == once


def test_words_of_the_base_that_ships_are_never_changed(bot: FAQBot) -> None:
    for entry in bot.knowledge.entries:
        question = bot.explain(entry.question).ranking.question
        assert question.words == FOLD(entry.question).words
