"""The sockets that a server answers on."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

from api.socket_path import DRAFT, prepare_folder_of, socket_path
from domain.errors import PartUnavailable, WrongUse

BACKLOG = 2_048


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def tcp_socket(host: str, port: int) -> socket.socket:
    """A bound socket that does not listen yet. Port 0 = any free one. Raises PartUnavailable."""
    if not 0 <= port <= 65535:
        raise WrongUse("port", "0 to 65535", str(port))
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise WrongUse("host", "an address of this machine", f"{host!r}: {error}") from error
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise PartUnavailable(
            f"address {host} port {port}",
            f"{error.strerror or error}; end what uses it or give another --port",
        ) from error
    bound.setblocking(False)
    return bound


def address_of(bound: socket.socket) -> str:
    """Where a TCP socket is reached, as an address for a browser."""
    host, port = bound.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def unix_socket(data_dir: Path) -> tuple[socket.socket, Path]:
    """A listening socket in the data folder that only this account can open, and its path.

    Whoever calls holds the lock on the views, so a socket found there is a dead server's. Nobody
    can connect before the mode is 0600: it listens only then, and gets its name last.
    """
    path = socket_path(data_dir)
    prepare_folder_of(path, data_dir)
    draft = path.with_name(path.name + DRAFT)
    draft.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        bound.bind(str(draft))
        draft.chmod(0o600)
        bound.listen(BACKLOG)
        bound.setblocking(False)
        draft.replace(path)
    except OSError as error:
        bound.close()
        draft.unlink(missing_ok=True)
        raise PartUnavailable("socket", f"{path}: {error.strerror or error}") from error
    return bound, path
