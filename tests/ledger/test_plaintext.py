"""Personal data is nowhere in plain: not in a table, not in a file, not in the log, not in what is
told."""

from __future__ import annotations

import json
import mmap
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any

import psycopg
import pytest

from domain.errors import LedgerError
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from tests.ledger.ledger_contents import opened_in, stored
from tests.ledger.sent_events import received, sent
from tests.ledger.servers import Server, embedded

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

_SECRETS = {
    "name": "欧阳震天雷",
    "latin": "Zebulon Quackenbush",
    "id_no": "440306199001019991",
    "phone": "13912345678",
    "opinion": "拟同意按特事特办处理",
    "reason": "亲属病重急需资金周转",
    "street": "幸福里弄七十七号甲",
    "complainant": "告状人司马相如",
    "raw": "RAW-SECRET-7781",
    "refused": "从未收下之人端木赐",
}


def _events() -> list[bytes]:
    applicant = {
        "kind": "person",
        "name": _SECRETS["name"],
        "id_type": "resident",
        "id_no": _SECRETS["id_no"],
        "phone": _SECRETS["phone"],
    }
    contact = {"name": _SECRETS["latin"], "address": [_SECRETS["street"]]}
    opinion = {"step": "review", "opinion": _SECRETS["opinion"]}
    complaint = {"channel": "web", "complainant": _SECRETS["complainant"], "text": _SECRETS["raw"]}
    patch = {"data": {"applicant": {"name": _SECRETS["latin"], "phone": int(_SECRETS["phone"])}}}
    raw = {"raw": {"x": [_SECRETS["raw"], int(_SECRETS["phone"])]}}
    broken = received(applicant | {"name": _SECRETS["refused"]}, channel=[_SECRETS["refused"]])
    known = received(applicant, contact=contact)
    conflicting = json.loads(known)
    conflicting["data"]["contact"] = _SECRETS["refused"]
    return [
        known,
        json.dumps(conflicting).encode(),
        sent("step.completed", opinion | {"actor": {"name": _SECRETS["name"], "department": "D"}}),
        sent("complaint.filed", complaint),
        sent("record.corrected", {"version": 1, "reason": _SECRETS["reason"], "patch": patch}),
        sent(data=raw),
        sent("case.closed", {"result": "refused", "reason": _SECRETS["reason"]}),
        broken,
        broken[:-2],
        sent(
            "rating.submitted", {"level": 1, "channel": "pc", "rater": {"name": _SECRETS["name"]}}
        ),
        sent(data={"unknown": "y" * 66_000, "reason": _SECRETS["refused"]}),
    ]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="caseledger-plain-"))
    try:
        with embedded(folder / "data") as (started, _):
            yield started
    finally:
        rmtree(folder)


@pytest.fixture(scope="module")
def filled(server: Server, keys: LedgerKeys) -> Iterator[tuple[CaseLedger, str, str]]:
    """A ledger with all that, its database, and everything that it told."""
    with server.empty() as name, Database(server.conninfo(name), keys) as database:
        ledger = CaseLedger(database, keys)
        told = [str(receipt.as_json()) for receipt in ledger.append(_events())]
        told += [str(receipt.as_json()) for receipt in ledger.append(_events(), dry_run=True)]
        told += [str(letter.faults) for letter in ledger.dead_letters()]
        with ledger.preparation_pool(1) as pool:
            for batch in ledger.append_stream(_events(), pool=pool):
                told += [str(receipt.as_json()) for receipt in batch]
        try:
            ledger.append([_events()[0]], expected_version=99)
        except LedgerError as error:
            told.append(f"{error} {error!r} {error.__cause__}")
        _fail(server.conninfo(name))
        server.run("CHECKPOINT")
        yield ledger, name, "\n".join(told)


def _fail(conninfo: str) -> None:
    """Statements that the server refuses, with personal values in them."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for value in _SECRETS.values():
            for statement in ("SELECT %s::text::integer", "SELECT 1 FROM nowhere WHERE a = %s"):
                with pytest.raises(psycopg.Error):
                    connection.execute(statement, (value,))


def _spellings(text: str) -> dict[str, bytes]:
    return {
        "utf-8": text.encode(),
        "utf-16": text.encode("utf-16-le"),
        "gb18030": text.encode("gb18030"),
        "escaped": json.dumps(text)[1:-1].encode(),
        "hex": text.encode().hex().encode(),
    }


def _found(content: Any) -> set[tuple[str, str]]:
    return {
        (name, spelling)
        for name, text in _SECRETS.items()
        for spelling, pattern in _spellings(text).items()
        if content.find(pattern) >= 0
    }


def test_the_sealed_values_are_there_and_open(filled: tuple[CaseLedger, str, str]) -> None:
    ledger, _, _ = filled
    texts = {text for event in stored(ledger) for text in opened_in(ledger, event).values()}
    assert {_SECRETS[name] for name in ("name", "latin", "id_no", "opinion", "reason")} <= texts
    raws = b"".join(letter.raw for letter in ledger.dead_letters())
    assert _found(raws) >= {("refused", "utf-8")}


def test_no_file_of_the_data_folder_holds_personal_data(
    server: Server, filled: tuple[CaseLedger, str, str]
) -> None:
    found = {}
    looked_at = 0
    assert server.folder is not None
    for place, _, names in os.walk(server.folder):
        for name in names:
            path = Path(place) / name
            if not path.is_file() or not path.stat().st_size:
                continue
            looked_at += 1
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as m:
                if hits := _found(m):
                    found[str(path)] = hits
    assert looked_at > 900
    assert found == {}


def test_no_table_holds_personal_data(server: Server, filled: tuple[CaseLedger, str, str]) -> None:
    with psycopg.connect(server.conninfo(filled[1]), autocommit=True) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'ledger'"
        ).fetchall()
        assert {name for (name,) in tables} >= {"event", "vault", "dead_letter", "setting"}
        for (name,) in tables:
            with connection.cursor().copy(f"COPY (SELECT * FROM ledger.{name}) TO STDOUT") as copy:
                content = b"".join(map(bytes, copy))
            assert _found(content) == set(), name


def test_nothing_that_the_ledger_told_holds_personal_data(
    filled: tuple[CaseLedger, str, str],
) -> None:
    assert "data.channel" in filled[2]
    assert _found(filled[2].encode()) == set()


def test_the_log_was_written_and_holds_no_personal_data(
    server: Server, filled: tuple[CaseLedger, str, str]
) -> None:
    assert server.folder is not None
    log = (server.folder / "postgres.log").read_bytes()
    assert log
    assert _found(log) == set()
