"""Answers questions from a curated knowledge base, and says when it cannot."""

from .bot import FAQBot, Policy
from .conversation import Conversation
from .errors import FaqbotError, KnowledgeError, Location, Problem
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
