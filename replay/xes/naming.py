"""How a log's traces and events are named in the ledger, the same at every import."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from domain.errors import WrongUse
from domain.subjects import SUBJECT_LIMIT

_LONGEST_LOG_NAME = 100


@dataclass(frozen=True, slots=True)
class Naming:
    """Names derived from the log's name, a trace's name and an event's index in its trace.

    source = "/import/" + log name, percent-encoded; subject = log name + ":" + trace name, or the
    trace name alone (`subject_as_is`); id = log name + ":" + trace name + ":" + index from 1. A log
    name has no colon, so no two of them are alike.
    """

    log: str
    source: str
    subject_as_is: bool

    @classmethod
    def of(cls, file: Path, log_name: str | None, subject_as_is: bool) -> Naming:
        """`log_name` if given, else the file's name without .xes and .gz.

        The name inside the log is not used: many logs share one or have none, and it changes more
        easily than a file's. In a file's name, white space, slashes, control characters and colons
        become hyphens. Raises WrongUse for a `log_name` with any of these, an empty name, and one
        of more than 100 characters.
        """
        if log_name is None:
            stem = file.name
            for suffix in (".gz", ".xes"):
                if stem.casefold().endswith(suffix):
                    stem = stem[: -len(suffix)]
            name = "".join("-" if _obstacle(c) or c == ":" else c for c in stem)
        else:
            name = log_name
            obstacle = next((c for c in name if _obstacle(c) or c == ":"), None)
            if obstacle is not None:
                found = "a colon" if obstacle == ":" else _obstacle(obstacle)
                raise WrongUse(
                    "log name",
                    "text without white space, slash, colon or control character",
                    f"{found} in {name!r}",
                )
        if not 1 <= len(name) <= _LONGEST_LOG_NAME:
            raise WrongUse(
                "log name",
                f"1 to {_LONGEST_LOG_NAME} characters, from the file's name or given",
                f"{len(name)} characters",
            )
        return cls(name, "/import/" + quote(name, safe=""), subject_as_is)

    def subject(self, trace: str) -> str:
        return trace if self.subject_as_is else f"{self.log}:{trace}"

    def id(self, trace: str, index: int) -> str:
        return f"{self.log}:{trace}:{index}"

    def obstacle(self, trace: str) -> str | None:
        """Why the subject of this trace cannot be one, in words; None if it can."""
        for place, character in enumerate(trace, start=1):
            if found := _obstacle(character):
                return f"{found} at character {place} of {trace[:SUBJECT_LIMIT]!r}"
        length = len(self.subject(trace))
        if length > SUBJECT_LIMIT:
            return f"{length} characters, beginning {trace[:40]!r}"
        return None


def _obstacle(character: str) -> str | None:
    if character == "/":
        return "a slash"
    if unicodedata.category(character) == "Cc":
        return f"the control character U+{ord(character):04X}"
    if character.isspace():
        return f"white space (U+{ord(character):04X})"
    return None
