"""Stored events as the ledger gives them, built by hand: positions and versions count up."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

RECORDED = "2026-03-02T01:30:00.000000Z"


class Stored:
    """A ledger's content. Every call appends one event; `batch()` is all of it."""

    def __init__(self, source: str = "/440306/scjg") -> None:
        self.source = source
        self.events: list[dict[str, Any]] = []
        self._versions: Counter[str] = Counter()

    def add(
        self,
        type: str,
        time: str = "2026-03-02T09:00:00+08:00",
        subject: str = "C1",
        *,
        recordedat: str | None = None,
        by: str | None = None,
        id: str | None = None,
        **data: Any,
    ) -> dict[str, str]:
        """Append an event; gives the reference {source, id} that others may point at it with.

        `by` is its source. It is recorded a second after its time unless said.
        """
        position = len(self.events) + 1
        self._versions[subject] += 1
        happened = datetime.fromisoformat(time)
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": id or f"e{position}",
            "source": by or self.source,
            "type": type,
            "subject": subject,
            "time": time,
            "datacontenttype": "application/json",
            "data": data,
            "position": position,
            "version": self._versions[subject],
            "recordedat": recordedat or _record_time(happened + timedelta(seconds=1)),
            "schemaversion": 1,
        }
        self.events.append(event)
        return {"source": event["source"], "id": event["id"]}

    def batch(self, after: int = 0, until: int | None = None) -> pa.Table:
        """The stored events with after < position <= until."""
        return table(self.events[after:until])


def table(events: list[dict[str, Any]]) -> pa.Table:
    """These stored events as the ledger's rows."""
    return pa.table(
        {
            "position": pa.array([event["position"] for event in events], pa.int64()),
            "bytes": pa.array([to_bytes(event) for event in events], pa.binary()),
        }
    )


def to_bytes(event: dict[str, Any]) -> bytes:
    return json.dumps(event, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _record_time(moment: datetime) -> str:
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="microseconds") + "Z"
