"""The shapes of answers, as the OpenAPI description shows them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Position = int


class Open(BaseModel):
    """An object that may have more fields than are described."""

    model_config = ConfigDict(extra="allow")


class FaultShape(BaseModel):
    """One thing wrong: where, what was expected, what was found."""

    path: str
    expected: str
    found: str


class ProblemShape(Open):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


class ReceiptShape(BaseModel):
    """What became of one event."""

    index: int = Field(description="place in the batch, from 0")
    id: str | None
    status: Literal["appended", "duplicate", "conflict", "rejected"]
    position: Position | None = Field(description="place in the whole ledger")
    version: int | None = Field(description="place within the subject")
    errors: list[FaultShape]
    warnings: list[str]


class BatchShape(BaseModel):
    """The receipts of a batch, in the order of its events."""

    results: list[ReceiptShape]
    position: Position = Field(description="views at this position hold the whole batch")


class ItemShape(BaseModel):
    """The item that a case is about."""

    code: str | None
    version: Any


class CaseShape(Open):
    """The state of a case at a point."""

    case: str
    item: ItemShape | None
    kind: Any
    status: str | None
    department: Any
    officer: Any
    version: int
    position: Position
    at: str


class FoundCaseShape(Open):
    """A case as the search shows it."""

    case: str
    item: ItemShape | None
    kind: str | None
    status: str | None
    department: str | None
    officer: str | None
    received: str | None
    overdue_reported: bool | None


class CasesShape(BaseModel):
    """A page of cases; `next` is the token of the page after it."""

    cases: list[FoundCaseShape]
    position: Position
    at: str
    next: str | None


class HistoryShape(BaseModel):
    """The stored events of a case, each with `lag_seconds` and `changes`."""

    case: str
    events: list[dict[str, Any]]


class DiffShape(BaseModel):
    """What differs between two points of knowledge."""

    model_config = ConfigDict(populate_by_name=True)

    case: str
    from_: dict[str, Any] = Field(alias="from")
    to: dict[str, Any]
    changes: list[dict[str, Any]]


class DefinitionShape(BaseModel):
    """The formulas behind the figures; the version changes whenever they do."""

    id: str
    version: str


class StatisticsShape(BaseModel):
    """The figures of a view, one row a group."""

    view: str
    position: Position
    at: str | None
    definition: DefinitionShape
    group_by: list[str]
    rows: list[dict[str, Any]]


class LetterShape(BaseModel):
    """A refused event: why, and how often it came. Its content stays sealed."""

    id: str
    source: str | None
    event_id: str | None
    status: Literal["conflict", "rejected"]
    errors: list[FaultShape]
    count: int
    size: int
    first_seen: str
    last_seen: str


class LettersShape(BaseModel):
    """Refused events, the latest first."""

    dead_letters: list[LetterShape]


class RulesShape(BaseModel):
    """The rules of procedure that this ledger knows."""

    rules: list[dict[str, Any]]


class HealthShape(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class ReadyShape(Open):
    """Whether the ledger can be used, and each thing looked at."""

    ready: bool
    checks: dict[str, str]
    position: Position
    projected: Position
    lag: int
