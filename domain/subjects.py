"""Subjects: what an event is about, and how each kind of subject is written.

The unified case number (统一办件编号) and the item code stand alone, without a slash. Every other
subject has a prefix and one slash; after `source/` there may be more, as in the names of sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

SUBJECT_LIMIT: Final = 128
"""Characters of a subject, prefix included."""


class SubjectKind(Enum):
    """What a subject names; the value is its prefix, for a case and an item the word alone."""

    CASE = "case"
    ITEM = "item"
    TICKET = "ticket"
    WINDOW = "window"
    HALL = "hall"
    CALL = "call"
    BUNDLE = "bundle"
    AGENCY = "agency"
    OFFICER = "officer"
    TASK = "task"
    PERSON = "person"
    SOURCE = "source"
    AUDIT = "audit"

    @property
    def shape(self) -> str:
        """How such a subject is written, in words."""
        if self is SubjectKind.CASE:
            return "a case number"
        return "an item code" if self is SubjectKind.ITEM else f"{self.value}/…"

    @property
    def pattern(self) -> str:
        """How such a subject is written, as a regular expression of pydantic-core's dialect."""
        name = r"[^/\s\p{Cc}]+"
        if self in (SubjectKind.CASE, SubjectKind.ITEM):
            return name
        return r"source/[^\s\p{Cc}]+" if self is SubjectKind.SOURCE else f"{self.value}/{name}"


ANY_SUBJECT: Final = frozenset(SubjectKind)


def subject_pattern(kinds: Iterable[SubjectKind]) -> str:
    """The regular expression of the subjects of these kinds."""
    return f"^(?:{'|'.join(sorted({kind.pattern for kind in kinds}))})$"


def subject_shapes(kinds: Iterable[SubjectKind]) -> str:
    """What a subject of these kinds has to look like, in words."""
    present = set(kinds)
    shapes = ", ".join(kind.shape for kind in SubjectKind if kind in present)
    return f"{shapes}; 1 to {SUBJECT_LIMIT} characters without white space or control characters"
