"""Each whole-base rule finds the fault made for it, and says where and what to do."""

import copy
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from faqbot import FAQBot, KnowledgeBase
from faqbot.__main__ import main
from faqbot.errors import Problem, Severity
from faqbot.evaluation import Outcome, leave_out, outcome
from faqbot.ranking import FEATURES
from faqbot.style import grade
from faqbot.validation import check

TODAY = date(2026, 3, 1)

Files = dict[str, Any]

HOURS = [
    "what are your opening hours",
    "what time do you close on Saturdays",
    "are you open on Sunday",
    "until when can I come in today",
    "opening times",
    "when do the doors open in the morning",
]
FINES = [
    "how much is the fine",
    "late fee for overdue books",
    "I forgot to bring my books back, what do I owe",
    "is there a penalty for keeping a book too long",
    "overdue charge",
    "what do you ask for a late return",
]
CARDS = [
    "can I become a member",
    "sign up for a card",
    "how to join the library",
    "I need a new card, what should I bring",
    "membership",
    "how do I register",
]
ROOMS = [
    "can I book a meeting room",
    "I would like to hire the hall for a party",
    "is there a study room I can reserve",
    "room booking",
]


def entry(name: str, question: str, variants: list[str], follows: str) -> Files:
    """Return an entry that breaks no rule."""
    return {
        "id": name,
        "question": question,
        "variants": list(variants),
        "answer": "Ask at the desk. We will help you.",
        "claims": [f"1.{len(name)}"],
        "stance": "agrees",
        "references": ["RULES"],
        "follow_ups": [follows],
        "reviewed": date(2026, 1, 31),
    }


@pytest.fixture
def files() -> Files:
    """A base that breaks no rule, as what its files hold."""
    return {
        "about": {
            "name": "Library desk",
            "covers": "opening hours, cards and fines",
            "avoid": ["never", "black list"],
            "reading_grade": 8,
        },
        "article": {
            "title": "House rules",
            "sentences": [
                {"id": "1.5", "claim": "Hours.", "verdict": "supported"},
                {"id": "1.55", "claim": "Fines.", "verdict": "supported"},
                {"id": "1.4", "claim": "Cards.", "verdict": "supported"},
                {
                    "id": "0.1",
                    "claim": "A heading.",
                    "verdict": "not-a-claim",
                    "set_aside": "It says nothing.",
                },
            ],
        },
        "references": [
            {
                "id": "RULES",
                "organisation": "The library",
                "title": "House rules",
                "year": "2020",
                "checked": "read in full",
                "shows": "When the doors open.",
            }
        ],
        "entries": [
            {**entry("hours", "When is the library open?", HOURS, "fines")},
            {
                **entry("fines", "What does a late book cost?", FINES, "card"),
                "claims": ["1.55"],
            },
            {**entry("card", "How do I get a library card?", CARDS, "hours")},
        ],
        "referrals": [
            {
                "id": "rooms",
                "subject": "booking a room",
                "refer_to": "the events office",
                "advice": "Rooms are booked by letter.",
                "examples": list(ROOMS),
            }
        ],
        "small_talk": [
            {"id": "hello", "examples": ["hello", "good day"], "reply": "Hello."}
        ],
        "red_flags": {
            "groups": {"burning": ["fire", "smoke"], "place": ["hall"]},
            "flags": [
                {
                    "id": "fire",
                    "name": "a fire",
                    "level": "emergency",
                    "message": "Ring {fire}.",
                    "signs": [{"near": ["burning", "place"]}],
                    "phrases": ["fire alarm"],
                }
            ],
        },
        "regions": {
            "contacts": {"fire": "the fire station"},
            "regions": [
                {
                    "id": "north",
                    "name": "North",
                    "contacts": {"fire": "55"},
                    "source": "the almanac",
                }
            ],
        },
    }


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Files], Path]:
    """Write what the files hold, and return their folder."""

    def write_files(content: Files) -> Path:
        for name, part in content.items():
            path = tmp_path / f"{name}.yaml"
            text = yaml.safe_dump(part, allow_unicode=True, sort_keys=False, width=999)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write_files


def line(folder: Path, file: str, text: str) -> int:
    """Return the first line of a file that holds a text, from 1."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, each in enumerate(lines, 1) if text in each)


def uncited(content: Files) -> None:
    content["entries"][0]["claims"] = ["1.4"]


def set_aside_and_cited(content: Files) -> None:
    content["article"]["sentences"][0]["set_aside"] = "No need."


def overcited(content: Files) -> None:
    content["article"]["sentences"][3].pop("set_aside")
    content["entries"][0]["claims"] = ["1.5", "1.55", "1.4", "0.1"]


def unused_reference(content: Files) -> None:
    spare = {**content["references"][0], "id": "SPARE"}
    content["references"].append(spare)


def orphan(content: Files) -> None:
    content["entries"][1]["follow_ups"] = ["hours"]


def follows_itself(content: Files) -> None:
    content["entries"][0]["follow_ups"] = ["fines", "hours"]


def same_wording_elsewhere(content: Files) -> None:
    content["referrals"][0]["examples"].append("Opening times!")


def same_wording_within(content: Files) -> None:
    content["entries"][2]["variants"].append("Membership?")


def near_wording_elsewhere(content: Files) -> None:
    content["entries"][1]["variants"].append("how do I get a library cards?")


def near_wording_within(content: Files) -> None:
    content["entries"][2]["variants"].append("how do I get a libary card?")


def thin(content: Files) -> None:
    content["entries"][2]["variants"] = CARDS[:2]


def monotonous(content: Files) -> None:
    content["entries"][0]["variants"] = [
        f"When is the library {word}"
        for word in ("unlocked", "accessible", "staffed", "shut", "heated")
    ]


def stale(content: Files) -> None:
    content["entries"][0]["reviewed"] = date(2025, 2, 20)


def unwanted(content: Files) -> None:
    content["entries"][0]["answer"] = "We never close. We are here."


def unwanted_phrase(content: Files) -> None:
    content["small_talk"][0]["reply"] = "You are on our black lists."


def unwanted_notice(content: Files) -> None:
    content["about"]["notice"] = "I never lie."


def hard(content: Files) -> None:
    content["referrals"][0]["advice"] = (
        "Administrative responsibilities regarding accommodation reservations "
        "necessitate individual correspondence."
    )


def foreign_letter(content: Files) -> None:
    content["entries"][0]["variants"][4] = "оpening times"  # a Cyrillic o


def half_foreign_example(content: Files) -> None:
    content["referrals"][0]["examples"][3] = "rоom booking"  # a Cyrillic o


def stolen(content: Files) -> None:
    content["entries"][0]["variants"] += ["my overdue book fine", "the late book fee"]


def stale_calibration(content: Files) -> None:
    content["calibration"] = {
        "base": "0123456789abcdef",
        "answer": 0.5,
        "offer": 0.3,
        "best": {"bias": 0.0},
        "among": {"bias": 0.0},
    }


def unused_group(content: Files) -> None:
    content["red_flags"]["groups"]["water"] = ["flood"]


def unused_contact(content: Files) -> None:
    content["regions"]["contacts"]["police"] = "the police"


def silent_phrase(content: Files) -> None:
    content["red_flags"]["idioms"] = ["smoke screen"]
    content["red_flags"]["flags"][0]["phrases"].append("smoke screen everywhere")


def silent_flag(content: Files) -> None:
    heard = [f"crackling behind door {number}" for number in range(15)]
    content["red_flag_examples"] = {"fire": heard}


def unreachable(content: Files) -> None:
    odd = "zinc yam fog elk ruby jade onyx opal quay vow wax zoo ivy urn gnu".split()
    content["referrals"].append(
        {
            "id": "odd",
            "subject": "odd words",
            "advice": "They have nothing in common.",
            "examples": odd,
        }
    )


FAULTS: list[tuple[Callable[[Files], None], str, str, str, Severity]] = [
    (uncited, "article.yaml", "1.5", "no entry answers for", Severity.ERROR),
    (
        set_aside_and_cited,
        "article.yaml",
        "1.5",
        "is set aside, and an entry cites it",
        Severity.ERROR,
    ),
    (overcited, "entries.yaml", "0.1", "cites 4 sentences", Severity.WARNING),
    (unused_reference, "references.yaml", "SPARE", "nothing rests", Severity.WARNING),
    (orphan, "entries.yaml", "id: card", "no other entry leads", Severity.WARNING),
    (follows_itself, "entries.yaml", "- hours", "follows itself", Severity.WARNING),
    (
        same_wording_elsewhere,
        "referrals.yaml",
        "Opening times!",
        "is the same as 'opening times' at entries.yaml:",
        Severity.ERROR,
    ),
    (
        same_wording_within,
        "entries.yaml",
        "Membership?",
        "is the same as 'membership' at entries.yaml:",
        Severity.WARNING,
    ),
    (
        near_wording_elsewhere,
        "entries.yaml",
        "How do I get a library card?",
        "is nearly 'how do I get a library cards?' at entries.yaml:",
        Severity.WARNING,
    ),
    (
        near_wording_within,
        "entries.yaml",
        "how do I get a libary card?",
        "is nearly 'How do I get a library card?' at entries.yaml:",
        Severity.WARNING,
    ),
    (thin, "entries.yaml", "id: card", "has 2 variants", Severity.WARNING),
    (
        monotonous,
        "entries.yaml",
        "id: hours",
        "begin 'when is the'",
        Severity.WARNING,
    ),
    (stale, "entries.yaml", "2025-02-20", "last reviewed on", Severity.WARNING),
    (unwanted, "entries.yaml", "We never close", "says 'never'", Severity.WARNING),
    (
        unwanted_phrase,
        "small_talk.yaml",
        "black lists",
        "says 'black list'",
        Severity.WARNING,
    ),
    (unwanted_notice, "about.yaml", "I never lie", "says 'never'", Severity.WARNING),
    (hard, "referrals.yaml", "Administrative", "reads at grade", Severity.WARNING),
    (foreign_letter, "entries.yaml", "оpening times", "Cyrillic", Severity.WARNING),
    (half_foreign_example, "referrals.yaml", "rоom", "Cyrillic", Severity.WARNING),
    (
        stale_calibration,
        "calibration.yaml",
        "base:",
        "has changed since it was calibrated",
        Severity.WARNING,
    ),
    (unused_group, "red_flags.yaml", "water", "no sign uses group", Severity.WARNING),
    (
        unused_contact,
        "regions.yaml",
        "police",
        "no text names contact",
        Severity.WARNING,
    ),
    (
        silent_phrase,
        "red_flags.yaml",
        "smoke screen everywhere",
        "alone does not raise 'fire'",
        Severity.WARNING,
    ),
    (
        silent_flag,
        "red_flags.yaml",
        "- id: fire",
        "no example of 'fire' meets any",
        Severity.WARNING,
    ),
    (
        unreachable,
        "referrals.yaml",
        "id: odd",
        "left out and asked, leads to it",
        Severity.WARNING,
    ),
]


def test_a_base_without_faults_is_passed_over_in_silence(
    files: Files, write: Callable[[Files], Path]
) -> None:
    assert check(KnowledgeBase.load(write(files)), TODAY) == []


@pytest.mark.parametrize(
    ("spoil", "file", "near", "what", "severity"),
    FAULTS,
    ids=[fault[0].__name__ for fault in FAULTS],
)
def test_a_fault_is_named_with_its_place_and_a_remedy(
    files: Files,
    write: Callable[[Files], Path],
    spoil: Callable[[Files], None],
    file: str,
    near: str,
    what: str,
    severity: Severity,
) -> None:
    spoil(files)
    folder = write(files)
    found = check(KnowledgeBase.load(folder), TODAY)
    told = [problem for problem in found if what in problem.what]
    assert told, found
    assert told[0].location.file == file
    assert told[0].location.line == line(folder, file, near)
    assert told[0].severity is severity
    assert told[0].remedy


def test_a_wording_that_another_entry_wins_is_named(
    files: Files, write: Callable[[Files], Path]
) -> None:
    """The general weights are seldom sure on a small base, so this one is calibrated
    to be sure of whatever comes first."""
    stolen(files)
    sure = {"bias": 9.0, **dict.fromkeys(FEATURES, 0.0)}
    files["calibration"] = {
        "base": KnowledgeBase.from_dict(files).fingerprint,
        "answer": 0.5,
        "offer": 0.3,
        "best": sure,
        "among": sure,
    }
    folder = write(files)
    (told,) = (
        problem
        for problem in check(KnowledgeBase.load(folder), TODAY)
        if "'the late book fee' would be answered by 'fines'" in problem.what
    )
    assert told.location.line == line(folder, "entries.yaml", "the late book fee")


def test_all_faults_are_told_at_once(
    files: Files, write: Callable[[Files], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for spoil in (
        unused_reference,
        orphan,
        stale,
        unwanted_phrase,
        half_foreign_example,
    ):
        spoil(files)
    folder = write(files)
    assert main(["check", str(folder), "--on", "2026-03-01"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert all(re.fullmatch(r"\w+\.yaml:\d+: warning: .+; .+", each) for each in lines)
    assert lines == sorted(lines)


def test_the_day_of_the_check_can_be_chosen(
    files: Files, write: Callable[[Files], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(write(files))
    assert main(["check", folder, "--on", "2027-01-31"]) == 0
    assert main(["check", folder, "--on", "2027-02-01"]) == 1
    with pytest.raises(SystemExit) as stop:
        main(["check", folder, "--on", "tomorrow"])
    assert stop.value.code == 2
    assert "write it as 2026-01-31" in capsys.readouterr().err


def test_a_base_without_the_optional_files_is_checked_too(files: Files) -> None:
    about = {"name": "Desk", "covers": "hours"}
    plain = [
        {key: each[key] for key in ("id", "question", "variants", "answer")}
        for each in files["entries"]
    ]
    found = check(KnowledgeBase.from_dict({"about": about, "entries": plain}), TODAY)
    assert found == []


def test_a_small_base_may_have_few_variants_throughout(files: Files) -> None:
    content = copy.deepcopy(files)
    for each in content["entries"]:
        each["variants"] = each["variants"][:3]
    assert check(KnowledgeBase.from_dict(content), TODAY) == []


def test_a_sentence_that_is_repeated_is_told_once(files: Files) -> None:
    same_wording_elsewhere(files)
    found = check(KnowledgeBase.from_dict(files), TODAY)
    assert len(found) == 1
    assert str(found[0].location) == "referrals[0].examples[4]"


def test_a_warning_says_that_it_is_one(files: Files) -> None:
    unused_reference(files)
    (problem,) = check(KnowledgeBase.from_dict(files), TODAY)
    assert isinstance(problem, Problem)
    assert str(problem).startswith("references[1]: warning: ")


def test_the_shipped_base_breaks_no_rule(base: KnowledgeBase) -> None:
    """Of its wordings every third is asked, for time; `faqbot check` asks them all."""
    reviewed = max(e.reviewed for e in base.entries if e.reviewed)
    found = check(base, reviewed, every=3)
    assert not found, "\n".join(map(str, found))


def test_left_out_wordings_are_mostly_answered_rightly(bot: FAQBot) -> None:
    """Every tenth, which takes seconds; `faqbot test` asks them all."""
    right = [
        outcome(labelled, reply) is Outcome.RIGHT
        for _, labelled, reply in leave_out(bot, every=10)
    ]
    assert sum(right) / len(right) >= 0.85


def test_what_is_first_for_a_left_out_wording_is_first_in_its_ranking(
    bot: FAQBot,
) -> None:
    asked = [(each, text) for each in bot.knowledge.entries for text in each.wordings]
    for entry, text in asked[::80]:
        first = bot._ranker.rank_left_out(text, entry).candidates[0].entry
        assert bot.first_left_out(text, entry) is first


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("The cat sat on the mat. It was warm.", -3.0, 1.0),
        ("Yes, it may help. Start with a short walk each day.", -2.0, 3.0),
        (
            "Individualised rehabilitation programmes incorporating progressive "
            "resistance demonstrate considerable superiority.",
            18.0,
            40.0,
        ),
        ("…", 0.0, 0.0),
    ],
)
def test_the_grade_tells_plain_text_from_hard(
    text: str, least: float, most: float
) -> None:
    assert least <= grade(text) <= most
