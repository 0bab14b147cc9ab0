"""Which values of an event are sealed, and which stay plain."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ledger.case_ledger import CaseLedger
from ledger.receipt import Status
from tests.ledger.ledger_contents import opened_in, sealed_in, stored
from tests.ledger.sent_events import event, person, sent, text_of

_REF = {"source": "/s", "id": "1"}
_STEP = {"step": "review"}
_ITEM = {"code": "I", "nature": "licence", "kind": "promised"}
_RECEIVED = {"item": {"code": "X", "name": "餐饮许可"}, "kind": "promised", "channel": "web"}


def _kept(ledger: CaseLedger, kind: str, data: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    receipt = ledger.append([sent(kind, data, **attributes)])[0]
    assert receipt.status is Status.APPENDED, receipt.errors
    assert receipt.position is not None
    return stored(ledger)[receipt.position - 1]


def _without(value: Any, paths: set[str], path: str = "") -> Any:
    """A copy of `value` with None at each of the paths."""
    if path in paths:
        return None
    if isinstance(value, dict):
        return {
            key: _without(item, paths, f"{path}.{key}" if path else key)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_without(item, paths, f"{path}[{place}]") for place, item in enumerate(value)]
    return value


@pytest.mark.parametrize(
    ("kind", "data", "sealed"),
    [
        (
            "case.received",
            _RECEIVED
            | {
                "applicant": person(phone="1", address="路1号", credit="A"),
                "contact": "王某 13000000000",
                "agent": {"kind": "relative", "id": "D1", "name": "李某"},
                "priority": {
                    "lane": "green",
                    "reason": "年老",
                    "approver": {"id": "B1", "name": "赵某"},
                },
                "materials": [{"code": "M", "name": "申请书"}, "M2"],
                "previous_certificate": {"no": "N"},
            },
            {
                "applicant.name": "欧阳某某",
                "applicant.id_no": "440306199001011234",
                "applicant.phone": "1",
                "applicant.address": "路1号",
                "contact": "王某 13000000000",
                "agent.name": "李某",
                "priority.reason": "年老",
                "priority.approver.name": "赵某",
            },
        ),
        (
            "case.received",
            _RECEIVED
            | {
                "applicant": {"kind": "organisation", "name": "某公司", "id_no": "9144"},
                "contact": {
                    "name": "王某",
                    "phone": "2",
                    "address": "路",
                    "mail": "a@b",
                    "age": 30,
                },
            },
            {
                "applicant.name": "某公司",
                "applicant.id_no": "9144",
                "contact.name": "王某",
                "contact.phone": "2",
                "contact.address": "路",
                "contact.mail": "a@b",
                "contact.age": "30",
            },
        ),
        ("case.prereviewed", {"outcome": "fail", "reasons": "不全"}, {"reasons": "不全"}),
        (
            "case.prereviewed",
            {"outcome": "fail", "reasons": ["不全", "不清"], "items": [{"name": "证"}]},
            {"reasons[0]": "不全", "reasons[1]": "不清"},
        ),
        ("case.accepted", {"tolerated": [{"code": "M", "name": "证"}]}, {}),
        ("correction.requested", {"items": [{"name": "证"}], "reason": "缺"}, {"reason": "缺"}),
        (
            "step.completed",
            _STEP
            | {
                "opinion": "同意",
                "participants": [{"name": "甲"}, {"id": "B2", "name": "乙"}, "B3"],
            },
            {"opinion": "同意", "participants[0].name": "甲", "participants[1].name": "乙"},
        ),
        (
            "case.handed_off",
            {
                "from": {"officer": {"id": "B1", "name": "甲"}},
                "to": {"department": "D"},
                "reason": "r",
            },
            {"from.officer.name": "甲", "reason": "r"},
        ),
        ("clock.resumed", {"seq": 1, "result": "听证会已举行"}, {"result": "听证会已举行"}),
        ("case.closed", {"result": "refused", "reason": "不合条件"}, {"reason": "不合条件"}),
        ("certificate.issued", {"certificate_no": "N", "name": "食品经营许可证"}, {}),
        ("item.published", _ITEM | {"name": "许可", "steps": [{"code": "S", "name": "审核"}]}, {}),
        ("result.delivered", {"receiver": "甲某"}, {"receiver": "甲某"}),
        (
            "result.delivered",
            {"receiver": {"name": "甲某", "id_no": "1", "id_type": "resident"}},
            {"receiver.name": "甲某", "receiver.id_no": "1", "receiver.id_type": "resident"},
        ),
        (
            "rating.submitted",
            {
                "level": 1,
                "channel": "pc",
                "rater": "甲某",
                "text": "慢",
                "rated": {"officer": "B1"},
            },
            {"rater": "甲某", "text": "慢"},
        ),
        (
            "complaint.filed",
            {"channel": "web", "complainant": {"name": "甲", "phone": "3"}, "text": "投诉"},
            {"complainant.name": "甲", "complainant.phone": "3", "text": "投诉"},
        ),
        ("complaint.filed", {"channel": "web", "complainant": "甲"}, {"complainant": "甲"}),
        (
            "contact.logged",
            {"about": "C1", "who": "某领导", "text": "过问"},
            {"who": "某领导", "text": "过问"},
        ),
        ("warning.answered", {"ref": _REF, "text": "已督促"}, {"text": "已督促"}),
        (
            "case.accepted",
            {"actor": {"id": "B1", "name": "甲", "role": "window"}, "unknown": {"name": "乙"}},
            {"actor.name": "甲", "unknown.name": "乙"},
        ),
        (
            "case.accepted",
            {"unknown": [{"address": {"city": "深圳", "no": [1, 2.5, True, None]}}]},
            {
                "unknown[0].address.city": "深圳",
                "unknown[0].address.no[0]": "1",
                "unknown[0].address.no[1]": "2.5",
            },
        ),
        (
            "case.accepted",
            {"raw": {"姓名": "甲", "n": 1, "ok": True, "no": None, "deep": {"x": [1]}}},
            {"raw.姓名": '"甲"', "raw.n": "1", "raw.deep": '{"x":[1]}'},
        ),
        (
            "case.accepted",
            {"raw": {"lifecycle:transition": "complete", "org:resource": "甲"}},
            {"raw.org:resource": '"甲"'},
        ),
        ("case.accepted", {"raw": "甲"}, {"raw": '"甲"'}),
        ("case.accepted", {"raw": ["甲", {"b": 2}]}, {"raw[0]": '"甲"', "raw[1].b": "2"}),
        ("case.accepted", {"raw": 13800138000}, {"raw": "13800138000"}),
        ("case.accepted", {"raw": {"lifecycle:transition": {"name": "甲"}}}, None),
        (
            "record.corrected",
            {
                "ref": _REF,
                "reason": "录错",
                "authorised_by": {"id": "B1", "name": "甲"},
                "patch": {
                    "time": "2026-03-02T09:30:00Z",
                    "data": {
                        "applicant": {"name": "乙", "phone": "4"},
                        "contact": ["丙"],
                        "materials": [{"name": "证"}],
                        "raw": {"x": "丁", "lifecycle:transition": "start"},
                        "result": "issued",
                        "opinion": None,
                    },
                },
            },
            {
                "reason": "录错",
                "authorised_by.name": "甲",
                "patch.data.applicant.name": "乙",
                "patch.data.applicant.phone": "4",
                "patch.data.contact[0]": "丙",
                "patch.data.raw.x": '"丁"',
            },
        ),
    ],
)
def test_personal_values_are_sealed_and_all_others_stay_plain(
    shared_ledger: CaseLedger, kind: str, data: dict[str, Any], sealed: dict[str, str] | None
) -> None:
    subject = {"item.published": "I-1", "contact.logged": "audit/1"}.get(kind, "C-1")
    kept = _kept(shared_ledger, kind, copy.deepcopy(data), subject=subject)["data"]
    texts = opened_in(shared_ledger, kept)
    # What is said about the JSON of a raw text: the text itself must not stand there in plain.
    if sealed is None:
        assert "甲" not in str(kept)
        return
    assert {path: text.strip('"') for path, text in texts.items()} == {
        path: text.strip('"') for path, text in sealed.items()
    }
    plain = _without(kept, set(sealed))
    for place, participant in enumerate(kept.get("participants", [])):
        if isinstance(participant, dict) and "id" not in data["participants"][place]:
            del plain["participants"][place]["id"]
    assert plain == _without(data, set(sealed))


def test_a_sealed_value_has_the_six_fields_and_the_length_of_the_text(
    shared_ledger: CaseLedger,
) -> None:
    kept = _kept(shared_ledger, "case.reopened", {"reason": "群众 \U0001f600 来信"})
    ((path, sealed),) = sealed_in(kept["data"])
    assert path == "reason"
    assert sealed.keys() == {"sealed", "key", "nonce", "text", "ref", "length"}
    assert (sealed["sealed"], sealed["length"]) == ("A256GCM", 7)
    assert len(sealed["ref"]) == 32


def test_a_result_that_is_no_code_is_sealed(shared_ledger: CaseLedger) -> None:
    """A free text where a code belongs is the value of an unknown code, and free text still."""
    text = "因欧阳某某自己放弃"
    kept = _kept(shared_ledger, "case.closed", {"result": text, "reason": "放弃"})
    assert text not in str(kept)


@pytest.mark.parametrize("name", ["name", "phone", "contact", "reason", "text"])
def test_personal_data_beside_data_is_not_stored_in_plain(
    shared_ledger: CaseLedger, name: str
) -> None:
    """Attributes cannot hold a sealed value, so one with the name of personal data is refused."""
    receipt = shared_ledger.append([text_of(event() | {name: "欧阳某某"})])[0]
    assert receipt.status is Status.REJECTED
