"""The lines of an NDJSON file or of standard input, of any size, plain or gzipped."""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from domain.errors import CallerError, WrongUse
from ledger.stored_bytes import MAX_RECEIVED

LONGEST: Final = MAX_RECEIVED + 1
"""A longer line is cut off here; the ledger refuses it for its length."""


class BrokenInput(CallerError):
    """The input ended before its time; the lines before that were given."""


def lines_of(name: str, progress: Callable[[int], None]) -> Iterator[bytes]:
    """The lines of a file (`-` = standard input) without line ends, white lines left out.

    `progress` is told the bytes read of the file. Raises WrongUse for a file that cannot be opened,
    BrokenInput, after the last whole line, for one that cannot be read to its end.
    """
    if name == "-":
        yield from _lines(sys.stdin.buffer, lambda: progress(0))
        return
    if not os.access(name, os.R_OK) or Path(name).is_dir():
        raise WrongUse("file", "a file that can be read", name)
    with Path(name).open("rb") as file:
        if file.peek(2)[:2] == b"\x1f\x8b":
            opened = cast(BinaryIO, gzip.GzipFile(fileobj=file))
            yield from _lines(opened, lambda: progress(file.tell()))
        else:
            yield from _lines(file, lambda: progress(file.tell()))


def _lines(stream: BinaryIO, progress: Callable[[], None]) -> Iterator[bytes]:
    count = 0
    try:
        while line := stream.readline(LONGEST):
            if len(line) == LONGEST and not line.endswith(b"\n"):
                while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
                    pass
            stripped = line.rstrip(b"\r\n")
            if stripped.strip():
                yield stripped
            count += 1
            if count % 1_000 == 0:
                progress()
    except (EOFError, OSError, zlib.error) as error:
        raise BrokenInput(f"expected a whole file, found {error} after line {count}") from error
