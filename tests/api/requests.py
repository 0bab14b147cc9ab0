"""What clients of the tests send."""

from __future__ import annotations

import itertools
import json
from typing import Any

import httpx

SINGLE = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
PROBLEM = "application/problem+json"
_numbers = itertools.count(1)


def event(kind: str = "case.accepted", **attributes: Any) -> dict[str, Any]:
    """An event with an id of its own, of a case of its own unless `subject` is given."""
    number = next(_numbers)
    return {
        "specversion": "1.0",
        "id": f"h-{number}",
        "source": "/440306/scjg",
        "type": kind,
        "subject": f"440306-20260302-{number:06}",
        "time": "2026-03-02T09:30:00+08:00",
        "data": {"receipt_no": "SL0001"},
    } | attributes


def post(client: httpx.Client, body: Any, query: str = "", **headers: str) -> httpx.Response:
    """Append one event (an object) or a batch (a list)."""
    kind = BATCH if isinstance(body, list) else SINGLE
    return client.post(
        f"/v1/events{query}",
        content=json.dumps(body, ensure_ascii=False).encode(),
        headers={**kind, **headers},
    )


def is_problem(response: httpx.Response, status: int, **facts: Any) -> dict[str, Any]:
    """The document of a problem with this status and these facts."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert document["type"].startswith("urn:caseledger:problem:")
    assert document["title"]
    assert document["detail"]
    assert document["instance"] == response.request.url.path
    for name, value in facts.items():
        assert document[name] == value
    return document
