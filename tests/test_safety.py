"""Tests that rules find signs of danger, on made-up flags."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot.assertion import Status
from faqbot.models import Level, RedFlag, Sign
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
from faqbot.text import Stemmer

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
