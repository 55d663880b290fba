"""Tests the command: options, exit codes, and what goes where."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from faqbot import __version__
from faqbot.__main__ import main

from .conftest import KEYS
from .test_custom_base import ABOUT, ENTRIES, REFERRALS


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A small base."""
    (tmp_path / "about.yaml").write_text(ABOUT, encoding="utf-8")
    (tmp_path / "entries.yaml").write_text(ENTRIES, encoding="utf-8")
    (tmp_path / "referrals.yaml").write_text(REFERRALS, encoding="utf-8")
    return str(tmp_path)


@pytest.fixture
def broken(folder: str) -> str:
    """A base with two faults."""
    Path(folder, "entries.yaml").write_text("- id: a\n  answer: no\n", encoding="utf-8")
    return folder


def run(
    *arguments: str, given: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "faqbot", *arguments],
        input=given,
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.strip() == __version__


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "--knowledge", "{}", "opening times"],
        ["--knowledge", "{}", "ask", "opening times"],
        ["ask", "opening", "times", "--knowledge", "{}"],
    ],
    ids=" ".join,
)
def test_options_and_words_may_stand_anywhere(
    arguments: list[str], folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([part.format(folder) for part in arguments]) == 0
    out, err = capsys.readouterr()
    assert "nine to six" in out
    assert err == ""


@pytest.mark.parametrize("arguments", [["--nonsense"], ["ask", "--colour", "x"]])
def test_a_usage_error_is_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


def test_a_broken_base_stops_every_command_but_check(
    broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["ask", "x"], ["explain", "x"], ["topics"]):
        assert main([*command, "--knowledge", broken]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "entries.yaml:1: 'question' is missing; add it" in err
        assert "entries.yaml:2: 'answer' must be text, not 'no'" in err


def test_check_prints_what_is_wrong_and_finds_it(
    broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", broken]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert err == ""


def test_a_folder_that_is_not_there_is_code_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for command in (["check", "nowhere"], ["ask", "x", "--knowledge", "nowhere"]):
        assert main(command) == 2
        assert "nowhere" in capsys.readouterr().err


def test_explain_shows_evidence_neighbours_and_features(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "closing time?", "--knowledge", folder]) == 0
    out = capsys.readouterr().out
    assert "opening-hours (entry)" in out
    assert "nearest wordings of topics" in out
    assert "near_overlap" in out


def test_topics_lists_questions_and_what_is_referred(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["topics", "--knowledge", folder]) == 0
    out = capsys.readouterr().out
    assert "When is the library open?" in out
    assert "booking a room" in out
    assert main(["topics", "--counts", "--knowledge", folder]) == 0
    assert "3 entries with 15 variants" in capsys.readouterr().out


def test_every_line_of_input_gets_one_object(folder: str) -> None:
    lines = [
        b"opening times",
        b"",
        b"   ",
        b"with\rreturn",
        "line\u2028separator\u0085next".encode(),
        b"nul\x00 and \x0c form feed",
        b"\xff\xfe not utf-8",
        b"windows line\r",
        b"last line without an end",
    ]
    done = run("--json", "--knowledge", folder, given=b"\n".join(lines))
    replies = [json.loads(line) for line in done.stdout.split(b"\n")[:-1]]
    assert done.returncode == 0
    assert done.stderr == b""
    assert len(replies) == len(lines)
    assert all(list(reply) == KEYS for reply in replies)
    asked = [reply["question"] for reply in replies]
    assert asked[3] == "with\rreturn"
    assert asked[7] == "windows line"
    assert asked[8] == "last line without an end"


def test_plain_lines_in_give_plain_text_out(folder: str) -> None:
    given = b"opening times\n\nhow much is the fine\n"
    for arguments in (["ask", "-"], []):
        done = run(*arguments, "--knowledge", folder, given=given)
        assert done.returncode == 0
        assert b"nine to six" in done.stdout
        assert b"ten pence" in done.stdout
        assert b"\x1b" not in done.stdout


def test_each_reply_is_flushed_before_the_next_line_is_read(folder: str) -> None:
    command = [sys.executable, "-m", "faqbot", "ask", "--json", "-"]
    with subprocess.Popen(
        [*command, "--knowledge", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        for text in (b"opening times\n", b"overdue charge\n"):
            process.stdin.write(text)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["kind"] == "answer"
        process.stdin.close()
    assert process.returncode == 0


def test_ctrl_c_while_lines_are_read_is_code_130(folder: str) -> None:
    command = [sys.executable, "-m", "faqbot", "ask", "--json", "-"]
    with subprocess.Popen(
        [*command, "--knowledge", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"opening times\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert process.stderr.read() == b""


def test_a_reader_that_goes_away_is_no_error(folder: str) -> None:
    command = f"{sys.executable} -m faqbot ask --json - --knowledge {folder} | head -1"
    done = subprocess.run(
        ["bash", "-c", command],
        input=b"opening times\n" * 500,
        capture_output=True,
        check=False,
    )
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == b""


def test_an_ascii_terminal_gets_every_reply(folder: str) -> None:
    done = run("ask", "flumboozle", "--knowledge", folder, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"?flumboozle?" in done.stdout
