"""Labelled questions are read with every problem, and outcomes have one meaning."""

from pathlib import Path

import pytest

from faqbot import FaqbotError, Kind, KnowledgeError, Option, Reply
from faqbot.__main__ import main
from faqbot.confidence import calibration_error, reliability, wilson
from faqbot.evaluation import Expect, Labelled, Outcome, outcome, read

from .test_custom_base import ABOUT, ENTRIES, REFERRALS

OPTION = Option("a", "A?", ("1.1",), 0.4)
REPLIES = {
    "answer": Reply("q", Kind.ANSWER, "t", entry="a", claims=("1.1",)),
    "offer": Reply("q", Kind.CLARIFICATION, "t", options=(OPTION,)),
    "referral": Reply("q", Kind.REFERRAL, "t"),
    "urgent": Reply("q", Kind.URGENT, "t"),
    "chat": Reply("q", Kind.SMALL_TALK, "t"),
}
TABLE = {
    (Expect.ANSWER, "1.1"): "right offered referred false-alarm misread",
    (Expect.ANSWER, "2.2"): "wrong misoffered referred false-alarm misread",
    (Expect.REFER, ""): "answered hedged right false-alarm misread",
    (Expect.URGENT, ""): "missed missed missed right missed",
    (Expect.CHAT, ""): "missed missed missed missed right",
    (Expect.EITHER, "1.1"): "right right right right right",
    (Expect.EITHER, "2.2"): "answered hedged right right right",
}


@pytest.mark.parametrize(("label", "outcomes"), TABLE.items(), ids=str)
def test_an_outcome_has_one_name(label: tuple[Expect, str], outcomes: str) -> None:
    expect, claim = label
    labelled = Labelled("q", expect, frozenset(filter(None, [claim])))
    found = [outcome(labelled, reply) for reply in REPLIES.values()]
    assert [each.replace(" ", "-") for each in found] == outcomes.split()


def test_the_entry_that_a_question_was_written_for_is_right() -> None:
    labelled = Labelled("q", entries=frozenset({"a"}))
    assert outcome(labelled, REPLIES["answer"]) is Outcome.RIGHT
    assert outcome(labelled, REPLIES["offer"]) is Outcome.OFFERED


def test_both_kinds_of_file_are_read(tmp_path: Path) -> None:
    table = tmp_path / "q.tsv"
    table.write_text(
        'id\texpect\tclaims\tquestion\n1\trefer\t\tsay "no"\n2\t\t1.1,1.2\tyes: why\n',
        encoding="utf-8",
    )
    plain = tmp_path / "q.yaml"
    plain.write_text(
        '- question: say "no"\n  expect: refer\n'
        '- {question: "yes: why", claims: ["1.1", "1.2"]}\n',
        encoding="utf-8",
    )
    assert read(table) == read(plain)
    assert read(plain)[1].claims == {"1.1", "1.2"}


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("q.tsv", "id\ttext\n1\tx\n", "q.tsv:1: there is no column 'question'"),
        (
            "q.tsv",
            "expect\tquestion\nanswer\tx\nmaybe\ty\n",
            "q.tsv:3: 'expect' cannot be 'maybe'; use one of answer, refer,",
        ),
        (
            "q.yaml",
            "- question: a\n  expekt: refer\n",
            "q.yaml:2: unknown key 'expekt'",
        ),
        ("q.yaml", "- expect: refer\n", "q.yaml:1: 'question' is missing"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_line(
    tmp_path: Path, name: str, content: str, problem: str
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        read(file)
    assert problem in str(caught.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FaqbotError, match="cannot be read"):
        read(tmp_path / "none.tsv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small base, and questions beside it."""
    base = tmp_path / "base"
    base.mkdir()
    (base / "about.yaml").write_text(ABOUT, encoding="utf-8")
    (base / "entries.yaml").write_text(ENTRIES, encoding="utf-8")
    (base / "referrals.yaml").write_text(REFERRALS, encoding="utf-8")
    (tmp_path / "good.yaml").write_text(
        "- {question: what time do you close on Saturdays, entries: [opening-hours]}\n",
        encoding="utf-8",
    )
    (tmp_path / "bad.yaml").write_text(
        "- {question: what time do you close on Saturdays, expect: refer}\n",
        encoding="utf-8",
    )
    return tmp_path


def test_the_command_counts_outcomes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["test", "--knowledge", str(folder / "base")]
    assert main([*options, str(folder / "good.yaml"), "--reliability"]) == 0
    out = capsys.readouterr().out
    assert "answer        1  right 100.0% (1)" in out
    assert "expected calibration error: 0.0" in out
    assert main([*options, str(folder / "bad.yaml"), "--misses"]) == 1
    out = capsys.readouterr().out
    assert "refer         1  answered 100.0% (1)" in out
    assert "refer\tanswered\topening-hours\twhat time do you close" in out


def test_the_command_asks_a_base_its_own_wordings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["test", "--knowledge", str(folder / "base")]) == 0
    assert capsys.readouterr().out.startswith("answer       18  ")


def test_the_bands_can_be_set_by_a_budget(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = str(folder / "base")
    assert main(["calibrate", base, "--wrong-at-most", "0%"]) == 0
    out = capsys.readouterr().out
    assert ", 0.0% wrongly" in out
    assert "confidence   asked" in out
    with pytest.raises(SystemExit):
        main(["calibrate", base, "--wrong-at-most", "many"])
    assert "write it as 3% or 0.03" in capsys.readouterr().err


def test_a_broken_calibration_is_replaced(folder: Path) -> None:
    base = folder / "base"
    (base / "calibration.yaml").write_text("best: 1\n", encoding="utf-8")
    assert main(["check", str(base)]) == 1
    assert main(["calibrate", str(base)]) == 0
    assert main(["check", str(base)]) == 0


def test_confidence_that_keeps_its_word_has_no_error() -> None:
    judged = [(0.25, place < 25) for place in range(100)]
    judged += [(1.0, True)] * 50
    bands = reliability(judged)
    assert [(band.low, band.count) for band in bands] == [(0.2, 100), (0.9, 50)]
    assert calibration_error(bands) == 0.0
    assert calibration_error(reliability([(0.9, False)])) == pytest.approx(0.9)


def test_the_interval_is_wilson_s() -> None:
    """Against the figures of Newcombe (1998), table I."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(29, 29) == pytest.approx((0.8830, 1.0), abs=1e-4)
