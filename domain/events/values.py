"""The objects that several types of event share."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from domain.events.fields import (
    Code,
    Count,
    Day,
    Frozen,
    Identifier,
    Number,
    OneOf,
    OpenCode,
    Text,
)

Rank = Literal[
    "staff",
    "section_head",
    "division_head",
    "chief_representative",
    "agency_deputy",
    "agency_head",
    "government_head",
]
Unit = Literal["workday", "day", "hour", "minute", "month"]
Procedure = Literal[
    "hearing",
    "tender",
    "auction",
    "inspection",
    "testing",
    "quarantine",
    "appraisal",
    "expert_review",
    "publicity",
    "verification",
    "supplement",
    "other",
    "unspecified",
]
CaseKind = Literal["immediate", "promised", "joint", "referred_up"]


class Person(Frozen):
    """A reference to a public servant, or to whoever acts for one, by id or by name."""

    id: str | None = None
    name: Text | None = None
    rank: Code[Rank] | None = None
    department: str | None = None


Reference = Annotated[Identifier | Person, OneOf()]
"""A person by id, or as an object; a plain string is an id, never a name."""


class Actor(Frozen):
    """Who did it: a public servant, by `id`, or by `name` where the source knows no id."""

    id: str | None = None
    name: Text | None = None
    role: (
        Code[
            Literal[
                "window",
                "reviewer",
                "approver",
                "operator",
                "courier",
                "supervisor",
                "system",
                "other",
            ]
        ]
        | None
    ) = None
    rank: Code[Rank] | None = None
    department: str | None = None
    window: str | None = None
    auth: OpenCode | None = None
    delegated_by: Reference | None = None


class EventReference(Frozen):
    """The event that this one answers, by its identity."""

    source: Identifier
    id: Identifier


class Document(Frozen):
    """The paper that went with an event: its number, when and how the applicant was told."""

    no: str | None = None
    notified_at: Day | None = None
    method: OpenCode | None = None


class Evidence(Frozen):
    """A recording or file kept elsewhere: its digest, the stretch of time, the place."""

    sha256: str | None = None
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    where: str | None = None


class EventData(Frozen):
    """What any event may carry, whatever its type."""

    actor: Actor | None = None
    ref: EventReference | None = None
    recorded_at_source: Day | None = None
    data_version: Number | None = None
    seq: Number | None = None
    presence: bool | None = None
    document: Document | None = None
    evidence: list[Evidence] | None = None
    test: bool | None = None
    raw: Any = None


class Answer(EventData):
    """An event that answers another one, which `ref` names."""

    ref: EventReference


class Duration(Frozen):
    """A length of time."""

    value: Count
    unit: Code[Unit] | None = None


Limit = Annotated[Count | Duration, OneOf()]
"""A limit of time: working days, or a length in a unit of its own."""


class Limits(Frozen):
    """Statutory and promised limit; a due date where the source knows only that."""

    statutory: Count | None = None
    promised: Count | None = None
    unit: Code[Unit] | None = None
    statutory_unit: Code[Unit] | None = None
    promised_unit: Code[Unit] | None = None
    statutory_due: Day | None = None
    promised_due: Day | None = None


class Material(Frozen):
    """A material of an application, as asked for or as handed in."""

    code: str | None = None
    name: Text | None = None
    form: Code[Literal["paper", "upload", "licence", "shared"]] | None = None
    digest: str | None = None
    pages: Count | None = None
    licence_no: str | None = None
    copies: Count | None = None
    due: Day | None = None


Materials = list[Annotated[Material | str, OneOf()]]
"""Materials by code and name, or by code alone."""


class Place(Frozen):
    """Who holds a case: a department and, where known, an officer of it."""

    department: str | None = None
    officer: Reference | None = None


class Priority(Frozen):
    """A lane other than the ordinary one, why, and who allowed it."""

    lane: OpenCode | None = None
    reason: Text | None = None
    approver: Reference | None = None


class Rule(Frozen):
    """A rule at one of its versions."""

    id: Identifier
    version: Number | None = None


class Share(Frozen):
    """A department's part of a whole, in percent."""

    department: Identifier
    percent: float = Field(ge=0, le=100)
