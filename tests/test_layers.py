"""Tests who may import whom, and that the engine knows no subject."""

import ast
import re
import subprocess
import sys

import pytest

from .conftest import ROOT

PACKAGE = ROOT / "faqbot"
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "text": set(),
    "models": {"errors"},
    "confidence": {"models"},
    "reading": {"errors"},
    "knowledge": {"errors", "models", "reading", "text"},
    "wording": {"models"},
    "lexicon": {"text"},
    "message": {"text"},
    "negation": {"message"},
    "assertion": {"message"},
    "safety": {"assertion", "message", "models", "negation", "text"},
    "evidence": {"text"},
    "similarity": {"text"},
    "ranking": {
        "confidence",
        "evidence",
        "knowledge",
        "lexicon",
        "models",
        "similarity",
        "text",
    },
    "conversation": {"models", "text", "wording"},
    "judging": {"confidence", "knowledge", "models", "ranking"},
    "danger": {"assertion", "judging", "models", "ranking", "safety", "text"},
    "replies": {"knowledge", "models", "ranking", "safety", "wording"},
    "bot": {
        "assertion",
        "conversation",
        "danger",
        "judging",
        "knowledge",
        "models",
        "ranking",
        "replies",
        "safety",
        "similarity",
        "text",
        "wording",
    },
    "evaluation": {"bot", "errors", "models", "reading"},
    "calibration": {
        "confidence",
        "errors",
        "evaluation",
        "knowledge",
        "models",
        "ranking",
    },
    "style": {"errors", "knowledge", "models", "text"},
    "validation": {
        "assertion",
        "bot",
        "errors",
        "evaluation",
        "judging",
        "knowledge",
        "models",
        "style",
        "text",
    },
    "render": {
        "assertion",
        "bot",
        "calibration",
        "confidence",
        "errors",
        "evaluation",
        "knowledge",
        "models",
        "wording",
    },
    "chat": {
        "bot",
        "conversation",
        "errors",
        "knowledge",
        "models",
        "render",
        "text",
        "wording",
    },
    # What the terminal and the command need beyond this they import behind the prompt.
    "terminal": {"bot", "chat", "errors", "knowledge", "render", "wording"},
    "commands": {
        "bot",
        "calibration",
        "confidence",
        "errors",
        "evaluation",
        "knowledge",
        "render",
        "validation",
    },
    "__init__": {"bot", "conversation", "errors", "judging", "knowledge", "models"},
    "__main__": {"commands", "errors", "knowledge", "terminal"},
}
SUBJECT_WORDS = re.compile(
    r"\b(back ?(pain|ache)|spin(e|al)|posture|exercis\w+|stretch\w*|sciatica|doctor|"
    r"clinician|physio\w*|pain\w*|medicine|medical|numb|numbness)\b",
    re.IGNORECASE,
)
# Grammar and examples in comments may use them; what runs may not.
MAY_NAME_SUBJECTS = {"assertion", "message", "negation", "safety"}


def own_imports(module: str) -> set[str]:
    """Return the modules of the package that a module imports."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            names = [node.module] if node.module else [a.name for a in node.names]
            found |= {name for name in names if name and not name.startswith("__")}
    return found


def test_every_module_has_its_place() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == set(MAY_IMPORT)


@pytest.mark.parametrize("module", list(MAY_IMPORT))
def test_modules_import_only_from_below(module: str) -> None:
    assert own_imports(module) <= MAY_IMPORT[module]


def test_only_the_terminal_knows_prompt_toolkit() -> None:
    users = {
        path.stem
        for path in PACKAGE.glob("*.py")
        if "prompt_toolkit" in path.read_text(encoding="utf-8")
    }
    assert users == {"terminal"}


def test_the_library_imports_no_prompt_toolkit() -> None:
    code = "from faqbot import FAQBot"
    command = [sys.executable, "-X", "importtime", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "faqbot.ranking" in run.stderr
    assert "prompt_toolkit" not in run.stderr


def test_the_prompt_waits_for_nothing_of_the_engine() -> None:
    code = "import faqbot.__main__, faqbot.terminal"
    command = [sys.executable, "-X", "importtime", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    for module in ("bot", "knowledge", "chat", "render", "commands"):
        assert f"faqbot.{module}\n" not in run.stderr


@pytest.mark.parametrize("module", sorted(set(MAY_IMPORT) - MAY_NAME_SUBJECTS))
def test_no_string_of_the_engine_is_about_a_subject(module: str) -> None:
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in texts if SUBJECT_WORDS.search(text)] == []
