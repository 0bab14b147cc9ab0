"""The recorder: where events get their position and record time and become durable.

It is a recorder of the eventsourcing library, so the library's applications work on it, with
another way to write: positions are explicit numbers given under an advisory lock and written by
binary COPY in the same transaction. The lock is held until commit, so the order of positions is the
order of commits, and no reader can see a position before all lower ones. (A sequence hands out
numbers before commit, and a rolled-back transaction leaves a gap for ever.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier

from domain.errors import EventRefused, Fault
from ledger.rows import Head, copy_blocks, copy_row, key_fields, subject_field
from ledger.statements import statement
from ledger.stored_bytes import MAX_BYTES, Template, filled

TABLE: Final = "event"
VIEW: Final = "stored_event"


@dataclass(frozen=True)
class TemplateEvent(StoredEvent):
    """A library event that waits for its position and record time."""

    template: Template
    identity: bytes
    content: bytes


class LedgerRecorder(PostgresApplicationRecorder):
    """Writes ledger.event; reads it in the library's words through the view ledger.stored_event."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = VIEW) -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self._copy = SQL("COPY {}.{} FROM STDIN (FORMAT BINARY)").format(
            Identifier(datastore.schema), Identifier(TABLE)
        )
        self._table = f"{datastore.schema}.{TABLE}"

    def create_table(self) -> None:
        """Nothing is made here: the migrations own the schema."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Store events in the order given; their positions, once they are durable.

        A TemplateEvent must follow its subject's last version and gets position and record time put
        in; any other event is stored unchanged. Raises the library's IntegrityError, and stores
        nothing, when a version or an identity is taken or a version would leave a hole; likewise
        EventRefused for a TemplateEvent that is too large.
        """
        if not stored_events:
            return None
        with (
            self.datastore.get_connection() as connection,
            connection.transaction(),
            connection.cursor() as cursor,
        ):
            head = self.lock(cursor)
            self.write(cursor, self._rows(cursor, stored_events, head))
        return list(range(head.position + 1, head.position + 1 + len(stored_events)))

    def lock(self, cursor: Cursor[DictRow]) -> Head:
        """Wait until this transaction alone may write; the head as it stands then."""
        cursor.execute(statement("lock_event_table"), {"table": self._table})
        found = cursor.execute(statement("head")).fetchone()
        if found is None:
            return Head(0, "")
        try:
            recordedat = orjson.loads(found["bytes"])["recordedat"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            # Foreign bytes of a conformance suite. The ledger's own always carry their record time.
            recordedat = ""
        return Head(found["position"], recordedat)

    def write(self, cursor: Cursor[DictRow], rows: Iterable[bytes]) -> None:
        """Put rows (binary COPY) into the table and wake followers; durable at commit.

        Raises psycopg.errors.UniqueViolation, naming the constraint, when something is taken.
        """
        with cursor.copy(self._copy) as copy:
            for block in copy_blocks(rows):
                copy.write(block)
        self._notify_channel(cursor)

    def versions_of(self, cursor: Cursor[DictRow], subjects: Sequence[str]) -> dict[str, int]:
        """The last version of each subject that has one."""
        found = cursor.execute(statement("last_versions"), {"subjects": list(subjects)})
        return {row["subject"]: row["version"] for row in found}

    def _rows(
        self, cursor: Cursor[DictRow], stored_events: Sequence[StoredEvent], head: Head
    ) -> list[bytes]:
        recordedat = head.next_record_time(datetime.now(UTC)).encode()
        templates = [event for event in stored_events if isinstance(event, TemplateEvent)]
        subjects = list({str(event.originator_id) for event in templates})
        versions = self.versions_of(cursor, subjects) if subjects else {}
        rows = []
        for position, event in enumerate(stored_events, head.position + 1):
            subject, version = str(event.originator_id), event.originator_version
            if isinstance(event, TemplateEvent):
                if version != versions.get(subject, 0) + 1:
                    raise IntegrityError(
                        f"{subject} is at version {versions.get(subject, 0)}, "
                        f"expected {version - 1}"
                    )
                versions[subject] = version
                stored = filled(event.template, position, recordedat, version)
                if len(stored) > MAX_BYTES:
                    limit = f"at most {MAX_BYTES} bytes as stored"
                    raise EventRefused([Fault("", limit, f"{len(stored)} bytes")])
                keys = key_fields(event.topic, event.identity, event.content)
            else:
                stored = event.state
                name = f"{subject}\0{version}".encode()
                keys = key_fields(
                    event.topic,
                    hashlib.blake2b(name, digest_size=16).digest(),
                    hashlib.sha256(stored).digest(),
                )
            rows.append(copy_row(position, subject_field(subject), version, keys, stored))
        return rows
