"""Tests the chat: line by line, through keys, and in a real pseudo-terminal."""

import os
import re
import signal
import subprocess
import sys
import unicodedata
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

from faqbot import FAQBot, Kind, KnowledgeBase, Policy, Reply, wording
from faqbot.chat import Chat
from faqbot.render import as_json, as_text, harmless, wrap
from faqbot.terminal import ChatCompleter, Later, converse

from .conftest import ROOT

COMMANDS = (
    "/help /topics /why /source /no /more /export /region /plain /reload /forget /quit"
).split()


class Screen:
    """What a chat shows."""

    def __init__(self, bot: FAQBot) -> None:
        self._shown: list[str] = []
        self.chat = Chat(
            bot.knowledge,
            lambda: bot,
            lambda found: self._shown.append(as_text(found)),
            lambda: 80,
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

        self.chat.greet()
        converse(lambda: self.chat, read)
        assert list(left) == []
        return "".join(self._shown)


@pytest.fixture
def screen(bot: FAQBot) -> Screen:
    """A chat on the shipped base."""
    return Screen(bot)


@pytest.fixture(scope="module")
def unsure(base: KnowledgeBase) -> FAQBot:
    """A bot that offers choices for any question."""
    return FAQBot(base, policy=Policy(answer=1.1, offer=0.0))


@pytest.fixture
def asking(unsure: FAQBot) -> Screen:
    """A chat that offers choices for any question."""
    return Screen(unsure)


def test_the_first_screen_names_samples_and_help(screen: Screen) -> None:
    shown = screen.run([EOFError])
    assert "How often should I do strengthening exercises?" in shown
    assert wording.HELP_HINT in shown
    assert "I am no clinician" in shown
    assert len(shown.partition(wording.GOODBYE)[0].strip().split("\n")) <= 6


def test_ctrl_c_drops_the_line_and_ctrl_d_says_goodbye(screen: Screen) -> None:
    shown = screen.run([KeyboardInterrupt, "hello", KeyboardInterrupt, EOFError])
    assert shown.count(wording.LEAVE_HINT) == 2
    assert shown.rstrip().endswith(wording.GOODBYE)


def test_ctrl_c_twice_leaves(screen: Screen) -> None:
    shown = screen.run(["hello", KeyboardInterrupt, KeyboardInterrupt])
    assert shown.rstrip().endswith(wording.GOODBYE)


def test_a_blank_line_says_nothing(screen: Screen) -> None:
    assert screen.say("   ") == ""


@pytest.mark.parametrize(
    "command", ["/quit", "/exit", "/q", "  /QUIT ", "quit", "Exit"]
)
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
    asking.say("is it bad for my back")
    asking.say("thanks")
    assert "Source" in asking.say("1")
    first = asking.say("what should I know about exercise and my back pain")
    assert "1. " in first
    assert asking.say("should I stretch or strengthen") != first


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
        ("stand desk", "Is it better to stand at my desk?"),
        ("how oftn strech", "How often should I stretch?"),
        ("", []),
        ("zzz", []),
    ],
)
def test_commands_and_questions_are_completed(
    screen: Screen, typed: str, found: list[str] | str
) -> None:
    completer = ChatCompleter(lambda: screen.chat)
    completions = completer.get_completions(Document(typed), CompleteEvent())
    texts = [completion.text for completion in completions]
    assert texts[0] == found if isinstance(found, str) else texts == found


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


DESK = {
    "about.yaml": "name: Desk\ncovers: loans\n",
    "entries.yaml": "- id: a\n  question: How long is a loan?\n"
    "  variants: [loan time]\n  answer: Four weeks.\n",
    "red_flags.yaml": "flags:\n- id: fire\n  name: fire\n  level: emergency\n"
    "  message: Leave the house now.\n  phrases: [house on fire]\n",
}


@pytest.fixture
def desk(tmp_path: Path) -> str:
    """A base so small that a chat about it is there at once."""
    folder = tmp_path / "desk"
    folder.mkdir()
    for name, text in DESK.items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def spawn(*arguments: str, **environment: str) -> "pexpect.spawn[str]":
    """Start the chat in a pseudo-terminal."""
    return pexpect.spawn(
        sys.executable,
        ["-m", "faqbot", *arguments],
        cwd=str(Path(ROOT)),
        dimensions=(40, 100),
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm"} | environment,
    )


def ended(child: "pexpect.spawn[str]") -> tuple[int | None, int | None]:
    """Wait until a chat ends; return its exit code and the signal it died of."""
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.signalstatus


def test_a_real_terminal(bot: FAQBot) -> None:
    vague = bot.ask("is it bad for my back")
    assert vague.kind is Kind.CLARIFICATION
    terminal = spawn("--region", "uk")
    terminal.expect("You:")
    terminal.send("hello\r")
    terminal.expect("back pain")
    terminal.send("is it bad for my back\r")
    terminal.expect("3\\. ")
    terminal.send("dropped\x03")
    terminal.setwinsize(30, 50)
    terminal.send("2\r")
    chosen = bot.knowledge.find(vague.options[1].entry)
    terminal.expect(re.escape(chosen.answer[:30]))
    terminal.expect("You:")
    widest = max(
        map(
            len,
            re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.before or "")
            .replace("\r", "")
            .split("\n"),
        )
    )
    assert widest <= 100
    terminal.send("/why\r")
    terminal.expect("You chose")
    terminal.send("how oftn shoud i strech\t")
    terminal.expect("How often should I stretch")
    terminal.send("\x15How often should I do strengthening exercises?\r")
    terminal.expect("two days")
    terminal.expect("Source")
    terminal.send("I can't feel between my legs and I can't pee\r")
    terminal.expect("999")
    terminal.send("/to\t")
    terminal.expect("/topics")
    terminal.send("\r")
    terminal.expect("Not answered here")
    terminal.send("\x12strength\r\r")
    terminal.expect("two days")
    terminal.send("\x03")
    terminal.expect(re.escape(wording.LEAVE_HINT))
    terminal.send("\x03")
    terminal.expect(wording.GOODBYE)
    assert ended(terminal) == (0, None)


def test_lines_are_remembered_only_when_asked_and_can_be_wiped(
    tmp_path: Path, desk: str
) -> None:
    home = tmp_path / "state"
    home.mkdir()
    state = {"XDG_STATE_HOME": str(home)}
    child = spawn("--knowledge", desk, **state)
    child.expect("You:")
    child.send("first\r\x04")
    assert ended(child) == (0, None)
    assert list(home.iterdir()) == []
    child = spawn("--remember", "--vi", "--knowledge", desk, **state)
    child.expect("You:")
    # Vi keys: leave the text, go to its start, and put a word before it.
    child.send("back pain\x1b0isore \r")
    child.expect("You:")
    kept = home / "faqbot" / "history"
    child.send("loan time\r")
    child.expect("Four weeks")
    assert "sore back pain" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600
    child.send("/forget\r")
    child.expect(re.escape(wording.FORGOTTEN[:20]))
    assert "sore" not in kept.read_text(encoding="utf-8")
    child.send("\x04")
    assert ended(child) == (0, None)


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {}])
def test_a_plain_terminal_gets_no_escapes(
    environment: dict[str, str], desk: str
) -> None:
    options = ["--knowledge", desk, *([] if environment else ["--plain"])]
    child = spawn(*options, PYTHONIOENCODING="ascii", **environment)
    child.expect("You:")
    seen = child.before or ""
    child.send("zxqv glorp\r")
    child.expect(r"\?zxqv\?")
    child.send("There is a house on fire\r")
    child.expect("Leave the house now")
    seen += child.before or ""
    assert "\x1b" not in seen
    child.send("\x04")
    child.expect(wording.GOODBYE)
    assert ended(child) == (0, None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_chat_and_leaves_the_terminal_as_it_was(
    number: signal.Signals, desk: str
) -> None:
    command = f"{sys.executable} -m faqbot --knowledge {desk}"
    child = pexpect.spawn(
        "/bin/sh",
        ["-c", f"{command}; echo left $?; stty -a"],
        cwd=str(Path(ROOT)),
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm"},
    )
    child.expect("You:")
    (pid,) = subprocess.run(
        ["pgrep", "-P", str(child.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    os.kill(int(pid), number)
    child.expect(f"left {128 + number}")
    child.expect(r"[^-]icanon")
    child.close(force=True)


def test_a_base_that_breaks_is_kept_as_it_was(desk: str) -> None:
    child = spawn("--plain", "--knowledge", desk)
    child.expect("You:")
    child.send("How long is a loan?\r")
    child.expect("Four weeks")
    Path(desk, "about.yaml").write_text("nam: Desk\n", encoding="utf-8")
    child.send("/reload\r")
    child.expect(r"about.yaml:1: unknown key 'nam'")
    child.expect(re.escape(wording.KEPT))
    child.send("How long is a loan?\r")
    child.expect("Four weeks")
    Path(desk, "about.yaml").write_text("name: D\ncovers: x\n", encoding="utf-8")
    child.send("/reload\r")
    child.expect("Read again: 1 entries")
    child.send("\x04")
    assert ended(child) == (0, None)


# --- the chat as an object ---


def test_a_conversation_is_exported_and_nothing_lost(
    screen: Screen, tmp_path: Path
) -> None:
    assert screen.say("/export").strip() == wording.EXPORT_WHERE
    path = tmp_path / "talk.md"
    assert screen.say(f"/export {path}").strip() == wording.NOTHING_TO_EXPORT
    screen.say("How often should I stretch? \x1b[31m")
    screen.say("can I take ibuprofen")
    assert "Wrote" in screen.say(f"/export {path}")
    text = path.read_text(encoding="utf-8")
    assert "**You:** How often should I stretch?" in text
    assert "sentence 5.4" in text
    assert "https://www.nice.org.uk" in text
    assert "pharmacist" in text
    assert "\x1b" not in text
    path.write_text("mine", encoding="utf-8")
    for refusal in ("no", "", "is it bad for my back"):
        assert "is there already" in screen.say(f"/export {path}").replace("\n", " ")
        assert wording.NOT_EXPORTED in screen.say(refusal)
        assert path.read_text(encoding="utf-8") == "mine"
    screen.say(f"/export {path}")
    assert "Wrote" in screen.say("yes")
    assert "stretch" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    ["no/such/folder/talk.md", "bad\0name.md", "/", "a" * 300, "~nosuchuser/talk.md"],
)
def test_what_cannot_be_written_is_told(screen: Screen, name: str) -> None:
    screen.say("hello")
    shown = screen.say(f"/export {name}")
    shown += screen.say("yes") if "already" in shown else ""
    assert "could not be written" in shown.replace("\n", " ")


def test_ctrl_c_takes_back_a_file_to_be_written_over(
    screen: Screen, tmp_path: Path
) -> None:
    path = tmp_path / "talk.md"
    path.write_text("mine", encoding="utf-8")
    screen.run(["hello", f"/export {path}", KeyboardInterrupt, "y", EOFError])
    assert path.read_text(encoding="utf-8") == "mine"


def test_danger_behind_a_slash_is_heard(screen: Screen) -> None:
    assert "emergency department" in screen.say("/my groin is numb and I can't pee")
    assert "emergency department" in screen.say("/no feeling in my groin")


def test_a_line_that_the_terminal_cuts_is_told(desk: str) -> None:
    child = spawn("--plain", "--knowledge", desk)
    child.expect("You:")
    child.send("my back aches a bit when I sit " * 150 + "\r")
    child.expect("the terminal dropped its end")
    child.send("\x04")
    assert ended(child) == (0, None)


def test_a_region_is_chosen_and_the_talk_goes_on(screen: Screen) -> None:
    screen.say("How often should I do strengthening exercises?")
    assert "New Zealand" in screen.say("/region nz")
    assert "How often should I stretch" in screen.say("and stretching?")
    assert "111" in screen.say("I can't pee and my back hurts")
    assert "use one of us" in screen.say("/region mars").replace("\n", " ")
    assert screen.chat.status.endswith("New Zealand")


def test_nothing_is_completed_before_the_chat_is_there() -> None:
    completer = ChatCompleter(lambda: None)
    assert not list(completer.get_completions(Document("/he"), CompleteEvent()))


def test_what_was_made_in_the_background_is_waited_for() -> None:
    later, told = Later(lambda: 3), []
    assert later.made is None
    later.begin(lambda: told.append("done"))
    assert later() == later.made == 3
    assert told == ["done"]
    with pytest.raises(ZeroDivisionError):
        Later(lambda: 1 // 0)()


@given(st.text())
def test_nothing_that_is_shown_steers_a_terminal(text: str) -> None:
    shown = harmless(text)
    assert len(shown) == len(text)
    assert all(
        each.isprintable() or each in "\n \u3000" or unicodedata.category(each) == "Zs"
        for each in shown
    )
