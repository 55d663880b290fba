"""Tests how replies, sources and explanations are shown."""

import json
import re
from textwrap import dedent

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from faqbot import (
    FAQBot,
    Kind,
    KnowledgeBase,
    Level,
    Location,
    Option,
    Policy,
    Problem,
    Reply,
    Stance,
    wording,
)
from faqbot.render import (
    DEFAULT_WIDTH,
    NARROWEST,
    WIDEST,
    as_json,
    as_text,
    counts,
    explanation,
    problems,
    reply_fragments,
    source_line,
    sources,
    title,
    topics,
    why,
    wrap,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Lone surrogates included: they come in through a file name or a broken pipe."""
WORDS = st.text("abcdefgh'.,-", min_size=1, max_size=12)
LINES = st.lists(st.lists(WORDS, max_size=30).map(" ".join), min_size=1).map("\n".join)
CONTENT: dict[str, object] = {
    "about": {"name": "Desk", "covers": "loans", "notice": "Hours may differ."},
    "article": {
        "title": "The leaflet",
        "sentences": [
            {"id": "1.1", "claim": "A loan lasts a month.", "verdict": "true"},
            {"id": "1.2", "claim": "Late books cost a pound.", "verdict": "outdated"},
            {
                "id": "1.3",
                "claim": "We smile.",
                "verdict": "true",
                "set_aside": "no question",
            },
        ],
    },
    "references": [
        {
            "id": "RULES",
            "organisation": "City",
            "title": "Lending rules",
            "year": "2024",
            "checked": "read in full",
            "shows": "Fines have ended.",
            "url": "https://library.example/rules",
        }
    ],
    "entries": {
        "late-books": [
            {
                "id": "fines",
                "question": "What does a late book cost?",
                "variants": ["overdue charge", "late fee for books", "fine"],
                "answer": "Nothing.",
                "claims": ["1.2"],
                "stance": "corrects",
                "references": ["RULES"],
            }
        ],
        "loans": [
            {
                "id": "renew",
                "question": "How do I renew a loan?",
                "variants": ["keep a book longer", "extend a loan"],
                "answer": "Press Renew.",
            }
        ],
    },
    "referrals": [
        {
            "id": "parking",
            "subject": "parking",
            "advice": "The city runs it.",
            "examples": ["where can I park", "parking ticket"],
        }
    ],
    "red_flags": {
        "flags": [
            {
                "id": "fire",
                "name": "Fire",
                "level": "emergency",
                "message": "Leave the building.",
                "phrases": ["fire alarm"],
            },
            {
                "id": "leak",
                "name": "Water",
                "level": "prompt",
                "message": "Tell the desk.",
                "phrases": ["ceiling drips"],
            },
        ]
    },
}


@pytest.fixture(scope="module")
def desk() -> FAQBot:
    """A bot on a small base."""
    return FAQBot(KnowledgeBase.from_dict(CONTENT))


def cited(*claims: str, stance: Stance = Stance.AGREES) -> Reply:
    """An answer that speaks of these sentences."""
    return Reply("?", Kind.ANSWER, "Yes.", claims=claims, stance=stance)


@given(text=LINES, width=st.integers(-5, 200))
def test_no_line_is_wider_than_the_window(text: str, width: int) -> None:
    room = max(NARROWEST, min(width, WIDEST))
    assert all(len(line) <= room for line in wrap(text, width).split("\n"))


@given(text=LINES, width=st.integers(-5, 200))
def test_wrapping_keeps_every_word(text: str, width: int) -> None:
    assert wrap(text, width).split() == text.split()


@given(text=LINES, width=st.integers(20, 96))
def test_wrapping_twice_changes_nothing(text: str, width: int) -> None:
    once = wrap(text, width)
    assert wrap(once, width) == once


@pytest.mark.parametrize(
    ("line", "wrapped"),
    [
        ("2. one two three four five", "2. one two three\n   four five"),
        ("12. one two three four five", "12. one two three\n    four five"),
        ("  one two three four five six", "  one two three four\n  five six"),
        ("one two three four five", "one two three four\nfive"),
        ("2.5 kilos of books every day", "2.5 kilos of books\nevery day"),
    ],
    ids=["number", "two digits", "indent", "plain", "decimal"],
)
def test_the_start_of_a_line_hangs_out(line: str, wrapped: str) -> None:
    assert wrap(line, NARROWEST) == wrapped


def test_an_address_is_left_whole() -> None:
    address = "https://library.example/a-long-way/to-the-rules"
    assert wrap(f"See {address} today", NARROWEST) == f"See\n{address}\ntoday"


@given(text=ANY_TEXT)
@example(text="\ud800")
@example(text="\u2028\u2029\x85\x0b\x0c\x1c\r\n\0")
def test_json_is_one_line_of_ascii_for_any_text(text: str) -> None:
    option = Option(text, text, (text,), 0.5)
    reply = Reply(
        text, Kind.CLARIFICATION, text, options=(option,), unknown_words=(text,)
    )
    line = as_json(reply)
    assert line.isascii()
    assert line.isprintable()
    # Two surrogates in a row are read back as the character they stand for.
    read = json.loads(line)["question"]
    assert read.encode("utf-16", "surrogatepass") == text.encode(
        "utf-16", "surrogatepass"
    )


def test_json_holds_the_whole_reply(desk: FAQBot) -> None:
    for question in ("overdue charge", "parking ticket", "fire alarm", ""):
        reply = desk.ask(question)
        assert json.loads(as_json(reply)) == reply.to_dict()


@pytest.mark.parametrize(
    ("claims", "start"),
    [
        (("5.3",), "Source: article, sentence 5.3; "),
        (("5.3", "1.2"), "Source: article, sentences 5.3, 1.2; "),
    ],
    ids=["one", "two"],
)
def test_the_source_counts_its_sentences(claims: tuple[str, ...], start: str) -> None:
    assert source_line(cited(*claims)).startswith(start)


@pytest.mark.parametrize("stance", list(Stance))
def test_the_source_says_how_the_answer_stands_to_it(stance: Stance) -> None:
    assert source_line(cited("1.1", stance=stance)).endswith(
        f"; {wording.STANCES[stance]}."
    )


def test_an_answer_without_sentences_has_no_source_line() -> None:
    reply = Reply("?", Kind.ANSWER, "Yes.")
    assert source_line(reply) == ""
    assert reply_fragments(reply) == [("", "Yes.\n")]


def test_a_reply_is_shown_by_paragraphs_with_the_source_last() -> None:
    reply = Reply("?", Kind.ANSWER, "One.\n\nTwo.", claims=("1",), stance=Stance.LIMITS)
    assert as_text(reply_fragments(reply)) == dedent(
        """\
        One.

        Two.

        Source: article, sentence 1; the answer agrees within limits.
        """
    )


@pytest.mark.parametrize(
    ("kind", "level", "marked"),
    [
        (Kind.URGENT, Level.EMERGENCY, ["One.\n", "Two.\n"]),
        (Kind.URGENT, Level.URGENT, ["One.\n", "Two.\n"]),
        (Kind.ANSWER, Level.PROMPT, ["One.\n"]),
        (Kind.ANSWER, None, []),
    ],
)
def test_what_cannot_wait_is_marked(
    kind: Kind, level: Level | None, marked: list[str]
) -> None:
    fragments = reply_fragments(Reply("?", kind, "One.\n\nTwo.", level=level))
    assert [text for meaning, text in fragments if meaning == "urgent"] == marked


def test_a_prompt_sign_marks_its_advice_and_not_the_answer(desk: FAQBot) -> None:
    fragments = reply_fragments(desk.ask("ceiling drips. What does a late book cost?"))
    assert fragments[0] == ("urgent", "Tell the desk.\n")
    assert [meaning for meaning, _ in fragments].count("urgent") == 1


@given(text=LINES)
def test_a_reply_fits_the_default_width(text: str) -> None:
    shown = as_text(reply_fragments(Reply("?", Kind.REFERRAL, text)))
    assert all(len(line) <= DEFAULT_WIDTH for line in shown.split("\n"))


def test_topics_stand_under_their_headings(desk: FAQBot) -> None:
    assert topics(desk.knowledge) == dedent(
        f"""\
        Late books
          What does a late book cost?

        Loans
          How do I renew a loan?

        {wording.REFERRED_TOPICS}
          parking"""
    )


def test_a_base_without_referrals_has_no_heading_for_them() -> None:
    content = {key: CONTENT[key] for key in ("about", "article", "references")}
    base = KnowledgeBase.from_dict({**content, "entries": CONTENT["entries"]})
    assert wording.REFERRED_TOPICS not in topics(base)


def test_counts_tell_entries_and_sentences_apart(desk: FAQBot) -> None:
    assert counts(desk.knowledge) == (
        "2 entries with 5 variants, 1 out-of-scope topics with 2 examples, "
        "2 red flags, 1 of 3 sentences answered, 1 set aside"
    )


@pytest.mark.parametrize(
    ("topic", "shown"),
    [("bending-and-lifting", "Bending and lifting"), ("how_to", "How to")],
)
def test_a_topic_becomes_a_heading(topic: str, shown: str) -> None:
    assert title(topic) == shown


def test_sources_are_given_in_full(desk: FAQBot) -> None:
    assert sources(desk.answer("fines"), desk.knowledge) == dedent(
        """\
        Article: The leaflet
          1.2: Late books cost a pound. (judged: outdated)
        [RULES] City: Lending rules (2024). Fines have ended. (read in full)
          https://library.example/rules"""
    )


def test_a_reply_without_sources_says_so(desk: FAQBot) -> None:
    for reply in (None, desk.answer("renew")):
        assert sources(reply, desk.knowledge) == wording.NO_SOURCE


def test_why_names_the_nearest_wording_and_what_it_does_not_know(desk: FAQBot) -> None:
    shown = why(desk.explain("overdue zyzzyva"))
    assert "“overdue charge”" in shown
    assert "“zyzzyva”" in shown
    assert " %." in shown


def test_why_of_danger_names_the_words_and_nothing_else(desk: FAQBot) -> None:
    assert why(desk.explain("the fire alarm rings")) == wording.WHY_SIGN.format(
        words="fire alarm", sign="Fire"
    )


def test_an_explanation_shows_every_feature_and_candidate(desk: FAQBot) -> None:
    found = desk.explain("overdue charge")
    shown = explanation(found)
    assert shown.startswith("reply: answer fines\n")
    assert all(name in shown for name in found.contributions)
    assert "fines (entry)" in shown
    assert "parking (referral)" in shown
    assert re.search(r"why parking lost: \d+\.\d nats behind fines", shown)
    assert "unknown words: none" in shown


@given(text=ANY_TEXT)
def test_any_text_can_be_explained(desk: FAQBot, text: str) -> None:
    found = desk.explain(text)
    assert explanation(found).startswith(f"reply: {found.reply.kind}")
    assert why(found)


def test_choices_are_numbered_from_one(desk: FAQBot) -> None:
    asking = FAQBot(desk.knowledge, policy=Policy(answer=1.1, offer=0.0))
    reply = asking.ask("a book")
    shown = as_text(reply_fragments(reply)).split("\n")
    numbered = [line for line in shown if line[:1].isdigit()]
    assert numbered == [
        f"{place}. {option.question}" for place, option in enumerate(reply.options, 1)
    ]


def test_problems_come_by_file_and_line() -> None:
    found = [
        Problem(Location(file, line), "it is wrong", "mend it")
        for file, line in [("b.yaml", 2), ("a.yaml", 10), ("a.yaml", 9)]
    ]
    assert problems(found).split("\n") == [
        "a.yaml:9: it is wrong; mend it",
        "a.yaml:10: it is wrong; mend it",
        "b.yaml:2: it is wrong; mend it",
    ]
