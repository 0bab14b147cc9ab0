"""Parameters that several routes share."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, cast

import anyio
from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.concurrency import run_in_threadpool

from api.http.problems import expected
from api.serving.served import Served
from domain.errors import CaseNotFound
from replay.point import Point

LARGEST: Final = 2**63 - 1
LOCAL_PATIENCE_SECONDS: Final = 3_600.0
"""The command line waits for the views as long as a person would have to."""

_CASE = re.compile(r"[^/\s\x00-\x1f\x7f-\x9f]{1,128}")

WHEN: Final[dict[str, Any]] = {
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
    "pattern": "^(19[0-9][0-9]|20[0-9][0-9]|2100)-",
}
"""The described shape of a day or an instant; what is more is checked where it is read."""

AsOf = Annotated[
    str | None,
    Query(
        json_schema_extra=WHEN,
        description="fact time, inclusive: a date (its end, Asia/Shanghai) or an RFC 3339 instant",
        examples=["2026-03-31"],
    ),
]
KnownAt = Annotated[
    str | None,
    Query(
        json_schema_extra=WHEN,
        description="knowledge, inclusive: what was recorded by then; a date or an instant",
        examples=["2026-03-31T12:00:00+08:00"],
    ),
]
AtPosition = Annotated[
    int | None,
    Query(ge=1, le=LARGEST, description="knowledge: what was recorded up to there"),
]
MinPosition = Annotated[
    int | None,
    Query(
        ge=0,
        le=LARGEST,
        description="a position of a receipt: wait, at most ten seconds, until the views have "
        "taken it in; 503 when they have not",
    ),
]


def served_by(request: Request) -> Served:
    """What the server has in its hands."""
    return cast(Served, request.app.state.served)


async def point_of(
    as_of: AsOf = None, known_at: KnownAt = None, position: AtPosition = None
) -> Point:
    """The point asked for."""
    return Point.parse(as_of=as_of, known_at=known_at, position=position)


async def case_number(
    no: Annotated[
        str, Path(description="unified case number", examples=["440306-20260302-000123"])
    ],
) -> str:
    """A number that a case may have. Raises CaseNotFound for any other text."""
    if _CASE.fullmatch(no) is None:
        raise CaseNotFound(repr(no[:128]))
    return no


def is_local(request: Request) -> bool:
    """Whether it came by the Unix socket of the data folder."""
    server = request.scope.get("server")
    return server is not None and server[1] is None


async def covered(request: Request, min_position: MinPosition = None) -> None:
    """The views have taken in what the client asks for.

    For the command line of this machine: everything acknowledged before it asked. Raises Problem
    400 for a position that nobody can have a receipt for.
    """
    served = served_by(request)
    if min_position is None and not is_local(request):
        return
    wanted = min_position or 0
    if is_local(request) or wanted > served.projector.projected:
        head = await run_in_threadpool(served.ledger.last_position)
        if wanted > head:
            raise expected(
                400, "wrong-use", "min_position", f"a position up to the head, {head}", str(wanted)
            )
        if is_local(request):
            await served.projected_to(head, LOCAL_PATIENCE_SECONDS)
        else:
            await served.projected_to(wanted)


async def views_turn(request: Request) -> AsyncIterator[None]:
    """A turn at the views: few at a time, so that appends always find a free thread."""
    limiter: anyio.CapacityLimiter = request.app.state.views_limiter
    async with limiter:
        yield


async def known_parameters(request: Request) -> None:
    """Nothing but the route's own query parameters: a misspelt one would go unnoticed."""
    known = _query_parameters(request.app).get((request.scope["route"].path, request.method))
    if known is None:
        return
    for name in request.query_params:
        if name not in known:
            wanted = ", ".join(sorted(known)) or "no parameter"
            raise expected(400, "wrong-use", name[:64], wanted, "an unknown parameter")


def _query_parameters(app: FastAPI) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] | None = getattr(app.state, "query_parameters", None)
    if found is None:
        paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
        found = app.state.query_parameters = {
            (path, method.upper()): {
                parameter["name"]
                for parameter in operation.get("parameters", ())
                if parameter["in"] == "query"
            }
            for path, operations in paths.items()
            for method, operation in operations.items()
        }
    return found


Asked = Annotated[Point, Depends(point_of)]
CaseNumber = Annotated[str, Depends(case_number)]
ServedLedger = Annotated[Served, Depends(served_by)]
STRICT = Depends(known_parameters)
COVERED = Depends(covered)
TURN = Depends(views_turn)
