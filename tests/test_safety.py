"""Tests that signs of danger are found, and found first."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from faqbot import FAQBot, KnowledgeBase, KnowledgeError
from faqbot.assertion import Status
from faqbot.danger import DISTANT_DOUBT, LONG_MESSAGE, LONGER_DOUBT
from faqbot.judging import Policy
from faqbot.models import Kind, Level, RedFlag, Reply, Sign
from faqbot.safety import (
    LONG_WORD,
    SENTENCE_GAP,
    SHORTEST_SLIP,
    WILDCARD_WORDS,
    WINDOW,
    Finding,
    Screen,
    gravest,
)
from faqbot.text import Stemmer, normalise

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
HELD_OUT: list[dict[str, str | None]] = yaml.safe_load(
    (QUESTIONS / "held_out.yaml").read_text("utf-8")
)
"""The same, written when the rules were finished and never used to mend them."""
HELD_OUT_RECALL, HELD_OUT_FALSE_ALARMS = 99 / 100, 1 / 50
"""The shares as they came out."""
UNSEEN: list[dict[str, str | None]] = yaml.safe_load(
    (QUESTIONS / "unseen.yaml").read_text("utf-8")
)
"""The same, by writers who knew of nothing that is in the base."""
UNSEEN_RECALL, UNSEEN_FALSE_ALARMS = 692 / 697, 8 / 390
LETTERS: list[dict[str, str | None]] = yaml.safe_load(
    (QUESTIONS / "letters.yaml").read_text("utf-8")
)
"""The same, as people write to online doctors; some were looked at to mend grammar."""
LETTERS_RECALL, LETTERS_FALSE_ALARMS = 213 / 216, 12 / 400
STRANGERS: list[dict[str, str | None]] = yaml.safe_load(
    (QUESTIONS / "strangers.yaml").read_text("utf-8")
)
"""The same, by writers of whom nothing was read: slang, despair, histories."""
STRANGERS_RECALL, STRANGERS_FALSE_ALARMS = 389 / 400, 13 / 441
TYPOS = 60
"""Messages into which the seeded generator puts a slip of the keys."""
RECALL_WITH_TYPOS = 60 / 60
"""Share of them that gets an urgent reply still."""

URGENT_LEVELS = {Level.EMERGENCY, Level.URGENT}


# --- the engine, on made-up flags ---

CONCEPTS = {
    "smoke": ["smoke", "fumes", "cant see * wall", "felt nothing but heat"],
    "place": ["kitchen", "=halls", "under the stairs"],
    "alarm": ["alarm", "siren"],
    "silent": ["silent", "heard nothing from", "no sound"],
    "asleep": ["asleep", "sleeping"],
}


def flag(
    *near: str,
    identity: str = "fire",
    level: Level = Level.EMERGENCY,
    anywhere: Sequence[str] = (),
    phrases: Sequence[str] = (),
    unless: Sequence[str] = (),
) -> RedFlag:
    return RedFlag(
        identity,
        identity,
        level,
        "Leave the house now.",
        (Sign(near, tuple(anywhere)),) if near else (),
        tuple(phrases),
        tuple(unless),
    )


def screen(
    *flags: RedFlag, idioms: Sequence[str] = (), known: Iterable[str] = ()
) -> Screen:
    return Screen(flags, CONCEPTS, idioms, Stemmer("english"), known)


SMOKE_SOMEWHERE = screen(flag("smoke", "place"))
SMOKE = screen(flag("smoke"))


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("smoke in the kitchen", True),
        ("the kitchen is full of smoke", True),
        ("FUMES under the stairs!", True),
        ("smoke in the garden", False),
        ("a new kitchen", False),
        ("under the smoke, stairs", False),
        ("", False),
        ("?!", False),
    ],
)
def test_every_group_of_a_sign_is_needed(message: str, found: bool) -> None:
    assert bool(SMOKE_SOMEWHERE.find(message)) is found


@pytest.mark.parametrize(
    ("joint", "cost"), [("", 0), (".", SENTENCE_GAP), (".?!", SENTENCE_GAP)]
)
def test_groups_stand_within_a_window_in_which_a_sentence_end_counts(
    joint: str, cost: int
) -> None:
    room = WINDOW - cost - len(["smoke", "kitchen"])
    for between, found in [(room, True), (room + 1, False)]:
        message = f"smoke{joint} {'grey ' * between}kitchen"
        assert bool(SMOKE_SOMEWHERE.find(message)) is found, message


def test_each_sentence_end_between_groups_counts() -> None:
    room = WINDOW - 2 * SENTENCE_GAP - len(["smoke", "grey", "kitchen"])
    for between, found in [(room, True), (room + 1, False)]:
        message = f"smoke. grey. {'grey ' * between}kitchen"
        assert bool(SMOKE_SOMEWHERE.find(message)) is found, message


def test_a_far_mention_does_not_hide_a_near_one() -> None:
    message = f"kitchen {'grey ' * WINDOW}smoke in the kitchen"
    assert SMOKE_SOMEWHERE.find(message)


def test_a_mention_in_another_sentence_does_not_hide_one_in_the_same() -> None:
    nearer = "kitchen. {}smoke".format("grey " * (WINDOW - SENTENCE_GAP - 1))
    farther = "{}kitchen".format("grey " * (WINDOW - 2))
    assert not SMOKE_SOMEWHERE.find(nearer)
    assert SMOKE_SOMEWHERE.find(f"{nearer} {farther}")


def test_the_second_mention_of_a_first_group_counts_too() -> None:
    message = f"smoke {'grey ' * WINDOW * 2}smoke in the kitchen"
    assert SMOKE_SOMEWHERE.find(message)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("smoke and everybody is asleep", True),
        (f"smoke. {'grey. ' * WINDOW * 2}the children are asleep", True),
        (f"the children are asleep. {'grey. ' * WINDOW * 2}smoke", True),
        ("smoke", False),
        ("everybody is asleep", False),
        ("smoke and nobody is asleep", False),
        ("smoke here, my uncle died asleep", False),
        ("smoke here, my uncle was asleep. He has a candle burning", True),
    ],
)
def test_a_group_anywhere_may_stand_far_off(message: str, found: bool) -> None:
    assert bool(screen(flag("smoke", anywhere=["asleep"])).find(message)) is found


@pytest.mark.parametrize("skipped", range(WILDCARD_WORDS + 3))
def test_a_wildcard_stands_for_a_few_words_or_none(skipped: int) -> None:
    message = f"I cant see {'grey ' * skipped}wall"
    assert bool(SMOKE.find(message)) is (skipped <= WILDCARD_WORDS)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("smoke in the halls", True),
        ("smoke in the HALLS", True),
        ("smoke in the hall", False),
        ("smoke in the kitchens", True),
    ],
)
def test_an_exact_word_is_compared_whole_and_others_by_stem(
    message: str, found: bool
) -> None:
    somewhere = screen(flag("smoke", "place"), known=["hall"])
    assert bool(somewhere.find(message)) is found


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("I hear it crackle behind the door", True),
        ("it crackled", False),
        ("crackle behind", False),
        ("no crackle behind the door", False),
    ],
)
def test_a_phrase_is_enough_by_itself(message: str, found: bool) -> None:
    crackle = screen(flag("smoke", phrases=["crackle behind the door"]))
    assert bool(crackle.find(message)) is found


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("smoke in the kitchen", True),
        ("smoke in the kitchen from the barbecue", False),
        ("The barbecue! Grey all over. Now there is smoke", False),
        ("smoke but no barbecues", False),
    ],
)
def test_unless_takes_a_flag_back_wherever_it_stands(message: str, found: bool) -> None:
    assert bool(screen(flag("smoke", unless=["barbecue"])).find(message)) is found


def test_unless_of_one_flag_leaves_another_alone() -> None:
    fire = flag("smoke", unless=["barbecue"])
    gas = flag("smoke", identity="gas")
    found = screen(fire, gas).find("smoke from the barbecue")
    assert [finding.flag.id for finding in found] == ["gas"]


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("a smoke screen by the council", False),
        ("SMOKE screens", False),
        ("behind the smoke screen there is smoke", True),
        ("smoke, screen", False),
        ("smoke on the screen", True),
    ],
)
def test_an_idiom_is_no_sign_but_hides_none(message: str, found: bool) -> None:
    assert bool(screen(flag("smoke"), idioms=["smoke screen"]).find(message)) is found


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("smok in the kitchen", id="left out"),
        pytest.param("smokee in the kitchen", id="doubled"),
        pytest.param("smkoe in the kitchen", id="swapped"),
        pytest.param("snoke in the kitchen", id="wrong"),
        pytest.param("smoke under the stiars", id="in a phrase"),
        pytest.param("smoke in the hals", id="of an exact word"),
    ],
)
def test_a_slip_in_a_word_is_forgiven(message: str) -> None:
    assert SMOKE_SOMEWHERE.find(message)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("smk in the kitchen", id="too short"),
        pytest.param("zmoke in the kitchen", id="first letter"),
        pytest.param("smkkoe in the kitchen", id="two slips in a short word"),
        pytest.param("smok3 in the kitchen", id="not a word"),
    ],
)
def test_what_is_too_far_from_a_word_is_no_slip(message: str) -> None:
    assert not SMOKE_SOMEWHERE.find(message)


@pytest.mark.parametrize(
    ("word", "found"),
    [("sleepinng", True), ("slepinng", True), ("slpinng", False)],
)
def test_a_long_word_may_hold_two_slips(word: str, found: bool) -> None:
    assert len("sleeping") >= LONG_WORD
    assert bool(screen(flag("asleep")).find(f"they are {word}")) is found


def test_a_known_word_is_no_slip() -> None:
    assert len("smote") >= SHORTEST_SLIP
    assert SMOKE.find("he smote it")
    assert not screen(flag("smoke"), known=["smote"]).find("he smote it")


def test_a_word_of_another_group_is_no_slip() -> None:
    concepts = {"smoke": ["smoke"], "joke": ["smote"]}
    fire = Screen([flag("smoke")], concepts, (), Stemmer("english"))
    assert not fire.find("he smote it")


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("no smoke in the kitchen", False),
        ("smoke, but not in the kitchen", False),
        ("no flames, smoke in the kitchen", True),
        ("no smoke in the hall but fumes in the kitchen", True),
        ("I can't say no smoke is in the kitchen", True),
        ("I can't say there is no smoke in the kitchen", True),
    ],
)
def test_a_denied_group_does_not_count(message: str, found: bool) -> None:
    assert bool(SMOKE_SOMEWHERE.find(message)) is found


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("I heard nothing from the alarm", True),
        ("no sound came, the alarm is off", True),
        ("the alarm made no sound", True),
        ("no alarm fell silent", False),
        ("the alarm was never silent", False),
    ],
)
def test_a_negator_in_a_sign_does_not_deny_its_other_groups(
    message: str, found: bool
) -> None:
    assert bool(screen(flag("alarm", "silent")).find(message)) is found


def test_evidence_is_the_words_of_the_message() -> None:
    (finding,) = SMOKE_SOMEWHERE.find("Help! FUMES fill the Kitchen now.")
    assert finding.evidence == ("fumes", "fill", "the", "kitchen")
    assert finding.status is Status.CURRENT


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("what does smoke in a kitchen mean?", Status.ASKED_ABOUT),
        ("my uncle had smoke in the kitchen", Status.PAST),
        (
            "what does smoke in a kitchen mean? I see fumes in the kitchen",
            Status.CURRENT,
        ),
        ("my uncle had smoke in the kitchen. Fumes fill my kitchen", Status.CURRENT),
        (
            "my uncle had smoke in the kitchen. What are fumes under the stairs?",
            Status.ASKED_ABOUT,
        ),
    ],
)
def test_the_most_current_mention_decides_the_status(
    message: str, status: Status
) -> None:
    (finding,) = SMOKE_SOMEWHERE.find(message)
    assert finding.status is status


def test_findings_come_current_first_and_then_by_urgency() -> None:
    fire = screen(
        flag("alarm", identity="asked", level=Level.EMERGENCY),
        flag("place", identity="slow", level=Level.PROMPT),
        flag("silent", identity="soon", level=Level.URGENT),
        flag("smoke", identity="now", level=Level.EMERGENCY),
    )
    found = fire.find("what is an alarm? my kitchen went silent. smoke too")
    assert [each.flag.id for each in found] == ["now", "soon", "slow", "asked"]


PROMPT = Finding(flag("smoke", level=Level.PROMPT), Status.CURRENT, ())
URGENT = Finding(flag("smoke", level=Level.URGENT), Status.CURRENT, ())
EMERGENCY = Finding(flag("smoke", level=Level.EMERGENCY), Status.CURRENT, ())
ASKED = replace(EMERGENCY, status=Status.ASKED_ABOUT)
PAST = replace(EMERGENCY, status=Status.PAST)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], None),
        ([PROMPT], PROMPT),
        ([PROMPT, URGENT], URGENT),
        ([URGENT, EMERGENCY, PROMPT], EMERGENCY),
        ([ASKED, PROMPT], PROMPT),
        ([PAST, ASKED], None),
    ],
)
def test_the_gravest_is_the_most_urgent_of_the_current(
    findings: list[Finding], expected: Finding | None
) -> None:
    assert gravest(findings) == expected


@given(st.text(alphabet="smoke kitchen no, what. alarm?\n", max_size=120))
def test_any_text_can_be_screened(text: str) -> None:
    found = SMOKE_SOMEWHERE.find(text)
    assert all(finding.evidence for finding in found)


# --- the base that ships ---


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


@pytest.mark.parametrize(
    ("messages", "least", "most"),
    [
        (HELD_OUT, HELD_OUT_RECALL, HELD_OUT_FALSE_ALARMS),
        (UNSEEN, UNSEEN_RECALL, UNSEEN_FALSE_ALARMS),
        (LETTERS, LETTERS_RECALL, LETTERS_FALSE_ALARMS),
        (STRANGERS, STRANGERS_RECALL, STRANGERS_FALSE_ALARMS),
    ],
    ids=["held out", "unseen", "letters", "strangers"],
)
def test_messages_by_strangers_fare_as_they_did(
    bot: FAQBot,
    messages: Sequence[Mapping[str, str | None]],
    least: float,
    most: float,
) -> None:
    heard = {m["message"]: level_of(bot, str(m["message"])) for m in messages}
    missed = [
        m["message"]
        for m in messages
        if m["flag"] and heard[m["message"]] not in URGENT_LEVELS
    ]
    alarmed = [
        m["message"]
        for m in messages
        if not m["flag"] and heard[m["message"]] in URGENT_LEVELS
    ]
    signs = sum(m["flag"] is not None for m in messages)
    assert 1 - len(missed) / signs >= least - 1e-9, missed
    assert len(alarmed) / (len(messages) - signs) <= most + 1e-9, alarmed


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


# --- examples: danger in words that no rule lists ---

EXAMPLES: dict[str, object] = {
    "about": {"name": "House", "covers": "the house"},
    "entries": [
        {
            "id": "opening",
            "question": "When do you open?",
            "variants": ["what are your hours", "are you open on Sunday"],
            "answer": "We open at nine.",
        }
    ],
    "red_flags": {
        "flags": [
            {
                "id": "fire",
                "name": "fire",
                "level": "emergency",
                "message": "Leave the house now.",
                "phrases": ["house on fire"],
            }
        ]
    },
    "red_flag_examples": {
        "fire": [
            "orange glow and crackling behind the kitchen door",
            "the curtains are alight and crackling",
            "orange light and a crackling noise under the stairs",
        ],
        "none": [
            "what hours is the kitchen open",
            "a crackling good open day",
            "crackling on the roast",
        ],
    },
}


def bot_with_examples() -> FAQBot:
    base = KnowledgeBase.from_dict(EXAMPLES)
    policy = Policy(alarm=0.0)
    return FAQBot(base, policy=policy)


def test_a_message_like_the_examples_of_a_flag_raises_it() -> None:
    bot = bot_with_examples()
    message = "there is crackling and an orange glow upstairs"
    reply = bot.ask(message)
    assert (reply.kind, reply.red_flag) == (Kind.URGENT, "fire")
    found = bot.explain(message)
    assert [each.flag.id for each in found.heard] == ["fire"]
    assert "glow" in found.findings[0].evidence


@pytest.mark.parametrize("message", ["", "when do you open", "are you"])
def test_what_has_no_word_of_a_danger_raises_none(message: str) -> None:
    assert bot_with_examples().ask(message).kind is not Kind.URGENT


@pytest.mark.parametrize("message", ["no orange glow and no crackling", "the kitchen"])
@pytest.mark.parametrize(("plain", "is_heard"), [(1.1, False), (0.0, True)])
def test_what_is_plain_needs_no_telling_word_and_is_not_denied(
    message: str, plain: float, is_heard: bool
) -> None:
    base = KnowledgeBase.from_dict(EXAMPLES)
    bot = FAQBot(base, policy=Policy(alarm=0.0, plain=plain))
    assert (bot.ask(message).kind is Kind.URGENT) is is_heard


@pytest.mark.parametrize(
    ("policy", "message", "is_heard"),
    [
        ({"part_alarm": 0.0}, "Hi. An orange glow. It is crackling. Open?", True),
        ({"part_alarm": 0.0}, "Orange glow and crackling. When do you open?", True),
        ({"part_alarm": 0.0}, "Orange glow and crackling. We like it.", False),
        ({"sentence_alarm": 0.0}, "Orange glow and crackling. We like it.", True),
        ({"sentence_alarm": 0.0}, "Orange glow. Crackling.", False),
        ({"part_alarm": 0.0, "hint": 1.1}, "Hi. A glow. Crackling. Open.", False),
    ],
)
def test_a_part_of_a_message_may_raise_a_flag_by_itself(
    policy: dict[str, Any], message: str, is_heard: bool
) -> None:
    never: dict[str, Any] = {
        "alarm": 1.1,
        "sentence_alarm": 1.1,
        "part_alarm": 1.1,
        "hint": 0.0,
    }
    bot = FAQBot(KnowledgeBase.from_dict(EXAMPLES), policy=Policy(**never | policy))
    assert (bot.ask(message).kind is Kind.URGENT) is is_heard


# A sign that rules find, in a base whose examples know when it means nothing.
GLOW: dict[str, object] = {
    **EXAMPLES,
    "red_flags": {
        "groups": {"light": ["glow", "glowing"], "wood": ["door", "stairs"]},
        "flags": [
            {
                "id": "fire",
                "name": "fire",
                "level": "emergency",
                "message": "Leave the house now.",
                "signs": [{"near": ["light", "wood"]}],
                "phrases": ["house on fire"],
            }
        ],
    },
}


@pytest.mark.parametrize(
    ("message", "doubt", "expected"),
    [
        ("when do you open the glowing door", 0.0, Status.CURRENT),
        ("when do you open the glowing door", 1.1, Status.UNLIKELY),
        ("when do you open my house on fire", 1.1, Status.UNLIKELY),
    ],
)
def test_a_sign_counts_unless_the_examples_speak_against_it(
    message: str, doubt: float, expected: Status
) -> None:
    bot = FAQBot(KnowledgeBase.from_dict(GLOW), policy=Policy(alarm=2.0, doubt=doubt))
    [found] = bot.explain(message).findings
    assert found.status is expected
    is_urgent = bot.ask(message).kind is Kind.URGENT
    assert is_urgent is (expected is Status.CURRENT)


@pytest.mark.parametrize(
    ("more", "times"),
    [
        ("", 1),
        (" and the window" * 5, LONGER_DOUBT),
        (" as a teacher", DISTANT_DOUBT),
        (" of my uncle" * 5, LONGER_DOUBT * DISTANT_DOUBT),
    ],
)
def test_a_sign_in_a_long_or_distant_message_must_be_likelier(
    more: str, times: int
) -> None:
    base = KnowledgeBase.from_dict(GLOW)
    message = f"when do you open the glowing door{more}"
    assert (len(message.split()) >= LONG_MESSAGE) is (len(more) > 15)
    never = Policy(alarm=2.0)
    [heard] = FAQBot(base, policy=never).explain(message).heard
    for part, kind in ((0.99, True), (1.01, False)):
        policy = replace(never, doubt=part * heard.chance / times)
        reply = FAQBot(base, policy=policy).ask(message)
        assert (reply.kind is Kind.URGENT) is kind


def test_a_sign_of_a_flag_without_examples_is_not_doubted() -> None:
    content = {k: v for k, v in GLOW.items() if k != "red_flag_examples"}
    policy = Policy(alarm=2.0, doubt=1.1)
    bot = FAQBot(KnowledgeBase.from_dict(content), policy=policy)
    assert bot.ask("when do you open the glowing door").kind is Kind.URGENT


def test_a_sign_of_two_turns_may_be_doubted_too() -> None:
    base = KnowledgeBase.from_dict(GLOW)
    for doubt, kind in ((0.0, True), (1.1, False)):
        bot = FAQBot(base, policy=Policy(alarm=2.0, doubt=doubt))
        reply = bot.ask("the door, when is it open", before="a glow")
        assert (reply.kind is Kind.URGENT) is kind


@pytest.mark.parametrize("before", ["when do you open? " * 20, "when " * 500])
def test_a_sign_in_what_is_too_long_to_be_weighed_is_not_doubted(before: str) -> None:
    policy = Policy(alarm=2.0, doubt=1.1)
    bot = FAQBot(KnowledgeBase.from_dict(GLOW), policy=policy)
    assert bot.ask(f"{before} a door glowing").kind is Kind.URGENT


def test_a_base_that_was_not_calibrated_doubts_no_rule() -> None:
    assert FAQBot(KnowledgeBase.from_dict(GLOW)).policy.doubt == 0.0


def test_a_change_of_the_base_does_not_switch_examples_off(
    base: KnowledgeBase,
) -> None:
    stale = FAQBot(replace(base, calibration=None))
    messages = [*WITH_SIGN][::8]
    heard = [level_of(stale, message) in URGENT_LEVELS for message in messages]
    assert sum(heard) / len(heard) >= RECALL - 0.03


def test_without_examples_nothing_is_suspected() -> None:
    content = {k: v for k, v in EXAMPLES.items() if k != "red_flag_examples"}
    base = KnowledgeBase.from_dict(content)
    assert base.alarms == ()
    assert FAQBot(base, policy=Policy(alarm=0.0)).explain("crackling").heard == ()


def test_the_look_alikes_of_each_file_are_a_rival_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "red_flag_examples"
    folder.mkdir()
    for name, part in EXAMPLES.items():
        home = folder if name == folder.name else tmp_path
        (home / f"{name}.yaml").write_text(yaml.safe_dump(part))
    (folder / "further.yaml").write_text("none: [a glowing review]\n")
    alarms = KnowledgeBase.load(tmp_path).alarms
    assert [each.wordings[-1] for each in alarms] == [
        "orange light and a crackling noise under the stairs",
        "a glowing review",
        "crackling on the roast",
    ]
    assert len({each.id for each in alarms}) == len(alarms)


def test_examples_of_a_flag_that_is_none_are_an_error() -> None:
    content = {**EXAMPLES, "red_flag_examples": {"flood": ["water everywhere"]}}
    with pytest.raises(KnowledgeError, match=r"red_flag_examples.*'flood'"):
        KnowledgeBase.from_dict(content)
