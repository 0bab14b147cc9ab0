"""The suites that the eventsourcing library ships for recorders, on ours."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from ledger.database import Database
from ledger.recorder import LedgerRecorder

pytestmark = pytest.mark.slow


class OnItsOwnDatabase:
    """Gives each case a recorder on a database that nobody else uses."""

    @pytest.fixture(autouse=True)
    def _take(self, database: Database) -> None:
        self._database = database

    def new_originator_id(self) -> UUID | str:
        return str(uuid4())

    def create_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(self._database.datastore)


class TestApplicationRecorder(OnItsOwnDatabase, ApplicationRecorderTestCase[LedgerRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleavingNotificationIds(OnItsOwnDatabase, NonInterleavingNotificationIDsBaseCase):
    pass


def test_what_the_library_asks_of_any_recorder_holds(database: Database) -> None:
    """AggregateRecorderTestCase as far as it applies: that suite expects no notification ids."""
    recorder = LedgerRecorder(database.datastore)
    assert recorder.insert_events([]) is None
    assert recorder.select_events("a", desc=True, limit=1) == []
    events = [StoredEvent("a", version, f"topic{version}", b"state") for version in (1, 2, 3)]
    recorder.insert_events(events[:1])
    with pytest.raises(IntegrityError):
        recorder.insert_events(events[:1])
    with pytest.raises(IntegrityError):
        recorder.insert_events(events[:2])
    with pytest.raises(IntegrityError):
        recorder.insert_events([events[1], events[1]])
    assert recorder.select_events("a") == events[:1]
    assert recorder.insert_events(events[1:]) == [2, 3]
    assert recorder.select_events("a") == events
    assert recorder.select_events("a", desc=True) == events[::-1]
    assert recorder.select_events("a", desc=True, limit=1) == events[2:]
    assert recorder.select_events("a", gt=1) == events[1:]
    assert recorder.select_events("a", lte=2) == events[:2]
    assert recorder.select_events("a", gt=1, lte=2) == events[1:2]
    assert recorder.select_events("a", lte=2, desc=True, limit=1) == events[1:2]
