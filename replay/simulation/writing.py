"""Writing a simulated year to files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import orjson

from domain.errors import WrongUse
from replay.simulation.simulation import Simulation

_BUFFER: Final = 1 << 20


def write(
    simulation: Simulation,
    out: Path,
    truth: Path,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Writes the events to `out` and what was planted to `truth`; gives the number of events.

    Both files appear whole, and on the disk, or not at all: they are drafted beside their places
    and renamed when both are complete. `progress` is told the number of cases received so far.
    Raises WrongUse where a file cannot be written.
    """
    if out == truth:
        raise WrongUse("truth", "another file than that of the events", str(truth))
    count = 0
    try:
        with _draft(out) as events, _draft(truth) as planted:
            for line in simulation.lines(progress):
                events.write(line)
                count += 1
            planted.write(orjson.dumps(simulation.truth, option=orjson.OPT_INDENT_2) + b"\n")
            for file in (events, planted):
                file.flush()
                os.fsync(file.fileno())
            _drafted(out).replace(out)
            _drafted(truth).replace(truth)
    except OSError as error:
        raise WrongUse(
            "file", "a place that can be written", f"{error.strerror}: {error.filename or out}"
        ) from error
    return count


def _drafted(path: Path) -> Path:
    return path.with_name(f"{path.name}.draft")


@contextmanager
def _draft(path: Path) -> Iterator[BinaryIO]:
    """A file beside `path`, gone at the end unless it was renamed."""
    draft = _drafted(path)
    try:
        with draft.open("wb", buffering=_BUFFER) as file:
            yield file
    finally:
        draft.unlink(missing_ok=True)
