"""The HTTP application of a served ledger."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

import anyio
from fastapi import FastAPI

from api.http import appending, cases, health, letters, operator, statistics, stored_events
from api.http.documentation import describe
from api.http.problems import add_problem_handlers
from api.serving.served import Served

VIEW_READERS: Final = 4
"""Questions to the views that are answered at the same time; DuckDB spreads each over the cores."""


def make_app(served: Served) -> FastAPI:
    """The routes of the public contract, and the local operator's."""
    app = FastAPI(
        title="办件账本 caseledger",
        version=version("caseledger"),
        description="An event-sourced ledger of government service cases. Instants are RFC 3339, "
        "days those of Asia/Shanghai; errors are RFC 9457 problem details.",
        redirect_slashes=False,
        redoc_url=None,
    )
    app.state.served = served
    app.state.views_limiter = anyio.CapacityLimiter(VIEW_READERS)
    add_problem_handlers(app)
    for module in (appending, stored_events, cases, statistics, letters, health, operator):
        app.include_router(module.router)
    describe(app)
    return app
