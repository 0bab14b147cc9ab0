"""One transaction for what several callers want to append.

Under the lock: duplicates and conflicts are told apart, versions and positions given, rows written,
refusals put into the dead letters. Everything of a transaction becomes durable together or not at
all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from eventsourcing.persistence import IntegrityError, OperationalError, PersistenceError
from psycopg import Cursor, errors
from psycopg.rows import DictRow

from domain.errors import Fault, PartUnavailable, VersionConflict
from domain.recorded import instant
from ledger.dead_letters import DeadLetters, Refused
from ledger.prepared import Prepared, Refusal
from ledger.receipt import Receipt, Status
from ledger.recorder import LedgerRecorder
from ledger.rows import Head, copy_row
from ledger.statements import statement
from ledger.stored_bytes import MAX_BYTES, filled, record_time

_VERSION_CACHE: Final = 200_000
_SAME_ID = Fault(
    "id",
    "the content that this source and id were first taken with, or a new id",
    "other content",
)


@dataclass(slots=True)
class Batch:
    """What one caller wants appended; `raws` are the texts of `events`.

    `expected_version` binds a batch of one event: its subject must be at that version. `receipts`
    are filled when it is durable, or `error` is.
    """

    events: Sequence[Prepared | Refusal]
    raws: Sequence[bytes]
    expected_version: int | None = None
    receipts: list[Receipt] = field(default_factory=list)
    error: Exception | None = None


_Known = tuple[int, int, bytes]
"""Position, version and content of an event that is there already."""


class Writer:
    """Writes batches; one at a time in a process, and one at a time over all processes."""

    def __init__(
        self,
        recorder: LedgerRecorder,
        letters: DeadLetters,
        clock: Callable[[], datetime],
        *,
        simulated: bool = False,
    ) -> None:
        self._recorder = recorder
        self._letters = letters
        self._clock = clock
        self._simulated = simulated
        self._versions: OrderedDict[str, int] = OrderedDict()
        self._versions_at = -1
        self._look_first = False

    def write(self, batches: Sequence[Batch], *, dry_run: bool = False) -> None:
        """Each batch has its receipts, or its error, and what was appended is durable.

        `dry_run` fills the receipts and keeps nothing. Raises PartUnavailable when the database is
        away or its disk is full: then nothing of the batches is known to be stored, and sending
        them again is safe.
        """
        # Most batches hold nothing known, so identities are looked up only after a collision, and
        # from then on until a batch is found to hold nothing known.
        look_first = self._look_first or any(
            batch.expected_version is not None for batch in batches
        )
        try:
            try:
                self._write(batches, look_first=look_first, dry_run=dry_run)
            except IntegrityError as error:
                if not isinstance(error.__cause__, errors.UniqueViolation) or look_first:
                    raise
                self._look_first = True
                self._write(batches, look_first=True, dry_run=dry_run)
        except OperationalError as error:
            self._versions_at = -1
            cause = error.__cause__
            if isinstance(cause, errors.DiskFull):
                raise PartUnavailable(
                    "disk of the database", "it is full; make room and send the batch again"
                ) from error
            raise PartUnavailable(
                "database", f"{str(error).strip()}; send the batch again when it is back"
            ) from error
        except PersistenceError:
            self._versions_at = -1
            raise

    def _write(self, batches: Sequence[Batch], *, look_first: bool, dry_run: bool) -> None:
        with (
            self._recorder.datastore.get_connection() as connection,
            connection.transaction(force_rollback=dry_run),
            connection.cursor() as cursor,
        ):
            head = self._recorder.lock(cursor)
            if head.position != self._versions_at:
                self._versions.clear()
            known = self._identities(cursor, batches) if look_first else {}
            found_known = bool(known)
            versions = self._last_versions(cursor, batches)
            run = _Run(head, known, versions, self._clock, simulated=self._simulated)
            for batch in batches:
                batch.receipts, batch.error = [], None
                run.take(batch)
            if run.rows:
                self._recorder.write(cursor, run.rows)
            self._letters.put(cursor, run.refused)
        if look_first:
            self._look_first = found_known
        if dry_run:
            return
        self._versions.update(run.versions)
        self._versions_at = run.position
        while len(self._versions) > _VERSION_CACHE:
            self._versions.popitem(last=False)

    def _identities(self, cursor: Cursor[DictRow], batches: Sequence[Batch]) -> dict[bytes, _Known]:
        identities = [
            UUID(bytes=event.identity)
            for batch in batches
            for event in batch.events
            if isinstance(event, Prepared)
        ]
        rows = cursor.execute(statement("find_identities"), {"identities": identities})
        return {
            row["identity"].bytes: (row["position"], row["version"], bytes(row["content"]))
            for row in rows
        }

    def _last_versions(self, cursor: Cursor[DictRow], batches: Sequence[Batch]) -> dict[str, int]:
        cache = self._versions
        versions: dict[str, int] = {}
        unknown: list[str] = []
        for batch in batches:
            for event in batch.events:
                if isinstance(event, Prepared) and event.subject not in versions:
                    version = cache.get(event.subject)
                    if version is None:
                        unknown.append(event.subject)
                        version = 0
                    versions[event.subject] = version
        if unknown:
            versions.update(self._recorder.versions_of(cursor, unknown))
        return versions


class _Run:
    """The state of one transaction: the next position, versions, rows and refusals so far."""

    def __init__(
        self,
        head: Head,
        known: dict[bytes, _Known],
        versions: dict[str, int],
        clock: Callable[[], datetime],
        *,
        simulated: bool,
    ) -> None:
        self.position = head.position
        self.versions = versions
        self.rows: list[bytes] = []
        self.refused: list[Refused] = []
        self._known = known
        self._simulated = simulated
        self._recordedat = head.recordedat if simulated else head.next_record_time(clock())
        self._recorded_bytes = self._recordedat.encode()

    def take(self, batch: Batch) -> None:
        """Fill the receipts of a batch and collect its rows and refusals."""
        if batch.expected_version is not None:
            first = batch.events[0]
            if isinstance(first, Prepared) and first.identity not in self._known:
                found = self.versions[first.subject]
                if found != batch.expected_version:
                    batch.error = VersionConflict(first.subject, batch.expected_version, found)
                    return
        known, versions, rows = self._known, self.versions, self.rows
        receipts = batch.receipts
        for event, raw in zip(batch.events, batch.raws, strict=True):
            if isinstance(event, Refusal):
                receipts.append(self._refuse(event, raw, Status.REJECTED, event.faults))
                continue
            first_taken = known.get(event.identity)
            if first_taken is not None:
                position, version, content = first_taken
                if content == event.content:
                    receipts.append(
                        Receipt(event.place, event.id, Status.DUPLICATE, position, version)
                    )
                else:
                    receipts.append(self._refuse(event, raw, Status.CONFLICT, (_SAME_ID,)))
                continue
            position, version = self.position + 1, versions[event.subject] + 1
            clock = self._recordedat
            if self._simulated:
                self._advance(event)
            stored = filled(event.template, position, self._recorded_bytes, version)
            if len(stored) > MAX_BYTES:
                self._recordedat, self._recorded_bytes = clock, clock.encode()
                fault = Fault("", f"at most {MAX_BYTES} bytes as stored", f"{len(stored)} bytes")
                receipts.append(self._refuse(event, raw, Status.REJECTED, (fault,)))
                continue
            self.position, versions[event.subject] = position, version
            known[event.identity] = position, version, event.content
            rows.append(copy_row(position, event.subject_field, version, event.key_fields, stored))
            receipts.append(
                Receipt(
                    event.place,
                    event.id,
                    Status.APPENDED,
                    position,
                    version,
                    (),
                    event.warnings,
                )
            )

    def _advance(self, event: Prepared) -> None:
        """A simulated ledger's clock is the delivery time that events carry."""
        if event.delivered is not None:
            self._recordedat = max(self._recordedat, event.delivered)
        elif not self._recordedat:
            self._recordedat = record_time(instant(event.time))
        self._recorded_bytes = self._recordedat.encode()

    def _refuse(
        self, event: Prepared | Refusal, raw: bytes, status: Status, faults: tuple[Fault, ...]
    ) -> Receipt:
        self.refused.append(Refused(event.source, event.id, event.content, status, faults, raw))
        return Receipt(event.place, event.id, status, errors=faults)
