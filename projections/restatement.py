"""How the events of the subjects that hold corrections read now, as an Arrow table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import pyarrow as pa

from domain.corrections import as_corrected
from domain.recorded import RecordedEvent

RESTATED = pa.schema(
    [
        ("position", pa.int64()),
        ("time", pa.int64()),
        ("data", pa.string()),
        ("corrected", pa.bool_()),
        ("retracted", pa.bool_()),
    ]
)
"""`time` in microseconds since 1970 in UTC; `data` as JSON."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def restated(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """The events that read differently than they were sent.

    `rows` are events of the trace in order of subject and position, times in microseconds.
    """
    changed: list[dict[str, Any]] = []
    for _, events in groupby(rows, key=lambda row: row["subject"]):
        changed.extend(
            {
                "position": reading.event.position,
                "time": (reading.time - _EPOCH) // _MICROSECOND,
                "data": json.dumps(reading.data, ensure_ascii=False, separators=(",", ":")),
                "corrected": reading.corrected,
                "retracted": reading.retracted,
            }
            for reading in as_corrected(map(_event, events))
            if reading.corrected or reading.retracted
        )
    return pa.Table.from_pylist(changed, schema=RESTATED)


def _event(row: Mapping[str, Any]) -> RecordedEvent:
    return RecordedEvent(
        position=row["position"],
        version=row["version"],
        type=row["type"],
        source=row["source"],
        id=row["id"],
        subject=row["subject"],
        time=_EPOCH + timedelta(microseconds=row["time"]),
        recordedat=_EPOCH + timedelta(microseconds=row["recordedat"]),
        schemaversion=row["schemaversion"],
        data=json.loads(row["data"]),
        attributes={},
    )
