"""POST /v1/events: single events and batches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from api.http.body import Body, receive
from api.http.documentation import answer, problems
from api.http.elements import event_of_body, events_of_batch
from api.http.json_response import json_response
from api.http.parameters import STRICT, ServedLedger
from api.http.problems import expected, faults_json, problem_response
from api.http.schemas import BatchShape, ReceiptShape
from domain.registry import EVENT_TYPES
from domain.subjects import SUBJECT_LIMIT
from ledger.receipt import Receipt, Status

SINGLE: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"

EVENT: Final = {
    "specversion": "1.0",
    "id": "01JNQ3",
    "source": "/440306/scjg",
    "type": "case.accepted",
    "subject": "440306-20260302-000123",
    "time": "2026-03-02T09:30:00+08:00",
    "data": {"actor": {"id": "B1024", "role": "window"}, "receipt_no": "SL0001"},
}
RECEIPT: Final = {
    "index": 0,
    "id": "01JNQ3",
    "status": "appended",
    "position": 1,
    "version": 1,
    "errors": [],
    "warnings": [],
}
_SHAPE: Final = {
    "type": "object",
    "description": "a CloudEvent 1.0; what `data` holds depends on the type",
    "required": ["specversion", "id", "source", "type", "subject", "time", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1},
        "source": {"type": "string", "minLength": 1},
        "type": {"enum": sorted(EVENT_TYPES)},
        "subject": {"type": "string", "minLength": 1, "maxLength": SUBJECT_LIMIT},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object"},
    },
}
_ETAG = re.compile(r'"(0|[1-9][0-9]{0,17})"')
_CODES: Final = {Status.APPENDED: 201, Status.DUPLICATE: 200}

router = APIRouter(prefix="/v1", tags=["events"], dependencies=[STRICT])


async def _received(request: Request) -> Body:
    return await receive(request, (SINGLE, BATCH))


@router.post(
    "/events",
    summary="Append one event or a batch",
    status_code=201,
    response_class=Response,
    responses={
        **answer(ReceiptShape, RECEIPT, 201, "one event, appended"),
        200: {
            "description": "a batch; or one event that was there already, or a dry run",
            "model": BatchShape | ReceiptShape,
            "content": {"application/json": {"example": {"results": [RECEIPT], "position": 1}}},
        },
        **problems(400, 409, 412, 413, 415, 422, 503),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                SINGLE: {"schema": _SHAPE, "example": EVENT},
                BATCH: {
                    "schema": {"type": "array", "items": _SHAPE, "maxItems": 10_000},
                    "example": [EVENT],
                },
            },
        }
    },
)
def append(
    request: Request,
    served: ServedLedger,
    body: Annotated[Body, Depends(_received)],
    if_match: Annotated[
        str | None,
        Header(
            description='with one event: the version of its subject, quoted; "0" = none yet',
            json_schema_extra={"pattern": f"^{_ETAG.pattern}$"},
        ),
    ] = None,
    prefer: Annotated[
        str | None,
        Header(
            description="handling=strict refuses an event that breaks a rule marked strict in "
            "GET /v1/rules; no rule is so marked, so strict takes what is taken without it"
        ),
    ] = None,
    dry_run: Annotated[bool, Query(description="receipts, and nothing is kept")] = False,
) -> Response:
    """What a receipt says is durable. Sending again after any failure is safe."""
    headers = {}
    if prefer is not None and "handling=strict" in prefer.replace(" ", "").lower():
        headers["Preference-Applied"] = "handling=strict"
    version = _version(if_match)
    text = body.text()
    if body.media_type == BATCH:
        if version is not None:
            raise expected(400, "wrong-use", "If-Match", "one event with it", "a batch")
        receipts = served.ledger.append(events_of_batch(text), dry_run=dry_run)
        _count(request, served, receipts, dry_run=dry_run)
        positions = [one.position for one in receipts if one.position is not None]
        position = max(positions) if positions else served.ledger.last_position()
        results = [receipt.as_json() for receipt in receipts]
        return json_response({"results": results, "position": position}, 200, headers)
    receipts = served.ledger.append(
        [event_of_body(text)], expected_version=version, dry_run=dry_run
    )
    _count(request, served, receipts, dry_run=dry_run)
    return receipt_response(request, receipts[0], headers, dry_run=dry_run)


def receipt_response(
    request: Request, receipt: Receipt, headers: dict[str, str], *, dry_run: bool = False
) -> Response:
    """The answer for one event: its receipt, or a problem that holds it."""
    if receipt.status in _CODES:
        code = 200 if dry_run else _CODES[receipt.status]
        return json_response(receipt.as_json(), code, {**headers, "ETag": f'"{receipt.version}"'})
    is_conflict = receipt.status is Status.CONFLICT
    first = receipt.errors[0]
    facts: dict[str, Any] = {
        "expected": first.expected,
        "found": first.found,
        "errors": faults_json(receipt.errors),
        "event_id": receipt.id,
    }
    return problem_response(
        request,
        409 if is_conflict else 422,
        "event-conflict" if is_conflict else "event-rejected",
        "; ".join(map(str, receipt.errors)),
        headers=headers,
        **facts,
    )


def _version(if_match: str | None) -> int | None:
    if if_match is None:
        return None
    matched = _ETAG.fullmatch(if_match.strip())
    if matched is None:
        raise expected(
            400, "wrong-use", "If-Match", 'one version in quotes such as "3"', repr(if_match[:60])
        )
    return int(matched[1])


def _count(
    request: Request, served: ServedLedger, receipts: Sequence[Receipt], *, dry_run: bool
) -> None:
    request.state.counts = {
        status.value: number
        for status in Status
        if (number := sum(receipt.status is status for receipt in receipts))
    }
    if not dry_run:
        served.measurements.appended(receipts)
