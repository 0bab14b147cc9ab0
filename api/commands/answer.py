"""What the commands share: opening the data folder, and saying what became of an append."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from api.desk import Tally
from api.folder_desk import FolderDesk
from api.output import OUT, progress_bar, tell, write_json
from api.settings import Settings
from api.workspace import Workspace


def settings() -> Settings:
    """The settings of this run: environment, then the file .env of the working folder."""
    dotenv = Path(".env")
    return Settings(os.environ, dotenv if dotenv.is_file() else None)


@contextmanager
def opened() -> Iterator[Workspace]:
    """The workspace of the settings."""
    with Workspace(settings(), tell=tell) as workspace:
        yield workspace


@contextmanager
def desk() -> Iterator[FolderDesk]:
    """A desk on the data folder or its server, with a bar while views catch up."""
    with (
        progress_bar("views 视图") as bar,
        FolderDesk(settings(), tell=tell, progress=bar.move) as answers,
    ):
        yield answers


def report(tally: Tally, position: int, *, json: bool, is_broken: bool = False) -> None:
    """Say what became of the events; leaves with exit code 1 if anything was not taken."""
    if json:
        write_json({**tally.counts, "position": position})
    else:
        counts = tally.counts
        OUT.print(
            f"入账 appended {counts['appended']}  重复 duplicate {counts['duplicate']}  "
            f"冲突 conflict {counts['conflict']}  拒收 rejected {counts['rejected']}  "
            f"位置 position {position}",
            highlight=False,
        )
    for receipt in tally.refusals:
        faults = "; ".join(str(fault) for fault in receipt.errors)
        tell(f"event {receipt.index + 1} ({receipt.id}): {receipt.status.value}: {faults}")
    refused = tally.counts["rejected"] + tally.counts["conflict"]
    if refused > len(tally.refusals) > 0:
        tell(f"and {refused - len(tally.refusals)} more; all are kept as dead letters")
    if is_broken or not tally.is_clean:
        raise typer.Exit(1)
