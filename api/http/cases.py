"""GET /v1/cases: finding cases, and one case at any point."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.desk import parse_range
from api.http.documentation import answer, problems
from api.http.json_response import json_response
from api.http.page_token import page_start, page_token
from api.http.parameters import (
    COVERED,
    STRICT,
    TURN,
    WHEN,
    Asked,
    AsOf,
    CaseNumber,
    ServedLedger,
)
from api.http.schemas import CaseShape, CasesShape, DiffShape, HistoryShape
from api.search import Status, Wanted
from domain.calendar import SHANGHAI
from replay.point import Point

CASE: Final = {
    "case": "440306-20260302-000123",
    "item": {"code": "XK-001", "version": 1},
    "kind": "promised",
    "status": "accepted",
    "department": "440306-SCJG",
    "officer": "B1024",
}
_STATE: Final = {**CASE, "version": 2, "position": 18, "at": "2026-03-02T10:00:00+08:00"}
_FOUND: Final = {**CASE, "received": "2026-03-02T09:00:00+08:00", "overdue_reported": False}

_KNOWLEDGE: Final = {"anyOf": [WHEN, {"type": "string", "pattern": "^[1-9][0-9]{0,17}$"}]}

router = APIRouter(prefix="/v1/cases", tags=["cases"], dependencies=[STRICT, COVERED])

Text = Annotated[str | None, Query(max_length=200)]


@router.get(
    "",
    summary="Find cases",
    response_class=Response,
    responses={
        **answer(
            CasesShape,
            {"cases": [_FOUND], "position": 18, "at": "2026-03-02T10:00:00+08:00", "next": None},
        ),
        **problems(400, 503),
    },
    dependencies=[TURN],
)
def find_cases(
    served: ServedLedger,
    point: Asked,
    item: Text = None,
    department: Text = None,
    officer: Text = None,
    status: Annotated[Status | None, Query(description="where the case stands")] = None,
    overdue: Annotated[
        bool | None,
        Query(
            description="open, no special procedure open, and past the promised due date that the "
            "source reported; cases without a reported date are in neither answer"
        ),
    ] = None,
    received_from: Annotated[
        str | None, Query(description="inclusive; a date or an instant", json_schema_extra=WHEN)
    ] = None,
    received_to: Annotated[
        str | None, Query(description="exclusive; a date or an instant", json_schema_extra=WHEN)
    ] = None,
    number: Annotated[str | None, Query(max_length=128, description="part of the number")] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    page: Annotated[str | None, Query(max_length=400, description="`next` of a page")] = None,
) -> Response:
    """Cases in order of their number, as the views know them."""
    start, end = parse_range(received_from, received_to, "received_from")
    wanted = Wanted(item, department, officer, status, overdue, start, end, number)
    query, key = f"{wanted} {point}", served.workspace.keys.pages
    after = "" if page is None else page_start(key, query, page)
    found = served.desk.search(wanted, point, after=after, limit=limit)
    return json_response(
        {
            "cases": found.cases,
            "position": found.position,
            "at": found.at.astimezone(SHANGHAI).isoformat(),
            "next": None if found.last is None else page_token(key, query, found.last),
        }
    )


@router.get(
    "/{no}",
    summary="The state of a case at a point",
    response_class=Response,
    responses={**answer(CaseShape, _STATE), **problems(400, 404, 503)},
)
def case(served: ServedLedger, no: CaseNumber, point: Asked) -> Response:
    """Now, or at a point of fact time, knowledge or position."""
    state = served.desk.case(no, point)
    return json_response(state, headers={"ETag": f'"{state["version"]}"'})


@router.get(
    "/{no}/history",
    summary="Every event of a case",
    response_class=Response,
    responses={
        **answer(HistoryShape, {"case": CASE["case"], "events": []}),
        **problems(400, 404, 503),
    },
)
def history(served: ServedLedger, no: CaseNumber, point: Asked) -> Response:
    """The stored events, each with the seconds between fact and record, and what it changed."""
    return json_response(served.desk.history(no, point))


@router.get(
    "/{no}/diff",
    summary="What differs between two points of knowledge",
    response_class=Response,
    responses={
        **answer(
            DiffShape,
            {"case": CASE["case"], "from": {"position": 3, "at": None}, "to": {}, "changes": []},
        ),
        **problems(400, 404, 503),
    },
)
def diff(
    served: ServedLedger,
    no: CaseNumber,
    from_: Annotated[
        str,
        Query(
            alias="from",
            description="a position, or a date or instant of knowledge",
            json_schema_extra=_KNOWLEDGE,
        ),
    ],
    to: Annotated[
        str | None,
        Query(description="likewise; now where it is left out", json_schema_extra=_KNOWLEDGE),
    ] = None,
    as_of: AsOf = None,
) -> Response:
    """Points are positions (digits alone) or instants of knowledge; `as_of` holds for both."""
    fact = Point.parse(as_of=as_of).as_of
    first, last = (
        Point(as_of=fact, known_at=one.known_at, position=one.position)
        for one in (
            Point.parse_knowledge("from", from_),
            Point() if to is None else Point.parse_knowledge("to", to),
        )
    )
    return json_response(served.desk.diff(no, first, last))
