"""Reads YAML strictly: text stays text, and every problem has a place."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from .errors import Location, Problem, Severity

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What an id looks like."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {"map": "a mapping", "seq": "a list", "null": "empty"}
_SCALARS = {
    "bool": "a yes-or-no value",
    "int": "a number",
    "float": "a number",
    "timestamp": "a date",
    "merge": "a merge key",
    "value": "a default key",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

Choice = TypeVar("Choice", bound=StrEnum)


class Document:
    """A YAML file, or part of a base built in memory, with a location for each node."""

    def __init__(
        self, name: str, root: yaml.Node | None, paths: Mapping[int, str] | None = None
    ) -> None:
        self.name = name
        self.root = root
        self._paths = paths

    def locate(self, node: yaml.Node | None) -> Location:
        """Return where `node` stands."""
        if node is None:
            return Location(self.name, 0 if self._paths else 1)
        if self._paths is not None:
            return Location(self._paths.get(id(node), self.name))
        return Location(self.name, node.start_mark.line + 1)


class Reader:
    """Turns nodes into values, and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.places: dict[tuple[Location, str], Location] = {}
        """Where each text stands, by the location of its record and the text."""

    def note(
        self,
        location: Location,
        what: str,
        remedy: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Record a problem."""
        self.problems.append(Problem(location, what, remedy, severity))

    def parse(self, name: str, content: bytes) -> Document | None:
        """Return the document in `content`, or None where it is not YAML."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.note(
                Location(name, line),
                f"byte {content[error.start]:#04x} is not UTF-8",
                "save the file as UTF-8",
            )
            return None
        try:
            root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = " ".join(str(error.problem or error.context).split())
            self.note(
                Location(name, mark.line + 1 if mark else 1),
                f"this is not YAML: {problem}",
                "check indentation, colons and quotes here and on the line above",
            )
            return None
        except yaml.YAMLError as error:
            position = getattr(error, "position", 0)
            self.note(
                Location(name, text.count("\n", 0, position) + 1),
                "a character here is not allowed in YAML",
                "remove the control character",
            )
            return None
        except RecursionError:
            self.note(Location(name, 1), "lists are nested too deeply", "flatten them")
            return None
        return Document(name, root)

    def represent(self, name: str, content: object) -> Document | None:
        """Return `content` as a document, as if it had been read from a file."""
        try:
            root = _Representer().represent_data(content)
        except (yaml.YAMLError, RecursionError):
            self.note(
                Location(name),
                "this holds a value that YAML cannot express",
                "use mappings, lists and text only",
            )
            return None
        paths: dict[int, str] = {}
        _name_nodes(root, name, paths)
        return Document(name, root, paths)

    def records(self, document: Document) -> list["Record"]:
        """Return the mappings of the list that the document is."""
        if document.root is None:
            self.note(
                document.locate(None), "the file is empty", "write a list, or delete it"
            )
            return []
        return self._records(document, document.root, "the file")

    def record(self, document: Document, node: yaml.Node | None) -> "Record | None":
        """Return the mapping that `node` is."""
        if not isinstance(node, yaml.MappingNode):
            self.note(
                document.locate(node),
                f"a mapping is needed here, not {_describe(node)}",
                "write 'key: value' lines",
            )
            return None
        return Record(self, document, node)

    def _records(
        self, document: Document, node: yaml.Node, what: str
    ) -> list["Record"]:
        if not isinstance(node, yaml.SequenceNode):
            self.note(
                document.locate(node),
                f"{what} must be a list, not {_describe(node)}",
                "start each of its parts with '- '",
            )
            return []
        found = (self.record(document, part) for part in node.value)
        return [record for record in found if record is not None]


class Record:
    """A mapping whose keys are asked for by name; those not asked for are problems."""

    def __init__(
        self, reader: Reader, document: Document, node: yaml.MappingNode
    ) -> None:
        self._reader = reader
        self._document = document
        self._node = node
        self._values: dict[str, yaml.Node] = {}
        self._places: dict[str, Location] = {}
        self._asked: list[str] = []
        self.location = document.locate(node)
        for key, value in node.value:
            self._keep(key, value)

    def _keep(self, key: yaml.Node, value: yaml.Node) -> None:
        place = self._document.locate(key)
        if not isinstance(key, yaml.ScalarNode) or not _is_text(key):
            self._reader.note(
                place,
                f"a key must be text, not {_describe(key)}",
                "put the key in quotes",
            )
        elif key.value in self._values:
            first = self._places[key.value]
            self._reader.note(
                place,
                f"key {key.value!r} stands twice (first at {first})",
                "keep one of them",
            )
        else:
            self._values[key.value] = value
            self._places[key.value] = place

    def place(self, key: str) -> Location:
        """Return where `key` stands, or the record where it does not."""
        return self._places.get(key, self.location)

    def has(self, key: str) -> bool:
        """Return whether `key` is given."""
        return key in self._values

    def require(self, key: str) -> None:
        """Note it where `key` is missing."""
        if key not in self._values:
            self._reader.note(self.location, f"{key!r} is missing", "add it")

    def names(self) -> list[str]:
        """Return every key, for a record whose keys are names; none is unknown then."""
        self._asked.extend(self._values)
        return list(self._values)

    def close(self) -> None:
        """Note the keys that nothing asked for."""
        for key in self._values.keys() - set(self._asked):
            self._reader.note(
                self._places[key],
                f"unknown key {key!r}",
                f"use one of {', '.join(self._asked)}",
            )

    def text(self, key: str) -> str:
        """Return the text under `key`, which must be there."""
        return self.optional_text(key, required=True) or ""

    def optional_text(self, key: str, *, required: bool = False) -> str | None:
        """Return the text under `key`, or None where the key is missing."""
        node = self._take(key, required=required)
        return None if node is None else self._as_text(node, f"{key!r}")

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return the list of texts under `key`."""
        return tuple(text for text, _ in self.placed_texts(key, required=required))

    def placed_texts(
        self, key: str, *, required: bool = False
    ) -> list[tuple[str, Location]]:
        """Return the list of texts under `key`, each with its location."""
        node = self._take(key, required=required)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._reader.note(
                self._document.locate(node),
                f"{key!r} must be a list of texts, not {_describe(node)}",
                "write each on a line of its own, after '- '",
            )
            return []
        if not node.value:
            self._reader.note(
                self._document.locate(node),
                f"{key!r} is an empty list",
                "add to it, or remove the key" if not required else "add to it",
            )
        found: dict[str, Location] = {}
        for part in node.value:
            text = self._as_text(part, f"each of {key!r}")
            if text is None:
                continue
            place = self._document.locate(part)
            if found.setdefault(text, place) is not place:
                self._reader.note(
                    place, f"{text!r} stands twice in {key!r}", "keep one of them"
                )
        return list(found.items())

    def identifier(self, key: str = "id") -> str:
        """Return the id under `key`, which must be there."""
        text = self.text(key)
        if text and not IDENTIFIER.fullmatch(text):
            self._reader.note(
                self.place(key),
                f"{text!r} is not an id",
                "use letters, digits, '-', '_' and '.' only",
            )
        return text

    def choice(self, key: str, choices: type[Choice]) -> Choice | None:
        """Return the member of `choices` named under `key`, or None."""
        text = self.optional_text(key)
        if text is None:
            return None
        try:
            return choices(text)
        except ValueError:
            self._reader.note(
                self.place(key),
                f"{key!r} cannot be {text!r}",
                f"use one of {', '.join(choices)}",
            )
            return None

    def day(self, key: str) -> date | None:
        """Return the date under `key`, or None."""
        node = self._take(key)
        if node is None:
            return None
        try:
            found = date.fromisoformat(node.value)
        except (ValueError, TypeError):
            self._reader.note(
                self._document.locate(node),
                f"{key!r} must be a date, not {_describe(node)}",
                "write it as 2026-01-31",
            )
            return None
        place = self._document.locate(node)
        self._reader.places[self.location, found.isoformat()] = place
        return found

    def number(self, key: str) -> float:
        """Return the number under `key`, which must be there."""
        self.require(key)
        return self.optional_number(key) or 0.0

    def optional_number(self, key: str) -> float | None:
        """Return the number under `key`, or None where the key is missing."""
        node = self._take(key)
        if node is None:
            return None
        try:
            if node.tag.rpartition(":")[2] not in {"int", "float"}:
                raise ValueError
            return float(node.value)
        except (ValueError, TypeError):
            self._reader.note(
                self._document.locate(node),
                f"{key!r} must be a number, not {_describe(node)}",
                "write it in digits, without quotes",
            )
            return None

    def record(self, key: str, *, required: bool = False) -> "Record | None":
        """Return the mapping under `key`, or None."""
        node = self._take(key, required=required)
        return None if node is None else self._reader.record(self._document, node)

    def records(self, key: str, *, required: bool = False) -> list["Record"]:
        """Return the list of mappings under `key`."""
        node = self._take(key, required=required)
        if node is None:
            return []
        return self._reader._records(self._document, node, f"{key!r}")

    def _take(self, key: str, *, required: bool = False) -> yaml.Node | None:
        self._asked.append(key)
        if required:
            self.require(key)
        return self._values.get(key)

    def _as_text(self, node: yaml.Node, what: str) -> str | None:
        place = self._document.locate(node)
        if not _is_text(node):
            remedy = "put it in quotes"
            if not isinstance(node, yaml.ScalarNode) or _kind(node) == "null":
                remedy = "write text here, in quotes if it holds a colon"
            self._reader.note(
                place, f"{what} must be text, not {_describe(node)}", remedy
            )
            return None
        if _CONTROL.search(node.value):
            self._reader.note(
                place, f"{what} holds a control character", "remove it from the text"
            )
            return None
        text: str = node.value.strip()
        if not text:
            self._reader.note(place, f"{what} is blank", "write text, or remove it")
            return None
        self._reader.places[self.location, text] = place
        return text


class _Representer(yaml.representer.SafeRepresenter):
    """Makes a node of its own for each value, so that each has its own location."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _name_nodes(node: yaml.Node, path: str, paths: dict[int, str]) -> None:
    paths[id(node)] = path
    if isinstance(node, yaml.SequenceNode):
        for number, part in enumerate(node.value):
            _name_nodes(part, f"{path}[{number}]", paths)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _name_nodes(key, f"{path}.{key.value}", paths)
            _name_nodes(value, f"{path}.{key.value}", paths)


def _kind(node: yaml.Node) -> str:
    return node.tag.rpartition(":")[2]


def _is_text(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and _kind(node) == "str"


def _describe(node: yaml.Node | None) -> str:
    """Say what a node is, as the person who wrote it would."""
    if node is None:
        return "nothing"
    kind = _kind(node)
    if isinstance(node, yaml.ScalarNode) and kind != "null":
        value = node.value if len(node.value) <= 40 else f"{node.value[:40]}…"
        return f"{value!r}, which YAML reads as {_SCALARS.get(kind, kind)}"
    return _KINDS.get(kind, kind)
