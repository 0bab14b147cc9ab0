"""A server on a data folder: API and projection in one process, on TCP and on a Unix socket."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import anyio.to_thread
import uvicorn

from api.http.app import make_app
from api.http.request_log import RequestLog
from api.serving.served import PATIENCE_SECONDS, Served
from api.serving.sockets import address_of, is_loopback, tcp_socket, unix_socket
from api.settings import Settings
from api.workspace import Workspace
from domain.errors import PartUnavailable, WrongUse

THREADS: Final = 64
"""Requests that are worked on at the same time; appends share transactions."""

GRACE_SECONDS: Final = 30
"""How long a request that runs when the server is told to stop may still take."""

_WAITING_SECONDS: Final = 0.1


class _Uvicorn(uvicorn.Server):
    """Signals are the business of who runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


class Server:
    """One run of `caseledger serve`. Own it, call `run` once; `stop` from any thread."""

    def __init__(
        self,
        settings: Settings,
        *,
        host: str,
        port: int,
        log: Callable[[dict[str, Any]], None],
        tell: Callable[[str], None],
        insecure: bool = False,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """`tell` gets lines for people, `log` one object a request. Raises WrongUse for a host
        beyond this machine unless `insecure`."""
        if not is_loopback(host) and not insecure:
            raise WrongUse(
                "host",
                "an address of this machine alone such as 127.0.0.1",
                f"{host!r}; whoever can reach it could append and read without a key: say "
                "--insecure-without-keys if that is meant",
            )
        self._settings = settings
        self._host, self._port = host, port
        self._patience_seconds = patience_seconds
        self._log, self._tell = log, tell
        self._insecure = insecure and not is_loopback(host)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._asked_to_stop = False
        self.address: str | None = None
        self.ready = threading.Event()

    def run(self) -> None:
        """Serve until told to stop; then nothing of it is left: no socket, no thread, no process.

        Raises PartUnavailable where the port or the data folder is taken, naming the holder.
        """
        with (
            contextlib.closing(tcp_socket(self._host, self._port)) as tcp,
            Workspace(self._settings, tell=self._tell) as workspace,
        ):
            self.address = address_of(tcp)
            self._take_views(workspace, self.address)
            workspace.standing_read_model()
            unix, path = unix_socket(self._settings.data_dir)
            try:
                asyncio.run(self._serve(workspace, tcp, unix, path))
            finally:
                path.unlink(missing_ok=True)
                unix.close()

    def stop(self) -> None:
        """Stop accepting, finish what runs, end followers; from any thread or signal."""
        self._asked_to_stop = True
        if self._loop is not None and self._stopping is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopping.set)

    def _take_views(self, workspace: Workspace, address: str) -> None:
        """A server that holds the folder keeps it; a command that does is waited for."""
        told = False
        while not workspace.take_views(address):
            holder = workspace.views_holder
            if holder.address is not None:
                raise PartUnavailable(
                    f"data folder {self._settings.data_dir}",
                    f"{holder}, has it; stop that server or set CASELEDGER_DATA_DIR",
                )
            if not told:
                self._tell(f"{holder} has the views open; waiting for it to end")
                told = True
            threading.Event().wait(_WAITING_SECONDS)

    async def _serve(
        self, workspace: Workspace, tcp: socket.socket, unix: socket.socket, path: Path
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        with self._signals():
            served = Served(workspace, self._patience_seconds)
            application = RequestLog(make_app(served), served, self._log)
            server = _Uvicorn(
                uvicorn.Config(
                    application,
                    log_config=None,
                    access_log=False,
                    lifespan="off",
                    proxy_headers=False,
                    server_header=False,
                    timeout_graceful_shutdown=GRACE_SECONDS,
                    timeout_keep_alive=60,
                    backlog=2_048,
                    ws="none",
                )
            )
            served.start()
            try:
                running = asyncio.create_task(server.serve(sockets=[tcp, unix]))
                while not server.started and not running.done():
                    await asyncio.sleep(0.01)
                self._announce(workspace, path)
                stopping = asyncio.create_task(self._stopping.wait())
                if self._asked_to_stop:
                    self._stopping.set()
                await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
                stopping.cancel()
                self._tell("stopping: requests are finished first")
                served.feed.close()
                server.should_exit = True
                await running
            finally:
                served.feed.close()
                await asyncio.to_thread(served.end)

    def _announce(self, workspace: Workspace, path: Path) -> None:
        self._log(
            {
                "event": "serving",
                "address": self.address,
                "position": workspace.ledger.last_position(),
            }
        )
        self._tell(f"serving {self.address} and {path}; documentation at {self.address}/docs")
        if workspace.simulated:
            self._tell("this ledger is simulated: its clock is that of the events")
        if self._insecure:
            self._tell(
                "WITHOUT KEYS on an address that other machines can reach: whoever reaches it can "
                "append and read"
            )
        self.ready.set()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and Ctrl-C stop the server, where this is the main thread."""
        assert self._loop is not None
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self.stop)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                self._loop.remove_signal_handler(number)
