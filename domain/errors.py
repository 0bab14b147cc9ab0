"""The error tree of the ledger. Facts are attributes; the text says expected, found, what to do.

LedgerError
    CallerError               the caller can mend it
        EventRefused          an event that cannot be taken; carries every fault found
        CaseNotFound          no event of that case is known at the point asked for
        VersionConflict       the caller expected another version of the subject
        WrongUse              a parameter or setting that makes no sense
    StoredEventError          what is stored is wrong; stop and look
        UnknownEventType      a stored type or schema version that this program does not know
        UndecodableEvent      stored bytes that are not an event
        SchemaTooNew          the database was written by a newer program
    ProjectionError           a follower stopped; carries the view and the position
    PartUnavailable           a part that is needed is away; the same call may succeed later
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an event: where (`path`, dotted), what was expected, what was found.

    `found` never holds the value of a field that may hold personal data: for those it names the
    JSON type and the length.
    """

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, found {self.found}"


class LedgerError(Exception):
    """Root of the tree: catch it at an entry point and nowhere else."""

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is pickled by its args, which are the text, not what the classes below take.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[LedgerError], args: tuple[Any, ...], facts: dict[str, Any]) -> LedgerError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class CallerError(LedgerError):
    """The caller can mend it and call again."""


class EventRefused(CallerError):
    """The event is not taken. `faults` has at least one entry."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


class CaseNotFound(CallerError):
    """No event of `case` is known at the point asked for."""

    def __init__(self, case: str, point: str = "now") -> None:
        super().__init__(f"no event of case {case} is known at {point}; check the number")
        self.case = case
        self.point = point


class VersionConflict(CallerError):
    """`subject` is at version `found`, the caller expected `expected`."""

    def __init__(self, subject: str, expected: int, found: int) -> None:
        super().__init__(
            f"{subject} is at version {found}, expected {expected}; read it again and decide anew"
        )
        self.subject = subject
        self.expected = expected
        self.found = found


class WrongUse(CallerError):
    """A parameter, a file or a setting that makes no sense; `field` names it."""

    def __init__(self, field: str, expected: str, found: str) -> None:
        super().__init__(f"{field}: expected {expected}, found {found}")
        self.field = field
        self.expected = expected
        self.found = found


class StoredEventError(LedgerError):
    """What is stored is not what this program wrote or can read: stop and look, never skip."""


class UnknownEventType(StoredEventError):
    """A type, or a schema version of it, that this program does not know."""

    def __init__(self, type_name: str, schemaversion: int | None = None) -> None:
        version = "" if schemaversion is None else f" at schema version {schemaversion}"
        super().__init__(f"event type {type_name!r}{version} is not known to this program")
        self.type_name = type_name
        self.schemaversion = schemaversion


class UndecodableEvent(StoredEventError):
    """The bytes at `position` are not a stored event."""

    def __init__(self, position: int | None, reason: str) -> None:
        super().__init__(f"position {position}: expected a stored event, found {reason}")
        self.position = position
        self.reason = reason


class SchemaTooNew(StoredEventError):
    """The database has migration `found`, this program knows up to `known`."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"the database is at migration {found}, this program knows up to {known}; "
            f"run a caseledger that knows migration {found}"
        )
        self.found = found
        self.known = known


class ProjectionError(LedgerError):
    """The follower of `view` stopped at `position`; nothing was skipped."""

    def __init__(self, view: str, position: int, reason: str) -> None:
        super().__init__(f"view {view} stopped at position {position}: {reason}")
        self.view = view
        self.position = position
        self.reason = reason


class PartUnavailable(LedgerError):
    """`part` (database, disk, …) is away; what to do stands in the text."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(f"{part} is not available: {reason}")
        self.part = part
        self.reason = reason
