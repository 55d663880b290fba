"""The base that ships keeps its own rules: coverage, wording, answers, sources."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from faqbot import FAQBot, Kind, KnowledgeBase
from faqbot.text import normalise

from .conftest import ROOT, SHARED

SENTENCES_IN_EACH_PARAGRAPH = (1, 5, 5, 4, 4, 6, 4, 6, 6)
"""Of the article; the heading is paragraph 0 and its only sentence is 0.1."""
SENTENCE_IDS = [
    f"{paragraph}.{number}"
    for paragraph, count in enumerate(SENTENCES_IN_EACH_PARAGRAPH)
    for number in range(1, count + 1)
]

NOT_HEALTH = "referrals/not-health.yaml"
"""Topics for which there need not be anybody to ask."""
NOBODY_TO_ASK = {"anatomy-and-trivia"}
"""Topics elsewhere without one: its advice says that a library can tell more."""

SHORT_CHAT = 3
"""Words of a message that must get small talk where it is an example of some."""

FEWEST_SENTENCES, MOST_SENTENCES = 2, 5
LONGEST_QUOTATION = 7
"""Words in a row that may stand in the article too, by chance."""

DOSE = re.compile(
    r"\d\s*(mg|mcg|µg|ml|millilit\w+|milligram\w*|microgram\w*)\b", re.IGNORECASE
)
REVIEWED = re.compile(
    r"\b(review(ed|s)?|approved?|endorsed?|vetted|verified|validated|signed off)\b",
    re.IGNORECASE,
)
REVIEWER = re.compile(
    r"\b(clinician|clinical|doctor|gp|physician|nurse|physio\w*|medical\w*|expert)s?\b",
    re.IGNORECASE,
)


def texts(value: object) -> Iterator[str]:
    """Yield every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts(getattr(value, each.name))


def said(base: KnowledgeBase) -> dict[str, str]:
    """Return what the bot says of its own accord, by id."""
    return {
        **{entry.id: entry.answer for entry in base.entries},
        **{topic.id: topic.advice for topic in base.referrals},
        **{chat.id: chat.reply for chat in base.small_talk},
        **{flag.id: flag.message for flag in base.red_flags},
        **{
            name: text
            for name in ("introduction", "safety_net", "notice")
            if (text := getattr(base.about, name))
        },
    }


def explained(base: KnowledgeBase) -> dict[str, str]:
    """Return the answers and the advice, by id."""
    return {
        **{entry.id: entry.answer for entry in base.entries},
        **{topic.id: topic.advice for topic in base.referrals},
    }


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return re.split(r"(?<=[.!?])\s+", text.strip())


def runs(text: str) -> set[tuple[str, ...]]:
    """Return the runs of words one longer than may be quoted, folded."""
    found = normalise(text).split()
    length = LONGEST_QUOTATION + 1
    return {
        tuple(found[start : start + length]) for start in range(len(found) - length + 1)
    }


def test_the_base_is_not_smaller_than_it_was(base: KnowledgeBase) -> None:
    assert len(base.entries) >= 97
    assert sum(len(entry.variants) for entry in base.entries) >= 5700
    assert len(base.referrals) >= 78
    assert sum(len(topic.examples) for topic in base.referrals) >= 5200
    assert len(base.red_flags) >= 21
    assert len(base.small_talk) >= 17
    assert len(base.references) >= 65
    assert len(base.vocabulary) >= 50


def test_every_entry_has_many_variants(base: KnowledgeBase) -> None:
    assert not {e.id: len(e.variants) for e in base.entries if len(e.variants) < 15}


def test_every_topic_has_many_examples(base: KnowledgeBase) -> None:
    assert not {t.id: len(t.examples) for t in base.referrals if len(t.examples) < 15}


def test_every_sentence_of_the_article_stands_once_and_in_order(
    base: KnowledgeBase,
) -> None:
    assert base.article is not None
    assert len(SENTENCE_IDS) == 41
    assert [sentence.id for sentence in base.article.sentences] == SENTENCE_IDS


@pytest.mark.parametrize("key", ["stance", "references", "follow_ups", "reviewed"])
def test_every_entry_has(base: KnowledgeBase, key: str) -> None:
    assert not [entry.id for entry in base.entries if not getattr(entry, key)]


def test_every_entry_speaks_of_one_to_three_sentences(base: KnowledgeBase) -> None:
    assert not [each.id for each in base.entries if not 1 <= len(each.claims) <= 3]


def test_every_health_topic_says_who_to_ask(base: KnowledgeBase) -> None:
    silent = {
        topic.id
        for topic in base.referrals
        if topic.location.file != NOT_HEALTH and not topic.refer_to
    }
    assert silent <= NOBODY_TO_ASK


def test_answers_and_advice_have_a_few_sentences(base: KnowledgeBase) -> None:
    counts = {name: len(sentences(text)) for name, text in explained(base).items()}
    assert not {
        name: count
        for name, count in counts.items()
        if not FEWEST_SENTENCES <= count <= MOST_SENTENCES
    }


def test_the_bot_names_no_dose(base: KnowledgeBase) -> None:
    found = {name: DOSE.search(text) for name, text in said(base).items()}
    assert not {name: match.group() for name, match in found.items() if match}


@pytest.mark.parametrize("text", ["Take 400 mg.", "Take 5ml at night."])
def test_a_dose_is_found(text: str) -> None:
    assert DOSE.search(text)


def test_every_canonical_question_gets_its_own_answer(
    base: KnowledgeBase, bot: FAQBot
) -> None:
    replies = {entry.id: bot.ask(entry.question) for entry in base.entries}
    assert not {
        name: (reply.kind, reply.entry)
        for name, reply in replies.items()
        if (reply.kind, reply.entry) != (Kind.ANSWER, name)
    }


def test_the_evidence_alone_leads_every_canonical_question_to_its_entry(
    base: KnowledgeBase, bot: FAQBot
) -> None:
    """A wording that is known word for word is answered whatever the evidence says, so
    that `ask` would hide a question that another entry steals."""
    firsts = {entry.id: bot.rank(entry.question)[0].id for entry in base.entries}
    assert not {name: first for name, first in firsts.items() if first != name}


def test_every_sample_question_gets_its_own_answer(
    base: KnowledgeBase, bot: FAQBot
) -> None:
    assert base.about.samples
    for sample in base.about.samples:
        reply = bot.ask(base.find(sample).question)
        assert (reply.kind, reply.entry) == (Kind.ANSWER, sample)


def test_short_chat_gets_small_talk(base: KnowledgeBase, bot: FAQBot) -> None:
    short = [
        example
        for chat in base.small_talk
        for example in chat.examples
        if len(normalise(example).split()) <= SHORT_CHAT
    ]
    assert short
    other = {text for text in short if bot.ask(text).kind is not Kind.SMALL_TALK}
    assert not other


def test_nothing_claims_that_a_clinician_reviewed_it(base: KnowledgeBase) -> None:
    claims = [
        sentence
        for text in said(base).values()
        for sentence in sentences(text)
        if REVIEWED.search(sentence) and REVIEWER.search(sentence)
    ]
    assert claims
    assert not [each for each in claims if "no clinician" not in each.lower()]


def test_the_base_says_that_no_clinician_has_reviewed_it(base: KnowledgeBase) -> None:
    assert base.about.introduction is not None
    (doctor,) = [c for c in base.small_talk if c.id == "are-you-a-doctor"]
    assert "no clinician has reviewed" in doctor.reply
    assert "no clinician" in (base.about.introduction or "")


def test_no_sentence_of_the_article_is_quoted(base: KnowledgeBase) -> None:
    source = SHARED / "source" / "article.tsv"
    if not source.is_file():
        pytest.skip("the article is not here")
    lines = source.read_text(encoding="utf-8").splitlines()
    article = {run for line in lines for run in runs(line.partition("\t")[2])}
    assert article
    assert base.article is not None
    # Its title names the article; that is no quotation.
    own = replace(base, article=replace(base.article, title=""))
    quoted = {run for text in texts(own) for run in runs(text) if run in article}
    assert not [" ".join(run) for run in quoted]


def test_the_examples_of_the_guide_make_a_base(tmp_path: Path) -> None:
    guide = (ROOT / "knowledge" / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n# (\S+)\n(.*?)```", guide, re.DOTALL)
    for name, content in blocks:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, encoding="utf-8")
    example = KnowledgeBase.load(tmp_path)
    complete = (
        example.about,
        example.entries[0],
        example.referrals[0],
        example.small_talk[0],
        example.red_flags[0],
        example.red_flags[0].signs[0],
        example.references[0],
        example.idioms,
        example.vocabulary,
    )
    missing = [
        each.name
        for value in complete
        if is_dataclass(value)
        for each in fields(value)
        if not getattr(value, each.name)
    ]
    assert all(complete)
    assert not missing
    assert example.article is not None
    assert any(sentence.set_aside for sentence in example.article.sentences)
