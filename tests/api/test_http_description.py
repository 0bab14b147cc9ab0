"""Every operation of the OpenAPI description, tried with generated requests, all checks on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import Running
from tests.api.requests import event, post

CONFIGURATION = """\
# Valid by its shape and yet refused: a page token that was never given, a beginning after the end,
# an event that its type does not allow, a position that the ledger has not reached.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "404", "409", "412", "422"]
"""

pytestmark = pytest.mark.slow


def test_no_generated_request_breaks_the_description(served: Running, tmp_path: Path) -> None:
    subjects = ["440306-20260302-000123", "0", "a"]
    post(served.client, [event(subject=subject) for subject in subjects])
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-c",
                "from schemathesis.cli import schemathesis; schemathesis()",
                "run",
            ),
            f"{served.address}/openapi.json",
            *("--checks", "all", "--max-examples", "15", "--phases", "examples,coverage,fuzzing"),
            *("--seed", "7", "--no-color", "--max-time", "60", "--request-timeout", "30"),
            # An open stream never ends.
            *("--header", "Accept: application/json, application/x-ndjson, text/plain"),
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert all(line["status"] < 500 for line in served.lines if line["event"] == "request")
