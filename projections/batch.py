"""Batches of stored events as they come from the ledger: Arrow, `position` and `bytes`."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from domain.errors import ProjectionError

Batch: TypeAlias = pa.Table | pa.RecordBatch


def continuing(batch: Batch, projected: int) -> pa.Table:
    """What of the batch lies beyond `projected`, in order, each position once.

    Raises ProjectionError where that does not begin at the next position or has a gap.
    """
    table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
    table = table.select(["position", "bytes"])
    table = table.filter(pc.greater(table["position"], projected)).sort_by("position")
    if not table.num_rows:
        return table
    last = table["position"][-1].as_py()
    distinct = pc.count_distinct(table["position"]).as_py()
    if last - projected != distinct:
        raise _gap(projected, table["position"].to_pylist())
    if distinct == table.num_rows:
        return table
    seen = [projected, *table["position"].to_pylist()]
    return table.filter(pa.array([after > before for before, after in pairwise(seen)]))


def up_to(batch: Batch, until: int | None) -> Batch:
    """What of the batch lies at or before `until`; all of it where that is None."""
    if until is None:
        return batch
    return batch.filter(pc.less_equal(batch.column("position"), until))


def _gap(projected: int, positions: list[int]) -> ProjectionError:
    before, after = next((b, a) for b, a in pairwise([projected, *positions]) if a > b + 1)
    return ProjectionError(
        "trace", before + 1, f"expected position {before + 1} next, found {after}"
    )
