"""Preparation in processes of its own, for streams of events: one interpreter is the limit else.

A worker has the ledger's keys and its own connection to the vault. Results come back marshalled as
plain tuples, which costs the receiving process least.
"""

from __future__ import annotations

import gc
import marshal
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from types import TracebackType
from typing import Final, Self

from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from domain.errors import Fault, PartUnavailable
from domain.registry import EVENT_TYPES
from domain.shapes import check_of_all
from ledger.keys import LedgerKeys
from ledger.preparation import Preparation
from ledger.prepared import Prepared, Refusal
from ledger.sealing_plan import plan_of
from ledger.vault import Vault

PREPARED_TOGETHER: Final = 2_500
"""New keys are put into the vault once in so many events."""


class PreparationPool:
    """Worker processes that prepare; a context manager. Workers end with it."""

    def __init__(self, uri: str, keys: LedgerKeys, *, workers: int, simulated: bool) -> None:
        """`uri` connects to the database as its appending role."""
        self.workers = workers
        self._executor = ProcessPoolExecutor(
            workers,
            # Spawned, not forked: the parent has threads and connections.
            mp_context=get_context("spawn"),
            initializer=_start,
            initargs=(uri, keys.master, simulated),
        )

    def warm_up(self) -> None:
        """Every worker has started and imported what it needs."""
        for started in [self._executor.submit(_prepare, [], 0) for _ in range(self.workers)]:
            started.result()

    def submit(self, raws: Sequence[bytes], first_place: int) -> Future[bytes]:
        """Prepare in the background; `collect` turns the future into results."""
        return self._executor.submit(_prepare, list(raws), first_place)

    @staticmethod
    def collect(future: Future[bytes]) -> list[Prepared | Refusal]:
        """The results, in the order of the texts. Raises PartUnavailable if a worker died."""
        try:
            rows = marshal.loads(future.result())
        except BrokenProcessPool as error:
            raise PartUnavailable(
                "a preparing process", "it was ended; append again, nothing is taken twice"
            ) from error
        return [_event(row) for row in rows]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._executor.shutdown(cancel_futures=True)


def prepare_in_groups(
    preparation: Preparation, raws: Sequence[bytes], first_place: int, *, keep_keys: bool = True
) -> list[Prepared | Refusal]:
    """Prepare any number of events in this process."""
    prepared: list[Prepared | Refusal] = []
    for start in range(0, len(raws), PREPARED_TOGETHER):
        group = raws[start : start + PREPARED_TOGETHER]
        prepared += preparation.prepare(group, first_place + start, keep_keys=keep_keys)
    return prepared


_preparation: Preparation | None = None


def _start(uri: str, master: bytes, simulated: bool) -> None:
    """In the worker: connect and make the keys. The pool of processes gives no other place."""
    global _preparation
    # What preparation allocates is freed by counting references; looking for cycles finds none.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    keys = LedgerKeys(master)
    pool: ConnectionPool[Connection[DictRow]] = ConnectionPool(
        uri,
        kwargs={"row_factory": dict_row, "autocommit": True},
        min_size=1,
        max_size=1,
        open=True,
    )
    _preparation = Preparation(keys, Vault(pool, keys), simulated=simulated)
    check_of_all()
    for kind in EVENT_TYPES.values():
        plan_of(kind)


def _prepare(raws: list[bytes], first_place: int) -> bytes:
    assert _preparation is not None
    rows: list[tuple[object, ...]] = []
    for result in prepare_in_groups(_preparation, raws, first_place):
        if isinstance(result, Prepared):
            rows.append(tuple(result))
        else:
            faults = tuple((fault.path, fault.expected, fault.found) for fault in result.faults)
            rows.append((*result[:4], faults))
    return marshal.dumps(rows)


_REFUSAL_FIELDS: Final = len(Refusal._fields)


def _event(row: tuple[object, ...]) -> Prepared | Refusal:
    if len(row) == _REFUSAL_FIELDS:
        place, event_id, source, content, faults = row
        return Refusal(place, event_id, source, content, tuple(Fault(*one) for one in faults))  # type: ignore[arg-type, attr-defined] # rows are what _prepare made
    return Prepared._make(row)
