"""Tests how near a question is to the known wordings."""

from hypothesis import given
from hypothesis import strategies as st

from faqbot.similarity import MEASURES, NEAREST, WordingIndex
from faqbot.text import Folder, Stemmer, stem_grams

FOLD = Folder(Stemmer("english"))
WORDINGS = [
    ["may I lift a sofa", "can I carry a sofa", "is it wise to lift", "lift it"],
    ["do I stretch a lot", "may I bend a lot"],
]
RARE = {"=sofa": 4.0, "=stretch": 3.0}
FOLDED = [[FOLD(wording) for wording in group] for group in WORDINGS]
RARITY = {
    gram: RARE.get(gram, 1.0)
    for group in FOLDED
    for text in group
    for gram in stem_grams(text)
}
INDEX = WordingIndex(WORDINGS, FOLDED, {**RARITY, "sof": 2.0})
EVERYTHING = [wording for group in WORDINGS for wording in group]

texts = st.lists(st.sampled_from("may I lift a sofa do stretch lot bend zebra".split()))


def test_a_known_wording_is_its_own_nearest() -> None:
    for wording in EVERYTHING:
        nearest = INDEX.nearest(FOLD(wording), range(2))[0]
        assert (nearest.wording, round(nearest.similarity, 6)) == (wording, 100)


def test_a_rare_word_counts_for_more_than_a_common_one() -> None:
    """ "the", in every wording, is no reason to think two of them alike."""
    wordings = [["zebra the stripes", "sofa the arms"]]
    folded = [[FOLD(wording) for wording in group] for group in wordings]
    rarity = {gram: 3.0 for text in folded[0] for gram in stem_grams(text)}
    index = WordingIndex(wordings, folded, {**rarity, "=the": 1.0})
    by_rare, by_common = (
        index.similarities(FOLD(text), [0])["overlap"] for text in ("sofa", "the")
    )
    assert by_rare > by_common


def test_a_wording_left_out_is_passed_over_once() -> None:
    question = FOLD("lift it")
    whole = INDEX.similarities(question, [0])
    without = INDEX.similarities(question, [0], question)
    assert all(without[name] < whole[name] for name in MEASURES)


def test_without_wordings_nothing_is_near() -> None:
    assert INDEX.similarities(FOLD("lift"), []) == dict.fromkeys(MEASURES, 0.0)
    assert INDEX.nearest(FOLD("lift"), []) == []


def test_words_in_another_order_are_as_near_to_the_sorted_measure_alone() -> None:
    turned = INDEX.similarities(FOLD("sofa a lift I may"), [0])
    straight = INDEX.similarities(FOLD("may I lift a sofa"), [0])
    assert turned["sort"] == straight["sort"]
    assert turned["whole"] < straight["whole"]
    assert turned["overlap"] < straight["overlap"]


@given(texts)
def test_every_measure_is_a_share(found: list[str]) -> None:
    question = FOLD(" ".join(found))
    for value in INDEX.similarities(question, range(2)).values():
        assert 0 <= value <= 1 + 1e-9
    nearest = INDEX.nearest(question, range(2))
    assert len(nearest) == NEAREST
    assert all(0 <= each.similarity <= 100 + 1e-7 for each in nearest)
