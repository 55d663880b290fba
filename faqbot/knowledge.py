"""Loads a knowledge base, whole or not at all."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Protocol

from .errors import FaqbotError, KnowledgeError, Location
from .models import (
    About,
    Alarm,
    Article,
    Calibration,
    Claim,
    Entry,
    Level,
    LookAlikes,
    Move,
    RedFlag,
    Reference,
    Referral,
    Region,
    Release,
    Sign,
    SmallTalk,
    Stance,
    Subject,
)
from .reading import Document, Reader, Record
from .text import LANGUAGES, normalise

SECTIONS = (
    "about",
    "article",
    "references",
    "entries",
    "referrals",
    "red_flags",
    "red_flag_examples",
    "regions",
    "small_talk",
    "vocabulary",
    "conversation",
    "calibration",
)
"""The files of a knowledge base; each NAME.yaml may also be a folder NAME of files."""


NO_FLAG = "none"
"""Stands for a flag's id over the messages that call for none."""
CONTACT = re.compile(r"\{(\w+)\}")
"""Stands in a text for whom to call."""
FINGERPRINT = 16
"""Characters of a fingerprint; two bases share one by chance in 2**64 cases."""


class Located(Protocol):
    """Something that was read from a place."""

    @property
    def location(self) -> Location:
        """Where it stands."""


@dataclass(frozen=True)
class KnowledgeBase:
    """All that the bot knows; build one with `load` or `from_dict`."""

    about: About
    entries: tuple[Entry, ...]
    referrals: tuple[Referral, ...] = ()
    small_talk: tuple[SmallTalk, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()
    concepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Groups of phrases for one idea, by name; red flags are made of them."""
    idioms: tuple[str, ...] = ()
    """Phrases that sound like a red flag and are none ("killing me")."""
    ordinary_words: tuple[str, ...] = ()
    """Words that are no slips for the word of a red flag, however near ("leap")."""
    releases: tuple[Release, ...] = ()
    """What ends the reminders that follow an emergency reply."""
    look_alikes: tuple[LookAlikes, ...] = ()
    """What looks like the examples of red flags, a group a file."""
    contacts: Mapping[str, str] = field(default_factory=dict)
    """Words for whom to call where no region is chosen; they stand for {name}."""
    regions: tuple[Region, ...] = ()
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Phrases that people use for the same thing, by name."""
    moves: Mapping[Move, tuple[str, ...]] = field(default_factory=dict)
    """What people say about the conversation itself, word for word."""
    article: Article | None = None
    references: tuple[Reference, ...] = ()
    calibration: Calibration | None = None
    """How sure to be; None for a base that was never calibrated."""
    group_places: Mapping[str, Location] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Where each group of phrases and each contact stands, by its name."""
    places: Mapping[tuple[Location, str], Location] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Where each text stands, by the location of its record and the text."""

    @classmethod
    def load(
        cls,
        folder: str | Path | Traversable | None = None,
        *,
        calibrated: bool = True,
    ) -> "KnowledgeBase":
        """Return the base in `folder`, or the one that ships.

        Without `calibrated`, its calibration is passed over, for it is to be replaced.

        Raises:
            KnowledgeError: with every problem in it, when there is one.
            FaqbotError: when the folder is missing or cannot be read.
        """
        reader = Reader()
        documents = [
            (section, topic, document)
            for section, topic, document in _documents(reader, _folder(folder))
            if calibrated or section != "calibration"
        ]
        return _Builder(reader).build(documents)

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> "KnowledgeBase":
        """Return the base in `content`, a mapping from section to what its file holds.

        `entries` is a list, or a mapping from topic to list. Raises KnowledgeError.
        """
        reader = Reader()
        documents = list(_sections(reader, content))
        return _Builder(reader).build(documents)

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """All that a question may turn out to be about."""
        return (*self.entries, *self.referrals, *self.small_talk)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """The red flags that have examples, and what looks like them."""
        flags = tuple(flag for flag in self.red_flags if flag.examples)
        return (*flags, *self.look_alikes) if flags else ()

    @property
    def other_texts(self) -> tuple[str, ...]:
        """Texts whose words are known, though nobody asks with them."""
        phrases = (phrase for group in self.vocabulary.values() for phrase in group)
        return (*(entry.answer for entry in self.entries), *phrases)

    @property
    def fingerprint(self) -> str:
        """Tell apart two bases that a question may be ranked differently in."""
        told = [
            self.about.language,
            [[each.id, each.wordings] for each in (*self.subjects, *self.alarms)],
            [[each.id, each.claims, each.answer] for each in self.entries],
            [[each.id, each.words] for each in self.referrals],
            list(self.vocabulary.items()),
        ]
        return sha256(json.dumps(told).encode()).hexdigest()[:FINGERPRINT]

    def place(self, record: Located, text: str) -> Location:
        """Return where a text of `record` stands, or else the record."""
        return self.places.get((record.location, text), record.location)

    def region(self, name: str) -> Region:
        """Return the region with this id or name, in whatever case.

        Raises FaqbotError, with the regions that there are, where there is none.
        """
        wanted = name.strip().casefold()
        for region in self.regions:
            if wanted in {region.id.casefold(), region.name.casefold()}:
                return region
        known = ", ".join(f"{each.id} ({each.name})" for each in self.regions)
        raise FaqbotError(
            f"there is no region {name!r}; use one of {known}"
            if known
            else f"there is no region {name!r}; this base has no regions.yaml"
        )

    def find(self, entry_id: str) -> Entry:
        """Return the entry with this id; raises KeyError where there is none."""
        for entry in self.entries:
            if entry.id == entry_id:
                return entry
        raise KeyError(entry_id)


def default_knowledge() -> Traversable:
    """Return the folder inside an installed wheel, else the one beside a checkout."""
    packaged = files("faqbot") / "knowledge"
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[1] / "knowledge"


def _folder(folder: str | Path | Traversable | None) -> Traversable:
    found = default_knowledge() if folder is None else folder
    if isinstance(found, str):
        found = Path(found)
    if not found.is_dir():
        raise FaqbotError(
            f"{found}: no knowledge base here; name a folder that holds about.yaml"
        )
    return found


def _documents(
    reader: Reader, folder: Traversable
) -> Iterator[tuple[str, str, Document]]:
    """Yield section, topic and document of each file, in the order of their names."""
    try:
        parts = sorted(folder.iterdir(), key=lambda part: part.name)
        for part in parts:
            section, topic, inside = part.name, "", [part]
            if part.is_dir() and section in SECTIONS:
                inside = sorted(part.iterdir(), key=lambda file: file.name)
            for file in inside:
                name = file.name if file is part else f"{section}/{file.name}"
                stem, _, ending = file.name.rpartition(".")
                if ending not in {"yaml", "yml"} or not file.is_file():
                    continue
                topic = stem
                home = stem if file is part else section
                if ending == "yml" or home not in SECTIONS:
                    reader.note(
                        Location(name, 1),
                        f"no such part of a knowledge base: {file.name!r}",
                        f"use one of {', '.join(SECTIONS)}, ending in .yaml",
                    )
                    continue
                document = reader.parse(name, file.read_bytes())
                if document:
                    yield home, topic, document
    except OSError as error:
        raise FaqbotError(
            f"{folder}: cannot be read ({error.strerror}); check its permissions"
        ) from error


def _sections(
    reader: Reader, content: Mapping[str, object]
) -> Iterator[tuple[str, str, Document]]:
    for section, part in content.items():
        if section not in SECTIONS:
            reader.note(
                Location(str(section)),
                f"no such part of a knowledge base: {section!r}",
                f"use one of {', '.join(SECTIONS)}",
            )
            continue
        topics = {section: part}
        if section in {"entries", "referrals"} and isinstance(part, Mapping):
            topics = {f"{section}.{topic}": rows for topic, rows in part.items()}
        for name, rows in topics.items():
            document = reader.represent(name, rows)
            if document:
                yield section, name.rpartition(".")[2], document


class _Builder:
    """Builds the values of a base from its documents, and links them up."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._about: About | None = None
        self._article: Article | None = None
        self._entries: list[Entry] = []
        self._referrals: list[Referral] = []
        self._small_talk: list[SmallTalk] = []
        self._red_flags: list[RedFlag] = []
        self._references: list[Reference] = []
        self._releases: list[Release] = []
        self._contacts: dict[str, str] = {}
        self._regions: list[Region] = []
        self._look_alikes: list[LookAlikes] = []
        self._idioms: tuple[str, ...] = ()
        self._ordinary_words: tuple[str, ...] = ()
        self._groups: dict[str, dict[str, tuple[str, ...]]] = {}
        self._calibration: Calibration | None = None
        self._uses: list[tuple[str, str, Location]] = []
        self._ids: dict[tuple[str, str], Location] = {}

    def build(self, documents: Iterable[tuple[str, str, Document]]) -> KnowledgeBase:
        """Return the base; raises KnowledgeError when anything is wrong."""
        for section, topic, document in documents:
            if section == "entries":
                self._each(document, partial(self._entry, topic=topic))
            else:
                getattr(self, f"_read_{section}")(document)
        self._check_whole()
        if self._reader.problems or self._about is None:
            raise KnowledgeError(self._reader.problems)
        examples = self._groups.get("example", {})
        return KnowledgeBase(
            about=self._about,
            entries=tuple(self._entries),
            referrals=tuple(self._referrals),
            small_talk=tuple(self._small_talk),
            red_flags=tuple(
                replace(flag, examples=examples.get(flag.id, ()))
                for flag in self._red_flags
            ),
            concepts=self._groups.get("group", {}),
            idioms=self._idioms,
            ordinary_words=self._ordinary_words,
            releases=tuple(self._releases),
            look_alikes=tuple(self._look_alikes),
            contacts=self._contacts,
            regions=tuple(self._regions),
            vocabulary=self._groups.get("vocabulary", {}),
            moves={
                Move(name): phrases
                for name, phrases in self._groups.get("move", {}).items()
            },
            article=self._article,
            references=tuple(self._references),
            calibration=self._calibration,
            group_places={
                name: place
                for (kind, name), place in self._ids.items()
                if kind in {"group", "contact"}
            },
            places=self._reader.places,
        )

    def _check_whole(self) -> None:
        if self._about is None and not any(
            problem.location.file.startswith("about")
            for problem in self._reader.problems
        ):
            self._reader.note(
                Location("about.yaml"),
                "the base does not say what it is about",
                "write about.yaml with 'name' and 'covers'",
            )
        if not self._entries and not self._reader.problems:
            self._reader.note(
                Location("entries"),
                "there is no entry",
                "write entries.yaml, or files in entries/",
            )
        for kind, wanted, place in self._uses:
            if (kind, wanted) not in self._ids:
                self._reader.note(
                    place,
                    f"there is no {kind} {wanted!r}",
                    f"correct the id, or add the {kind}",
                )

    def _each(self, document: Document, read: Callable[[Record], None]) -> None:
        for record in self._reader.records(document):
            read(record)
            record.close()

    def _define(self, kind: str, identity: str, place: Location) -> None:
        """Note an id that is taken; subjects of all kinds share their ids."""
        if not identity:
            return
        first = self._ids.setdefault((kind, identity), place)
        if first is not place:
            self._reader.note(
                place, f"id {identity!r} is taken (at {first})", "choose another id"
            )

    def _uses_of(self, kind: str, record: Record, key: str) -> tuple[str, ...]:
        """Return the ids under `key`, to be looked up when everything is read."""
        found = record.placed_texts(key)
        self._uses.extend((kind, text, place) for text, place in found)
        return tuple(text for text, _ in found)

    def _read_about(self, document: Document) -> None:
        record = self._reader.record(document, document.root)
        if record is None:
            return
        self._about = About(
            name=record.text("name"),
            covers=record.text("covers"),
            language=record.optional_text("language") or "english",
            introduction=record.optional_text("introduction"),
            refer_to=record.optional_text("refer_to"),
            safety_net=record.optional_text("safety_net"),
            notice=record.optional_text("notice"),
            samples=self._uses_of("entry", record, "samples"),
            avoid=record.texts("avoid"),
            reading_grade=record.optional_number("reading_grade"),
            location=record.location,
        )
        if self._about.language not in LANGUAGES:
            self._reader.note(
                record.place("language"),
                f"no stems are known for {self._about.language!r}",
                f"use one of {', '.join(LANGUAGES)}",
            )
        record.close()

    def _entry(self, record: Record, *, topic: str) -> None:
        identity = record.identifier()
        self._define("entry", identity, record.place("id"))
        self._define_subject(identity, record)
        entry = Entry(
            id=identity,
            question=record.text("question"),
            variants=record.texts("variants", required=True),
            answer=record.text("answer"),
            claims=self._uses_of("sentence", record, "claims"),
            stance=record.choice("stance", Stance),
            references=self._uses_of("reference", record, "references"),
            follow_ups=self._uses_of("entry", record, "follow_ups"),
            reviewed=record.day("reviewed"),
            topic=topic,
            location=record.location,
        )
        if bool(entry.claims) != record.has("stance"):
            self._reader.note(
                record.location,
                "'claims' and 'stance' go together, and one is missing",
                "say which sentences the answer speaks of and how it stands to them",
            )
        self._entries.append(entry)

    def _define_subject(self, identity: str, record: Record) -> None:
        self._define("entry, topic or small talk", identity, record.place("id"))

    def _read_referrals(self, document: Document) -> None:
        self._each(document, self._referral)

    def _referral(self, record: Record) -> None:
        identity = record.identifier()
        self._define_subject(identity, record)
        self._referrals.append(
            Referral(
                id=identity,
                subject=record.text("subject"),
                advice=record.text("advice"),
                examples=record.texts("examples", required=True),
                refer_to=record.optional_text("refer_to"),
                words=record.texts("words"),
                references=self._uses_of("reference", record, "references"),
                location=record.location,
            )
        )

    def _read_small_talk(self, document: Document) -> None:
        self._each(document, self._chat)

    def _chat(self, record: Record) -> None:
        identity = record.identifier()
        self._define_subject(identity, record)
        self._small_talk.append(
            SmallTalk(
                id=identity,
                examples=record.texts("examples", required=True),
                reply=record.text("reply"),
                location=record.location,
            )
        )

    def _read_red_flags(self, document: Document) -> None:
        record = self._reader.record(document, document.root)
        if record is None:
            return
        self._read_groups("group", record.record("groups"))
        self._idioms += record.texts("idioms")
        self._ordinary_words += record.texts("ordinary_words")
        for flag in record.records("flags", required=True):
            self._flag(flag)
            flag.close()
        for release in record.records("releases"):
            self._releases.append(
                Release(
                    phrases=release.texts("phrases", required=True),
                    reply=release.text("reply"),
                    location=release.location,
                )
            )
            release.close()
        record.close()

    def _flag(self, record: Record) -> None:
        identity = record.identifier()
        self._define("red flag", identity, record.place("id"))
        signs = []
        for sign in record.records("signs"):
            near = self._uses_of("group", sign, "near")
            signs.append(Sign(near, self._uses_of("group", sign, "anywhere")))
            if not near:
                self._reader.note(
                    sign.location, "'near' is missing", "name at least one group"
                )
            sign.close()
        level = record.choice("level", Level)
        record.require("level")
        flag = RedFlag(
            id=identity,
            name=record.text("name"),
            level=level or Level.EMERGENCY,
            message=self._message(record),
            signs=tuple(signs),
            phrases=record.texts("phrases"),
            unless=record.texts("unless"),
            references=self._uses_of("reference", record, "references"),
            location=record.location,
        )
        if not flag.signs and not flag.phrases:
            self._reader.note(
                record.location,
                "nothing can raise this red flag",
                "give it 'signs' or 'phrases'",
            )
        self._red_flags.append(flag)

    def _message(self, record: Record) -> str:
        """Return what a red flag says; each {name} in it must be a contact."""
        message = record.text("message")
        self._uses += [
            ("contact", name, record.place("message"))
            for name in CONTACT.findall(message)
        ]
        return message

    def _read_regions(self, document: Document) -> None:
        record = self._reader.record(document, document.root)
        if record is None:
            return
        for name, words, place in _contacts(record):
            self._define("contact", name, place)
            self._contacts[name] = words
        for region in record.records("regions", required=True):
            self._region(region)
            region.close()
        record.close()

    def _region(self, record: Record) -> None:
        identity = record.identifier()
        self._define("region", identity, record.place("id"))
        contacts = _contacts(record)
        self._uses += [("contact", name, place) for name, _, place in contacts]
        self._regions.append(
            Region(
                id=identity,
                name=record.text("name"),
                contacts={name: words for name, words, _ in contacts},
                source=record.text("source"),
                location=record.location,
            )
        )

    def _read_red_flag_examples(self, document: Document) -> None:
        record = self._reader.record(document, document.root)
        if record is None:
            return
        harmless = record.texts(NO_FLAG)
        if harmless:
            self._look_alikes.append(
                LookAlikes(f"{NO_FLAG} of {document.name}", harmless)
            )
        flags = [name for name in record.names() if name != NO_FLAG]
        self._read_groups("example", record, flags)
        self._uses += [("red flag", name, record.place(name)) for name in flags]

    def _read_vocabulary(self, document: Document) -> None:
        self._read_groups("vocabulary", self._reader.record(document, document.root))

    def _read_conversation(self, document: Document) -> None:
        record = self._reader.record(document, document.root)
        if record is None:
            return
        said: dict[str, Move] = {}
        for move in Move:
            found = record.placed_texts(move)
            for text, place in found:
                first = said.setdefault(normalise(text), move)
                if first is not move:
                    self._reader.note(
                        place,
                        f"{text!r} stands under {first} as well",
                        "keep it where it belongs",
                    )
            self._groups.setdefault("move", {})[move] = tuple(text for text, _ in found)
        record.close()

    def _read_groups(
        self, kind: str, record: Record | None, names: Iterable[str] | None = None
    ) -> None:
        """Read the texts under `names`, or under every key."""
        if record is None:
            return
        groups = self._groups.setdefault(kind, {})
        for name in record.names() if names is None else names:
            self._define(kind, name, record.place(name))
            groups[name] = record.texts(name)

    def _read_article(self, document: Document) -> None:
        record = self._reader.record(document, document.root)
        if record is None:
            return
        sentences = []
        for sentence in record.records("sentences", required=True):
            identity = sentence.identifier()
            self._define("sentence", identity, sentence.place("id"))
            sentences.append(
                Claim(
                    id=identity,
                    claim=sentence.text("claim"),
                    verdict=sentence.text("verdict"),
                    set_aside=sentence.optional_text("set_aside"),
                    location=sentence.location,
                )
            )
            sentence.close()
        self._article = Article(record.text("title"), tuple(sentences))
        record.close()

    def _read_references(self, document: Document) -> None:
        self._each(document, self._reference)

    def _reference(self, record: Record) -> None:
        identity = record.identifier()
        self._define("reference", identity, record.place("id"))
        self._references.append(
            Reference(
                id=identity,
                organisation=record.text("organisation"),
                title=record.text("title"),
                year=record.text("year"),
                checked=record.text("checked"),
                shows=record.text("shows"),
                url=record.optional_text("url"),
                location=record.location,
            )
        )

    def _read_calibration(self, document: Document) -> None:
        record = self._reader.record(document, document.root)
        if record is None:
            return
        self._calibration = Calibration(
            base=record.text("base"),
            answer=record.number("answer"),
            offer=record.number("offer"),
            best=_weights(record, "best"),
            among=_weights(record, "among"),
            alarm=_edge(record, "alarm"),
            danger=_weights(record, "danger", required=False),
            advise=_edge(record, "advise"),
            soon=_weights(record, "soon", required=False),
            doubt=record.optional_number("doubt") or 0.0,
            location=record.location,
        )
        record.close()


def _contacts(record: Record) -> list[tuple[str, str, Location]]:
    """Return the name, the words and the place of each contact in a record."""
    found = record.record("contacts", required=True)
    if found is None:
        return []
    return [(name, found.text(name), found.place(name)) for name in found.names()]


def _edge(record: Record, key: str) -> float:
    """Return the edge of a band; without one, it is never reached."""
    edge = record.optional_number(key)
    return 1.0 if edge is None else edge


def _weights(record: Record, key: str, *, required: bool = True) -> dict[str, float]:
    model = record.record(key, required=required)
    if model is None:
        return {}
    model.require("bias")
    return {name: model.number(name) for name in model.names()}
