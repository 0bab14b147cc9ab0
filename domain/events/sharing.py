"""Electronic licences and shared data, used in place of paper."""

from __future__ import annotations

from domain.events.fields import Identifier, OpenCode, Text
from domain.events.values import EventData


class LicenceUsed(EventData):
    """电子证照使用."""

    licence_no: Identifier
    kind: OpenCode | None = None


class LicenceRejected(EventData):
    """电子证照不予采用."""

    licence_no: str | None = None
    kind: OpenCode | None = None
    reason: Text | None = None


class ShareCalled(EventData):
    """数据共享; `ok` says whether it answered, `latency_ms` in how many milliseconds."""

    provider: Identifier
    ok: bool
    interface: str | None = None
    latency_ms: float | None = None
    purpose: str | None = None
