"""Tests how wording is folded."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot.text import (
    LANGUAGES,
    Folder,
    Stemmer,
    character_grams,
    normalise,
    stem_grams,
    words,
)

FOLDED = [
    ("Can’t I STRETCH?", "cant i stretch"),
    ("lower-back", "lower back"),
    ("sooooo good!!!", "soo good"),
    ("café", "cafe"),
    ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
    ("2.5kg", "2 5kg"),
    ("snake_case", "snake case"),
    ("🚀", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_what_does_not_matter_is_folded_away(text: str, folded: str) -> None:
    assert normalise(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_case_does_not_matter(text: str) -> None:
    assert normalise(text.lower()) == normalise(text)


@given(st.text())
def test_folded_words_hold_neither_spaces_nor_controls(text: str) -> None:
    assert all(word.isalnum() or word.isprintable() for word in words(text))
    assert not any(" " in word for word in words(text))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="klingon"):
        Stemmer("klingon")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_stemmer(language: str) -> None:
    assert Stemmer(language)("abc")


def test_stems_are_the_same_from_every_thread() -> None:
    stemmer = Stemmer("english")
    found = [f"strengthening{'s' * (n % 3)}{n}ing" for n in range(2000)]
    with ThreadPoolExecutor(8) as pool:
        threaded = list(pool.map(stemmer, found))
    assert threaded == [stemmer(word) for word in found]


def test_phrases_of_the_vocabulary_name_their_idea() -> None:
    fold = Folder(
        Stemmer("english"),
        {"sofa": ["couch", "settee"], "lift": ["pick up", "lifting"]},
    )
    assert fold("Picking up the couches").ideas == ("lift", "sofa")
    assert fold("pick it up").ideas == ()
    assert fold("scouch").ideas == ()


def test_stem_grams_hold_stems_pairs_and_ideas() -> None:
    fold = Folder(Stemmer("english"), {"sofa": ["couch"]})
    grams = list(stem_grams(fold("old couches")))
    assert grams == ["=old", "=^ old", "=couch", "=old couch", "~sofa"]


def test_character_grams_know_the_edges_of_a_word() -> None:
    grams = list(character_grams("disc"))
    assert {" di", "isc ", "disc", " disc"} <= set(grams)
    assert all(3 <= len(gram) <= 5 for gram in grams)
