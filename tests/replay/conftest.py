import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from replay.xes import ActivityMapping, ImportFault, read_log

REPOSITORY = Path(__file__).parents[2]

Log = tuple[list[dict[str, Any]], list[ImportFault]]


@pytest.fixture(scope="session")
def logs_folder() -> Path:
    """The folder of real logs, which are no part of the repository."""
    given = os.environ.get("CASELEDGER_TEST_LOGS")
    folder = Path(given) if given else REPOSITORY.parent / "shared" / "data"
    if not (folder / "receipt.xes.gz").is_file():
        pytest.skip(f"no receipt.xes.gz in {folder}; set CASELEDGER_TEST_LOGS to its folder")
    return folder


@pytest.fixture(scope="session")
def permits() -> Path:
    return Path(__file__).parent / "logs" / "permits.xes"


@pytest.fixture
def read() -> Callable[..., Log]:
    """Reads a whole log: its events, and its faults."""

    def read_whole(path: Path, **options: Any) -> Log:
        items = list(read_log(path, mapping=options.pop("mapping", ActivityMapping()), **options))
        return (
            [item for item in items if isinstance(item, dict)],
            [item for item in items if isinstance(item, ImportFault)],
        )

    return read_whole


@pytest.fixture
def read_text(tmp_path: Path, read: Callable[..., Log]) -> Callable[..., Log]:
    """Reads a log given as text or bytes, from a file called log.xes."""

    def read_content(content: str | bytes, **options: Any) -> Log:
        path = tmp_path / "log.xes"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path, **options)

    return read_content
