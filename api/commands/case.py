"""`caseledger case NO` and `caseledger history NO`: one case at any point of any clock."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.answer import desk
from api.options import AsOf, Json, KnownAt, Position
from api.output import OUT, write_json, write_table
from replay.point import Point

Number = Annotated[str, typer.Argument(metavar="NO", help="unified case number 统一办件编号")]

_LABELS = {
    "case": "办件",
    "item": "事项",
    "kind": "办件类型",
    "status": "状态",
    "department": "当前部门",
    "officer": "当前经办",
    "version": "版本",
    "position": "位置",
    "at": "截至",
    "received": "收件",
    "accepted_reported": "受理(上报)",
    "decided": "决定",
    "delivered": "送达",
    "closed": "办结",
    "result": "办结结果",
    "record_corrections": "更正次数",
    "supplement_rounds": "补正轮次",
}


def case(
    number: Number,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    position: Position = None,
    json: Json = False,
) -> None:
    """办件状态 The state of a case, now or at a point of fact time, knowledge or position."""
    point = Point.parse(as_of=as_of, known_at=known_at, position=position)
    with desk() as answers:
        state = answers.case(number, point)
    if json:
        write_json(state)
        return
    write_table(
        ("", "", ""),
        ((name, _LABELS.get(name, ""), _text(value)) for name, value in state.items() if value),
    )


def history(
    number: Number,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    position: Position = None,
    json: Json = False,
) -> None:
    """办件全过程 Every event of a case, when it happened, when it was recorded, what it changed."""
    point = Point.parse(as_of=as_of, known_at=known_at, position=position)
    with desk() as answers:
        told = answers.history(number, point)
    if json:
        write_json(told)
        return
    OUT.print(f"办件 case {told['case']}", highlight=False)
    write_table(
        (
            "位置 position",
            "发生 time",
            "入账 recorded (UTC)",
            "滞后 lag s",
            "类型 type",
            "经办 actor",
        ),
        (
            (
                event["position"],
                event["time"],
                event["recordedat"],
                f"{event['lag_seconds']:.0f}",
                event["type"],
                (event["data"].get("actor") or {}).get("id", ""),
            )
            for event in told["events"]
        ),
    )


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{name} {inner}" for name, inner in value.items() if inner is not None)
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    return str(value)
