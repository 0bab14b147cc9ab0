"""`caseledger status` and `caseledger config`."""

from __future__ import annotations

from api.commands.answer import desk, settings
from api.options import Json
from api.output import OUT, write_json, write_table


def status(json: Json = False) -> None:
    """状态 Where the ledger and its views stand."""
    with desk() as answers:
        answer = answers.status()
    if json:
        write_json(answer)
        return
    OUT.print(
        f"位置 position {answer['position']}  视图 projected {answer['projected']}  "
        f"滞后 lag {answer['lag']}",
        highlight=False,
    )


def config(json: Json = False) -> None:
    """设置 Every setting, its value and where it came from."""
    values = settings().as_json()
    if json:
        write_json(values)
        return
    write_table(
        ("设置 setting", "值 value", "来源 from", "说明"),
        ((value["name"], value["value"], value["origin"], value["help"]) for value in values),
    )
