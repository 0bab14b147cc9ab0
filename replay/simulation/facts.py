"""Facts before they are sent: what happened, when, to what, and which system says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from replay.simulation.instants import stamp


@dataclass(slots=True)
class Fact:
    """One event before delivery. `time` is in seconds of Shanghai's civil time; what is
    `held_until` a second is entered, and so delivered, no earlier."""

    time: int
    type: str
    source: str
    id: str
    subject: str
    data: dict[str, Any]
    held_until: int = 0

    @property
    def ref(self) -> dict[str, str]:
        """How another event names this one."""
        return {"source": self.source, "id": self.id}

    def event(self) -> dict[str, Any]:
        """The CloudEvent, without its delivery."""
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": stamp(self.time),
            "data": self.data,
        }


class Facts(list[Fact]):
    """Facts of one subject, in the order in which they were thought of; `before` of them were
    made elsewhere and have taken the first ids."""

    __slots__ = ("before", "subject")

    def __init__(self, subject: str, before: int = 0) -> None:
        super().__init__()
        self.subject = subject
        self.before = before

    def add(self, time: int, type: str, source: str, data: dict[str, Any]) -> Fact:
        """One more fact, with the next id of the subject."""
        subject = self.subject
        number = self.before + len(self) + 1
        fact = Fact(time, type, source, f"{subject}.{number}", subject, data)
        self.append(fact)
        return fact
