"""Builds once what many tests ask."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from faqbot import FAQBot, KnowledgeBase

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
"""Labelled questions that are not part of the project; tests skip without them."""

KEYS = [
    "schema",
    "question",
    "kind",
    "text",
    "entry",
    "matched",
    "claims",
    "stance",
    "references",
    "confidence",
    "options",
    "topic",
    "refer_to",
    "red_flag",
    "level",
    "unknown_words",
]
"""The keys of a reply as JSON, in order."""

# Seeded, so that a failure comes back; a slow machine is no failure.
settings.register_profile("faqbot", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("faqbot")


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    """The knowledge base that ships."""
    return KnowledgeBase.load(ROOT / "knowledge")


@pytest.fixture(scope="session")
def bot(base: KnowledgeBase) -> FAQBot:
    """A bot on the knowledge base that ships."""
    return FAQBot(base)


@pytest.fixture(scope="session")
def questions() -> Path:
    """The folder of labelled questions; skips where there is none."""
    folder = SHARED / "questions"
    if not folder.is_dir():
        pytest.skip("the labelled questions are not here")
    return folder


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in ("NO_COLOR", "TERM", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT)]))
