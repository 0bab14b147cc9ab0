"""Events as sources send them."""

from __future__ import annotations

import itertools
import json
from typing import Any

SOURCE = "/440306/scjg"
CASE = "440306-20260302-000001"
_numbers = itertools.count(1)


def event(
    kind: str = "case.accepted",
    data: dict[str, Any] | None = None,
    *,
    subject: str = CASE,
    **attributes: Any,
) -> dict[str, Any]:
    """An event with an id of its own; `attributes` go beside `data`."""
    return {
        "specversion": "1.0",
        "id": f"e-{next(_numbers)}",
        "source": SOURCE,
        "type": kind,
        "subject": subject,
        "time": "2026-03-02T09:30:00+08:00",
        "data": {"receipt_no": "SL0001"} if data is None else data,
    } | attributes


def text_of(value: Any) -> bytes:
    """The JSON text of a value, as most senders write it."""
    return json.dumps(value, ensure_ascii=False).encode()


def sent(
    kind: str = "case.accepted",
    data: dict[str, Any] | None = None,
    *,
    subject: str = CASE,
    **attributes: Any,
) -> bytes:
    """The text of an event with an id of its own."""
    return text_of(event(kind, data, subject=subject, **attributes))


def several(count: int, *, subjects: int = 1, prefix: str = "440306-20260302-") -> list[bytes]:
    """Small events of some cases, in turn."""
    return [sent(subject=f"{prefix}{number % subjects:06}") for number in range(count)]


def received(applicant: dict[str, Any], *, subject: str = CASE, **data: Any) -> bytes:
    """The receipt of an application."""
    fields = {
        "item": {"code": "XK-001"},
        "kind": "promised",
        "channel": "window",
        "applicant": applicant,
    }
    return sent("case.received", fields | data, subject=subject)


def person(id_no: str = "440306199001011234", **other: Any) -> dict[str, Any]:
    """An applicant who is a natural person."""
    known = {"kind": "person", "name": "欧阳某某", "id_type": "resident", "id_no": id_no}
    return known | other
