"""The state of a case as people and machines read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.calendar import SHANGHAI
from domain.case_status import Status
from domain.case_warnings import RaisedWarning
from domain.holding import Held, Holder
from domain.recorded import instant
from domain.suspensions import Suspension


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating of a case; `rectified` is the outcome of what followed a bad one."""

    level: int | None
    channel: str | None
    round: str | None
    time: datetime
    rectified: str | None


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a case stands at the instant `at`.

    `version` and `position` are those of the last event known. Instants are aware. `accepted_
    reported` is the acceptance that a source reported; what the law deems is not in it.
    `delivered` is when the applicant had the result, not when it was sent. Sealed values stand as
    they are stored.
    """

    case: str
    item: Mapping[str, Any] | None
    kind: str | None
    status: Status | None
    holder: Holder
    version: int
    position: int
    at: datetime
    received: datetime | None
    accepted_reported: datetime | None
    decided: datetime | None
    delivered: datetime | None
    closed: datetime | None
    result: str | None
    suspensions: tuple[Suspension, ...]
    warnings: tuple[RaisedWarning, ...]
    record_corrections: int
    supplement_rounds: int
    held: tuple[Held, ...]
    ratings: tuple[Rating, ...]

    def as_json(self) -> dict[str, Any]:
        """The state as one JSON object, instants in +08:00; a due that is a date stays a date."""
        return {
            "case": self.case,
            "item": self.item,
            "kind": self.kind,
            "status": self.status,
            "department": self.holder.department,
            "officer": self.holder.officer,
            "version": self.version,
            "position": self.position,
            "at": _written(self.at),
            "received": _written(self.received),
            "accepted_reported": _written(self.accepted_reported),
            "decided": _written(self.decided),
            "delivered": _written(self.delivered),
            "closed": _written(self.closed),
            "result": self.result,
            "suspensions": [
                {
                    "seq": suspension.seq,
                    "kind": suspension.kind,
                    "from": _written(suspension.from_),
                    "to": _written(suspension.to),
                    "recorded_late": suspension.recorded_late,
                }
                for suspension in self.suspensions
            ],
            "warnings": [
                {
                    "level": warning.level,
                    "clock": warning.clock,
                    "due": _due(warning.due),
                    "time": _written(warning.time),
                    "state": warning.state,
                }
                for warning in self.warnings
            ],
            "record_corrections": self.record_corrections,
            "supplement_rounds": self.supplement_rounds,
            "held": [
                {
                    "department": stretch.holder.department,
                    "officer": stretch.holder.officer,
                    "from": _written(stretch.from_),
                    "to": _written(stretch.to),
                    "workdays": stretch.workdays,
                }
                for stretch in self.held
            ],
            "ratings": [
                {
                    "level": rating.level,
                    "channel": rating.channel,
                    "round": rating.round,
                    "time": _written(rating.time),
                    "rectified": rating.rectified,
                }
                for rating in self.ratings
            ],
        }


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(SHANGHAI).isoformat()


def _due(sent: Any) -> Any:
    try:
        return _written(instant(sent)) if isinstance(sent, str) else sent
    except ValueError:
        return sent
