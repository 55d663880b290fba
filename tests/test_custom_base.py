"""Tests the engine on a small base about another subject."""

from pathlib import Path

import pytest

from faqbot import FAQBot, Kind, KnowledgeBase
from faqbot.__main__ import main
from faqbot.judging import fitted

ABOUT = """\
name: Library desk
covers: opening hours, cards and fines of the town library
refer_to: the librarian at the desk
"""
ENTRIES = """\
- id: opening-hours
  question: When is the library open?
  variants:
    - what are your opening hours
    - what time do you close on Saturdays
    - are you open on Sunday
    - until when can I come in today
    - opening times
  answer: The library is open from nine to six, Monday to Saturday.
- id: fines
  question: What does it cost to return a book late?
  variants:
    - how much is the fine
    - late fee for overdue books
    - I forgot to bring my books back, what do I owe
    - is there a penalty for keeping a book too long
    - overdue charge
  answer: A late book costs ten pence a day, and three pounds at the most.
- id: card
  question: How do I get a library card?
  variants:
    - can I become a member
    - sign up for a card
    - how to join the library
    - I need a new card, what should I bring
    - membership
  answer: Bring a letter with your address to the desk, and you get a card at once.
"""
REFERRALS = """\
- id: rooms
  subject: booking a room
  refer_to: the events office
  advice: Rooms are booked by e-mail.
  words: [room, hall]
  examples:
    - can I book a meeting room
    - I would like to hire the hall for a party
    - is there a study room I can reserve
    - room booking
- id: school
  subject: school and homework
  advice: I know about the library only.
  examples:
    - help me with my maths homework
    - write an essay about Rome
    - when do the school holidays begin
"""
ASKED = [
    ("what time do you shut on Saturday?", Kind.ANSWER, "opening-hours"),
    ("closing time", Kind.ANSWER, "opening-hours"),
    ("what's the fine for an overdue book", Kind.ANSWER, "fines"),
    ("how do I become a member?", Kind.ANSWER, "card"),
    ("can I reserve the hall", Kind.REFERRAL, "rooms"),
    ("what is the capital of France", Kind.REFERRAL, None),
    ("do you sell coffee", Kind.REFERRAL, None),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small files."""
    path = tmp_path_factory.mktemp("library")
    (path / "about.yaml").write_text(ABOUT, encoding="utf-8")
    (path / "entries.yaml").write_text(ENTRIES, encoding="utf-8")
    (path / "referrals.yaml").write_text(REFERRALS, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "kind", "subject"), ASKED)
def test_it_answers_and_refers(
    folder: Path, text: str, kind: Kind, subject: str | None
) -> None:
    reply = FAQBot(KnowledgeBase.load(folder)).ask(text)
    assert (reply.kind, reply.entry or reply.topic) == (kind, subject)


def test_what_it_says_is_about_its_own_subject(folder: Path) -> None:
    reply = FAQBot(KnowledgeBase.load(folder)).ask("do you sell coffee")
    assert "the librarian at the desk" in reply.text
    assert "opening hours, cards and fines" in reply.text
    assert "doctor" not in reply.text
    assert "emergency" not in reply.text


def test_it_passes_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder)]) == 0
    assert capsys.readouterr().out == ""


def test_the_command_takes_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--knowledge", str(folder), "how to get a card?"]) == 0
    assert "letter with your address" in capsys.readouterr().out


def test_it_can_be_calibrated(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert main(["check", str(tmp_path)]) == 0
    assert "never calibrated" in capsys.readouterr().err
    assert main(["calibrate", str(tmp_path)]) == 0
    assert main(["check", str(tmp_path)]) == 0
    assert "never calibrated" not in capsys.readouterr().err
    written = (tmp_path / "calibration.yaml").read_bytes()
    assert main(["calibrate", str(tmp_path)]) == 0
    assert (tmp_path / "calibration.yaml").read_bytes() == written
    base = KnowledgeBase.load(tmp_path)
    assert base.calibration is fitted(base)
