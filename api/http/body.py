"""The body of a request: of a known type, whole, and never larger than allowed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from fastapi import Request

from api.http.problems import Problem, expected

MAX_BODY: Final = 16 * 1024 * 1024
"""Bytes of a body, before and after decompression."""

_DRAINED: Final = 4 * MAX_BODY
_STEP: Final = 256 * 1024
_WINDOWS: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": 0}
ENCODINGS: Final = ("gzip", "deflate", "zstd", "identity")


@dataclass(frozen=True, slots=True)
class Body:
    """A body as received; `media_type` is in lower case and without parameters."""

    media_type: str
    encoding: str
    received: bytes

    def text(self) -> bytes:
        """The decompressed bytes. Raises Problem 413 beyond MAX_BODY, 400 for broken data."""
        if self.encoding == "identity":
            return self.received
        try:
            if self.encoding == "zstd":
                return _unzstd(self.received)
            return _inflated(self.received, _WINDOWS[self.encoding])
        except (zlib.error, OSError, EOFError) as error:
            raise expected(
                400, "unreadable-body", "Content-Encoding", f"{self.encoding} data", str(error)
            ) from error


async def receive(request: Request, media_types: tuple[str, ...]) -> Body:
    """The body of a request of one of these types. Raises Problem 415, 413.

    A body that is too large is read to its end, up to 64 MiB, and thrown away: a sender that is
    still sending when the answer comes would not see it.
    """
    media_type = _media_type(request, media_types)
    encoding = request.headers.get("content-encoding", "identity").strip().lower() or "identity"
    if encoding not in ENCODINGS and encoding != "x-gzip":
        raise expected(
            415,
            "unsupported-encoding",
            "Content-Encoding",
            f"one of {', '.join(ENCODINGS)}",
            repr(encoding[:100]),
            headers={"Accept-Encoding": ", ".join(ENCODINGS)},
        )
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BODY:
            chunks.append(chunk)
        else:
            chunks.clear()
        if size > _DRAINED:
            break
    if size > MAX_BODY:
        raise too_large(f"{size} bytes or more")
    return Body(media_type, encoding, b"".join(chunks))


def too_large(found: str) -> Problem:
    """The answer to a body beyond the limit."""
    return expected(
        413, "too-large", "body", f"at most {MAX_BODY} bytes after decompression", found
    )


def _media_type(request: Request, media_types: tuple[str, ...]) -> str:
    header = request.headers.get("content-type", "")
    media_type, _, parameters = header.partition(";")
    media_type = media_type.strip().lower()
    given = parameters.replace('"', "").replace(" ", "").lower()
    if media_type not in media_types or given not in ("", "charset=utf-8"):
        raise expected(
            415,
            "unsupported-type",
            "Content-Type",
            f"{' or '.join(media_types)}, in UTF-8",
            repr(header[:100]),
            headers={"Accept-Post": ", ".join(media_types)},
        )
    return media_type


def _inflated(data: bytes, window: int) -> bytes:
    if window == 0:
        # "deflate" is zlib by the standard and bare by what some senders do.
        window = zlib.MAX_WBITS if data[:1] and data[0] & 0x0F == 8 else -zlib.MAX_WBITS
    parts: list[bytes] = []
    size = 0
    while data:
        inflater = zlib.decompressobj(window)
        while True:
            part = inflater.decompress(data, _STEP)
            size += len(part)
            if size > MAX_BODY:
                raise too_large("more")
            parts.append(part)
            data = inflater.unconsumed_tail
            if inflater.eof or (not part and not data):
                break
        if not inflater.eof:
            raise EOFError("an end before its time")
        data = inflater.unused_data
    return b"".join(parts)


def _unzstd(data: bytes) -> bytes:
    with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
        parts: list[bytes] = []
        size = 0
        while part := stream.read(_STEP):
            size += len(part)
            if size > MAX_BODY:
                raise too_large("more")
            parts.append(part)
    return b"".join(parts)
