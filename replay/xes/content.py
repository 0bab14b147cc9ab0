"""The bytes of a log file, decompressed as they are read, none of those before a break lost."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from replay.xes.fault import FileBroken

CHUNK = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WBITS = 31


def content(
    file: BinaryIO, *, named_gzip: bool, progress: Callable[[int], None] | None = None
) -> Iterator[bytes]:
    """The decompressed content in pieces of at most 64 KiB, whatever the compression ratio.

    A file is gzip when its name or its first two bytes say so. `progress` is told the number of
    bytes read from the file so far. Raises FileBroken when the file cannot be read or inflated
    further, after everything that stands before the break was yielded.
    """
    pieces = _pieces(file, progress)
    first = next(pieces, b"")
    if first.startswith(_GZIP_MAGIC):
        yield from _inflated(first, pieces)
    elif named_gzip:
        found = f"bytes {first[:2].hex(' ')}" if first else "an empty file"
        raise FileBroken("gzip data, as the file's name says", found)
    else:
        yield first
        yield from pieces


def _pieces(file: BinaryIO, progress: Callable[[int], None] | None) -> Iterator[bytes]:
    done = 0
    while True:
        try:
            piece = file.read(CHUNK)
        except OSError as error:
            raise FileBroken("a readable file", f"{error.strerror} after byte {done}") from error
        if not piece:
            return
        done += len(piece)
        if progress is not None:
            progress(done)
        yield piece


def _inflated(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits=_GZIP_WBITS)
    done = 0
    piece = first
    while piece:
        pending, more = piece, False
        while pending or more:
            if inflater.eof:
                # gzip allows several members in a row, and zero bytes as padding after them
                pending = pending.lstrip(b"\0")
                if not pending:
                    break
                inflater = zlib.decompressobj(wbits=_GZIP_WBITS)
            before = inflater.copy()
            try:
                data = inflater.decompress(pending, CHUNK)
            except zlib.error as error:
                good, taken = _up_to_the_break(before, pending)
                yield from good
                at = done + len(piece) - len(pending) + taken
                raise FileBroken("intact gzip data", f"{error} at byte {at}") from error
            pending = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            more = len(data) == CHUNK and not inflater.eof
            if data:
                yield data
        done += len(piece)
        piece = next(rest, b"")
    if not inflater.eof:
        raise FileBroken("the end of the gzip data", f"the end of the file after byte {done}")


def _up_to_the_break(inflater: Any, pending: bytes) -> tuple[list[bytes], int]:
    """What `pending` inflates to before its first bad byte: zlib itself drops it on an error."""
    good: list[bytes] = []
    for taken in range(len(pending)):
        try:
            good.append(inflater.decompress(pending[taken : taken + 1]))
        except zlib.error:
            return good, taken
    return good, len(pending)
