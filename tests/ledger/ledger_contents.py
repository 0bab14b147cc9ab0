"""What a ledger holds, as the tests look at it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, LiteralString

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg.rows import dict_row

from ledger.case_ledger import CaseLedger
from ledger.sealing import opened

Sealed = dict[str, Any]


def stored(ledger: CaseLedger) -> list[dict[str, Any]]:
    """All stored events, parsed, in order of position."""
    return [json.loads(text) for _, text in ledger.stored_after(0, 10_000_000)]


def last(ledger: CaseLedger) -> dict[str, Any]:
    return stored(ledger)[-1]


def query(conninfo: str, statement: LiteralString, *parameters: Any) -> list[dict[str, Any]]:
    """The rows that a statement gives to whoever `conninfo` logs in."""
    with psycopg.connect(conninfo, autocommit=True, row_factory=dict_row) as connection:
        return connection.execute(statement, parameters).fetchall()


def sealed_in(value: Any, path: str = "") -> Iterator[tuple[str, Sealed]]:
    """Path and value of each sealed object in a parsed JSON value."""
    if isinstance(value, Mapping):
        if "sealed" in value:
            yield path, dict(value)
            return
        for key, item in value.items():
            yield from sealed_in(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from sealed_in(item, f"{path}[{index}]")


def opened_in(
    ledger: CaseLedger, value: Any, ciphers: dict[str, AESGCM] | None = None
) -> dict[str, str]:
    """The plain text of each sealed object in a value, by its path. `ciphers` spares asking for a
    key twice."""
    known = {} if ciphers is None else ciphers
    texts = {}
    for path, sealed in sealed_in(value):
        key = sealed["key"]
        if key not in known:
            cipher = ledger.vault.cipher_of(key)
            assert cipher is not None, f"{path}: no key {key} in the vault"
            known[key] = cipher
        texts[path] = opened(sealed, known[key])
    return texts


def assert_whole(ledger: CaseLedger) -> list[dict[str, Any]]:
    """Positions, versions and record times are as they must be, every sealed value opens, and no
    identity is there twice; the events."""
    events = stored(ledger)
    assert [event["position"] for event in events] == list(range(1, len(events) + 1))
    versions: Counter[str] = Counter()
    for event in events:
        versions[event["subject"]] += 1
        assert event["version"] == versions[event["subject"]]
    times = [event["recordedat"] for event in events]
    assert times == sorted(times)
    assert len({(event["source"], event["id"]) for event in events}) == len(events)
    ciphers: dict[str, AESGCM] = {}
    for event in events:
        opened_in(ledger, event["data"], ciphers)
    return events
