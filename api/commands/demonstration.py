"""`caseledger demo`: a simulated ledger of an imagined year, filled and served."""

from __future__ import annotations

import logging
import os
import shlex
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer

from api.commands.serving import leave
from api.output import ERR, OUT, progress_bar, tell
from api.serving.log import LineHandler, write_line
from api.serving.server import Server
from api.settings import PREFIX, Settings
from api.workspace import Workspace
from domain.errors import WrongUse
from replay.simulation import Simulation

FOLDER: Final = "data/demo"
SEED: Final = 7
MARK: Final = "demo.json"


def demo(
    cases: Annotated[int, typer.Option(help="cases of the imagined year 收件数")] = 20_000,
    port: Annotated[int, typer.Option(help="0 = any free one")] = 8600,
) -> None:
    """演示 A running simulated ledger: filled at the first call, then served until Ctrl-C.

    Lies in data/demo unless CASELEDGER_DATA_DIR is set; delete that folder to begin anew.
    """
    environment = {PREFIX + "DATA_DIR": FOLDER, **os.environ, PREFIX + "SIMULATED": "1"}
    settings = Settings(environment)
    with Workspace(settings, tell=tell) as workspace:
        facts = _filled(workspace, cases)
    logging.basicConfig(level=logging.WARNING, handlers=[LineHandler()])
    quiet = os.environ.get(PREFIX + "DATA_DIR") is None and OUT.is_terminal
    server = Server(
        settings,
        host="127.0.0.1",
        port=port,
        log=(lambda _: None) if quiet else write_line,
        tell=tell,
    )

    def welcome() -> None:
        server.ready.wait()
        _welcome(settings, facts, server.address or "")

    threading.Thread(target=welcome, name="welcome", daemon=True).start()
    signal.signal(signal.SIGTERM, leave)
    server.run()


def _filled(workspace: Workspace, cases: int) -> dict[str, Any]:
    """What is inside, once the imagined year is; a fill that was cut off is completed."""
    mark = workspace.settings.data_dir / MARK
    if mark.is_file():
        wanted = orjson.loads(mark.read_bytes())
        if wanted["cases"] != cases:
            raise WrongUse(
                "cases",
                f"{wanted['cases']}, which this demonstration was begun with",
                f"{cases}; delete {workspace.settings.data_dir} to begin anew",
            )
    else:
        wanted = {"cases": cases, "seed": SEED, "done": False}
        mark.write_bytes(orjson.dumps(wanted))
    if not wanted["done"]:
        _fill(workspace, wanted)
        mark.write_bytes(orjson.dumps({**wanted, "done": True}))
    with progress_bar("views 视图") as bar:
        read_model = workspace.read_model(bar.move)
    with read_model.reader() as cursor:
        found = cursor.execute(
            "SELECT count(*), arg_max(case_no, (record_corrections, events)) FROM traceability"
        ).fetchall()[0]
    position, _ = workspace.ledger.head()
    return {"events": position, "cases": found[0], "case": found[1]}


def _fill(workspace: Workspace, wanted: dict[str, Any]) -> None:
    simulation = Simulation(wanted["cases"], wanted["seed"])
    with progress_bar("simulate and append 模拟入账") as bar:

        def lines() -> Iterator[bytes]:
            for line in simulation.lines(lambda received: bar.move(received, wanted["cases"])):
                yield line.rstrip(b"\n")

        for _ in workspace.append_stream(lines(), workers=os.cpu_count() or 1):
            pass


def _welcome(settings: Settings, facts: dict[str, Any], address: str) -> None:
    program = Path(sys.argv[0])
    name = os.path.relpath(program) if program.name == "caseledger" else "caseledger"
    folder = os.path.relpath(settings.data_dir)
    command = f"{PREFIX}DATA_DIR={shlex.quote(folder)} {name}"
    for line in (
        "",
        f"模拟账本 simulated ledger: {facts['cases']:,} 办件 cases, "
        f"{facts['events']:,} 事件 events, all invented",
        f"地址 address: {address}  (API: {address}/docs)",
        "",
        "第一个问题 a first question — which department closes late, and what the case did:",
        f"  {command} statistics timeliness --group-by department",
        f"  {command} history {facts['case']}",
        f"  curl -s '{address}/v1/statistics/satisfaction?group_by=channel'",
        "",
        "停止 stop: Ctrl-C",
    ):
        ERR.print(line, highlight=False, markup=False)
