"""What the command line asks on the Unix socket and nobody else: status, compare, rebuild."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from api.http.json_response import json_response
from api.http.parameters import COVERED, ServedLedger, is_local


async def local_only(request: Request) -> None:
    """To anybody else there is nothing here."""
    if not is_local(request):
        raise HTTPException(404)


router = APIRouter(prefix="/operator", include_in_schema=False, dependencies=[Depends(local_only)])


@router.get("/status")
def status(served: ServedLedger) -> Response:
    """Where ledger and views stand."""
    return json_response(served.desk.status())


@router.post("/compare", dependencies=[COVERED])
def compare(served: ServedLedger) -> Response:
    """The live views beside rebuilt ones."""
    return json_response(served.desk.compare())


@router.post("/rebuild")
def rebuild(served: ServedLedger) -> Response:
    """Every view made anew, in place."""
    return json_response(served.desk.rebuild())
