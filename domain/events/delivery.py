"""Making the certificate and bringing the result to the applicant."""

from __future__ import annotations

from typing import Annotated, Literal

from domain.events.fields import Code, Day, Frozen, Identifier, OneOf, OpenCode, Sealed, Text
from domain.events.values import EventData

Method = Literal["counter", "courier", "electronic"]


class CertificateIssued(EventData):
    """制证/出证."""

    certificate_no: Identifier
    name: Text | None = None
    kind: OpenCode | None = None
    electronic: bool | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    issuer: str | None = None
    notified_at: Day | None = None


class ResultDispatched(EventData):
    """寄出."""

    method: Code[Method]
    waybill: str | None = None


class Receiver(Frozen):
    """Who took the result."""

    name: Text | None = None
    id_type: OpenCode | None = None
    id_no: Text | None = None
    phone: Text | None = None


class ResultDelivered(EventData):
    """送达、领取."""

    method: Code[Method] | None = None
    waybill: str | None = None
    receiver: Annotated[str | Sealed | Receiver, OneOf()] | None = None
