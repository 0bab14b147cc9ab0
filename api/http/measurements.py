"""What a server measures about itself, for Prometheus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from api.serving.feed import Feed
from api.serving.projector import Projector
from api.serving.watcher import Watcher
from ledger.receipt import Receipt, Status

_ATTRIBUTES: Final = frozenset(
    {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"}
)
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SIZES = (1, 10, 50, 100, 500, 1_000, 2_500, 5_000, 10_000)


class Measurements:
    """Counters and gauges of one server, in a registry of its own."""

    def __init__(self, watcher: Watcher, projector: Projector, feed: Feed) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # it is not annotated
        self.registry = CollectorRegistry()
        self._received = Counter(
            "caseledger_events",
            "Events received over HTTP, by what became of them",
            ["status"],
            registry=self.registry,
        )
        self._refused = Counter(
            "caseledger_refused",
            "Events refused over HTTP, by the attribute of their first fault",
            ["reason"],
            registry=self.registry,
        )
        self._batches = Histogram(
            "caseledger_batch_events",
            "Events of a request that appends",
            buckets=_SIZES,
            registry=self.registry,
        )
        self._requests = Histogram(
            "caseledger_request_seconds",
            "Time from a request to the end of its answer",
            ["method", "route", "status"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        for name, text, value in (
            ("caseledger_position", "Last position of the ledger", lambda: watcher.head),
            (
                "caseledger_projected_position",
                "Position up to which the views hold the ledger",
                lambda: projector.projected,
            ),
            (
                "caseledger_lag_events",
                "Events that the views have not taken in yet",
                lambda: max(watcher.head - projector.projected, 0),
            ),
            ("caseledger_followers", "Open following streams", lambda: feed.followers),
            (
                "caseledger_views_stopped",
                "1 when taking into the views has stopped at an error",
                lambda: int(projector.failure is not None),
            ),
            (
                "caseledger_database_away",
                "1 while the database cannot be reached",
                lambda: int(watcher.away is not None),
            ),
        ):
            Gauge(name, text, registry=self.registry).set_function(value)

    def appended(self, receipts: Sequence[Receipt]) -> None:
        """A request's receipts are counted."""
        self._batches.observe(len(receipts))
        for status in Status:
            number = sum(receipt.status is status for receipt in receipts)
            if number:
                self._received.labels(status.value).inc(number)
        for receipt in receipts:
            if receipt.errors:
                self._refused.labels(_reason(receipt)).inc()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request is answered; `route` is the template of its path."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def exposition(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        return generate_latest(self.registry)


def _reason(receipt: Receipt) -> str:
    """One of few words: a sender must not be able to invent time series."""
    if receipt.status is Status.CONFLICT:
        return "conflict"
    attribute = receipt.errors[0].path.partition(".")[0].partition("[")[0]
    if attribute in _ATTRIBUTES:
        return attribute
    return "other attribute" if attribute else "whole event"
