"""`caseledger simulate`: the events of an imagined year, as NDJSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.options import Json
from api.output import OUT, progress_bar, write_json
from replay.simulation import Schemes, Simulation, write


def simulate(
    cases: Annotated[int, typer.Option(help="cases received in the year 收件数")],
    seed: Annotated[int, typer.Option(help="the same arguments give the same bytes")],
    out: Annotated[Path, typer.Option("--out", "-o", help="NDJSON file to write")],
    truth: Annotated[Path, typer.Option(help="JSON file: what was planted")],
    year: Annotated[int, typer.Option(help="the year")] = 2025,
    schemes: Annotated[str, typer.Option(help="all, none, or rules such as R01,R04")] = "all",
    json: Json = False,
) -> None:
    """模拟 Write a realistic year of one district: everything in it is invented.

    A ledger created with CASELEDGER_SIMULATED=1 takes it as it is; an ordinary one with
    append --strip-delivery.
    """
    simulation = Simulation(cases, seed, year, _schemes(schemes))
    with progress_bar("simulate 模拟") as bar:
        events = write(simulation, out, truth, lambda received: bar.move(received, cases))
    if json:
        write_json({"cases": cases, "events": events, "seed": seed, "year": year})
    else:
        OUT.print(f"办件 cases {cases}  事件 events {events}  → {out}", highlight=False)


def _schemes(text: str) -> Schemes:
    if text == "all":
        return "all"
    if text == "none":
        return "none"
    return frozenset(name.strip() for name in text.split(",") if name.strip())
