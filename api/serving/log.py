"""The server's log: one JSON object a line on standard error."""

from __future__ import annotations

import logging
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import orjson

_writing = threading.Lock()


def write_line(facts: dict[str, Any]) -> None:
    """One line, whole."""
    line = orjson.dumps(
        {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **facts}, default=str
    )
    with _writing:
        sys.stderr.buffer.write(line + b"\n")
        sys.stderr.buffer.flush()


class LineHandler(logging.Handler):
    """Records of other libraries as lines: of an error its kind, never its text, which may hold
    what was sent."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        error = record.exc_info[0] if record.exc_info else None
        write_line(
            {
                "event": "log",
                "level": record.levelname.lower(),
                "logger": record.name,
                "message": record.msg if error is not None else record.getMessage(),
                **({"error": error.__name__} if error is not None else {}),
            }
        )
