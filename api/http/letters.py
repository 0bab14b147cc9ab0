"""Dead letters: what was refused and why, and trying again. And the rules that may refuse."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from api.http.appending import RECEIPT, receipt_response
from api.http.documentation import answer, problems
from api.http.json_response import json_response
from api.http.parameters import STRICT, ServedLedger
from api.http.problems import expected, faults_json
from api.http.schemas import LettersShape, ReceiptShape, RulesShape
from domain.calendar import SHANGHAI
from ledger.dead_letters import DeadLetter

_NAME: Final = "0b7c3b6e-64a1-4c0e-9d53-8f3f6f0d3f11"
_LETTER: Final = {
    "id": _NAME,
    "source": "/440306/scjg",
    "event_id": "01JNQ3",
    "status": "rejected",
    "errors": [{"path": "time", "expected": "a time with an offset", "found": "a string"}],
    "count": 2,
    "size": 412,
    "first_seen": "2026-03-02T09:30:00.123456+08:00",
    "last_seen": "2026-03-02T09:31:00.123456+08:00",
}

router = APIRouter(prefix="/v1", tags=["dead letters"], dependencies=[STRICT])


@router.get(
    "/dead-letters",
    summary="Refused events, the latest first",
    response_class=Response,
    responses={
        **answer(LettersShape, {"dead_letters": [_LETTER]}),
        **problems(400, 503),
    },
)
def dead_letters(
    served: ServedLedger, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> Response:
    """One for each source, id and content, with a count. What was sent stays sealed."""
    letters = served.ledger.dead_letters(limit)
    return json_response({"dead_letters": [_shown(letter) for letter in letters]})


@router.post(
    "/dead-letters/{id}/retry",
    summary="Append a refused event again",
    status_code=201,
    response_class=Response,
    responses={
        **answer(ReceiptShape, RECEIPT, 201, "appended"),
        **answer(ReceiptShape, {**RECEIPT, "status": "duplicate"}, 200, "was there already"),
        **problems(400, 404, 409, 422, 503),
    },
)
def retry(
    request: Request,
    served: ServedLedger,
    id: Annotated[UUID, Path(examples=[_NAME])],
) -> Response:
    """As it was received: what made it fail must have changed. The letter stays."""
    letter = served.ledger.dead_letter(id)
    if letter is None:
        raise expected(404, "letter-not-found", "id", "the id of a dead letter", str(id))
    receipts = served.ledger.append([letter.raw])
    served.measurements.appended(receipts)
    return receipt_response(request, receipts[0], {})


@router.get(
    "/rules",
    summary="The rules of procedure",
    response_class=Response,
    responses={**answer(RulesShape, {"rules": []}), **problems(400)},
)
def rules() -> Response:
    """Those marked strict refuse an event sent with `Prefer: handling=strict`. None is, so far."""
    return json_response({"rules": []})


def _shown(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": str(letter.letter),
        "source": letter.source,
        "event_id": letter.id,
        "status": letter.status.value,
        "errors": faults_json(letter.faults),
        "count": letter.count,
        "size": len(letter.raw),
        "first_seen": letter.first_seen.astimezone(SHANGHAI).isoformat(),
        "last_seen": letter.last_seen.astimezone(SHANGHAI).isoformat(),
    }
