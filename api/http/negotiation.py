"""Choosing the format of an answer by what the client accepts."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from api.http.problems import expected


def chosen(request: Request, formats: Mapping[str, str], *, default: str) -> str:
    """The format, by RFC 9110: the one with the highest weight, the first of equal ones.

    `formats` maps media types to formats. Raises Problem 406.
    """
    accept = request.headers.get("accept", "").strip()
    if not accept:
        return default
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    best: tuple[float, str] | None = None
    for media_type, name in formats.items():
        weight = _weight(media_type, ranges)
        if weight > 0 and (
            best is None or weight > best[0] or (weight == best[0] and name == default)
        ):
            best = (weight, name)
    if best is None:
        raise expected(406, "not-acceptable", "Accept", " or ".join(formats), repr(accept[:100]))
    return best[1]


def _range(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media_range, min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return media_range, 0.0
    return media_range, 1.0


def _weight(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that the media type is in; 0 = not accepted."""
    kind = media_type.partition("/")[0]
    for candidate in (media_type, f"{kind}/*", "*/*"):
        weights = [weight for media_range, weight in ranges if media_range == candidate]
        if weights:
            return max(weights)
    return 0.0
