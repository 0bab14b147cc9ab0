"""What the ledger answers to an append, per event."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.errors import Fault


class Status(StrEnum):
    """What became of one event."""

    APPENDED = "appended"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(slots=True)
class Receipt:
    """The answer for one event, in the order in which the events were given.

    `position` and `version` are those of the stored event, for a duplicate those of its first
    receipt, and None for what was not taken. Once a receipt is handed out, it is durable.
    """

    index: int
    id: str | None
    status: Status
    position: int | None = None
    version: int | None = None
    errors: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The receipt as it goes over the wire."""
        return {
            "index": self.index,
            "id": self.id,
            "status": self.status.value,
            "position": self.position,
            "version": self.version,
            "errors": [
                {"path": fault.path, "expected": fault.expected, "found": fault.found}
                for fault in self.errors
            ],
            "warnings": list(self.warnings),
        }
