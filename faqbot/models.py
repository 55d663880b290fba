"""Holds the values that travel from a question to a reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from .errors import Location

NOWHERE = Location("")
"""The location of a value that was not read from a file."""


class Kind(StrEnum):
    """How a reply came about."""

    ANSWER = "answer"
    """An entry answers the question."""
    CLARIFICATION = "clarification"
    """Two or three entries may be meant; the person chooses."""
    REFERRAL = "referral"
    """Out of scope, or not understood: somebody else should be asked."""
    URGENT = "urgent"
    """A red flag at the level emergency or urgent."""
    SMALL_TALK = "small_talk"
    """A greeting, thanks, a question about the bot."""


class Stance(StrEnum):
    """How an answer stands to the article it is drawn from."""

    AGREES = "agrees"
    LIMITS = "limits"
    SOFTENS = "softens"
    CORRECTS = "corrects"


class Level(StrEnum):
    """How soon a red flag must be acted on."""

    EMERGENCY = "emergency"
    """Now."""
    URGENT = "urgent"
    """The same day."""
    PROMPT = "prompt"
    """Within days; the question itself may be answered too."""

    @property
    def rank(self) -> int:
        """Place by urgency, 0 the most urgent."""
        return list(Level).index(self)

    @property
    def is_urgent(self) -> bool:
        """Whether it must be acted on the same day, before anything is answered."""
        return self is not Level.PROMPT


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing the bot can answer: a question, its variants, an answer."""

    id: str
    question: str
    """The canonical question, shown to people."""
    variants: tuple[str, ...]
    """Other wordings of the same question."""
    answer: str
    claims: tuple[str, ...] = ()
    """Ids of the article's sentences that the answer speaks of."""
    stance: Stance | None = None
    """How the answer stands to those sentences."""
    references: tuple[str, ...] = ()
    """Ids of the evidence behind the answer."""
    follow_ups: tuple[str, ...] = ()
    """Ids of entries a person may ask next."""
    reviewed: date | None = None
    """When the answer was last held against its references."""
    topic: str = ""
    """The file the entry stands in, without its ending."""
    location: Location = field(default=NOWHERE, compare=False)

    @property
    def wordings(self) -> tuple[str, ...]:
        """The canonical question and the variants."""
        return (self.question, *self.variants)


@dataclass(frozen=True, slots=True)
class Referral:
    """An out-of-scope topic: recognised, and sent to whoever can answer it."""

    id: str
    subject: str
    """Completes "This sounds like a question about …"."""
    advice: str
    """What can be said, and when not to wait."""
    examples: tuple[str, ...]
    """Messages on this topic."""
    refer_to: str | None = None
    """Who can answer; None where nobody in particular can."""
    words: tuple[str, ...] = ()
    """Words that by themselves mean this topic."""
    references: tuple[str, ...] = ()
    location: Location = field(default=NOWHERE, compare=False)

    @property
    def wordings(self) -> tuple[str, ...]:
        """The examples."""
        return self.examples


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """A kind of chat that is not a question on the subject."""

    id: str
    examples: tuple[str, ...]
    reply: str
    location: Location = field(default=NOWHERE, compare=False)

    @property
    def wordings(self) -> tuple[str, ...]:
        """The examples."""
        return self.examples


Subject = Entry | Referral | SmallTalk
"""Whatever a question may turn out to be about."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Groups of words that together point to danger."""

    near: tuple[str, ...]
    """Concept groups that must stand within a few words of one another."""
    anywhere: tuple[str, ...] = ()
    """Concept groups that must stand somewhere in the message."""


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A possible sign of danger, looked for before anything else."""

    id: str
    name: str
    level: Level
    message: str
    """What to do now, then why, then what to say."""
    signs: tuple[Sign, ...] = ()
    phrases: tuple[str, ...] = ()
    """Wordings that are enough by themselves; * stands for up to three words."""
    unless: tuple[str, ...] = ()
    """Wordings that take the flag back."""
    references: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """Messages that call for it, as different people write them."""
    location: Location = field(default=NOWHERE, compare=False)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything that is known to mean it."""
        return self.examples


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """Messages that share words with signs of danger, and hold none."""

    id: str
    wordings: tuple[str, ...]


Alarm = RedFlag | LookAlikes
"""What a message with the words of a danger may turn out to be."""


@dataclass(frozen=True, slots=True)
class Release:
    """What ends the reminders that follow an emergency reply."""

    phrases: tuple[str, ...]
    """Wordings of it."""
    reply: str
    location: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Region:
    """A place, and whom to call there."""

    id: str
    name: str
    contacts: Mapping[str, str]
    """Words for a contact, by its name."""
    source: str
    """Where the numbers come from."""
    location: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the article, restated and judged."""

    id: str
    claim: str
    """What the sentence says, in other words."""
    verdict: str
    """How it stands against the evidence."""
    set_aside: str | None = None
    """Why no entry speaks of it, where none does."""
    location: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Article:
    """The document the answers are drawn from."""

    title: str
    sentences: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A piece of evidence, and how much of it was read."""

    id: str
    organisation: str
    title: str
    year: str
    checked: str
    """How far the text was read."""
    shows: str
    """What it shows, in short."""
    url: str | None = None
    location: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class About:
    """What a knowledge base is about, and what it says of itself."""

    name: str
    covers: str
    """Completes "I can help with …"."""
    language: str = "english"
    """Decides how words are reduced to their stems."""
    introduction: str | None = None
    """One or two sentences shown when a chat begins."""
    refer_to: str | None = None
    """Whom to ask where no topic was recognised."""
    safety_net: str | None = None
    """When not to wait; follows a referral and a question about a sign of danger."""
    notice: str | None = None
    """Ends every answer, referral and urgent reply."""
    samples: tuple[str, ...] = ()
    """Ids of entries whose questions are shown as examples."""
    avoid: tuple[str, ...] = ()
    """Phrases that nothing people read should hold, in any of their forms."""
    reading_grade: float | None = None
    """Highest Flesch-Kincaid grade of an answer or a piece of advice."""
    location: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure to be, fitted to one state of a knowledge base."""

    base: str
    """Fingerprint of the base that it was fitted to."""
    answer: float
    """Lowest probability, that the best entry is right, at which it is answered."""
    offer: float
    """Lowest probability, that one of the best entries is right, to offer them."""
    best: Mapping[str, float]
    """Weights of the model that judges the first entry, by feature, and its bias."""
    among: Mapping[str, float]
    """The same for the first few entries."""
    alarm: float = 1.0
    """Lowest probability, that an urgent red flag is meant, at which it is raised."""
    danger: Mapping[str, float] = field(default_factory=dict)
    """Weights of the model that judges that; none where no flag has examples."""
    advise: float = 1.0
    """The same as `alarm` for the red flags that ask for an appointment."""
    soon: Mapping[str, float] = field(default_factory=dict)
    """The same as `danger` for them."""
    doubt: float = 0.0
    """Lowest probability, that an urgent red flag is meant, for a sign to count."""
    location: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject weighed against one question."""

    entry: Subject
    """The entry, out-of-scope topic or small talk."""
    score: float
    """Evidence for it, in nats an n-gram; comparable within one question only."""
    confidence: float = 0.0
    """Its share of the evidence among all candidates, 0 to 1."""

    @property
    def id(self) -> str:
        """The id of the subject."""
        return self.entry.id


@dataclass(frozen=True, slots=True)
class Option:
    """An entry offered in a clarification."""

    entry: str
    """Its id."""
    question: str
    claims: tuple[str, ...]
    confidence: float
    """Probability that this is the entry meant, 0 to 1."""

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Option":
        """Return the option that `to_dict` wrote."""
        return cls(**{**content, "claims": tuple(content["claims"])})

    def to_dict(self) -> dict[str, object]:
        """Return the option as a JSON object."""
        return {
            "entry": self.entry,
            "question": self.question,
            "claims": list(self.claims),
            "confidence": round(self.confidence, 4),
        }


class Move(StrEnum):
    """What a message may do with the conversation itself."""

    REPEAT = "repeat"
    SHORTEN = "shorten"
    MORE = "more"
    REJECT = "reject"
    WHY = "why"
    UNFINISHED = "unfinished"
    """Asks something that only what was said before can complete: "how often?"."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says to one question, and what led to it."""

    question: str
    """What the person typed."""
    kind: Kind
    text: str
    """What the person reads."""
    entry: str | None = None
    """Id of the entry that answers."""
    matched: str | None = None
    """Its canonical question."""
    claims: tuple[str, ...] = ()
    """Ids of the article's sentences that the answer speaks of."""
    stance: Stance | None = None
    references: tuple[str, ...] = ()
    """Ids of the evidence behind the text."""
    confidence: float = 0.0
    """Calibrated probability that the best entry is right, 0 to 1."""
    options: tuple[Option, ...] = ()
    """What a clarification offers, most likely first."""
    topic: str | None = None
    """Id of the out-of-scope topic that was recognised."""
    refer_to: str | None = None
    """Who can answer instead."""
    red_flag: str | None = None
    """Id of the gravest red flag."""
    level: Level | None = None
    """How soon that red flag must be acted on."""
    unknown_words: tuple[str, ...] = ()
    """Words of the question that stand nowhere in the knowledge base."""

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Reply":
        """Return the reply that `to_dict` wrote; raises KeyError or ValueError."""
        known = {name: content[name] for name in cls.__slots__}
        return cls(
            **{
                **known,
                "kind": Kind(known["kind"]),
                "stance": Stance(known["stance"]) if known["stance"] else None,
                "level": Level(known["level"]) if known["level"] else None,
                "claims": tuple(known["claims"]),
                "references": tuple(known["references"]),
                "unknown_words": tuple(known["unknown_words"]),
                "options": tuple(map(Option.from_dict, known["options"])),
            }
        )

    def to_dict(self) -> dict[str, object]:
        """Return the reply as the JSON object of schema 1."""
        return {
            "schema": 1,
            "question": self.question,
            "kind": self.kind.value,
            "text": self.text,
            "entry": self.entry,
            "matched": self.matched,
            "claims": list(self.claims),
            "stance": self.stance.value if self.stance else None,
            "references": list(self.references),
            "confidence": round(self.confidence, 4),
            "options": [option.to_dict() for option in self.options],
            "topic": self.topic,
            "refer_to": self.refer_to,
            "red_flag": self.red_flag,
            "level": self.level.value if self.level else None,
            "unknown_words": list(self.unknown_words),
        }
