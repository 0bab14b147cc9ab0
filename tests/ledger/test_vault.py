from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.errors import PartUnavailable, StoredEventError, WrongUse
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from ledger.sealing import opened
from ledger.vault import Vault
from tests.ledger.appenders import Appender, file_of
from tests.ledger.ledger_contents import assert_whole, query, sealed_in, stored
from tests.ledger.sent_events import person, received, sent
from tests.ledger.servers import Server

_CLASS = "SELECT class, split_part(owner, ':', 1) AS prefix FROM ledger.vault WHERE key_id = %s"


def _keys_used(ledger: CaseLedger, raw: bytes) -> dict[str, str]:
    """The name of the key of each sealed value of an event."""
    position = ledger.append([raw])[0].position
    assert position is not None
    data = stored(ledger)[position - 1]["data"]
    return {path: sealed["key"] for path, sealed in sealed_in(data)}


def _key(ledger: CaseLedger, raw: bytes) -> str:
    """The one key of an event's sealed values."""
    (key,) = set(_keys_used(ledger, raw).values())
    return key


def _class(owner: str, key: str) -> str:
    (row,) = query(owner, _CLASS, key)
    assert row["class"] == row["prefix"]
    return str(row["class"])


def test_one_person_has_one_key_over_events_and_cases(
    ledger: CaseLedger, postgres: Server, dbname: str
) -> None:
    key = _key(ledger, received(person("1"), subject="C-1"))
    assert _key(ledger, received(person("1", name="又名"), subject="C-2")) == key
    assert _key(ledger, received(person("１"), subject="C-3")) == key
    assert _key(ledger, received(person("2"), subject="C-1")) != key
    assert _key(ledger, received(person("1", id_type="passport"), subject="C-1")) != key
    assert _class(postgres.conninfo(dbname), key) == "person"


def test_a_coded_type_of_id_is_the_plain_one(ledger: CaseLedger) -> None:
    plain = _key(ledger, received(person("1", id_type="resident")))
    coded = {"value": "resident", "raw": "111", "system": "GB/T 2261"}
    assert _key(ledger, received(person("1", id_type=coded), subject="C-2")) == plain


def test_without_an_id_number_the_case_has_the_key(
    ledger: CaseLedger, postgres: Server, dbname: str
) -> None:
    nameless = {"kind": "person", "name": "甲"}
    key = _key(ledger, received(nameless, subject="C-1"))
    assert _key(ledger, sent("case.reopened", {"reason": "r"}, subject="C-1")) == key
    assert _key(ledger, received(nameless, subject="C-2")) != key
    assert _class(postgres.conninfo(dbname), key) == "case"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("organisation", "organisation"),
        ({"value": "organisation", "raw": "2"}, "organisation"),
        ("person", "person"),
        ("sole_trader", "person"),
        (None, "person"),
    ],
)
def test_an_organisation_has_a_key_that_inspectors_may_use(
    ledger: CaseLedger, postgres: Server, dbname: str, kind: Any, expected: str
) -> None:
    applicant = person("91440300EXAMPLE001", kind=kind, id_type="uscc")
    key = _key(ledger, received(applicant))
    assert _class(postgres.conninfo(dbname), key) == expected


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("complaint.filed", {"channel": "web", "text": "t", "complainant": "甲"}),
        ("complaint.filed", {"channel": "web", "complainant": {"name": "甲", "phone": "1"}}),
        ("complaint.filed", {"channel": "web", "text": "t"}),
        ("complaint.filed", {"channel": "web", "text": "t", "applicant": {"id_no": "1"}}),
        ("complaint.filed", {"channel": "web", "topic": "other", "raw": {"x": "甲"}}),
        ("case.accepted", {"unknown": {"complainant": {"name": "甲"}}}),
        ("record.corrected", {"patch": {"data": {"complainant": {"name": "甲"}}}}),
    ],
)
def test_who_complains_is_protected(
    ledger: CaseLedger, postgres: Server, dbname: str, kind: str, data: dict[str, Any]
) -> None:
    if kind == "record.corrected":
        data = data | {"version": 1, "reason": "r"}
    keys = _keys_used(ledger, sent(kind, data))
    keys.pop("reason", None)
    classes = {path: _class(postgres.conninfo(dbname), key) for path, key in keys.items()}
    assert set(classes.values()) == {"protected"}, classes


def test_a_complainant_has_another_key_than_the_case(ledger: CaseLedger) -> None:
    case = _key(ledger, sent("case.reopened", {"reason": "r"}, subject="C-1"))
    protected = _key(
        ledger, sent("complaint.filed", {"channel": "web", "text": "t"}, subject="C-1")
    )
    assert protected != case


def test_a_value_opens_with_its_own_key_and_with_no_other(ledger: CaseLedger) -> None:
    ledger.append([received(person("1", name="甲某")), received(person("2"))])
    one, other = (event["data"]["applicant"]["name"] for event in stored(ledger))
    cipher = ledger.vault.cipher_of(one["key"])
    assert cipher is not None
    assert opened(one, cipher) == "甲某"
    wrong = ledger.vault.cipher_of(other["key"])
    assert wrong is not None
    for broken, used in [
        (one, wrong),
        (one | {"key": other["key"]}, cipher),
        (one | {"nonce": other["nonce"]}, cipher),
        (one | {"text": other["text"]}, cipher),
    ]:
        with pytest.raises(StoredEventError, match="does not open"):
            opened(broken, used)


def test_an_unknown_or_erased_key_opens_nothing(
    ledger: CaseLedger, postgres: Server, dbname: str
) -> None:
    key = _key(ledger, received(person()))
    assert ledger.vault.cipher_of("0" * 24) is None
    postgres.run("UPDATE ledger.vault SET wrapped = NULL, erased_at = now()", dbname)
    assert ledger.vault.cipher_of(key) is None


def test_an_erased_person_who_comes_again_gets_a_new_key(
    ledger: CaseLedger, postgres: Server, dbname: str, keys: LedgerKeys
) -> None:
    key = _key(ledger, received(person()))
    postgres.run("UPDATE ledger.vault SET wrapped = NULL, erased_at = now()", dbname)
    with Database(postgres.conninfo(dbname), keys) as database:
        fresh = _key(CaseLedger(database, keys), received(person()))
    assert fresh != key


def test_another_master_key_is_refused_and_changes_nothing(
    ledger: CaseLedger, database: Database, postgres: Server, dbname: str
) -> None:
    ledger.append([received(person())])
    other = LedgerKeys(b"o" * 32)
    with pytest.raises(WrongUse) as caught:
        Database(postgres.conninfo(dbname), other)
    assert caught.value.field == "master key"
    # Clients of the right ledger log in as before.
    assert query(database.uri(), "SELECT count(*) AS n FROM ledger.event") == [{"n": 1}]
    assert len(query(database.uri("appender"), "SELECT key_id FROM ledger.vault")) == 1


def test_another_master_key_opens_no_key(ledger: CaseLedger, database: Database) -> None:
    key = _key(ledger, received(person()))
    with pytest.raises(PartUnavailable, match="master key"):
        Vault(database.datastore.pool, LedgerKeys(b"o" * 32)).cipher_of(key)


@pytest.mark.slow
def test_processes_that_meet_the_same_new_persons_agree_on_their_keys(
    postgres: Server, dbname: str, keys: LedgerKeys, tmp_path: Path
) -> None:
    def of(name: str) -> list[bytes]:
        return [
            received(person(f"{number % 700}"), subject=f"{name}{number % 900}", contact="王某")
            for number in (range(3_000) if name == "a" else range(3_000, 0, -1))
        ]

    conninfo = postgres.conninfo(dbname)
    appenders = [
        Appender(conninfo, keys, file_of(tmp_path / name, of(name)), together=100).ready()
        for name in ("a", "b")
    ] + [Appender(conninfo, keys, file_of(tmp_path / "c", of("a")), workers=2).ready()]
    for appender in appenders:
        appender.go()
    assert [len(appender.finished()) for appender in appenders] == [3_000] * 3
    living = query(conninfo, "SELECT owner, count(*) AS n FROM ledger.vault GROUP BY owner")
    assert {row["n"] for row in living} == {1}
    assert len(living) == 700
    with Database(conninfo, keys) as database:
        events = assert_whole(CaseLedger(database, keys))
    assert len(events) == 9_000
