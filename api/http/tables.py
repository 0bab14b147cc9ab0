"""Figures as tables: CSV, Parquet, Arrow."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from fastapi import Response

CSV: Final = "text/csv"
PARQUET: Final = "application/vnd.apache.parquet"
ARROW: Final = "application/vnd.apache.arrow.stream"


def written(answer: Mapping[str, Any], format: str) -> Response:
    """A statistics answer in one of the formats csv, parquet, arrow."""
    table = _table(answer)
    out = io.BytesIO()
    if format == "csv":
        pyarrow.csv.write_csv(table, out)
        media_type = f"{CSV}; charset=utf-8; header=present"
    elif format == "parquet":
        pyarrow.parquet.write_table(table, out)
        media_type = PARQUET
    else:
        with pa.ipc.new_stream(out, table.schema) as stream:
            stream.write_table(table)
        media_type = ARROW
    definition = answer["definition"]
    headers = {
        "Caseledger-Position": str(answer["position"]),
        "Caseledger-At": str(answer["at"]),
        "Caseledger-Definition": f"{definition['id']} {definition['version']}",
        "Content-Disposition": f'attachment; filename="{answer["view"]}.{format}"',
        "Vary": "Accept",
    }
    return Response(out.getvalue(), media_type=media_type, headers=headers)


def _table(answer: Mapping[str, Any]) -> pa.Table:
    rows, groups = answer["rows"], answer["group_by"]
    names = list(rows[0]) if rows else list(groups)
    columns = {name: [row[name] for row in rows] for name in names}
    fields = [
        pa.field(name, pa.string() if name in groups else _type(values))
        for name, values in columns.items()
    ]
    about = {name: answer[name] for name in ("view", "position", "at", "definition", "group_by")}
    schema = pa.schema(fields, metadata={"caseledger": orjson.dumps(about)})
    return pa.table(
        [
            pa.array(values, field.type)
            for field, values in zip(fields, columns.values(), strict=True)
        ],
        schema=schema,
    )


def _type(values: list[Any]) -> pa.DataType:
    """Counts are integers; whatever else a figure is, is a double, also where nothing is known."""
    known = [value for value in values if value is not None]
    counts = bool(known) and all(isinstance(value, int) for value in known)
    return pa.int64() if counts and len(known) == len(values) else pa.float64()
