"""Runs what the README shows."""

import contextlib
import io
import re

from faqbot import FAQBot
from faqbot.render import sheet
from faqbot.wording import PROMPT

from .conftest import ROOT
from .test_transcripts import replay

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


SHEET = re.compile(r"<!-- sheet -->\n(.*?)\n?<!-- end of sheet -->", re.DOTALL)


def shown(language: str) -> list[str]:
    """Return the blocks of a language, in order."""
    return [text for name, text in BLOCKS if name == language]


def test_the_transcript_is_what_a_chat_shows(bot: FAQBot) -> None:
    transcript = shown("text")[0]
    lines = re.findall(rf"^{re.escape(PROMPT)}(.*)$", transcript, re.MULTILINE)
    assert len(lines) >= 4
    assert transcript.strip() == replay(bot, lines).strip()


def test_the_library_example_prints_what_is_shown_below_it() -> None:
    (code,) = shown("python")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "README.md", "exec"), {})
    assert output.getvalue() == shown("text")[1]


def test_the_sheet_for_review_is_what_the_command_prints(bot: FAQBot) -> None:
    guide = (ROOT / "knowledge" / "README.md").read_text(encoding="utf-8")
    (printed,) = SHEET.findall(guide)
    assert printed.strip() == sheet(bot)


def test_every_command_named_exists() -> None:
    from faqbot.__main__ import create_parser

    named = set(re.findall(r"`faqbot ([a-z-]+)[ `]", README))
    help_text = create_parser().format_help()
    assert {"ask", "topics", "explain", "check", "calibrate"} <= named
    assert all(re.search(rf"^\s+{name}\s", help_text, re.MULTILINE) for name in named)
