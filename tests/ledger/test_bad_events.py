"""JSON that is no event that a source may send."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.case_ledger import CaseLedger
from tests.ledger.refusals import letter_of, refused
from tests.ledger.sent_events import event, person, sent, text_of

_SEALED = {"sealed": "A256GCM", "key": "k", "nonce": "n", "text": "t", "ref": "r", "length": 1}


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject", "time", "data"])
def test_a_missing_attribute_is_refused(shared_ledger: CaseLedger, name: str) -> None:
    incomplete = event()
    del incomplete[name]
    assert refused(shared_ledger, text_of(incomplete))[name].found == "nothing"


@pytest.mark.parametrize("value", [None, 1, True, [], {}, 1.5, ""])
@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject", "time"])
def test_an_attribute_of_another_type_is_refused(
    shared_ledger: CaseLedger, name: str, value: Any
) -> None:
    assert name in refused(shared_ledger, sent(**{name: value}))


@pytest.mark.parametrize("value", [None, 1, True, [], "", "{}", [{}]])
def test_data_that_is_no_object_is_refused(shared_ledger: CaseLedger, value: Any) -> None:
    assert "data" in refused(shared_ledger, text_of(event() | {"data": value}))


@pytest.mark.parametrize(
    "time",
    [
        "2026-03-02T09:30:00",
        "2026-03-02",
        "2026-03-02 09:30:00+08:00",
        "2026-03-02T09:30:00+0800",
        "2026-03-02T09:30+08:00",
        "2026-03-02T09:30:00.1234567+08:00",
        "2026-02-30T09:30:00+08:00",
        "2026-03-02T24:00:00+08:00",
        "2026-03-02T09:30:60+08:00",
        "1899-12-31T23:59:59+08:00",
        "2101-01-01T00:00:00Z",
        "２０２６-03-02T09:30:00+08:00",
        " 2026-03-02T09:30:00+08:00",
        "2026-03-02T09:30:00+08:00\n",
    ],
)
def test_a_time_without_an_offset_or_that_never_was_is_refused(
    shared_ledger: CaseLedger, time: str
) -> None:
    assert "offset" in refused(shared_ledger, sent(time=time))["time"].expected


@pytest.mark.parametrize(
    "subject",
    [
        "a\nb",
        "a\n",
        "\ta",
        "a b",
        "a\u3000b",
        "a\u2028b",
        "a\u0085b",
        "a\u007fb",
        "a/b",
        "/a",
        "case/1",
        "ticket/1",
        "ticket/",
        "/",
        "x" * 129,
    ],
)
def test_a_subject_that_names_no_case_is_refused(shared_ledger: CaseLedger, subject: str) -> None:
    fault = refused(shared_ledger, sent(subject=subject))["subject"]
    assert "1 to 128 characters" in fault.expected


@pytest.mark.parametrize("subject", ["x" * 128, "办" * 128, "\U0001f600" * 128, "a:b", "-", "甲"])
def test_any_other_subject_is_taken(shared_ledger: CaseLedger, subject: str) -> None:
    assert shared_ledger.append([sent(subject=subject)])[0].version == 1
    assert shared_ledger.append([sent(subject=subject)])[0].version == 2


@pytest.mark.parametrize("value", [1, "1", True, [], {"a": 1}])
@pytest.mark.parametrize("name", ["position", "version", "recordedat", "schemaversion"])
def test_what_the_ledger_alone_writes_is_refused(
    shared_ledger: CaseLedger, name: str, value: Any
) -> None:
    assert "ledger alone" in refused(shared_ledger, sent(**{name: value}))[name].expected


@pytest.mark.parametrize("value", ["2026-03-02T09:30:00+08:00", 1, "soon"])
def test_a_delivery_time_is_refused_by_an_ordinary_ledger(
    shared_ledger: CaseLedger, value: Any
) -> None:
    assert "deliveredat" in refused(shared_ledger, sent(deliveredat=value))


@pytest.mark.parametrize("name", ["Zone", "zo_ne", "zo-ne", "zöne", "data_base64", "", "a b"])
def test_an_attribute_with_another_name_than_cloud_events_has_is_refused(
    shared_ledger: CaseLedger, name: str
) -> None:
    assert refused(shared_ledger, text_of(event() | {name: "x"})).keys() == {name}


@pytest.mark.parametrize("value", [1.5, [], {}, {"a": [1]}])
def test_an_extension_that_is_no_scalar_is_refused(shared_ledger: CaseLedger, value: Any) -> None:
    assert refused(shared_ledger, sent(zone=value)).keys() == {"zone"}


@pytest.mark.parametrize(
    "data",
    [
        {"actor": {"id": "B1", "name": _SEALED}},
        {"reason": _SEALED},
        {"unknown": _SEALED},
        {"unknown": [{"deep": [_SEALED]}]},
        {"contact": {"name": "n", "phone": _SEALED}},
        {"contact": [_SEALED]},
        {"unknown": {"sealed": None}},
        {"raw": [_SEALED]},
        {"sealed": True},
        {"actor": _SEALED | {"id": "B1"}},
    ],
)
def test_what_claims_to_be_sealed_is_refused(
    shared_ledger: CaseLedger, data: dict[str, Any]
) -> None:
    refused(shared_ledger, sent(data=data))


def test_all_faults_of_an_event_are_told_at_once(shared_ledger: CaseLedger) -> None:
    raw = sent(
        "case.received",
        {"channel": 1, "applicant": {"name": 5}, "kind": "promised", "materials": {}},
        time="soon",
        subject="a/b",
        position=1,
    )
    assert refused(shared_ledger, raw).keys() == {
        "time",
        "subject",
        "position",
        "data.item",
        "data.channel",
        "data.applicant.name",
        "data.materials",
    }


_SECRETS = ("欧阳某某", "440306199001011234", "13800138000", "请尽快办理此事")


@pytest.mark.parametrize(
    "raw",
    [
        sent(
            "case.received",
            {"applicant": person() | {"name": [_SECRETS[0]], "id_no": {_SECRETS[1]: 1}}},
        ),
        sent("case.received", {"applicant": person(phone=13800138000), "kind": {"raw": 1}}),
        sent("case.received", {"applicant": [_SECRETS[0], _SECRETS[1]], "contact": [_SECRETS[2]]}),
        sent("case.declined", {"kind": "other", "reason": [_SECRETS[3]]}),
        sent("step.completed", {"step": "review", "opinion": {"x": _SECRETS[3]}}),
        sent("rating.submitted", {"level": 9, "channel": "pc", "text": _SECRETS[3] * 2_000}),
        sent("complaint.filed", {"channel": 7, "complainant": [_SECRETS[0]], "text": _SECRETS}),
        sent(data={"unknown": "\0", "reason": _SECRETS[3], "contact": _SECRETS[2] + "\0"}),
        text_of({"name": _SECRETS[0], "phone": _SECRETS[2]}),
        sent(name=list(_SECRETS), phone=[_SECRETS[2]]),
        sent(data={"reason": _SECRETS[3]}).replace(b"}}", b', "reason": ""}}'),
        sent(data={"actor": {"id": "B", "name": _SECRETS[0]}}).replace(b'"B"', b"B"),
        text_of(list(_SECRETS)),
        text_of(_SECRETS[1]),
    ],
)
def test_no_reason_quotes_what_may_be_personal(shared_ledger: CaseLedger, raw: bytes) -> None:
    refused(shared_ledger, raw)
    told = str(letter_of(shared_ledger, raw).faults)
    told += str([fault for one in shared_ledger.append([raw]) for fault in one.errors])
    assert [secret for secret in _SECRETS[0:1] + _SECRETS[2:] if secret in told] == []
