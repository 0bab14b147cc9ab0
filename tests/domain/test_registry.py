import subprocess
import sys

import pytest

from domain.errors import EventRefused, UnknownEventType
from domain.reading import read_event
from domain.registry import EVENT_TYPES, event_type
from domain.subjects import SubjectKind
from tests.domain.golden_events import golden, golden_names

REQUIRED = {
    "item.published": "code name nature kind",
    "hall.published": "",
    "source.registered": "source",
    "source.outage": "source from to",
    "duty.recorded": "officer from to kind",
    "case.received": "item kind channel applicant",
    "case.prereviewed": "outcome",
    "case.taken": "department",
    "correction.requested": "items reason",
    "correction.received": "",
    "case.accepted": "",
    "gap.filled": "",
    "case.declined": "kind reason",
    "case.handed_off": "from to",
    "step.started": "step",
    "step.completed": "step",
    "branch.opened": "branch department",
    "branch.returned": "outcome",
    "clock.suspended": "seq kind reason approver",
    "clock.resumed": "seq",
    "deadline.extension_requested": "reason",
    "deadline.extended": "days reason approver",
    "decision.made": "outcome",
    "decision.revoked": "reason",
    "certificate.issued": "certificate_no",
    "result.dispatched": "method",
    "result.delivered": "",
    "case.closed": "result reason",
    "case.reopened": "reason",
    "case.withdrawn": "reason",
    "case.voided": "reason",
    "trial.opened": "",
    "trial.concluded": "",
    "trial.converted": "case",
    "bundle.opened": "children",
    "agent.assigned": "agent",
    "commitment.signed": "",
    "commitment.checked": "ref outcome",
    "fee.charged": "amount",
    "licence.used": "licence_no",
    "licence.rejected": "",
    "share.called": "provider ok",
    "intermediary.engaged": "agency method",
    "intermediary.reported": "",
    "intermediary.sanctioned": "",
    "ticket.issued": "hall",
    "ticket.called": "hall",
    "ticket.served": "hall",
    "ticket.abandoned": "hall",
    "window.opened": "hall window",
    "window.closed": "hall window",
    "rating.submitted": "level channel",
    "rating.rectified": "ref outcome",
    "complaint.filed": "channel",
    "complaint.resolved": "ref handling",
    "inquiry.logged": "kind",
    "inquiry.dispatched": "",
    "inquiry.closed": "ref",
    "record.corrected": "ref patch reason",
    "record.retracted": "version reason",
    "authority.granted": "officer power",
    "authority.ended": "officer power",
    "warning.raised": "level clock due rule",
    "warning.answered": "ref",
    "warning.appealed": "ref",
    "warning.revoked": "ref",
    "supervision.opened": "kind",
    "supervision.closed": "ref",
    "responsibility.assigned": "shares",
    "finding.recorded": "finding",
    "finding.explained": "",
    "finding.closed": "disposition",
    "task.opened": "task legal_basis",
    "task.closed": "",
    "access.logged": "reader task legal_basis purpose what",
    "contact.logged": "about",
    "person.erased": "person basis",
    "person.restricted": "person basis",
    "hold.placed": "person basis",
    "hold.lifted": "person basis",
    "remedy.filed": "",
    "remedy.decided": "",
}

# Where the event is named by `version`, what is missing without it is told as the missing `ref`.
TOLD_AS = {("record.retracted", "version"): "data.ref"}


def test_the_registry_knows_these_types_and_no_other() -> None:
    assert set(EVENT_TYPES) == set(REQUIRED)
    assert all(name == kind.name for name, kind in EVENT_TYPES.items())
    assert all(kind.schemaversion == 1 for kind in EVENT_TYPES.values())


def test_every_type_has_a_golden_event() -> None:
    assert golden_names() == sorted(EVENT_TYPES)


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_a_golden_event_reads_without_warnings(name: str) -> None:
    event = golden(name)
    reading = read_event(event)
    assert reading.type is EVENT_TYPES[name]
    assert reading.event is event
    assert reading.warnings == ()


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_without_a_required_field_an_event_is_refused_naming_it(name: str) -> None:
    for field in REQUIRED[name].split():
        event = golden(name)
        del event["data"][field]
        with pytest.raises(EventRefused) as refused:
            read_event(event)
        told = TOLD_AS.get((name, field), f"data.{field}")
        assert [fault.path for fault in refused.value.faults] == [told]


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_every_other_field_may_be_left_out_or_be_null(name: str) -> None:
    for field in golden(name)["data"].keys() - set(REQUIRED[name].split()):
        event = golden(name, **{field: None})
        assert read_event(event).warnings == ()
        del event["data"][field]
        assert read_event(event).warnings == ()


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_the_model_of_a_type_reads_its_golden_data_and_is_frozen(name: str) -> None:
    data = golden(name)["data"]
    read = EVENT_TYPES[name].model.model_validate(data, strict=True, extra="forbid")
    assert read.model_dump(by_alias=True, exclude_unset=True) == data
    with pytest.raises(ValueError, match="frozen"):
        read.test = True  # type: ignore[misc] # that is the point


def test_an_unknown_name_is_an_error_and_imports_nothing() -> None:
    with pytest.raises(UnknownEventType) as unknown:
        event_type("json.tool:main")
    assert unknown.value.type_name == "json.tool:main"
    assert event_type("case.received").chinese == "收件"


def test_a_type_takes_the_kinds_of_subject_that_belong_to_it() -> None:
    kinds = {name: {kind.value for kind in EVENT_TYPES[name].subjects} for name in EVENT_TYPES}
    assert kinds["case.accepted"] == {"case"}
    assert kinds["item.published"] == {"item"}
    assert kinds["hall.published"] == {"hall"}
    assert kinds["source.outage"] == {"source"}
    assert kinds["ticket.called"] == {"ticket"}
    assert kinds["window.opened"] == {"window", "hall"}
    assert kinds["inquiry.logged"] == {"call", "case"}
    assert kinds["rating.submitted"] == {"case", "ticket", "hall", "call", "window"}
    assert kinds["complaint.resolved"] == kinds["rating.submitted"]
    assert kinds["hold.placed"] == {"person", "case"}
    assert kinds["supervision.opened"] == {"case", "audit"}
    assert kinds["access.logged"] == kinds["finding.closed"] == kinds["contact.logged"] == {"audit"}
    assert kinds["duty.recorded"] == kinds["authority.ended"] == {"officer"}
    assert kinds["bundle.opened"] == {"bundle"}
    assert kinds["intermediary.sanctioned"] == {"agency"}
    assert kinds["intermediary.engaged"] == {"case"}
    assert kinds["task.opened"] == {"task"}
    assert kinds["person.erased"] == {"person"}
    assert kinds["record.corrected"] == {kind.value for kind in SubjectKind}


def test_importing_the_registry_compiles_no_model() -> None:
    program = (
        "from domain.registry import EVENT_TYPES\n"
        "built = [n for n, k in EVENT_TYPES.items() if k.model.__pydantic_complete__]\n"
        "assert not built, built"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stderr == ""
    assert run.returncode == 0
