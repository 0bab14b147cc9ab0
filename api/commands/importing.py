"""`caseledger import xes FILE`: an event log of another system into the ledger."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import orjson
import typer

from api.commands.answer import opened, report
from api.commands.append import POOL_FROM_BYTES
from api.desk import Tally
from api.options import Json
from api.output import progress_bar, tell
from replay.xes import ActivityMapping, ImportFault, read_log

importing = typer.Typer(
    no_args_is_help=True, help="导入 Import event logs of other systems.", add_completion=False
)
_TOLD = 20
_SPREAD = 6  # a gzipped log is about a sixth of the events that come out of it


@importing.callback()
def _formats() -> None:
    """Formats stand as commands of their own."""


@importing.command()
def xes(
    file: Annotated[Path, typer.Argument(help="XES 1.0 or 2.0, .xes or .xes.gz")],
    mapping: Annotated[
        Path | None, typer.Option(help="JSON file: activity names to event types")
    ] = None,
    subject_as_is: Annotated[
        bool, typer.Option("--subject-as-is", help="trace names are case numbers already")
    ] = False,
    log_name: Annotated[
        str | None, typer.Option(help="name of the log (default: that of the file)")
    ] = None,
    json: Json = False,
) -> None:
    """导入 XES Import an XES event log; a second import appends nothing.

    Activities that the mapping does not name become step.completed.
    """
    faults: list[ImportFault] = []
    activities = ActivityMapping() if mapping is None else ActivityMapping.read(mapping)
    tally = Tally()
    with opened() as workspace, progress_bar("import 导入", counts=False) as bar:
        size = file.stat().st_size if file.is_file() else 0

        def events() -> Iterator[bytes]:
            log = read_log(
                file,
                mapping=activities,
                subject_as_is=subject_as_is,
                log_name=log_name,
                progress=lambda read: bar.move(read, size),
            )
            for one in log:
                if isinstance(one, ImportFault):
                    faults.append(one)
                else:
                    yield orjson.dumps(one)

        workers = (os.cpu_count() or 1) if size * _SPREAD >= POOL_FROM_BYTES else 0
        for receipts in workspace.append_stream(events(), workers=workers):
            tally.add(receipts)
        position, _ = workspace.ledger.head()
    tally.counts["rejected"] += sum(fault.untaken for fault in faults)
    for fault in faults[:_TOLD]:
        tell(str(fault))
    if len(faults) > _TOLD:
        tell(f"and {len(faults) - _TOLD} more faults in {file}")
    report(tally, position, json=json, is_broken=bool(faults))
