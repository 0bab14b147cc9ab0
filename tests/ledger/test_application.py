"""The eventsourcing library's Application, repository and cache work on the ledger."""

from __future__ import annotations

import pytest
from eventsourcing.application import AggregateNotFoundError
from eventsourcing.persistence import IntegrityError

from domain.errors import EventRefused, UnknownEventType
from ledger.application import CaseApplication, CaseEvent, project_case
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from tests.domain.golden_events import golden
from tests.ledger.sent_events import CASE, event, received, text_of


@pytest.fixture
def application(ledger: CaseLedger) -> CaseApplication:
    return CaseApplication(ledger)


def recorded(kind: str, version: int, **attributes: str) -> CaseEvent:
    return CaseEvent(CASE, version, {**golden(kind), "subject": CASE, **attributes})


def test_an_application_saves_events_and_its_repository_folds_them(application):
    recordings = application.save(recorded("case.received", 1), recorded("case.accepted", 2))
    assert [recording.notification.id for recording in recordings] == [1, 2]
    case = application.case(CASE)
    assert [one.type for one in case.events] == ["case.received", "case.accepted"]
    assert [one.version for one in case.events] == [1, 2]
    assert [one.position for one in case.events] == [1, 2]
    assert len(application.case(CASE, version=1).events) == 1


def test_what_an_application_saves_is_what_an_append_stores(application, ledger):
    sent = {**golden("case.accepted"), "subject": CASE}
    application.save(CaseEvent(CASE, 1, sent))
    assert ledger.append([text_of(sent)])[0].status == "duplicate"
    (stored,) = ledger.events_of(CASE)
    assert {key: stored.attributes[key] for key in sent if key != "data"} == {
        key: value for key, value in sent.items() if key != "data"
    }


def test_personal_data_is_sealed_on_this_way_too(application, ledger):
    sent = {**golden("case.received"), "subject": CASE}
    application.save(CaseEvent(CASE, 1, sent))
    (stored,) = ledger.events_of(CASE)
    assert stored.data["applicant"]["name"]["sealed"] == "A256GCM"


def test_a_version_that_is_taken_or_leaves_a_hole_is_refused_and_nothing_is_stored(
    application, ledger
):
    application.save(recorded("case.received", 1))
    for version in (1, 3):
        with pytest.raises(IntegrityError):
            application.save(recorded("case.accepted", version))
    assert len(ledger.events_of(CASE)) == 1


def test_events_appended_by_others_are_seen_and_followed(application, ledger):
    application.save(recorded("case.received", 1))
    ledger.append([text_of(event(subject=CASE))])
    assert len(application.case(CASE).events) == 2
    application.save(recorded("decision.made", 3))
    assert [one.version for one in ledger.events_of(CASE)] == [1, 2, 3]


def test_a_case_without_events_is_not_found(application):
    with pytest.raises(AggregateNotFoundError):
        application.case("440306-no-such-case")
    assert project_case(None, []) is None


def test_an_event_that_cannot_be_read_is_refused_before_the_database(application, ledger):
    with pytest.raises(EventRefused):
        application.save(CaseEvent(CASE, 1, {**event(), "time": "yesterday"}))
    assert ledger.head() == (0, None)


def test_the_notification_log_gives_stored_events_in_order(application, ledger):
    applicant = {"kind": "person", "name": "张样", "id_type": "id_card", "id_no": "1"}
    ledger.append([received(applicant), text_of(event())])
    found = application.notification_log.select(start=1, limit=10)
    assert [(one.id, one.topic) for one in found] == [(1, "case.received"), (2, "case.accepted")]


def test_a_stored_type_that_is_not_known_is_named_and_imports_nothing(application, ledger):
    application.save(recorded("case.received", 1))
    (stored,) = application.recorder.select_events(CASE)
    stranger = type(stored)(stored.originator_id, 2, "os:system", stored.state)
    with pytest.raises(UnknownEventType, match="os:system"):
        application.mapper.to_domain_event(stranger)


def test_the_repository_cache_follows_the_ledger(ledger: CaseLedger, database: Database):
    application = CaseApplication(ledger, env={"AGGREGATE_CACHE_MAXSIZE": "10"})
    application.save(recorded("case.received", 1))
    assert len(application.case(CASE).events) == 1
    ledger.append([text_of(event(subject=CASE))])
    assert len(application.case(CASE).events) == 2
    assert database.dbname
