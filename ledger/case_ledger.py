"""The ledger as other rooms use it: append events, read them back in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from types import TracebackType
from typing import Final, Self
from uuid import UUID

import orjson
from eventsourcing.persistence import PersistenceError

from domain.errors import PartUnavailable, UndecodableEvent, WrongUse
from domain.recorded import RecordedEvent
from ledger.database import Database
from ledger.dead_letters import DeadLetter, DeadLetters
from ledger.group_commit import GroupCommit
from ledger.keys import LedgerKeys
from ledger.listening import Listener
from ledger.preparation import Preparation
from ledger.preparation_pool import PreparationPool, prepare_in_groups
from ledger.prepared import Prepared, Refusal
from ledger.receipt import Receipt
from ledger.recorder import LedgerRecorder
from ledger.roles import APPENDER
from ledger.statements import statement
from ledger.vault import Vault
from ledger.writer import Batch, Writer

WRITTEN_TOGETHER: Final = 10_000
"""A stream of events is committed in batches of so many."""


class CaseLedger:
    """An open ledger; safe to use from several threads. Close it, or use it as a context."""

    def __init__(
        self,
        database: Database,
        keys: LedgerKeys,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        simulated: bool = False,
    ) -> None:
        self._database = database
        self._keys = keys
        self._simulated = simulated
        self._letters = DeadLetters(keys)
        self.vault = Vault(database.datastore.pool, keys)
        self.recorder = LedgerRecorder(database.datastore)
        self.preparation = Preparation(keys, self.vault, simulated=simulated)
        self._commit = GroupCommit(Writer(self.recorder, self._letters, clock, simulated=simulated))

    @property
    def reader_uri(self) -> str:
        """A libpq URI that can read stored events and nothing else."""
        return self._database.uri()

    def append(
        self,
        raws: Sequence[bytes],
        *,
        first_index: int = 0,
        expected_version: int | None = None,
        dry_run: bool = False,
    ) -> list[Receipt]:
        """Take in events, each the JSON text of one; a receipt for each, in their order.

        When this returns, what the receipts say is durable. A bad event never stops the others: it
        is rejected and kept as a dead letter. `expected_version` goes with one event and is the
        version its subject must be at (0: no event yet), else VersionConflict. `dry_run` tells the
        receipts and keeps nothing. Raises PartUnavailable: then sending again is safe; WrongUse for
        an expected version of anything but one event.
        """
        if expected_version is not None and len(raws) != 1:
            raise WrongUse("expected_version", "one event", f"{len(raws)} events")
        batch = Batch(
            self._prepared(raws, first_index, keep_keys=not dry_run), raws, expected_version
        )
        return self._commit.dry_run(batch) if dry_run else self._commit.append(batch)

    def append_stream(
        self, lines: Iterable[bytes], *, pool: PreparationPool | None = None
    ) -> Iterator[list[Receipt]]:
        """Take in a stream of any length; the receipts of each batch once it is durable.

        With a pool, later batches are prepared while one is written. Some 30,000 events are held at
        most.
        """
        numbered = iter(lines)
        if pool is None:
            place = 0
            while raws := list(islice(numbered, WRITTEN_TOGETHER)):
                yield self.append(raws, first_index=place)
                place += len(raws)
            return
        for prepared, raws in _prepared_ahead(numbered, pool):
            yield self._commit.append(Batch(prepared, raws))

    def preparation_pool(self, workers: int) -> PreparationPool:
        """Worker processes for `append_stream`; to be used as a context."""
        return PreparationPool(
            self._database.uri(APPENDER), self._keys, workers=workers, simulated=self._simulated
        )

    def _prepared(
        self, raws: Sequence[bytes], first_index: int, *, keep_keys: bool
    ) -> list[Prepared | Refusal]:
        return prepare_in_groups(self.preparation, raws, first_index, keep_keys=keep_keys)

    def head(self) -> tuple[int, datetime | None]:
        """The last position and its record time; (0, None) for an empty ledger."""
        with _reaching_database(), self._database.datastore.get_connection() as connection:
            row = connection.execute(statement("head")).fetchone()
        if row is None:
            return 0, None
        event = _recorded(bytes(row["bytes"]))
        return event.position, event.recordedat

    def last_position(self) -> int:
        """The last position, whatever stands there; 0 for an empty ledger."""
        with _reaching_database(), self._database.datastore.get_connection() as connection:
            row = connection.execute(statement("head")).fetchone()
        return 0 if row is None else int(row["position"])

    def events_of(self, subject: str) -> list[RecordedEvent]:
        """The stored events of a subject, in order of version; empty when there are none."""
        with _reaching_database(), self._database.datastore.get_connection() as connection:
            rows = connection.execute(
                statement("events_of_subject"), {"subject": subject}
            ).fetchall()
        return [_recorded(bytes(row["bytes"])) for row in rows]

    def event_at(self, position: int) -> RecordedEvent | None:
        """The stored event at a position; None when there is none."""
        found = self.stored_after(position - 1, 1)
        return _recorded(found[0][1]) if found and found[0][0] == position else None

    def stored_after(self, position: int, limit: int) -> list[tuple[int, bytes]]:
        """At most `limit` stored events after a position, in order: position and stored bytes."""
        with _reaching_database(), self._database.datastore.get_connection() as connection:
            rows = connection.execute(
                statement("events_after"), {"after": position, "limit": limit}
            ).fetchall()
        return [(row["position"], bytes(row["bytes"])) for row in rows]

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """At most `limit` refused events, the latest first, opened."""
        with (
            _reaching_database(),
            self._database.datastore.get_connection() as connection,
            connection.cursor() as cursor,
        ):
            return self._letters.read(cursor, limit)

    def dead_letter(self, letter: UUID) -> DeadLetter | None:
        """The refused event of that name, opened; None when there is none."""
        with (
            _reaching_database(),
            self._database.datastore.get_connection() as connection,
            connection.cursor() as cursor,
        ):
            return self._letters.find(cursor, letter)

    def listener(self) -> Listener:
        """Wakes when anything is appended, by whatever process; to be used as a context."""
        return Listener(self._database.uri(), self.recorder.channel_name)

    def close(self) -> None:
        """No connection is left open."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _prepared_ahead(
    lines: Iterator[bytes], pool: PreparationPool
) -> Iterator[tuple[list[Prepared | Refusal], list[bytes]]]:
    """Batches in order, while the pool's workers are kept busy with what comes after them."""
    chunk = WRITTEN_TOGETHER // 4
    ahead: deque[tuple[Future[bytes], list[bytes]]] = deque()
    place = 0
    prepared: list[Prepared | Refusal] = []
    texts: list[bytes] = []
    exhausted = False
    while True:
        while not exhausted and len(ahead) < 2 * WRITTEN_TOGETHER // chunk:
            raws = list(islice(lines, chunk))
            exhausted = len(raws) < chunk
            if raws:
                ahead.append((pool.submit(raws, place), raws))
                place += len(raws)
        if ahead:
            future, raws = ahead.popleft()
            prepared += pool.collect(future)
            texts += raws
        if prepared and (len(prepared) >= WRITTEN_TOGETHER or not ahead):
            yield prepared, texts
            prepared, texts = [], []
        if exhausted and not ahead:
            return


@contextmanager
def _reaching_database() -> Iterator[None]:
    try:
        yield
    except PersistenceError as error:
        raise PartUnavailable("database", f"{str(error).strip()}; try again later") from error


def _recorded(stored: bytes) -> RecordedEvent:
    try:
        return RecordedEvent.from_json(orjson.loads(stored))
    except orjson.JSONDecodeError as error:
        raise UndecodableEvent(None, "bytes that are not JSON") from error
