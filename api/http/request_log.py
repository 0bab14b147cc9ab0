"""One line of JSON a request, and its id; never a body, a query or a path as sent."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.serving.served import Served

_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
UNKNOWN_ROUTE = "unknown"


class RequestLog:
    """Wraps the application: gives each answer its X-Request-ID, counts it, writes its line."""

    def __init__(
        self, app: ASGIApp, served: Served, write: Callable[[dict[str, Any]], None]
    ) -> None:
        self._app = app
        self._served = served
        self._write = write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _request_id(scope)
        state = scope.setdefault("state", {})
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        failure: str | None = None
        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            failure = _described(error)
            raise
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
            line = {
                "event": "request",
                "request_id": request_id,
                "method": scope["method"],
                "route": route,
                "status": status,
                "duration_ms": round(seconds * 1_000, 3),
                **({"events": state["counts"]} if "counts" in state else {}),
                **({"error": failure} if failure is not None else {}),
            }
            self._served.measurements.answered(_method(scope["method"]), route, status, seconds)
            self._write(line)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ID.fullmatch(value):
            return str(value.decode("ascii"))
    return str(uuid.uuid4())


def _method(method: str) -> str:
    """One of few: a client must not be able to invent time series."""
    return method if method in ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE") else "other"


def _described(error: BaseException) -> str:
    """The kind of an error and its place: its text may hold what was sent."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"
