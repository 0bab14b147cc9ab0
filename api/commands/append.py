"""`caseledger append FILE`: events from NDJSON into the ledger."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from api.commands.answer import opened, report
from api.delivery import without_delivery
from api.desk import Tally
from api.lines import BrokenInput, lines_of
from api.options import Json
from api.output import progress_bar, tell

POOL_FROM_BYTES = 8_000_000
"""Files from this size on are prepared in processes of their own, which take a second to start."""


def append(
    file: Annotated[str, typer.Argument(help="NDJSON, plain or .gz; - = standard input")],
    strip_delivery: Annotated[
        bool,
        typer.Option(
            "--strip-delivery",
            help="take deliveredat off each event, which ordinary ledgers refuse",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """追加事件 Append events, one JSON object a line.

    Sending a file again is safe: what is there already counts as duplicate. Exit code 1 if anything
    was rejected or in conflict; all else is taken.
    """
    tally = Tally()
    broken: BrokenInput | None = None
    size = None if file == "-" or not Path(file).is_file() else Path(file).stat().st_size
    with opened() as workspace, progress_bar("append 追加", counts=False) as bar:
        lines = lines_of(file, lambda read: bar.move(read, size))
        if strip_delivery:
            lines = map(without_delivery, lines)
        workers = (os.cpu_count() or 1) if size is None or size >= POOL_FROM_BYTES else 0
        try:
            for receipts in workspace.append_stream(lines, workers=workers):
                tally.add(receipts)
        except BrokenInput as error:
            broken = error
        position, _ = workspace.ledger.head()
    if broken is not None:
        tell(str(broken))
    report(tally, position, json=json, is_broken=broken is not None)
