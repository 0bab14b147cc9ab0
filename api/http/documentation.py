"""What the OpenAPI description says about answers, with an example for each."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel

from api.http.problems import MEDIA_TYPE
from api.http.schemas import ProblemShape

_MEANINGS: Final[dict[int, tuple[str, str, str]]] = {
    400: (
        "a parameter or body that cannot be read; nothing was taken",
        "wrong-use",
        "as_of: expected a date, found 'yesterday'",
    ),
    404: (
        "there is nothing of that name",
        "case-not-found",
        "no event of case 440306-1 is known at now; check the number",
    ),
    406: (
        "none of the formats that the client accepts",
        "not-acceptable",
        "Accept: expected application/json, found image/png",
    ),
    409: (
        "the same source and id with another content",
        "event-conflict",
        "id: expected the content that this source and id were first taken with, or a new id, "
        "found other content",
    ),
    412: (
        "the subject is at another version",
        "version-conflict",
        "440306-20260302-000123 is at version 5, expected 4; read it again and decide anew",
    ),
    413: (
        "a body or batch beyond the limit; nothing was taken",
        "too-large",
        "body: expected at most 10000 events in a batch, found 10001 events",
    ),
    415: (
        "a content type or encoding that is not taken",
        "unsupported-type",
        "Content-Type: expected application/cloudevents+json, found 'text/plain'",
    ),
    422: (
        "the event is refused and kept as a dead letter",
        "event-rejected",
        "type: expected a known event type, found a string of length 3",
    ),
    500: (
        "what is stored cannot be read, or the server made a mistake",
        "internal-error",
        "the server made a mistake; its log has the request by its id",
    ),
    503: (
        "a part is away or the disk is full; try again after Retry-After seconds",
        "part-unavailable",
        "database is not available: it does not answer; try again later",
    ),
}

Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Responses:
    """The documentation of these problems, and of those that every route may give."""
    return {status: _problem(status) for status in sorted({*statuses, 500})}


def answer(model: type[BaseModel], example: Any, status: int = 200, text: str = "") -> Responses:
    """The documentation of an answer in JSON."""
    described: dict[str, Any] = {
        "model": model,
        "content": {"application/json": {"example": example}},
    }
    described["description"] = text or (model.__doc__ or "").split("\n", 1)[0]
    return {status: described}


def describe(app: FastAPI) -> None:
    """The description leaves out what FastAPI adds and this application never answers."""
    original = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = original()
            for operations in schema["paths"].values():
                for operation in operations.values():
                    _without_validation_error(operation["responses"])
            for name in ("HTTPValidationError", "ValidationError"):
                schema["components"]["schemas"].pop(name, None)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign] # the way that FastAPI documents


def _without_validation_error(responses: dict[str, Any]) -> None:
    content = responses.get("422", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if schema.get("$ref", "").endswith("HTTPValidationError"):
        del responses["422"]


def _problem(status: int) -> dict[str, Any]:
    text, name, detail = _MEANINGS[status]
    example = {
        "type": f"urn:caseledger:problem:{name}",
        "title": name.replace("-", " "),
        "status": status,
        "detail": detail,
        "instance": "/v1/…",
    }
    described: dict[str, Any] = {
        "description": text,
        "content": {MEDIA_TYPE: {"schema": ProblemShape.model_json_schema(), "example": example}},
    }
    if status == 503:
        described["headers"] = {
            "Retry-After": {"description": "seconds", "schema": {"type": "integer"}}
        }
    return described
