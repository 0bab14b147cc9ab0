"""Runs `caseledger` as a person does: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


class CommandLine:
    """The command line on one data folder, with no setting but those given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(
        self, *words: str, stdin: bytes = b"", code: int | None = 0, **settings: str
    ) -> subprocess.CompletedProcess[bytes]:
        """The finished process; `code` is the exit code that it must have (None: any)."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CASELEDGER_")}
        environment |= {f"CASELEDGER_{name}": value for name, value in settings.items()}
        done = subprocess.run(
            [sys.executable, "-m", "api", *words],
            cwd=self.folder,
            env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
            input=stdin,
            capture_output=True,
            timeout=300,
            check=False,
        )
        if code is not None:
            assert done.returncode == code, done.stderr.decode() + done.stdout.decode()
        return done

    def json(self, *words: str, stdin: bytes = b"", code: int = 0, **settings: str) -> Any:
        """What the command answers with --json."""
        return json.loads(self.run(*words, "--json", stdin=stdin, code=code, **settings).stdout)
