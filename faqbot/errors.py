"""Names what can be wrong, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

DONE, FOUND, CANNOT_RUN, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done, `check` or `test` found something, cannot run, Ctrl-C."""


class Severity(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    """The knowledge base cannot be used."""
    WARNING = "warning"
    """It can be used, and would be better without."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in the knowledge base."""

    file: str
    """Path below the knowledge folder, or a dotted path for a base built in memory."""
    line: int = 0
    """Line in the file, from 1; 0 where there are no lines."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend in the knowledge base."""

    location: Location
    what: str
    """What is wrong."""
    remedy: str
    """What to do about it."""
    severity: Severity = Severity.ERROR
    """Whether the base can be used in spite of it."""

    @classmethod
    def warning(cls, location: Location, what: str, remedy: str) -> "Problem":
        """Return a problem in spite of which the base can be used."""
        return cls(location, what, remedy, Severity.WARNING)

    def __str__(self) -> str:
        level = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.location}: {level}{self.what}; {self.remedy}"


class FaqbotError(Exception):
    """Base of the errors that this package raises on purpose."""


class KnowledgeError(FaqbotError):
    """A knowledge base that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        """Every problem found, by file and line."""
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["KnowledgeError"], tuple[tuple[Problem, ...]]]:
        return KnowledgeError, (self.problems,)
