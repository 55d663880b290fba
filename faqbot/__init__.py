"""Answers questions from a curated knowledge base, and says when it cannot."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bot import FAQBot
    from .conversation import Conversation
    from .errors import FaqbotError, KnowledgeError, Location, Problem
    from .judging import Policy
    from .knowledge import KnowledgeBase
    from .models import (
        Candidate,
        Entry,
        Kind,
        Level,
        Option,
        Referral,
        Reply,
        SmallTalk,
        Stance,
    )

__version__ = "0.1.0"

__all__ = [
    "Candidate",
    "Conversation",
    "Entry",
    "FAQBot",
    "FaqbotError",
    "Kind",
    "KnowledgeBase",
    "KnowledgeError",
    "Level",
    "Location",
    "Option",
    "Policy",
    "Problem",
    "Referral",
    "Reply",
    "SmallTalk",
    "Stance",
    "__version__",
]

_HOMES = {
    "bot": ("FAQBot",),
    "conversation": ("Conversation",),
    "errors": ("FaqbotError", "KnowledgeError", "Location", "Problem"),
    "judging": ("Policy",),
    "knowledge": ("KnowledgeBase",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    # A name is fetched when it is first asked for, so that the chat can show its prompt
    # before the rest of the package is there.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f".{_HOME.get(name, 'models')}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
