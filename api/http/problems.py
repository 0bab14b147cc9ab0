"""Every error as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from domain.errors import (
    CaseNotFound,
    Fault,
    LedgerError,
    PartUnavailable,
    ProjectionError,
    VersionConflict,
    WrongUse,
)

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 5
_LONGEST_FOUND: Final = 200


class Problem(Exception):
    """An answer that is an error; `facts` are further fields of the document."""

    def __init__(
        self,
        status: int,
        name: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.name = name
        self.detail = detail
        self.headers = dict(headers or {})
        self.facts = facts

    def answer(self, request: Request) -> Response:
        """The document, for the path that was asked for."""
        return problem_response(
            request, self.status, self.name, self.detail, headers=self.headers, **self.facts
        )


def expected(status: int, name: str, field: str, wanted: str, found: str, **other: Any) -> Problem:
    """A problem about one field: what was expected there and what was found."""
    detail = f"{field}: expected {wanted}, found {found}"
    return Problem(status, name, detail, field=field, expected=wanted, found=found, **other)


def faults_json(faults: tuple[Fault, ...] | list[Fault]) -> list[dict[str, str]]:
    """Faults as they stand in a document."""
    return [
        {"path": fault.path, "expected": fault.expected, "found": fault.found} for fault in faults
    ]


def problem_response(
    request: Request,
    status: int,
    name: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **facts: Any,
) -> Response:
    """A problem document; `name` tells kinds of problems apart and never changes."""
    document = {
        "type": f"urn:caseledger:problem:{name}",
        "title": name.replace("-", " "),
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        **facts,
    }
    return Response(
        orjson.dumps(document),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def ledger_problem(error: LedgerError) -> Problem:
    """What an error of the ledger is over HTTP."""
    text = str(error)
    match error:
        case WrongUse():
            return Problem(
                400,
                "wrong-use",
                text,
                field=error.field,
                expected=error.expected,
                found=error.found,
            )
        case CaseNotFound():
            return Problem(404, "case-not-found", text, case=error.case, point=error.point)
        case VersionConflict():
            return Problem(
                412,
                "version-conflict",
                text,
                subject=error.subject,
                expected=error.expected,
                found=error.found,
            )
        case PartUnavailable():
            return Problem(
                503,
                "part-unavailable",
                text,
                headers={"Retry-After": str(RETRY_SECONDS)},
                part=error.part,
            )
        case ProjectionError():
            return Problem(
                503,
                "views-stopped",
                text,
                headers={"Retry-After": str(RETRY_SECONDS)},
                view=error.view,
                position=error.position,
            )
        case _:
            return Problem(500, "stored-data", text)


def add_problem_handlers(app: FastAPI) -> None:
    """Nothing but problem documents leaves the application where something is wrong."""

    @app.exception_handler(Problem)
    def problem(request: Request, error: Problem) -> Response:
        return error.answer(request)

    @app.exception_handler(LedgerError)
    def ledger(request: Request, error: LedgerError) -> Response:
        return ledger_problem(error).answer(request)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        phrase = HTTPStatus(error.status_code).phrase
        headers = dict(error.headers or {})
        if error.status_code == 405:
            path = getattr(request.scope.get("route"), "path", "")
            methods = request.app.openapi()["paths"].get(path, {})
            headers["Allow"] = ", ".join(sorted(method.upper() for method in methods))
        return problem_response(
            request,
            error.status_code,
            phrase.lower().replace(" ", "-"),
            f"{request.method} is not answered here; see /openapi.json for what is"
            if error.status_code in (404, 405)
            else str(error.detail),
            headers=headers,
        )

    @app.exception_handler(RequestValidationError)
    def validation(request: Request, error: RequestValidationError) -> Response:
        faults = [
            Fault(str(one["loc"][-1]), _wanted(one), repr(one.get("input"))[:_LONGEST_FOUND])
            for one in error.errors()
        ]
        first = faults[0]
        return problem_response(
            request,
            400,
            "wrong-use",
            "; ".join(map(str, faults)),
            field=first.path,
            expected=first.expected,
            found=first.found,
            errors=faults_json(faults),
        )

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        return problem_response(
            request,
            500,
            "internal-error",
            "the server made a mistake; its log has the request by its id",
        )


def _wanted(fault: Mapping[str, Any]) -> str:
    message = str(fault["msg"])
    return message[:1].lower() + message[1:]
