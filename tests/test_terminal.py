"""Tests the chat: line by line, through keys, and in a real pseudo-terminal."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from faqbot import FAQBot, Kind, Policy, Reply, wording
from faqbot.render import as_json, as_text, wrap
from faqbot.terminal import Chat, QuestionCompleter

from .conftest import ROOT

COMMANDS = ["/help", "/topics", "/why", "/source", "/quit"]


class Screen:
    """What a chat shows."""

    def __init__(self, bot: FAQBot) -> None:
        self._shown: list[str] = []
        self.chat = Chat(
            bot, lambda found: self._shown.append(as_text(found)), lambda: 80
        )

    def say(self, line: str) -> str:
        """Type a line, and return what is shown for it."""
        self._shown.clear()
        self.chat.turn(line)
        return "".join(self._shown)

    def run(self, lines: list[str | type[BaseException]]) -> str:
        """Type lines, or the exceptions of keys, until the chat ends."""
        left = iter(lines)

        def read() -> str:
            line = next(left)
            if isinstance(line, str):
                return line
            raise line

        self.chat.run(read)
        assert list(left) == []
        return "".join(self._shown)


@pytest.fixture
def screen(bot: FAQBot) -> Screen:
    """A chat on the shipped base."""
    return Screen(bot)


@pytest.fixture
def asking(bot: FAQBot) -> Screen:
    """A chat that offers choices for any question."""
    return Screen(FAQBot(bot.knowledge, policy=Policy(answer=1.1, offer=0.0)))


def test_the_first_screen_names_samples_and_help(screen: Screen) -> None:
    shown = screen.run([EOFError])
    assert "How often should I do strengthening exercises?" in shown
    assert wording.HELP_HINT in shown
    assert "no clinician has reviewed" in " ".join(shown.split())


def test_ctrl_c_drops_the_line_and_ctrl_d_says_goodbye(screen: Screen) -> None:
    shown = screen.run([KeyboardInterrupt, "hello", KeyboardInterrupt, EOFError])
    assert shown.rstrip().endswith(wording.GOODBYE)


def test_a_blank_line_says_nothing(screen: Screen) -> None:
    assert screen.say("   ") == ""


@pytest.mark.parametrize("command", ["/quit", "/exit", "/q", "  /QUIT "])
def test_quit_ends_the_chat(screen: Screen, command: str) -> None:
    assert screen.run([command]).rstrip().endswith(wording.GOODBYE)


def test_help_names_every_command(screen: Screen) -> None:
    shown = screen.say("/help")
    assert all(command in shown for command in COMMANDS)


def test_a_command_is_known_by_its_start(screen: Screen) -> None:
    assert screen.say("/to") == screen.say("/topics")


def test_an_unknown_command_is_told_harmlessly(screen: Screen) -> None:
    shown = screen.say("/x\x1b[31m\x07")
    assert "There is no command" in shown
    assert "\x1b" not in shown


def test_an_answer_names_its_sentences_and_its_sources(screen: Screen) -> None:
    shown = screen.say("How often should I do strengthening exercises?")
    assert "Source: article, sentence 5.3" in shown
    sources = screen.say("/source")
    assert "5.3:" in sources
    assert "[WHO-PA-2020]" in sources


def test_why_and_source_before_any_question_say_so(screen: Screen) -> None:
    assert wording.NOTHING_TO_EXPLAIN in screen.say("/why")
    assert wording.NO_SOURCE in screen.say("/source")


@pytest.mark.parametrize(
    ("said", "place"),
    [("1", 0), (" 2. ", 1), ("number 3", 2), ("the second one", 1), ("last", 2)],
)
def test_a_choice_gets_its_answer(asking: Screen, said: str, place: int) -> None:
    shown = asking.say("is it bad for my back")
    question = re.findall(r"^\d\. (.*)$", shown, re.MULTILINE)[place]
    asking.say(said)
    assert question in asking.say("/why").replace("\n", " ")


def test_none_of_the_choices_and_one_too_many(asking: Screen) -> None:
    asking.say("is it bad for my back")
    assert "There are 3 choices" in asking.say("7")
    assert "1. " in asking.say("none of these")
    assert "Source" in asking.say("2")


def test_choices_survive_small_talk_but_not_a_new_question(asking: Screen) -> None:
    first = asking.say("is it bad for my back")
    asking.say("thanks")
    assert "Source" in asking.say("1")
    assert asking.say("is it bad for my back") == first
    assert asking.say("should I stretch") != first


def test_danger_comes_before_everything(screen: Screen) -> None:
    shown = screen.say("how do I stretch? I can't feel between my legs and can't pee")
    assert shown.startswith("Go to a hospital emergency department now")
    assert "sign of danger" in screen.say("/why").replace("\n", " ")


def test_a_conversation_refuses_what_is_no_text(bot: FAQBot) -> None:
    with pytest.raises(TypeError):
        bot.conversation().ask(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("/", COMMANDS),
        ("/to", ["/topics"]),
        ("stand desk", ["Is it better to stand at my desk?"]),
        ("", []),
        ("zzz", []),
    ],
)
def test_commands_and_questions_are_completed(
    bot: FAQBot, typed: str, found: list[str]
) -> None:
    questions = [entry.question for entry in bot.knowledge.entries]
    completer = QuestionCompleter(questions, COMMANDS)
    completions = completer.get_completions(Document(typed), CompleteEvent())
    assert [completion.text for completion in completions] == found


def test_keys_edit_recall_and_search_lines() -> None:
    history = InMemoryHistory(["first line", "second line"])
    with (
        create_pipe_input() as keys,
        create_app_session(input=keys, output=DummyOutput()),
    ):
        session: PromptSession[str] = PromptSession(history=history)
        keys.send_text("\x12first\r\r")
        assert session.prompt("") == "first line"
        keys.send_text("typo\x15helo\x1b[Dl\r")
        assert session.prompt("") == "hello"
        keys.send_text("\x04")
        with pytest.raises(EOFError):
            session.prompt("")


@given(st.lists(st.text("abc -", min_size=1, max_size=12)), st.integers(20, 200))
def test_no_wrapped_line_is_wider_than_the_window(parts: list[str], width: int) -> None:
    wrapped = wrap(" ".join(parts), width)
    assert all(len(line) <= max(20, min(width, 96)) for line in wrapped.split("\n"))


def test_the_lines_of_a_choice_hang_under_it() -> None:
    assert wrap("2. one two three four five", 20) == "2. one two three\n   four five"


@given(st.text())
def test_json_is_one_line_of_ascii(text: str) -> None:
    line = as_json(Reply(text, Kind.REFERRAL, text))
    assert line.isascii()
    assert line.isprintable()


def spawn(**environment: str) -> "pexpect.spawn[str]":
    """Start the chat in a pseudo-terminal."""
    return pexpect.spawn(
        sys.executable,
        ["-m", "faqbot"],
        cwd=str(Path(ROOT)),
        dimensions=(40, 100),
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "PROMPT_TOOLKIT_NO_CPR": "1", **environment},
    )


@pytest.fixture
def terminal() -> Iterator["pexpect.spawn[str]"]:
    """A chat in a pseudo-terminal."""
    child = spawn(TERM="xterm")
    yield child
    child.close(force=True)


def test_a_real_terminal(terminal: "pexpect.spawn[str]", bot: FAQBot) -> None:
    vague = bot.ask("is it bad for my back")
    assert vague.kind is Kind.CLARIFICATION
    terminal.expect("You:")
    terminal.send("hello\r")
    terminal.expect("back pain")
    terminal.send("How often should I do strengthening exercises?\r")
    terminal.expect("two days")
    terminal.expect("Source")
    terminal.send("is it bad for my back\r")
    terminal.expect("3\\. ")
    terminal.send("dropped\x03")
    terminal.send("2\r")
    chosen = bot.knowledge.find(vague.options[1].entry)
    terminal.expect(re.escape(chosen.answer[:30]))
    terminal.send("/why\r")
    terminal.expect("You chose")
    terminal.send("I can't feel between my legs and I can't pee\r")
    terminal.expect("emergency department now")
    terminal.send("/to\t")
    terminal.expect("/topics")
    terminal.send("\r")
    terminal.expect("Not answered here")
    terminal.send("/quit\r")
    terminal.expect(wording.GOODBYE)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_a_dumb_terminal_gets_no_colours() -> None:
    child = spawn(TERM="dumb", NO_COLOR="1", PYTHONIOENCODING="ascii")
    child.expect("You:")
    child.send("zxqv glorp\r")
    child.expect(r"\?zxqv\?")
    child.send("I can't feel between my legs\r")
    child.expect("emergency department now")
    assert "\x1b[" not in (child.before or "")
    child.send("\x04")
    child.expect(wording.GOODBYE)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
