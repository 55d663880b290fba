"""Tests that examples tell danger in words that no rule lists, on a made-up base."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from faqbot import FAQBot, KnowledgeBase, KnowledgeError
from faqbot.assertion import Status
from faqbot.danger import DISTANT_DOUBT, LONG_MESSAGE, LONGER_DOUBT
from faqbot.judging import Policy
from faqbot.models import Kind

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
