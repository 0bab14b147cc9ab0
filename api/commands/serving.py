"""`caseledger serve`: HTTP and the views that follow the ledger, in one process."""

from __future__ import annotations

import logging
import signal
from types import FrameType
from typing import Annotated

import typer

from api.commands.answer import settings
from api.output import tell
from api.serving.log import LineHandler, write_line
from api.serving.server import Server


def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 = any free one")] = 8600,
    insecure: Annotated[
        bool,
        typer.Option(
            "--insecure-without-keys",
            help="allow an address that other machines reach, though there are no keys yet",
        ),
    ] = False,
) -> None:
    """启动服务 Serve HTTP until SIGTERM or Ctrl-C. One server a data folder; exit code 3 if another
    has it or the port is taken."""
    logging.basicConfig(level=logging.WARNING, handlers=[LineHandler()])
    server = Server(settings(), host=host, port=port, log=write_line, tell=tell, insecure=insecure)
    # Before the event loop takes the signals over, and after it gave them back.
    signal.signal(signal.SIGTERM, leave)
    server.run()


def leave(number: int, frame: FrameType | None) -> None:
    """What SIGTERM does outside the event loop: an orderly exit, code 0."""
    raise SystemExit(0)
