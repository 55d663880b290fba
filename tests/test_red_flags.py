"""Tests that the base that ships finds signs of danger, and says them first."""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from faqbot import FAQBot, KnowledgeBase
from faqbot.models import Kind, Level, RedFlag, Reply
from faqbot.safety import (
    LONG_WORD,
    gravest,
)
from faqbot.text import normalise

QUESTIONS = Path(__file__).parent / "questions"
MESSAGES: list[dict[str, str | None]] = yaml.safe_load(
    (QUESTIONS / "red_flags.yaml").read_text("utf-8")
)
"""Messages with the red flag each calls for, None where nothing is urgent."""
SOON = {
    m["message"]: m["flag"]
    for m in MESSAGES
    if m["message"] and m["level"] == Level.PROMPT
}
"""Messages that call for an appointment within days."""
WITH_SIGN = {
    m["message"]: m["flag"]
    for m in MESSAGES
    if m["message"] and m["flag"] and m["message"] not in SOON
}
WITHOUT_SIGN = [m["message"] for m in MESSAGES if m["message"] and not m["flag"]]
TEXTS = [*WITH_SIGN, *SOON, *WITHOUT_SIGN]
URGENT_FLAGS = list(dict.fromkeys(WITH_SIGN.values()))

RECALL = 394 / 397
"""Share of WITH_SIGN that gets an urgent reply."""
KEPT = 114 / 114
"""Share of those that no rule reaches, beside a question, that still get one."""
WARNED = 396 / 397
"""Share of WITH_SIGN that is at least told when not to wait."""
RECALL_SOON = 39 / 42
"""Share of SOON that gets the advice of a red flag."""
FALSE_ALARMS = 1 / 187
"""Share of WITHOUT_SIGN that gets an urgent reply."""
TYPOS = 60
"""Messages into which the seeded generator puts a slip of the keys."""
RECALL_WITH_TYPOS = 60 / 60
"""Share of them that gets an urgent reply still."""

URGENT_LEVELS = {Level.EMERGENCY, Level.URGENT}


@pytest.fixture(scope="module")
def calm(base: KnowledgeBase) -> FAQBot:
    """A bot that raises no red flag: what would be said without them."""
    silent = (replace(each, signs=(), phrases=()) for each in base.red_flags)
    deaf = FAQBot(replace(base, red_flags=tuple(silent)))
    return FAQBot(deaf.knowledge, policy=replace(deaf.policy, alarm=2.0, advise=2.0))


@pytest.fixture(scope="module")
def flags(base: KnowledgeBase) -> Mapping[str, RedFlag]:
    return {each.id: each for each in base.red_flags}


@pytest.fixture(scope="module")
def replies(bot: FAQBot) -> Mapping[str, Reply]:
    """What each of the messages gets; asked once, for many tests look at it."""
    return {text: bot.ask(text) for text in TEXTS}


def level_of(bot: FAQBot, message: str) -> Level | None:
    return bot.ask(message).level


def test_the_messages_are_enough_and_different() -> None:
    flags = [each["flag"] for each in MESSAGES if each["flag"]]
    assert len(MESSAGES) >= 600
    assert min(Counter(flags).values()) >= 12
    assert len(WITHOUT_SIGN) >= 150
    mixed = [m for m in MESSAGES if re.match("mixed|joined", str(m["why"]))]
    assert len(mixed) >= 150
    assert len({normalise(text) for text in TEXTS}) == len(MESSAGES)


def test_the_messages_name_every_flag_and_its_level(
    flags: Mapping[str, RedFlag],
) -> None:
    levels = {each.id: each.level.value for each in flags.values()}
    named = {(m["flag"], m["level"]) for m in MESSAGES}
    assert named == {*levels.items(), (None, None)}
    assert all(m["why"] for m in MESSAGES)


def test_signs_are_found_as_often_as_before(replies: Mapping[str, Reply]) -> None:
    missed = [
        f"{identity}: {message}"
        for message, identity in WITH_SIGN.items()
        if replies[message].level not in URGENT_LEVELS
    ]
    recall = 1 - len(missed) / len(WITH_SIGN)
    assert recall >= RECALL - 1e-9, "\n".join([f"{recall:.3f}", *missed])


@pytest.mark.parametrize("message", ["I can't walk", "cant walk", "car crash"])
def test_a_bare_danger_in_common_words_is_heard(bot: FAQBot, message: str) -> None:
    assert level_of(bot, message) in URGENT_LEVELS


@pytest.mark.parametrize(
    "message",
    [
        "I can't sit",
        "it's been 7 weeks",
        "since Monday",
        "my back aches",
        "my back has been hurting",
        "my neck hurts",
        "my back hurts when I sit",
    ],
)
def test_a_bare_message_without_danger_raises_none(bot: FAQBot, message: str) -> None:
    assert level_of(bot, message) not in URGENT_LEVELS


def test_nearly_no_question_drowns_what_only_examples_tell(
    bot: FAQBot, replies: Mapping[str, Reply]
) -> None:
    caught = [text for text in WITH_SIGN if replies[text].level in URGENT_LEVELS]
    told = [text for text in caught if not gravest(bot.findings(text))][::2]
    questions = [entry.question for entry in bot.knowledge.entries]
    asked = [
        message
        for place, text in enumerate(told)
        for question in [questions[place % len(questions)]]
        for message in (f"{question} {text}", f"{text.rstrip('.')}. {question}")
    ]
    lost = [text for text in asked if level_of(bot, text) not in URGENT_LEVELS]
    share = 1 - len(lost) / len(asked)
    assert share >= KEPT - 1e-9, "\n".join([f"{share:.3f} of {len(asked)}", *lost])


def test_nearly_every_sign_that_is_not_raised_is_answered_with_when_not_to_wait(
    bot: FAQBot, replies: Mapping[str, Reply]
) -> None:
    net = bot.localise(bot.knowledge.about.safety_net or "")
    left = [
        message
        for message in WITH_SIGN
        if replies[message].level not in URGENT_LEVELS
        and net not in replies[message].text
    ]
    share = 1 - len(left) / len(WITH_SIGN)
    assert share >= WARNED - 1e-9, "\n".join([f"{share:.3f}", *left])


def test_signs_for_an_appointment_are_found_as_often_as_before(
    replies: Mapping[str, Reply],
) -> None:
    missed = [
        f"{flag}: {text}" for text, flag in SOON.items() if not replies[text].level
    ]
    recall = 1 - len(missed) / len(SOON)
    assert recall >= RECALL_SOON - 1e-9, "\n".join([f"{recall:.3f}", *missed])


def with_slips() -> list[str]:
    """Return messages with a sign, each with one slip of the keys in a long word."""
    chance = random.Random(11)
    found: list[str] = []
    for message in chance.sample([*WITH_SIGN], len(WITH_SIGN)):
        words = re.findall(r"[A-Za-z]{6,}", message)
        if not words or len(found) == TYPOS:
            continue
        word = chance.choice(words)
        place = chance.randrange(1, len(word) - 2)
        head, pair, tail = word[:place], word[place : place + 2], word[place + 2 :]
        slip = chance.choice([pair[::-1], pair[0], pair[0] * 2 + pair[1]])
        found.append(message.replace(word, f"{head}{slip}{tail}", 1))
    return found


def test_signs_are_found_in_spite_of_typos(bot: FAQBot) -> None:
    messages = with_slips()
    assert len(messages) == TYPOS
    missed = [text for text in messages if level_of(bot, text) not in URGENT_LEVELS]
    recall = 1 - len(missed) / TYPOS
    assert recall >= RECALL_WITH_TYPOS - 1e-9, "\n".join([f"{recall:.3f}", *missed])


def test_false_alarms_are_as_rare_as_before(replies: Mapping[str, Reply]) -> None:
    alarms = [text for text in WITHOUT_SIGN if replies[text].level in URGENT_LEVELS]
    share = len(alarms) / len(WITHOUT_SIGN)
    assert share <= FALSE_ALARMS + 1e-9, "\n".join([f"{share:.3f}", *alarms])


def test_an_urgent_reply_is_the_message_and_the_notice(
    bot: FAQBot, flags: Mapping[str, RedFlag], replies: Mapping[str, Reply]
) -> None:
    urgent = [reply for reply in replies.values() if reply.kind is Kind.URGENT]
    assert urgent
    for reply in urgent:
        assert reply.red_flag
        raised = flags[reply.red_flag]
        said = bot.localise(raised.message)
        assert reply.text == f"{said}\n\n{bot.knowledge.about.notice}"
        assert (reply.level, reply.references) == (raised.level, raised.references)
        assert (reply.entry, reply.options, reply.topic) == (None, (), None)


@pytest.mark.parametrize("identity", URGENT_FLAGS)
def test_no_question_drowns_a_sign(
    bot: FAQBot, flags: Mapping[str, RedFlag], identity: str
) -> None:
    """A fifth of the canonical questions, before or after a message with the sign.

    Which fifth, and on which side, changes from flag to flag.
    """
    sign = _raising(bot, identity)
    drowned = []
    turn = list(flags).index(identity)
    for place, entry in enumerate(bot.knowledge.entries[turn % 5 :: 5], turn):
        parts = (sign, entry.question) if place % 2 else (entry.question, sign)
        reply = bot.ask(message := " ".join(parts))
        raised = flags.get(reply.red_flag or "", None)
        if (
            raised is None
            or reply.kind is not Kind.URGENT
            or raised.level.rank > flags[identity].level.rank
            or not reply.text.startswith(bot.localise(raised.message))
        ):
            drowned.append(message)
    assert not drowned, "\n".join(drowned)


def _raising(bot: FAQBot, identity: str) -> str:
    """Return a message of the file whose gravest sign is the flag."""
    for message in reversed(WITH_SIGN):
        finding = gravest(bot._screen.find(message))
        if finding and finding.flag.id == identity:
            return message
    pytest.fail(f"no message raises {identity}")


PROMPT_SIGNS = [
    ("inflammatory", "I have had psoriasis for ages and a sore, stiff lower back."),
    ("child", "My 9 year old has a sore back every night."),
    ("not_settling", "My back has been sore for three months and is no better."),
]


@pytest.mark.parametrize(("identity", "sign"), PROMPT_SIGNS)
def test_a_prompt_sign_puts_its_advice_first_and_keeps_the_rest(
    bot: FAQBot,
    calm: FAQBot,
    flags: Mapping[str, RedFlag],
    identity: str,
    sign: str,
) -> None:
    asked = [sign, *(f"{sign} {entry.question}" for entry in bot.knowledge.entries)]
    for message in asked[::4]:
        reply, without = bot.ask(message), calm.ask(message)
        assert (reply.red_flag, reply.level) == (identity, Level.PROMPT)
        assert reply.text == f"{flags[identity].message}\n\n{without.text}"
        assert reply == replace(
            without, text=reply.text, red_flag=identity, level=Level.PROMPT
        )


@pytest.mark.parametrize(
    "message",
    [
        "what is cauda equina?",
        "What if both my legs go numb while I stretch?",
        "I lost control of my bladder in 2009, all fine since",
        "my father had an aneurysm",
    ],
)
def test_a_sign_asked_about_or_past_is_answered_with_when_not_to_wait(
    bot: FAQBot, message: str
) -> None:
    reply = bot.ask(message)
    net = bot.localise(bot.knowledge.about.safety_net or "")
    assert reply.kind is not Kind.URGENT
    assert net
    assert net in reply.text


LOOKS: list[Callable[[str], str]] = [
    str.upper,
    str.title,
    lambda text: text.replace(" ", "  "),
    lambda text: f"\t{text}\n",
    lambda text: text.rstrip(".?!"),
    lambda text: re.sub(r"['’]", "", text),
    lambda text: text.replace("'", "’"),
    lambda text: f"{text}!!!",
]


@given(message=st.sampled_from(TEXTS), looks=st.lists(st.sampled_from(LOOKS)))
def test_case_spaces_and_marks_do_not_change_the_level(
    bot: FAQBot, message: str, looks: list[Callable[[str], str]]
) -> None:
    changed = message
    for look in looks[:4]:
        changed = look(changed)
    assert level_of(bot, changed) == level_of(bot, message)


def raised_by_rule(bot: FAQBot, message: str) -> bool:
    sign = gravest(bot.findings(message))
    return sign is not None and sign.flag.level in URGENT_LEVELS


@given(
    message=st.sampled_from([*WITH_SIGN]),
    question=st.integers(0, 1000),
    before=st.booleans(),
)
def test_no_question_lowers_the_level_of_a_message(
    bot: FAQBot, message: str, question: int, before: bool
) -> None:
    """As far as rules raise it; for what examples raise, RECALL holds."""
    assume(raised_by_rule(bot, message))
    entry = bot.knowledge.entries[question % len(bot.knowledge.entries)]
    end = "" if message[-1] in ".?!" else "."
    parts = (entry.question, message) if before else (f"{message}{end}", entry.question)
    joined, alone = (level_of(bot, text) for text in (" ".join(parts), message))
    assert joined
    assert alone
    assert joined.rank <= alone.rank


@given(message=st.sampled_from([*WITH_SIGN]), data=st.data())
def test_a_swapped_pair_in_a_long_word_of_the_rules_loses_no_sign(
    bot: FAQBot, message: str, data: st.DataObject
) -> None:
    """In words of LONG_WORD letters, which may hold two slips.

    A word that the rules know only in another form ("escaped", not "escaping") is
    mended less often.
    """
    known = set(bot._screen._vocabulary)
    words = re.findall(rf"[A-Za-z]{{{LONG_WORD},}}", message)
    words = [word for word in words if normalise(word) in known]
    assume(words and raised_by_rule(bot, message))
    word = data.draw(st.sampled_from(words))
    place = data.draw(st.integers(1, len(word) - 2))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    assert level_of(bot, message.replace(word, swapped, 1)) in URGENT_LEVELS


MARKLESS = [text for text in WITH_SIGN if not re.search(r"\bnot\b|\bis\b|\bno\b", text)]


@given(message=st.sampled_from(MARKLESS))
def test_a_sign_is_found_without_any_marks(bot: FAQBot, message: str) -> None:
    assume(raised_by_rule(bot, message))
    bare = re.sub(r"(?<!\d)[^\w\s]|[^\w\s](?!\d)", "", message)
    assert level_of(bot, bare) == level_of(bot, message)


@given(st.text(max_size=300))
def test_any_text_gets_a_reply(bot: FAQBot, text: str) -> None:
    assert bot.ask(text).text


@given(
    st.text(max_size=150),
    st.sampled_from([*WITH_SIGN]),
    st.text(max_size=150),
)
def test_any_text_around_a_sign_gets_a_reply(
    bot: FAQBot, before: str, message: str, after: str
) -> None:
    assert bot.ask(f"{before}{message}{after}").text


def test_a_very_long_message_is_answered(bot: FAQBot) -> None:
    reply = bot.ask("numb groin " * 5_000)
    assert reply.kind is Kind.URGENT


def test_a_sign_at_the_end_of_a_very_long_message_is_found(bot: FAQBot) -> None:
    reply = bot.ask("Which stretch is best? " * 1_000 + "My groin has gone numb.")
    assert reply.red_flag == "ces_saddle"


def test_a_change_of_the_base_does_not_switch_examples_off(
    base: KnowledgeBase,
) -> None:
    stale = FAQBot(replace(base, calibration=None))
    messages = [*WITH_SIGN][::16]
    heard = [level_of(stale, message) in URGENT_LEVELS for message in messages]
    assert sum(heard) / len(heard) >= RECALL - 0.03
