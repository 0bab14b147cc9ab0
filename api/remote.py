"""Asking a running server over the Unix socket of its data folder."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from api.socket_path import socket_path
from domain.errors import CaseNotFound, LedgerError, PartUnavailable, ProjectionError, WrongUse
from replay.point import Point

_CONNECT_SECONDS = 5.0


class _SocketConnection(HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.sock.settimeout(_CONNECT_SECONDS)
            self.sock.connect(str(self._path))
            # The views may have much to take in before the answer.
            self.sock.settimeout(None)
        except OSError:
            self.sock.close()
            raise


class RemoteDesk:
    """The answers of a running server, the same as those of a Desk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def of(cls, data_dir: Path) -> RemoteDesk | None:
        """The desk of the server of a data folder; None where none answers."""
        path = socket_path(data_dir)
        connection = _SocketConnection(path)
        try:
            connection.connect()
        except OSError:
            return None
        finally:
            connection.close()
        return cls(path)

    def case(self, number: str, point: Point) -> dict[str, Any]:
        """The state of a case at a point. Raises CaseNotFound."""
        return self._get(f"/v1/cases/{quote(number, safe='')}", _bounds(point))

    def history(self, number: str, point: Point) -> dict[str, Any]:
        """The events of a case known at a point. Raises CaseNotFound."""
        return self._get(f"/v1/cases/{quote(number, safe='')}/history", _bounds(point))

    def diff(self, number: str, from_: Point, to: Point) -> dict[str, Any]:
        """What differs between two points of knowledge of a case. Raises CaseNotFound."""
        ends = {"from": _knowledge(from_), "to": _knowledge(to), "as_of": _bounds(from_)["as_of"]}
        return self._get(f"/v1/cases/{quote(number, safe='')}/diff", ends)

    def statistics(
        self,
        view: str,
        *,
        group_by: Sequence[str] = (),
        from_: str | None = None,
        to: str | None = None,
        basis: str = "period",
        point: Point,
    ) -> dict[str, Any]:
        """The figures of a view. Raises WrongUse for an unknown view, group or basis."""
        asked = {"from": from_, "to": to, "basis": basis, "group_by": ",".join(group_by) or None}
        return self._get(f"/v1/statistics/{quote(view, safe='')}", {**asked, **_bounds(point)})

    def status(self) -> dict[str, Any]:
        """Where ledger and views stand."""
        return self._get("/operator/status", {})

    def compare(self) -> dict[str, Any]:
        """The live views beside views rebuilt from the ledger."""
        return self._ask("POST", "/operator/compare")

    def rebuild(self, until: int | None = None, out: Path | None = None) -> dict[str, Any]:
        """Every view made anew, in place."""
        if out is not None or until is not None:
            raise WrongUse("out", "no file of its own for the server's views", str(out))
        return self._ask("POST", "/operator/rebuild")

    def _get(self, path: str, parameters: Mapping[str, str | None]) -> dict[str, Any]:
        given = {name: value for name, value in parameters.items() if value is not None}
        return self._ask("GET", f"{path}?{urlencode(given)}" if given else path)

    def _ask(self, method: str, target: str) -> dict[str, Any]:
        connection = _SocketConnection(self._path)
        try:
            connection.request(method, target)
            response = connection.getresponse()
            text = response.read()
        except (OSError, HTTPException) as error:
            raise PartUnavailable(
                "server", f"it went away in the middle ({error!r}); ask again"
            ) from error
        finally:
            connection.close()
        document: dict[str, Any] = orjson.loads(text)
        if response.status >= 300:
            raise _error(document)
        return document


def _bounds(point: Point) -> dict[str, str | None]:
    return {
        "as_of": None if point.as_of is None else point.as_of.isoformat(),
        "known_at": None if point.known_at is None else point.known_at.isoformat(),
        "position": None if point.position is None else str(point.position),
    }


def _knowledge(point: Point) -> str | None:
    bounds = _bounds(point)
    return bounds["position"] or bounds["known_at"]


def _error(problem: Mapping[str, Any]) -> LedgerError:
    """The error that a problem document tells of."""
    match problem:
        case {"case": str(number), "point": str(point)}:
            return CaseNotFound(number, point)
        case {"part": str(part), "detail": str(detail)}:
            return PartUnavailable(part, detail.removeprefix(f"{part} is not available: "))
        case {"view": str(view), "position": int(position), "detail": str(detail)}:
            prefix = f"view {view} stopped at position {position}: "
            return ProjectionError(view, position, detail.removeprefix(prefix))
        case {"field": str(field), "expected": str(expected), "found": str(found)}:
            return WrongUse(field, expected, found)
        case _:
            return LedgerError(str(problem.get("detail", "the server gave no reason")))
