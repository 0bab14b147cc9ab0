"""Liveness, readiness, metrics."""

from __future__ import annotations

import shutil
from typing import Any, Final

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.http.documentation import answer, problems
from api.http.json_response import json_response
from api.http.parameters import ServedLedger
from api.http.problems import RETRY_SECONDS
from api.http.schemas import HealthShape, ReadyShape
from api.serving.served import Served
from domain.errors import PartUnavailable

LEAST_FREE_BYTES: Final = 64 * 1024 * 1024

_READY: Final = {
    "ready": True,
    "checks": {"database": "ok", "views": "ok", "disk": "ok"},
    "position": 18,
    "projected": 18,
    "lag": 0,
}

router = APIRouter(tags=["health"])


@router.get(
    "/healthz",
    summary="Whether the process answers",
    response_class=Response,
    responses={**answer(HealthShape, {"status": "ok"}), **problems()},
)
async def healthz() -> Response:
    """Always yes."""
    return json_response({"status": "ok"})


@router.get(
    "/readyz",
    summary="Whether the ledger can be used",
    response_class=Response,
    responses={
        **answer(ReadyShape, _READY),
        **answer(
            ReadyShape,
            {**_READY, "ready": False, "checks": {"views": "view spell stopped at position 12: …"}},
            503,
            "not ready; `checks` says what is wrong",
        ),
        **problems(),
    },
)
def readyz(served: ServedLedger) -> Response:
    """Database, views and disk; where taking into the views stopped, `view` and
    `view_position` name the place."""
    checks = {
        "database": _database(served),
        "views": _views(served),
        "disk": _disk(served),
    }
    ready = all(state == "ok" for state in checks.values())
    head, projected = served.watcher.head, served.projector.projected
    document: dict[str, Any] = {
        "ready": ready,
        "checks": checks,
        "position": head,
        "projected": projected,
        "lag": max(head - projected, 0),
    }
    failure = served.projector.failure
    if failure is not None:
        document |= {"view": failure.view, "view_position": failure.position}
    headers = {} if ready else {"Retry-After": str(RETRY_SECONDS)}
    return json_response(document, 200 if ready else 503, headers)


@router.get(
    "/metrics",
    summary="Measurements for Prometheus",
    response_class=Response,
    responses={
        200: {
            "description": "the text format of Prometheus",
            "content": {"text/plain": {"example": "caseledger_position 18.0\n"}},
        },
        **problems(),
    },
)
def metrics(served: ServedLedger) -> Response:
    """Events by status and reason, batch sizes, latencies, positions, lag, followers."""
    return Response(served.measurements.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _database(served: Served) -> str:
    if served.watcher.away is not None:
        return str(served.watcher.away)
    try:
        served.ledger.last_position()
    except PartUnavailable as error:
        return str(error)
    return "ok" if served.watcher.is_running else "nobody watches the ledger; start again"


def _views(served: Served) -> str:
    projector = served.projector
    if projector.failure is not None:
        return str(projector.failure)
    if not projector.has_caught_up:
        return f"catching up: position {projector.projected} of {served.watcher.head}"
    if projector.away is not None:
        return str(projector.away)
    return "ok" if projector.is_running else "nobody takes into the views; start again"


def _disk(served: Served) -> str:
    free = shutil.disk_usage(served.workspace.settings.data_dir).free
    if free < LEAST_FREE_BYTES:
        return f"expected {LEAST_FREE_BYTES} bytes free in the data folder, found {free}; make room"
    return "ok"
