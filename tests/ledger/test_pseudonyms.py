"""`ref` digests and the ids of public servants of whom only the name is known."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from ledger.receipt import Status
from tests.ledger.ledger_contents import sealed_in, stored
from tests.ledger.sent_events import person, received, sent
from tests.ledger.servers import Server


def _refs(ledger: CaseLedger, raw: bytes) -> dict[str, str]:
    receipt = ledger.append([raw])[0]
    assert receipt.status is Status.APPENDED, receipt.errors
    data = stored(ledger)[(receipt.position or 0) - 1]["data"]
    return {path: sealed["ref"] for path, sealed in sealed_in(data)}


def _opinion(text: str, subject: str = "C-1") -> bytes:
    return sent("step.completed", {"step": "review", "opinion": text}, subject=subject)


def test_a_ref_is_the_first_half_of_an_hmac_that_anybody_with_the_key_can_compute(
    shared_ledger: CaseLedger, keys: LedgerKeys
) -> None:
    info = b"caseledger/v1/pseudonym"
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(keys.master)
    expected = hmac.new(key, "name\0欧阳某某".encode(), hashlib.sha256).hexdigest()[:32]
    assert _refs(shared_ledger, received(person()))["applicant.name"] == expected


def test_equal_values_of_one_kind_have_equal_refs_wherever_they_stand(
    shared_ledger: CaseLedger,
) -> None:
    one = _refs(shared_ledger, received(person(), subject="C-1", contact={"name": "欧阳某某"}))
    other = _refs(shared_ledger, received(person("another"), subject="C-2"))
    servant = _refs(shared_ledger, sent(data={"actor": {"id": "B1", "name": "欧阳某某"}}))
    names = {one["applicant.name"], one["contact.name"], other["applicant.name"]}
    assert names == {servant["actor.name"]}
    assert one["applicant.id_no"] != other["applicant.id_no"]


def test_equal_texts_have_equal_refs_without_white_space_digits_and_punctuation(
    shared_ledger: CaseLedger,
) -> None:
    texts = ["同意办理", "同意，办理。", " 同 意\n办理", "1. 同意 办理 2026！", "同意办理\u3000"]
    refs = {_refs(shared_ledger, _opinion(text))["opinion"] for text in texts}
    assert len(refs) == 1
    assert _refs(shared_ledger, _opinion("同意不办理"))["opinion"] not in refs
    reason = _refs(shared_ledger, sent("case.reopened", {"reason": "同意办理"}))["reason"]
    assert reason in refs


def test_equal_means_equal_after_nfkc(shared_ledger: CaseLedger) -> None:
    wide = _refs(shared_ledger, received(person("４４０３", name="ＡＢＣ", phone="１")))
    narrow = _refs(shared_ledger, received(person("4403", name="ABC", phone="1")))
    assert wide == narrow
    decomposed = _refs(shared_ledger, _opinion("re\u0301sume\u0301"))
    assert decomposed == _refs(shared_ledger, _opinion("résumé"))


def test_values_of_two_kinds_have_two_refs(shared_ledger: CaseLedger) -> None:
    refs = _refs(shared_ledger, received(person("same", name="same", phone="same")))
    assert len(set(refs.values())) == 3


def test_a_nonce_is_never_used_twice(ledger: CaseLedger) -> None:
    ledger.append([received(person(), subject=f"C-{number % 9}") for number in range(500)])
    found = [sealed for event in stored(ledger) for _, sealed in sealed_in(event["data"])]
    assert len(found) == 1_000
    assert len({sealed["nonce"] for sealed in found}) == 1_000
    assert len({sealed["text"] for sealed in found}) == 1_000


def test_refs_are_equal_after_a_restart_and_differ_between_ledgers(
    postgres: Server, dbname: str, keys: LedgerKeys
) -> None:
    refs = []
    for _ in range(2):
        with Database(postgres.conninfo(dbname), keys) as database:
            refs.append(_refs(CaseLedger(database, keys), received(person())))
    other = LedgerKeys(b"o" * 32)
    with postgres.cloned() as name, Database(postgres.conninfo(name), other) as database:
        refs.append(_refs(CaseLedger(database, other), received(person())))
    assert refs[0] == refs[1]
    assert not set(refs[0].values()) & set(refs[2].values())


_PLACES = {
    "actor": lambda who: sent(data={"actor": who}),
    "approver": lambda who: sent("case.voided", {"reason": "r", "approver": who}),
    "officer": lambda who: sent("case.taken", {"department": "D", "officer": who}),
    "participants": lambda who: sent("step.completed", {"step": "s", "participants": [who]}),
    "authorised_by": lambda who: sent(
        "record.retracted", {"version": 1, "reason": "r", "authorised_by": who}
    ),
    "delegated_by": lambda who: sent(data={"actor": {"id": "B1", "delegated_by": who}}),
    "agent": lambda who: sent("agent.assigned", {"agent": who}),
    "patch": lambda who: sent(
        "record.corrected",
        {"version": 1, "reason": "r", "patch": {"data": {"actor": who}}},
    ),
}


def _id(ledger: CaseLedger, place: str, who: dict[str, Any]) -> Any:
    receipt = ledger.append([_PLACES[place](who)])[0]
    assert receipt.status is Status.APPENDED, receipt.errors
    data = stored(ledger)[(receipt.position or 0) - 1]["data"]
    holder = data.get("patch", {}).get("data", data) if place == "patch" else data
    holder = holder["actor"]["delegated_by"] if place == "delegated_by" else holder
    place = "actor" if place == "patch" else place
    found = holder if "name" in holder else holder[place]
    return (found[0] if isinstance(found, list) else found).get("id")


@pytest.mark.parametrize("place", _PLACES)
def test_a_servant_with_a_name_and_no_id_gets_a_pseudonym_of_department_and_name(
    shared_ledger: CaseLedger, place: str
) -> None:
    pseudonym = _id(shared_ledger, "actor", {"name": "甲某", "department": "D1"})
    assert pseudonym.startswith("name:")
    assert "甲" not in pseudonym
    assert _id(shared_ledger, place, {"name": "甲某", "department": "D1"}) == pseudonym
    assert _id(shared_ledger, place, {"name": "甲某", "department": "D2"}) != pseudonym
    assert _id(shared_ledger, place, {"name": "乙某", "department": "D1"}) != pseudonym
    assert _id(shared_ledger, place, {"id": "B1", "name": "甲某", "department": "D1"}) == "B1"


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_id_is_no_id(shared_ledger: CaseLedger, empty: str | None) -> None:
    pseudonym = _id(shared_ledger, "actor", {"name": "甲某", "department": "D1"})
    assert (
        _id(shared_ledger, "actor", {"id": empty, "name": "甲某", "department": "D1"}) == pseudonym
    )


def test_a_department_that_is_null_is_no_department(shared_ledger: CaseLedger) -> None:
    without = _id(shared_ledger, "actor", {"name": "甲某"})
    assert _id(shared_ledger, "actor", {"name": "甲某", "department": None}) == without
