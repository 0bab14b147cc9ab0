"""Corrections and retractions of what was recorded (更正)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from domain.events.fields import Frozen, Instant, Text
from domain.events.values import EventData, Reference


class RecordData(EventData):
    """Names an event of the same subject by its identity, or by its version."""

    version: int | None = Field(default=None, ge=1)
    reason: Text
    authorised_by: Reference | None = None


class Patch(Frozen):
    """What changes: the time, and `data` by JSON merge patch (RFC 7396)."""

    time: Instant | None = None
    data: dict[str, Any] | None = None


class RecordCorrected(RecordData):
    """更正; type, subject, source and id cannot be patched."""

    patch: Patch


class RecordRetracted(RecordData):
    """撤回记录."""
