"""Plays the conversations in transcripts/ again, word for word.

`python -m tests.test_transcripts` writes them anew, for somebody to read.
"""

import re
from pathlib import Path

import pytest

from faqbot import FAQBot
from faqbot.chat import Chat
from faqbot.render import as_text
from faqbot.wording import PROMPT

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
SAID = re.compile(rf"^{re.escape(PROMPT)}(.*)$", re.MULTILINE)


def replay(bot: FAQBot, lines: list[str]) -> str:
    """Return what a chat of 80 columns shows for `lines`, and the lines themselves.

    A line may hold escapes such as \\x1b for what cannot be written.
    """
    seen: list[str] = []
    chat = Chat(
        bot.knowledge,
        lambda: bot,
        lambda fragments: seen.append(as_text(fragments)),
        lambda: 80,
    )
    chat.greet()
    for line in lines:
        seen.append(f"{PROMPT}{line}\n")
        chat.turn(line.replace("\\x1b", "\x1b").replace("\\x07", "\x07"))
    return "".join(seen)


def played(bot: FAQBot, text: str) -> str:
    """Return a transcript as it runs now, under its heading."""
    heading = text.split("\n", 1)[0]
    return f"{heading}\n\n{replay(bot, SAID.findall(text)).strip()}\n"


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written(bot: FAQBot, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text == played(bot, text)


def test_there_are_enough_conversations() -> None:
    assert len(TRANSCRIPTS) >= 25


if __name__ == "__main__":
    for path in TRANSCRIPTS:
        path.write_text(played(FAQBot(), path.read_text("utf-8")), encoding="utf-8")
