"""`caseledger statistics`, `rebuild`, `compare`: the figures and the views that they come from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.answer import desk
from api.options import AsOf, Json, KnownAt, Position
from api.output import OUT, write_json, write_table
from replay.point import Point


def statistics(
    view: Annotated[str, typer.Argument(help="timeliness, satisfaction or traceability")],
    group_by: Annotated[
        str, typer.Option(help="groups, comma between: item, department, month, …")
    ] = "",
    from_: Annotated[str | None, typer.Option("--from", help="first day or instant")] = None,
    to: Annotated[str | None, typer.Option(help="day or instant after the last")] = None,
    basis: Annotated[str, typer.Option(help="period or cohort")] = "period",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    position: Position = None,
    json: Json = False,
) -> None:
    """统计 The figures of a view, with their denominators."""
    point = Point.parse(as_of=as_of, known_at=known_at, position=position)
    with desk() as answers:
        answer = answers.statistics(
            view,
            group_by=[name.strip() for name in group_by.split(",") if name.strip()],
            from_=from_,
            to=to,
            basis=basis,
            point=point,
        )
    if json:
        write_json(answer)
        return
    rows = answer["rows"]
    OUT.print(
        f"{answer['view']}  位置 position {answer['position']}  截至 at {answer['at']}",
        highlight=False,
    )
    for row in rows:
        groups = answer["group_by"]
        if groups:
            OUT.print("  ".join(f"{name} {_figure(row[name])}" for name in groups), style="bold")
        measures = ((name, _figure(value)) for name, value in row.items() if name not in groups)
        write_table(("", ""), measures)


def rebuild(
    until: Annotated[int | None, typer.Option(help="up to this position; needs --out")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="a DuckDB file to make")] = None,
    json: Json = False,
) -> None:
    """重建视图 Make every view anew from the ledger, in place or in a file of its own."""
    if until is not None and out is None:
        raise typer.BadParameter("--until goes with --out: live views are always at the head")
    with desk() as answers:
        answer = answers.rebuild(until, out)
    if json:
        write_json(answer)
    else:
        OUT.print(f"已重建 rebuilt, 位置 position {answer['projected']}", highlight=False)


def compare(json: Json = False) -> None:
    """核对 Compare the live views with views rebuilt from the ledger; exit 1 if they differ."""
    with desk() as answers:
        answer = answers.compare()
    if json:
        write_json(answer)
    else:
        OUT.print("一致 equal" if answer["equal"] else "不一致 not equal", highlight=False)
        for name, view in answer["views"].items():
            OUT.print(
                f"  {name}: {view['rows']} rows, missing {view['missing']}, extra {view['extra']}, "
                f"changed {view['changed']}",
                highlight=False,
            )
            for example in view["examples"]:
                OUT.print(f"    {example}", highlight=False, markup=False)
    if not answer["equal"]:
        raise typer.Exit(1)


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1 else f"{value:,.4f}".rstrip("0").rstrip(".")
    return "–" if value is None else str(value)
