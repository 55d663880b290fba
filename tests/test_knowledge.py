"""A knowledge base loads whole or not at all, and every problem has a place."""

import copy
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from faqbot.errors import FaqbotError, KnowledgeError, Location, Problem, Severity
from faqbot.knowledge import SECTIONS, KnowledgeBase, default_knowledge
from faqbot.models import Calibration, Level, Sign, Stance

ABOUT = """\
name: Library Helper
covers: opening hours, cards and fines
language: english
samples: [opening-hours]
"""

ENTRIES = """\
- id: opening-hours
  question: When is the library open?
  variants:
    - opening times
    - what time do you close
  answer: From nine to five, except on Sundays.
  follow_ups: [lost-card]
  reviewed: 2026-01-31
- id: lost-card
  question: What if I lose my card?
  variants: [card gone missing]
  answer: Ask at the desk for another one.
"""

REFERRALS = """\
- id: tax
  subject: tax
  advice: The tax office can tell you.
  examples:
    - how do I pay my tax
  refer_to: the tax office
"""

TINY = {"about.yaml": ABOUT, "entries.yaml": ENTRIES, "referrals.yaml": REFERRALS}
"""The least that a base of some use holds."""

ARTICLE = """\
title: House rules
sentences:
  - id: "1.1"
    claim: The library opens at nine.
    verdict: True on working days.
"""

REFERENCES = """\
- id: RULES-2020
  organisation: The library
  title: House rules
  year: "2020"
  checked: read in full
  shows: When the doors open.
"""

RED_FLAGS = """\
groups:
  fire: [fire, flames]
  here: [in here, in the library]
idioms: [burning to know]
flags:
  - id: fire
    name: a fire
    level: emergency
    message: Leave the building now.
    signs:
      - near: [fire]
        anywhere: [here]
    phrases: [the shelves are on fire]
    unless: [fire drill]
    references: [RULES-2020]
"""

SMALL_TALK = """\
- id: hello
  examples: [hello, good morning]
  reply: Good day to you.
"""

VOCABULARY = """\
card: [card, pass]
fine: [fine, penalty]
"""

CALIBRATION = """\
base: "0123456789abcdef"
answer: 0.5
offer: 0.25
best:
  bias: -1.5
  lead: 2
among:
  bias: 0.5
"""

CITED = ENTRIES.replace(
    "  reviewed:",
    '  claims: ["1.1"]\n  stance: agrees\n  references: [RULES-2020]\n  reviewed:',
)
"""The entries, of which the first speaks of the article."""

FULL = {
    "about.yaml": ABOUT,
    "article.yaml": ARTICLE,
    "calibration.yaml": CALIBRATION,
    "entries.yaml": CITED,
    "red_flags.yaml": RED_FLAGS,
    "references.yaml": REFERENCES,
    "referrals.yaml": REFERRALS,
    "small_talk.yaml": SMALL_TALK,
    "vocabulary.yaml": VOCABULARY,
}
"""A base with every part there is."""

IN_FOLDERS = {
    "about.yaml": ABOUT,
    "entries/cards.yaml": ENTRIES[ENTRIES.index("- id: lost-card") :],
    "entries/hours.yaml": ENTRIES[: ENTRIES.index("- id: lost-card")],
    "referrals.yaml": REFERRALS,
}
"""The tiny base, a file for each topic."""

ANSWER = "answer: From nine to five, except on Sundays."
NO_BASE = "no knowledge base here"


def write(folder: Path, content: Mapping[str, str | bytes]) -> Path:
    """Write the files of a base, and return their folder."""
    for name, text in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def changed(content: Mapping[str, str], name: str, old: str, new: str) -> str:
    """Return a file in which `old`, which stands in it once, has become `new`."""
    assert content[name].count(old) == 1
    return content[name].replace(old, new)


def problems(folder: Path) -> list[str]:
    """Return what is wrong with the base in `folder`."""
    with pytest.raises(KnowledgeError) as caught:
        KnowledgeBase.load(folder)
    return [str(problem) for problem in caught.value.problems]


def content_of(files: Mapping[str, str]) -> dict[str, object]:
    """Return the same base as a dict from section to content."""
    return {
        name.removesuffix(".yaml"): yaml.safe_load(text) for name, text in files.items()
    }


def test_a_valid_base_holds_what_its_files_say(tmp_path: Path) -> None:
    base = KnowledgeBase.load(write(tmp_path, FULL))

    hours, card = base.entries
    assert base.about.name == "Library Helper"
    assert base.about.samples == ("opening-hours",)
    assert hours.wordings == (
        "When is the library open?",
        "opening times",
        "what time do you close",
    )
    assert hours.claims == ("1.1",)
    assert hours.stance is Stance.AGREES
    assert hours.references == ("RULES-2020",)
    assert hours.follow_ups == ("lost-card",)
    assert hours.reviewed == date(2026, 1, 31)
    assert (card.stance, card.reviewed, card.claims) == (None, None, ())
    assert base.referrals[0].refer_to == "the tax office"
    assert base.red_flags[0].level is Level.EMERGENCY
    assert base.red_flags[0].signs == (Sign(near=("fire",), anywhere=("here",)),)
    assert base.concepts["fire"] == ("fire", "flames")
    assert base.idioms == ("burning to know",)
    assert base.vocabulary["card"] == ("card", "pass")
    assert base.article is not None
    assert base.article.sentences[0].id == "1.1"
    assert base.references[0].year == "2020"
    assert [subject.id for subject in base.subjects] == [
        "opening-hours",
        "lost-card",
        "tax",
        "hello",
    ]


def test_values_know_the_line_they_stand_on(tmp_path: Path) -> None:
    base = KnowledgeBase.load(write(tmp_path, FULL))

    assert [str(entry.location) for entry in base.entries] == [
        "entries.yaml:1",
        "entries.yaml:12",
    ]
    assert str(base.red_flags[0].location) == "red_flags.yaml:6"


def test_an_entry_is_found_by_its_id(tmp_path: Path) -> None:
    base = KnowledgeBase.load(write(tmp_path, TINY))

    assert base.find("lost-card") is base.entries[1]
    with pytest.raises(KeyError, match="tax"):
        base.find("tax")


WORSE = {
    "unknown key": (
        "  reviewed:",
        "  revewed:",
        "entries.yaml:8: unknown key 'revewed'; use one of id, question,",
    ),
    "unknown key in about": (
        "language: english",
        "tongue: english",
        "about.yaml:3: unknown key 'tongue'; use one of name, covers,",
    ),
    "unknown key in a topic": (
        "refer_to",
        "ask",
        "referrals.yaml:6: unknown key 'ask'; use one of id, subject,",
    ),
    "repeated key": (
        "  reviewed: 2026-01-31",
        "  answer: At noon.",
        "entries.yaml:8: key 'answer' stands twice (first at entries.yaml:6)",
    ),
    "missing key": (f"  {ANSWER}\n", "", "entries.yaml:1: 'answer' is missing"),
    "missing list": (
        "  variants: [card gone missing]\n",
        "",
        "entries.yaml:9: 'variants' is missing",
    ),
    "missing name": ("name: Library Helper\n", "", "about.yaml:1: 'name' is missing"),
    "missing id": (
        "- id: tax\n  subject",
        "- subject",
        "referrals.yaml:1: 'id' is missing",
    ),
    "no": (
        ANSWER,
        "answer: no",
        "entries.yaml:6: 'answer' must be text, not 'no', which YAML reads as a yes",
    ),
    "no in a list": (
        "- opening times",
        "- no",
        "entries.yaml:4: each of 'variants' must be text, not 'no'",
    ),
    "10:30": (
        "- what time do you close",
        "- 10:30",
        "entries.yaml:5: each of 'variants' must be text, not '10:30', which YAML "
        "reads as a number; put it in quotes",
    ),
    "1.10": (
        ANSWER,
        "answer: 1.10",
        "entries.yaml:6: 'answer' must be text, not '1.10', which YAML reads as a "
        "number",
    ),
    "a date as text": (
        "- opening times",
        "- 2026-01-31",
        "entries.yaml:4: each of 'variants' must be text, not '2026-01-31', which "
        "YAML reads as a date",
    ),
    "tilde": (
        "covers: opening hours, cards and fines",
        "covers: ~",
        "about.yaml:2: 'covers' must be text, not empty",
    ),
    "empty value": (
        ANSWER,
        "answer:",
        "entries.yaml:6: 'answer' must be text, not empty; write text here",
    ),
    "empty part of a list": (
        "- opening times",
        "-",
        "entries.yaml:4: each of 'variants' must be text, not empty",
    ),
    "colon at the end of a text": (
        "- opening times",
        "- when do you open:",
        "entries.yaml:4: each of 'variants' must be text, not a mapping; write text "
        "here, in quotes if it holds a colon",
    ),
    "number as key": (
        "  reviewed: 2026-01-31",
        "  2026: January",
        "entries.yaml:8: a key must be text, not '2026', which YAML reads as a number",
    ),
    "no as key": (
        "language: english",
        "no: english",
        "about.yaml:3: a key must be text, not 'no'",
    ),
    "list as key": (
        "language: english",
        "? [a, b]\n: english",
        "about.yaml:3: a key must be text, not a list",
    ),
    "merge key": (
        "- id: lost-card\n",
        "- <<: {}\n  id: lost-card\n",
        "entries.yaml:9: a key must be text, not '<<', which YAML reads as a merge",
    ),
    "list where text is needed": (
        ANSWER,
        "answer: [From nine, to five]",
        "entries.yaml:6: 'answer' must be text, not a list",
    ),
    "mapping where text is needed": (
        ANSWER,
        "answer: {from: nine}",
        "entries.yaml:6: 'answer' must be text, not a mapping",
    ),
    "text where a list is needed": (
        "[card gone missing]",
        "card gone missing",
        "entries.yaml:11: 'variants' must be a list of texts, not 'card gone missing'",
    ),
    "nothing where a list is needed": (
        "\n    - how do I pay my tax",
        "",
        "referrals.yaml:4: 'examples' must be a list of texts, not empty",
    ),
    "empty list of variants": (
        "[card gone missing]",
        "[]",
        "entries.yaml:11: 'variants' is an empty list; add to it",
    ),
    "empty list that may be left out": (
        "[lost-card]",
        "[]",
        "entries.yaml:7: 'follow_ups' is an empty list; add to it, or remove the key",
    ),
    "blank text": (ANSWER, "answer: ' '", "entries.yaml:6: 'answer' is blank"),
    "blank text in a list": (
        "- what time do you close",
        '- "\\u3000"',
        "entries.yaml:5: each of 'variants' is blank",
    ),
    "repeated text in a list": (
        "- what time do you close",
        "- ' opening times '",
        "entries.yaml:5: 'opening times' stands twice in 'variants'",
    ),
    "repeated id": (
        "for another one.",
        "for another one.\n- {id: lost-card, question: Q, variants: [v], answer: A}",
        "entries.yaml:13: id 'lost-card' is taken (at entries.yaml:9)",
    ),
    "entry's id on a topic": (
        "id: tax",
        "id: lost-card",
        "referrals.yaml:1: id 'lost-card' is taken (at entries.yaml:9)",
    ),
    "id that is none": (
        "id: tax",
        "id: my tax",
        "referrals.yaml:1: 'my tax' is not an id; use letters,",
    ),
    "dangling follow-up": (
        "[lost-card]",
        "[lost-cards]",
        "entries.yaml:7: there is no entry 'lost-cards'",
    ),
    "follow-up that is a topic": (
        "[lost-card]",
        "[tax]",
        "entries.yaml:7: there is no entry 'tax'",
    ),
    "dangling sample": (
        "[opening-hours]",
        "\n  - opening-hours\n  - lost-cards",
        "about.yaml:6: there is no entry 'lost-cards'",
    ),
    "dangling reference": (
        "  refer_to",
        "  references: [LAW]\n  refer_to",
        "referrals.yaml:6: there is no reference 'LAW'",
    ),
    "dangling sentence": (
        "  reviewed:",
        '  claims: ["9.9"]\n  stance: agrees\n  reviewed:',
        "entries.yaml:8: there is no sentence '9.9'",
    ),
    "stance without claims": (
        "  reviewed:",
        "  stance: agrees\n  reviewed:",
        "entries.yaml:1: 'claims' and 'stance' go together",
    ),
    "bad date": (
        "reviewed: 2026-01-31",
        "reviewed: last week",
        "entries.yaml:8: 'reviewed' must be a date, not 'last week'",
    ),
    "day that no calendar has": (
        "reviewed: 2026-01-31",
        "reviewed: 2026-02-30",
        "entries.yaml:8: 'reviewed' must be a date, not '2026-02-30'",
    ),
    "list where a date is needed": (
        "reviewed: 2026-01-31",
        "reviewed: [2026-01-31]",
        "entries.yaml:8: 'reviewed' must be a date, not a list",
    ),
    "bad language": (
        "language: english",
        "language: klingon",
        "about.yaml:3: no stems are known for 'klingon'; use one of ",
    ),
    "escaped control character": (
        "covers: opening hours, cards and fines",
        'covers: "opening\\ahours"',
        "about.yaml:2: 'covers' holds a control character",
    ),
}

UNREADABLE = {
    "tab indentation": (
        "  reviewed:",
        "\treviewed:",
        "entries.yaml:8: this is not YAML: found character that cannot start",
    ),
    "colon inside a text": (
        "- opening times",
        "- when: at noon: sharp",
        "entries.yaml:4: this is not YAML: mapping values are not allowed",
    ),
    "bracket left open": (
        "[card gone missing]",
        "[card gone missing",
        "entries.yaml:12: this is not YAML: ",
    ),
    "raw control character": (
        "covers: opening",
        "covers: \x07opening",
        "about.yaml:2: a character here is not allowed in YAML; remove the control",
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), WORSE.values(), ids=list(WORSE))
def test_a_change_for_the_worse_is_named_with_its_line(
    old: str, new: str, expected: str, tmp_path: Path
) -> None:
    name = expected.partition(":")[0]
    files = TINY | {name: changed(TINY, name, old, new)}

    (told,) = problems(write(tmp_path, files))

    assert told.startswith(expected)


@pytest.mark.parametrize(
    ("old", "new", "expected"), UNREADABLE.values(), ids=list(UNREADABLE)
)
def test_a_file_that_is_not_yaml_is_named_once_with_the_line(
    old: str, new: str, expected: str, tmp_path: Path
) -> None:
    name = expected.partition(":")[0]
    files = TINY | {name: changed(TINY, name, old, new)}

    told = problems(write(tmp_path, files))

    (line,) = [line for line in told if line.startswith(name)]
    assert line.startswith(expected)


FLAG = """\
flags:
  - id: fire
    name: a fire
    level: emergency
    message: Leave the building now.
"""

WRONG_FILES: dict[str, tuple[Mapping[str, str | bytes], str]] = {
    "bad stance": (
        {"entries.yaml": changed(FULL, "entries.yaml", "agrees", "doubts")},
        "entries.yaml:9: 'stance' cannot be 'doubts'; use one of agrees, limits,",
    ),
    "claims without stance": (
        {"entries.yaml": changed(FULL, "entries.yaml", "  stance: agrees\n", "")},
        "entries.yaml:1: 'claims' and 'stance' go together, and one is missing",
    ),
    "dangling reference of an entry": (
        {"entries.yaml": changed(FULL, "entries.yaml", "[RULES-2020]", "[RULES]")},
        "entries.yaml:10: there is no reference 'RULES'",
    ),
    "bad level": (
        {"red_flags.yaml": changed(FULL, "red_flags.yaml", "emergency", "soon")},
        "red_flags.yaml:8: 'level' cannot be 'soon'; use one of emergency, urgent,",
    ),
    "repeated key of a red flag": (
        {"red_flags.yaml": f"{FLAG}    name: flames\n    phrases: [flames]\n"},
        "red_flags.yaml:6: key 'name' stands twice (first at red_flags.yaml:3)",
    ),
    "missing level": (
        {
            "red_flags.yaml": changed(
                FULL, "red_flags.yaml", "    level: emergency\n", ""
            )
        },
        "red_flags.yaml:6: 'level' is missing",
    ),
    "red flag with nothing to raise it": (
        {"red_flags.yaml": FLAG},
        "red_flags.yaml:2: nothing can raise this red flag",
    ),
    "groups without red flags": (
        {"red_flags.yaml": "groups:\n  fire: [fire]\n"},
        "red_flags.yaml:1: 'flags' is missing",
    ),
    "sign without near": (
        {
            "red_flags.yaml": changed(
                FULL, "red_flags.yaml", "near: [fire]\n        ", ""
            )
        },
        "red_flags.yaml:11: 'near' is missing; name at least one group",
    ),
    "dangling group under near": (
        {
            "red_flags.yaml": changed(
                FULL, "red_flags.yaml", "near: [fire]", "near: [ice]"
            )
        },
        "red_flags.yaml:11: there is no group 'ice'",
    ),
    "dangling group under anywhere": (
        {"red_flags.yaml": changed(FULL, "red_flags.yaml", "[here]", "[there]")},
        "red_flags.yaml:12: there is no group 'there'",
    ),
    "dangling reference of a red flag": (
        {"red_flags.yaml": changed(FULL, "red_flags.yaml", "[RULES-2020]", "[RULES]")},
        "red_flags.yaml:15: there is no reference 'RULES'",
    ),
    "unknown key of a red flag": (
        {"red_flags.yaml": changed(FULL, "red_flags.yaml", "unless", "except")},
        "red_flags.yaml:14: unknown key 'except'",
    ),
    "unknown key of a sign": (
        {"red_flags.yaml": changed(FULL, "red_flags.yaml", "anywhere", "somewhere")},
        "red_flags.yaml:12: unknown key 'somewhere'; use one of near, anywhere",
    ),
    "repeated group": (
        {
            "red_flags.yaml": changed(
                FULL, "red_flags.yaml", "idioms", "  fire: [blaze]\nidioms"
            )
        },
        "red_flags.yaml:4: key 'fire' stands twice (first at red_flags.yaml:2)",
    ),
    "topic's id on small talk": (
        {"small_talk.yaml": changed(FULL, "small_talk.yaml", "id: hello", "id: tax")},
        "small_talk.yaml:1: id 'tax' is taken (at referrals.yaml:1)",
    ),
    "entry's id on small talk": (
        {
            "small_talk.yaml": changed(
                FULL, "small_talk.yaml", "id: hello", "id: lost-card"
            )
        },
        "small_talk.yaml:1: id 'lost-card' is taken (at entries.yaml:12)",
    ),
    "mapping where a list of mappings is needed": (
        {"small_talk.yaml": "hello: Good day to you.\n"},
        "small_talk.yaml:1: the file must be a list, not a mapping",
    ),
    "text where a mapping is needed": (
        {"small_talk.yaml": f"{SMALL_TALK}- thanks\n"},
        "small_talk.yaml:4: a mapping is needed here, not 'thanks'",
    ),
    "year without quotes": (
        {"references.yaml": changed(FULL, "references.yaml", '"2020"', "2020")},
        "references.yaml:4: 'year' must be text, not '2020', which YAML reads as a",
    ),
    "repeated reference": (
        {"references.yaml": REFERENCES + REFERENCES},
        "references.yaml:7: id 'RULES-2020' is taken (at references.yaml:1)",
    ),
    "sentence's id without quotes": (
        {"article.yaml": f"{ARTICLE}  - {{id: 1.2, claim: c, verdict: v}}\n"},
        "article.yaml:6: 'id' must be text, not '1.2', which YAML reads as a number",
    ),
    "list where a mapping is needed": (
        {"red_flags.yaml": "- fire\n"},
        "red_flags.yaml:1: a mapping is needed here, not a list",
    ),
    "text where a list of words is needed": (
        {"vocabulary.yaml": "card: [card, pass]\nfine: fine\n"},
        "vocabulary.yaml:2: 'fine' must be a list of texts, not 'fine'",
    ),
    "text where a number is needed": (
        {"calibration.yaml": changed(FULL, "calibration.yaml", "0.5\no", "'1.5'\no")},
        "calibration.yaml:2: 'answer' must be a number, not '1.5'",
    ),
    "yes where a number is needed": (
        {
            "calibration.yaml": changed(
                FULL, "calibration.yaml", "bias: 0.5", "bias: yes"
            )
        },
        "calibration.yaml:8: 'bias' must be a number, not 'yes'",
    ),
    "number where weights are needed": (
        {
            "calibration.yaml": changed(
                FULL, "calibration.yaml", "among:\n  bias: 0.5", "among: 1.5"
            )
        },
        "calibration.yaml:7: a mapping is needed here, not '1.5'",
    ),
    "missing confidence model": (
        {
            "calibration.yaml": changed(
                FULL, "calibration.yaml", "among:\n  bias: 0.5\n", ""
            )
        },
        "calibration.yaml:1: 'among' is missing",
    ),
    "unknown confidence model": (
        {"calibration.yaml": f"{CALIBRATION}worst:\n  bias: 0\n"},
        "calibration.yaml:9: unknown key 'worst'; use one of base, answer, offer,",
    ),
    "weights without bias": (
        {"calibration.yaml": changed(FULL, "calibration.yaml", "bias: 0.5", "lead: 1")},
        "calibration.yaml:8: 'bias' is missing",
    ),
    "empty file": (
        {"referrals.yaml": ""},
        "referrals.yaml:1: the file is empty; write a list, or delete it",
    ),
    "file with a comment only": (
        {"referrals.yaml": "# nothing yet\n"},
        "referrals.yaml:1: the file is empty",
    ),
    "empty about": (
        {"about.yaml": ""},
        "about.yaml:1: a mapping is needed here, not nothing",
    ),
    "empty vocabulary": (
        {"vocabulary.yaml": ""},
        "vocabulary.yaml:1: a mapping is needed here, not nothing",
    ),
    "bad UTF-8": (
        {"vocabulary.yaml": VOCABULARY.encode() + b"\n# caf\xe9\n"},
        "vocabulary.yaml:4: byte 0xe9 is not UTF-8; save the file as UTF-8",
    ),
    "UTF-16": (
        {"vocabulary.yaml": VOCABULARY.encode("utf-16")},
        "vocabulary.yaml:1: byte 0xff is not UTF-8",
    ),
    "two documents in a file": (
        {"vocabulary.yaml": f"{VOCABULARY}---\n{VOCABULARY}"},
        "vocabulary.yaml:3: this is not YAML: but found another document",
    ),
    "unknown alias": (
        {"vocabulary.yaml": "card: *pass\n"},
        "vocabulary.yaml:1: this is not YAML: found undefined alias",
    ),
    "unknown .yaml file": (
        {"entires.yaml": ENTRIES},
        "entires.yaml:1: no such part of a knowledge base: 'entires.yaml'; use one of "
        "about, article,",
    ),
    ".yml file": (
        {"small_talk.yml": SMALL_TALK},
        "small_talk.yml:1: no such part of a knowledge base: 'small_talk.yml'; use one",
    ),
    ".yml file in a folder": (
        {"referrals/tax.yml": REFERRALS},
        "referrals/tax.yml:1: no such part of a knowledge base: 'tax.yml'",
    ),
    "repeated id across files": (
        {"referrals/again.yaml": REFERRALS},
        "referrals.yaml:1: id 'tax' is taken (at referrals/again.yaml:1)",
    ),
}


@pytest.mark.parametrize(
    ("files", "expected"), WRONG_FILES.values(), ids=list(WRONG_FILES)
)
def test_a_file_that_is_wrong_is_named_with_its_line(
    files: Mapping[str, str | bytes], expected: str, tmp_path: Path
) -> None:
    (told,) = problems(write(tmp_path, {**FULL, **files}))

    assert told.startswith(expected)


HARMLESS: dict[str, Mapping[str, str | bytes]] = {
    "BOM": {"about.yaml": b"\xef\xbb\xbf" + ABOUT.encode()},
    "line ends of Windows": {"entries.yaml": ENTRIES.replace("\n", "\r\n")},
    "no newline at the end": {"entries.yaml": ENTRIES.rstrip()},
    "comment": {"entries.yaml": f"---\n# Hours.\n{ENTRIES}...\n"},
    "README.md": {"README.md": "no: [such, file"},
    "README.md in a folder": {"entries/README.md": "no: [such, file"},
    "files without an ending": {"notes": b"\xff", ".gitignore": "*"},
    "quotes": {
        "about.yaml": changed(
            TINY, "about.yaml", "[opening-hours]", '["opening-hours"]'
        )
    },
}


@pytest.mark.parametrize("files", HARMLESS.values(), ids=list(HARMLESS))
def test_a_harmless_change_makes_no_difference(
    files: Mapping[str, str | bytes], tmp_path: Path
) -> None:
    plain = KnowledgeBase.load(write(tmp_path / "plain", TINY))

    assert KnowledgeBase.load(write(tmp_path / "changed", {**TINY, **files})) == plain


def test_a_base_that_does_not_say_what_it_is_about_is_none(tmp_path: Path) -> None:
    (told,) = problems(write(tmp_path, {"entries.yaml": ENTRIES}))

    assert told.startswith("about.yaml: the base does not say what it is about")


def test_an_empty_folder_lacks_about(tmp_path: Path) -> None:
    (told,) = problems(tmp_path)

    assert told.startswith("about.yaml: the base does not say what it is about")


@pytest.mark.parametrize("files", [{}, {"entries.yaml": "[]"}], ids=["none", "empty"])
def test_a_base_without_entries_is_none(files: dict[str, str], tmp_path: Path) -> None:
    about = "name: Library Helper\ncovers: fines\n"

    (told,) = problems(write(tmp_path, {"about.yaml": about} | files))

    assert told.startswith("entries: there is no entry; write entries.yaml")


@pytest.mark.parametrize("name", ["missing", "about.yaml", "about.yaml/below", "a\0b"])
def test_a_path_that_is_no_folder_is_told(name: str, tmp_path: Path) -> None:
    write(tmp_path, TINY)

    with pytest.raises(FaqbotError, match=NO_BASE) as caught:
        KnowledgeBase.load(str(tmp_path / name))

    assert not isinstance(caught.value, KnowledgeError)
    assert name in str(caught.value)


@pytest.mark.parametrize("method", ["iterdir", "read_bytes"])
def test_a_path_that_cannot_be_read_is_told(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    write(tmp_path, TINY)
    monkeypatch.setattr(Path, method, refuse)

    with pytest.raises(FaqbotError, match="cannot be read") as caught:
        KnowledgeBase.load(tmp_path)

    assert not isinstance(caught.value, KnowledgeError)
    assert "Permission denied" in str(caught.value)
    assert isinstance(caught.value.__cause__, PermissionError)


BROKEN = {
    "about.yaml": changed(TINY, "about.yaml", "language", "tongue"),
    "entries.yaml": ENTRIES.replace("answer", "reply") + "  stance: agrees\n" * 2,
    "referrals.yaml": REFERRALS + REFERRALS,
    "vocabulary.yaml": "card: [",
    "zoo.yaml": "",
}
"""A base that is wrong in many places."""

PLACES = [
    "about.yaml:3",  # tongue
    "entries.yaml:1",  # answer is missing
    "entries.yaml:6",  # reply
    "entries.yaml:9",  # answer is missing
    "entries.yaml:9",  # stance without claims
    "entries.yaml:12",  # reply
    "entries.yaml:14",  # stance again
    "referrals.yaml:7",  # tax again
    "vocabulary.yaml:2",  # bracket left open
    "zoo.yaml:1",  # unknown file
]


def test_all_problems_are_told_at_once_by_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        KnowledgeBase.load(write(tmp_path, BROKEN))

    assert [str(problem.location) for problem in caught.value.problems] == PLACES
    assert str(caught.value).splitlines() == [
        str(problem) for problem in caught.value.problems
    ]


def test_every_problem_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        KnowledgeBase.load(write(tmp_path, BROKEN))

    for problem in caught.value.problems:
        assert problem.severity is Severity.ERROR
        assert str(problem) == f"{problem.location}: {problem.what}; {problem.remedy}"
        assert problem.remedy


def test_a_broken_base_leaves_nothing_behind(tmp_path: Path) -> None:
    before = KnowledgeBase.load(write(tmp_path, TINY))
    extra = {"entries.yaml": f"{ENTRIES}- id: fines\n", "small_talk.yaml": SMALL_TALK}
    told = problems(write(tmp_path, extra))
    (tmp_path / "small_talk.yaml").unlink()

    assert [line.partition(": ")[0] for line in told] == ["entries.yaml:13"] * 3
    assert KnowledgeBase.load(write(tmp_path, TINY)) == before


def test_an_error_survives_pickling(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        KnowledgeBase.load(write(tmp_path, BROKEN))

    again = pickle.loads(pickle.dumps(caught.value))

    assert type(again) is KnowledgeError
    assert again.problems == caught.value.problems
    assert str(again) == str(caught.value)


def test_problems_are_sorted_by_number_of_line_and_told_once() -> None:
    late, early, other = (
        Problem(Location(file, line), "wrong", "mend it")
        for file, line in [("b.yaml", 10), ("b.yaml", 2), ("a.yaml", 30)]
    )

    error = KnowledgeError([late, early, other, late])

    assert error.problems == (other, early, late)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (Location("entries/cards.yaml", 7), "entries/cards.yaml:7"),
        (Location("entries[0].answer"), "entries[0].answer"),
    ],
    ids=str,
)
def test_a_location_reads_as_file_and_line(location: Location, expected: str) -> None:
    assert str(location) == expected


@pytest.mark.parametrize("files", [TINY, FULL], ids=["tiny", "full"])
def test_a_dict_gives_the_same_base_as_files(
    files: Mapping[str, str], tmp_path: Path
) -> None:
    loaded = KnowledgeBase.load(write(tmp_path, files))

    assert KnowledgeBase.from_dict(content_of(files)) == loaded


def test_a_dict_may_hold_weights(tmp_path: Path) -> None:
    files = TINY | {"calibration.yaml": CALIBRATION}

    loaded = KnowledgeBase.load(write(tmp_path, files))

    assert loaded.calibration == Calibration(
        base="0123456789abcdef",
        answer=0.5,
        offer=0.25,
        best={"bias": -1.5, "lead": 2.0},
        among={"bias": 0.5},
    )
    assert KnowledgeBase.from_dict(content_of(files)) == loaded


def test_values_are_equal_wherever_they_stand(tmp_path: Path) -> None:
    loaded = KnowledgeBase.load(write(tmp_path, TINY)).entries[0]
    built = KnowledgeBase.from_dict(content_of(TINY)).entries[0]

    assert loaded == built
    assert (str(loaded.location), str(built.location)) == (
        "entries.yaml:1",
        "entries[0]",
    )


def test_a_dict_takes_tuples_and_dates_as_text(tmp_path: Path) -> None:
    content = content_of(TINY)
    hours, card = yaml.safe_load(ENTRIES)
    hours |= {"variants": tuple(hours["variants"]), "reviewed": "2026-01-31"}

    base = KnowledgeBase.from_dict(content | {"entries": (hours, card)})

    assert base == KnowledgeBase.load(write(tmp_path, TINY))


def test_entries_in_a_dict_may_be_grouped_by_topic(tmp_path: Path) -> None:
    hours, card = yaml.safe_load(ENTRIES)
    content = content_of(TINY) | {"entries": {"cards": [card], "hours": [hours]}}

    base = KnowledgeBase.from_dict(content)

    assert [entry.topic for entry in base.entries] == ["cards", "hours"]
    assert base == KnowledgeBase.load(write(tmp_path, IN_FOLDERS))


def test_referrals_in_a_dict_may_be_grouped(tmp_path: Path) -> None:
    content = content_of(TINY) | {"referrals": {"money": yaml.safe_load(REFERRALS)}}

    assert KnowledgeBase.from_dict(content) == KnowledgeBase.load(write(tmp_path, TINY))


def test_a_dict_is_left_as_it_was() -> None:
    hours, card = yaml.safe_load(ENTRIES)
    content = content_of(FULL) | {"entries": {"cards": [card], "hours": [hours]}}
    before = copy.deepcopy(content)

    KnowledgeBase.from_dict(content)

    assert content == before


def test_a_base_does_not_follow_later_changes_of_its_dict() -> None:
    content = content_of(FULL)
    base = KnowledgeBase.from_dict(content)
    before = KnowledgeBase.from_dict(copy.deepcopy(content))

    content["vocabulary"]["card"].append("badge")  # type: ignore[index]
    content["entries"][0]["variants"].clear()  # type: ignore[index]

    assert base == before


Q = {"id": "a", "question": "When?", "variants": ["hours"], "answer": "At nine."}
"""A valid entry."""

WRONG_PARTS: dict[str, tuple[dict[str, object], str]] = {
    "unknown key": (
        {"about": {"name": "N", "covers": "c", "tongue": "english"}},
        "about.tongue: unknown key 'tongue'",
    ),
    "missing key": ({"about": {"name": "N"}}, "about: 'covers' is missing"),
    "nothing": ({"about": None}, "about: a mapping is needed here, not empty"),
    "number": (
        {"entries": [Q, Q | {"id": "b", "answer": 9}]},
        "entries[1].answer: 'answer' must be text, not '9', which YAML reads as a",
    ),
    "None": (
        {"entries": [Q | {"answer": None}]},
        "entries[0].answer: 'answer' must be text, not empty",
    ),
    "bytes": (
        {"entries": [Q | {"answer": b"nine"}]},
        "entries[0].answer: 'answer' must be text, not ",
    ),
    "set": (
        {"entries": [Q | {"variants": {"hours"}}]},
        "entries[0].variants: 'variants' must be a list of texts, not ",
    ),
    "bool": (
        {"entries": [Q | {"variants": ["hours", True]}]},
        "entries[0].variants[1]: each of 'variants' must be text, not 'true'",
    ),
    "repeated text": (
        {"entries": [Q | {"variants": ["hours", "times", "hours"]}]},
        "entries[0].variants[2]: 'hours' stands twice",
    ),
    "number as key": (
        {"entries": [Q | {1: "one"}]},
        "entries[0].1: a key must be text, not '1'",
    ),
    "repeated id": (
        {"entries": [Q, Q]},
        "entries[1].id: id 'a' is taken (at entries[0].id)",
    ),
    "repeated id across topics": (
        {"entries": {"hours": [Q], "cards": [Q]}},
        "entries.cards[0].id: id 'a' is taken (at entries.hours[0].id)",
    ),
    "dangling follow-up": (
        {"entries": {"hours": [Q | {"follow_ups": ["b"]}]}},
        "entries.hours[0].follow_ups[0]: there is no entry 'b'",
    ),
    "mapping where a list is needed": (
        {"entries": {"hours": Q}},
        "entries.hours: the file must be a list, not a mapping",
    ),
    "text where a list is needed": (
        {"referrals": "tax"},
        "referrals: the file must be a list, not 'tax'",
    ),
    "text where a list of words is needed": (
        {"vocabulary": {"card": "pass"}},
        "vocabulary.card: 'card' must be a list of texts, not 'pass'",
    ),
    "object": (
        {"vocabulary": {"card": [object()]}},
        "vocabulary: this holds a value that YAML cannot express",
    ),
    "text where a number is needed": (
        {
            "calibration": {
                "base": "x",
                "answer": 0.5,
                "offer": 0.3,
                "best": {"bias": "1.5"},
                "among": {"bias": 0},
            }
        },
        "calibration.best.bias: 'bias' must be a number, not '1.5'",
    ),
    "unknown part": (
        {"entires": []},
        "entires: no such part of a knowledge base: 'entires'; use one of about,",
    ),
}


@pytest.mark.parametrize(
    ("parts", "expected"), WRONG_PARTS.values(), ids=list(WRONG_PARTS)
)
def test_a_wrong_part_of_a_dict_is_named_by_its_path(
    parts: dict[str, object], expected: str
) -> None:
    about = {"name": "Library Helper", "covers": "fines"}

    with pytest.raises(KnowledgeError) as caught:
        KnowledgeBase.from_dict({"about": about, "entries": [Q]} | parts)

    (problem,) = caught.value.problems
    assert str(problem).startswith(expected)
    assert problem.location.line == 0


def test_a_dict_that_holds_itself_is_refused() -> None:
    rows: list[object] = []
    rows.append(rows)

    with pytest.raises(KnowledgeError, match="cannot express"):
        KnowledgeBase.from_dict(content_of(TINY) | {"entries": rows})


def test_a_zip_gives_the_same_base_as_its_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "base", FULL | IN_FOLDERS)
    (folder / "entries.yaml").unlink(missing_ok=True)
    archive = tmp_path / "base.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in folder.rglob("*.yaml"):
            packed.write(path, f"lib/{path.relative_to(folder).as_posix()}")

    loaded = KnowledgeBase.load(zipfile.Path(archive, "lib/"))

    assert loaded == KnowledgeBase.load(folder)
    assert str(loaded.entries[0].location) == "entries/cards.yaml:1"


def test_a_problem_in_a_zip_has_its_line(tmp_path: Path) -> None:
    archive = tmp_path / "base.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name, text in TINY.items():
            packed.writestr(name, text.replace("refer_to", "ask"))

    with pytest.raises(KnowledgeError, match=r"^referrals\.yaml:6: unknown key 'ask'"):
        KnowledgeBase.load(zipfile.Path(archive))


def test_entries_in_a_folder_have_the_stem_of_their_file_as_topic(
    tmp_path: Path,
) -> None:
    base = KnowledgeBase.load(write(tmp_path, IN_FOLDERS))

    assert [(entry.topic, entry.id, str(entry.location)) for entry in base.entries] == [
        ("cards", "lost-card", "entries/cards.yaml:1"),
        ("hours", "opening-hours", "entries/hours.yaml:1"),
    ]


def test_a_file_and_a_folder_of_entries_add_up(tmp_path: Path) -> None:
    more = "- {id: fines, question: What is it?, variants: [v], answer: A coin.}\n"

    base = KnowledgeBase.load(write(tmp_path, TINY | {"entries/money.yaml": more}))

    assert {entry.id: entry.topic for entry in base.entries} == {
        "fines": "money",
        "opening-hours": "entries",
        "lost-card": "entries",
    }


def test_every_part_may_be_a_folder(tmp_path: Path) -> None:
    whole = KnowledgeBase.load(write(tmp_path / "whole", FULL))
    parts = {
        name.replace(".yaml", "/entries.yaml"): text for name, text in FULL.items()
    }

    assert KnowledgeBase.load(write(tmp_path / "parts", parts)) == whole


def test_the_order_of_files_decides_nothing_but_their_names(tmp_path: Path) -> None:
    forwards = KnowledgeBase.load(write(tmp_path / "a", FULL))
    backwards = dict(reversed(FULL.items()))

    assert KnowledgeBase.load(write(tmp_path / "b", backwards)) == forwards


def test_a_base_is_frozen(tmp_path: Path) -> None:
    base = KnowledgeBase.load(write(tmp_path, FULL))

    with pytest.raises(FrozenInstanceError):
        base.entries = ()  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        base.entries[0].answer = "At noon."  # type: ignore[misc]


def test_a_base_survives_pickling(tmp_path: Path) -> None:
    base = KnowledgeBase.load(write(tmp_path, FULL))

    again = pickle.loads(pickle.dumps(base))

    assert again == base
    assert again.entries[0].location == base.entries[0].location


def test_a_changed_copy_of_a_base_is_another_base(tmp_path: Path) -> None:
    base = KnowledgeBase.load(write(tmp_path, FULL))

    fewer = replace(base, entries=base.entries[:1])

    assert fewer != base
    assert len(base.entries) == 2


def test_without_a_folder_the_base_that_ships_is_loaded(base: KnowledgeBase) -> None:
    assert (default_knowledge() / "about.yaml").is_file()
    assert KnowledgeBase.load() == base


def test_the_base_that_ships_has_no_file_that_is_no_part() -> None:
    parts = {part.name.removesuffix(".yaml") for part in default_knowledge().iterdir()}

    assert parts - {"README.md"} <= set(SECTIONS)


PRINTABLE = st.text(st.characters(exclude_categories=["C"]))
FRAGMENTS = st.lists(
    st.sampled_from(
        "- |? |: |{|}|[|]|, |&a |*a|!!int |!x |'|\"|> |#|%|\t|\n|\n  |<<|~|id: |"
        "variants: |answer: |name: |\ufeff|\x00|\u2028|\\ud800|é".split("|")
    )
).map(lambda parts: "".join(parts).encode())
"""Bytes that look more like YAML than most."""


def outcome(folder: Path) -> KnowledgeBase | KnowledgeError:
    """Return the base in `folder`, or what is wrong with it."""
    try:
        return KnowledgeBase.load(folder)
    except KnowledgeError as error:
        return error


def with_question(text: str, *, allow_unicode: bool) -> str:
    """Return the entries with `text` as the first question, in quotes."""
    quoted = yaml.safe_dump(
        text, default_style='"', allow_unicode=allow_unicode, width=10**6
    )
    return changed(TINY, "entries.yaml", "When is the library open?", quoted.strip())


@given(text=PRINTABLE, allow_unicode=st.booleans())
def test_printable_text_comes_back_stripped_unless_it_is_blank(
    text: str, allow_unicode: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    entries = with_question(text, allow_unicode=allow_unicode)
    folder = write(tmp_path_factory.mktemp("base"), TINY | {"entries.yaml": entries})

    if text.strip():
        assert KnowledgeBase.load(folder).entries[0].question == text.strip()
    else:
        (told,) = problems(folder)
        assert told.startswith("entries.yaml:2: 'question' is blank")


@given(text=st.text())
def test_any_text_comes_back_stripped_or_is_a_problem(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    entries = with_question(text, allow_unicode=False)
    folder = write(tmp_path_factory.mktemp("base"), TINY | {"entries.yaml": entries})

    found = outcome(folder)

    if isinstance(found, KnowledgeError):
        assert str(found).startswith("entries.yaml:2: 'question' ")
    else:
        assert found.entries[0].question == text.strip()


@given(
    name=st.sampled_from([f"{section}.yaml" for section in SECTIONS]),
    content=st.binary() | FRAGMENTS,
)
def test_any_bytes_load_or_are_a_problem(
    name: str, content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write(tmp_path_factory.mktemp("base"), {**TINY, name: content})

    found = outcome(folder)

    if isinstance(found, KnowledgeError):
        assert name in {problem.location.file for problem in found.problems}
    else:
        assert found.entries


def test_a_phrase_of_two_moves_is_told_with_its_place() -> None:
    content = {
        "about": {"name": "A", "covers": "b"},
        "entries": [{"id": "a", "question": "A?", "variants": ["b"], "answer": "C."}],
        "conversation": {
            "more": ["and then"],
            "unfinished": ["how often", "And then?"],
        },
    }
    with pytest.raises(KnowledgeError, match=r"conversation.*under more as well"):
        KnowledgeBase.from_dict(content)
    content["conversation"] = {"moar": ["and then"]}
    with pytest.raises(KnowledgeError, match=r"unknown key 'moar'"):
        KnowledgeBase.from_dict(content)
