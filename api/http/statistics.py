"""GET /v1/statistics/{view}: the figures, in the formats that statisticians use."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from api.http.documentation import answer, problems
from api.http.json_response import json_response
from api.http.negotiation import chosen
from api.http.parameters import COVERED, STRICT, TURN, WHEN, Asked, ServedLedger
from api.http.problems import expected
from api.http.schemas import StatisticsShape
from api.http.tables import ARROW, CSV, PARQUET, written
from projections.question import GROUPS
from projections.statistics import FAMILIES

_FORMATS: Final = {
    "application/json": "json",
    CSV: "csv",
    PARQUET: "parquet",
    ARROW: "arrow",
}
_EXAMPLE: Final = {
    "view": "traceability",
    "position": 18,
    "at": "2026-03-02T10:00:00+08:00",
    "definition": {"id": "traceability", "version": "0123456789abcdef"},
    "group_by": ["item"],
    "rows": [{"item": "XK-001", "cases": 7, "events": 42}],
}
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}

router = APIRouter(prefix="/v1/statistics", tags=["statistics"], dependencies=[STRICT, COVERED])


@router.get(
    "/{view}",
    summary="The figures of a view, with their denominators",
    response_class=Response,
    responses={
        **answer(StatisticsShape, _EXAMPLE),
        **problems(400, 404, 406, 503),
    },
    dependencies=[TURN],
)
def statistics(
    request: Request,
    served: ServedLedger,
    view: Annotated[
        str,
        Path(
            description="timeliness, satisfaction or traceability",
            examples=["traceability"],
            json_schema_extra={"enum": sorted(FAMILIES)},
        ),
    ],
    point: Asked,
    group_by: Annotated[
        list[str] | None,
        Query(
            description="groups, comma between or repeated",
            examples=[["item", "month"]],
            json_schema_extra={"items": {"enum": list(GROUPS)}, "uniqueItems": True},
        ),
    ] = None,
    from_: Annotated[
        str | None,
        Query(alias="from", description="inclusive; a date or an instant", json_schema_extra=WHEN),
    ] = None,
    to: Annotated[
        str | None, Query(description="exclusive; a date or an instant", json_schema_extra=WHEN)
    ] = None,
    basis: Annotated[Literal["period", "cohort"], Query()] = "period",
    format: Annotated[
        Literal["json", "csv", "parquet", "arrow"] | None, Query(description="before Accept")
    ] = None,
) -> Response:
    """Every format carries position, instant and definition: JSON in the document, the others in
    the headers Caseledger-Position, -At and -Definition, Parquet and Arrow also in their schema."""
    if view not in FAMILIES:
        raise expected(404, "not-found", "view", f"one of {', '.join(FAMILIES)}", repr(view[:60]))
    wanted = format or chosen(request, _FORMATS, default="json")
    answered = served.desk.statistics(
        view,
        group_by=[name for given in group_by or () for name in given.split(",") if name],
        from_=from_,
        to=to,
        basis=basis,
        point=point,
    )
    if wanted == "json":
        return json_response(answered, headers={"Vary": "Accept"})
    return written(answered, wanted)


_answered = router.routes[0].responses[200]["content"]  # type: ignore[attr-defined]
_answered |= {CSV: {"schema": {"type": "string"}}, PARQUET: _BINARY, ARROW: _BINARY}
