"""From the counter to acceptance: receipt, pre-review, acceptance, refusal to accept."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from domain.events.fields import (
    Code,
    Count,
    Day,
    Frozen,
    Identifier,
    Number,
    OneOf,
    OpenCode,
    Sealed,
    Text,
)
from domain.events.values import (
    CaseKind,
    EventData,
    Limits,
    Materials,
    Priority,
    Reference,
)


class ItemVersion(Frozen):
    """The catalogue entry that a case is about."""

    code: Identifier
    version: Count | None = None


class Applicant(Frozen):
    """Who applies: a natural person or an organisation."""

    kind: Code[Literal["person", "organisation"]] | None = None
    name: Text | None = None
    id_type: OpenCode | None = None
    id_no: Text | None = None
    phone: Text | None = None
    credit: Any = None
    auth: Any = None


class ContactPerson(Frozen):
    """Whom to reach about the case."""

    name: Text | None = None
    id_type: OpenCode | None = None
    id_no: Text | None = None
    phone: Text | None = None
    address: Text | None = None


class Agent(Frozen):
    """Who acts for the applicant."""

    kind: Code[Literal["government", "intermediary", "relative"]] | None = None
    id: str | None = None
    name: Text | None = None


class PreviousCertificate(Frozen):
    """The certificate that a renewal or a change is about."""

    no: str | None = None
    valid_until: Day | None = None


class Appointment(Frozen):
    """The time that was booked."""

    at: Day | None = None


class CaseReceived(EventData):
    """收件."""

    item: ItemVersion
    kind: Code[CaseKind]
    channel: Code[Literal["window", "web", "mobile", "kiosk", "mail", "hotline", "exchange"]]
    applicant: Applicant
    applied_at: Day | None = None
    apply_type: Code[Literal["new", "change", "renewal", "cancellation", "other"]] | None = None
    previous_certificate: PreviousCertificate | None = None
    previous_case: str | None = None
    project_code: str | None = None
    contact: Annotated[str | Sealed | ContactPerson, OneOf()] | None = None
    agent: Annotated[Identifier | Agent, OneOf()] | None = None
    materials: Materials | None = None
    hall: str | None = None
    zone: str | None = None
    queue_no: Number | None = None
    priority: Priority | None = None
    appointment: Appointment | None = None
    bundle: str | None = None
    limits: Limits | None = None


class CasePrereviewed(EventData):
    """预审: no notice to the applicant, no acceptance."""

    outcome: Code[Literal["pass", "fail", "correct"]]
    reasons: Annotated[str | Sealed | list[Text], OneOf()] | None = None
    items: Materials | None = None


class CaseTaken(EventData):
    """签收: a department takes the case over."""

    department: Identifier
    officer: Reference | None = None


class CaseAccepted(EventData):
    """受理."""

    receipt_no: Number | None = None
    limits: Limits | None = None
    tolerated: Materials | None = None
    fee_listed: Annotated[float | bool, OneOf()] | None = None
    queue_no: Number | None = None


class GapFilled(EventData):
    """容缺补齐: what was tolerated as missing has come in."""

    items: Materials | None = None


class CaseDeclined(EventData):
    """不受理/不予受理."""

    kind: Code[Literal["not_required", "not_competent", "other"]]
    reason: Text
    referred_to: Reference | None = None
