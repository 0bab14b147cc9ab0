"""GET /v1/events: stored events in order, to the head or for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from api.http.documentation import problems
from api.http.negotiation import chosen
from api.http.parameters import COVERED, LARGEST, STRICT, ServedLedger
from api.http.problems import expected
from api.serving.served import Served

NDJSON: Final = "application/x-ndjson"
STREAM: Final = "text/event-stream"
MOST: Final = 10_000
_STEP: Final = 1_000
_AUDIT: Final = b'"subject":"audit/'

router = APIRouter(prefix="/v1", tags=["events"], dependencies=[STRICT, COVERED])


@router.get(
    "/events",
    summary="Stored events in order",
    response_class=Response,
    responses={
        200: {
            "description": "one stored event a line, or a stream that keeps following",
            "headers": {
                "Caseledger-Position": {
                    "description": "the last position looked at: the next `after`",
                    "schema": {"type": "integer"},
                }
            },
            "content": {
                NDJSON: {"schema": {"type": "string"}, "example": '{"id":"01JNQ3","position":1}\n'},
                STREAM: {"schema": {"type": "string"}, "example": 'id: 1\ndata: {"id":"01JNQ3"}\n'},
            },
        },
        **problems(400, 406, 503),
    },
)
async def stored_events(
    request: Request,
    served: ServedLedger,
    after: Annotated[int, Query(ge=0, le=LARGEST, description="the position before the first")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST, description="lines at most")] = _STEP,
    last_event_id: Annotated[
        str | None,
        Header(
            description="the position that a stream goes on after",
            json_schema_extra={"pattern": "^[0-9]{1,18}$"},
        ),
    ] = None,
) -> Response:
    """Events with a subject that begins with audit/ are left out. A stream sends each event's
    position as its id; a comment every 15 seconds shows that it is alive."""
    start = after if last_event_id is None else _position(last_event_id)
    if chosen(request, {NDJSON: "ndjson", STREAM: "stream"}, default="ndjson") == "ndjson":
        lines, position = await run_in_threadpool(_lines, served, after, limit)
        headers = {"Caseledger-Position": str(position)}
        return Response(b"".join(lines), media_type=NDJSON, headers=headers)
    head = await run_in_threadpool(served.ledger.last_position)
    if start > head:
        field = "after" if last_event_id is None else "Last-Event-ID"
        raise expected(
            400, "wrong-use", field, f"a position up to the head, {head}", str(start), head=head
        )
    return StreamingResponse(
        _messages(served, start), media_type=STREAM, headers={"Cache-Control": "no-store"}
    )


def _lines(served: Served, after: int, limit: int) -> tuple[list[bytes], int]:
    """At most so many lines, and the last position looked at."""
    lines: list[bytes] = []
    while len(lines) < limit:
        wanted = min(limit - len(lines), _STEP)
        found = served.ledger.stored_after(after, wanted)
        lines += [stored + b"\n" for _, stored in found if _AUDIT not in stored]
        if found:
            after = found[-1][0]
        if len(found) < wanted:
            break
    return lines, after


async def _messages(served: Served, start: int) -> AsyncIterator[bytes]:
    yield b": following\n\n"
    async for chunk in served.feed.follow(start):
        messages = [
            b"id: %d\ndata: %b\n\n" % (position, stored)
            for position, stored in chunk
            if _AUDIT not in stored
        ]
        yield b"".join(messages) or b": alive\n\n"


def _position(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > LARGEST:
        raise expected(400, "wrong-use", "Last-Event-ID", "a position", repr(text[:40]))
    return int(text)
