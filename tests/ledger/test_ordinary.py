"""The short way makes the very bytes that the long way makes, or leaves the event to it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from domain.registry import EVENT_TYPES
from ledger.keys import LedgerKeys
from ledger.ordinary import ordinary_events, prepare_ordinary
from ledger.preparation import FEWEST_ORDINARY, Preparation
from ledger.prepared import Prepared, Refusal
from ledger.sealing import opened
from ledger.stored_bytes import filled
from ledger.vault import DraftKey, Owner, SealingKey, Vault
from tests.domain.golden_events import golden as golden_event

KEYS = LedgerKeys(b"k" * 32)


class MemoryVault(Vault):
    """A vault without a database: drafts become keys as they are."""

    def __init__(self) -> None:
        self.living: dict[Owner, SealingKey] = {}

    def cached(self, owner: Owner) -> SealingKey | None:
        return self.living.get(owner)

    def settle(self, drafts: Mapping[Owner, DraftKey]) -> set[Owner]:
        self.living |= {owner: draft.key for owner, draft in drafts.items()}
        return set()

    def cipher(self, key_id: str) -> AESGCM:
        return next(key.cipher for key in self.living.values() if key.key_id.decode() == key_id)


def short_way(raw: bytes, vault: MemoryVault, *, simulated: bool = False) -> Prepared | None:
    found = ordinary_events([raw], simulated=simulated)[0]
    if found is None:
        return None
    drafts: dict[Owner, DraftKey] = {}

    def key_of(owner: Owner) -> SealingKey:
        key = vault.cached(owner)
        if key is None:
            key = drafts.setdefault(owner, DraftKey.drawn()).key
        return key

    prepared = prepare_ordinary(0, raw, *found, KEYS, key_of)
    vault.settle(drafts)
    return prepared


def long_way(raw: bytes, vault: MemoryVault, *, simulated: bool = False) -> Prepared | Refusal:
    return Preparation(KEYS, vault, simulated=simulated).prepare([raw])[0]


def unsealed(value: Any, vault: MemoryVault) -> Any:
    """The value with sealed objects as what they say: plain text, digest, length, key."""
    if isinstance(value, dict):
        if "sealed" in value:
            text = opened(value, vault.cipher(value["key"]))
            return {"opened": text, "ref": value["ref"], "n": value["length"], "key": value["key"]}
        return {key: unsealed(inner, vault) for key, inner in value.items()}
    if isinstance(value, list):
        return [unsealed(inner, vault) for inner in value]
    return value


def assert_same(short: Prepared, long: Prepared | Refusal, vault: MemoryVault) -> None:
    assert isinstance(long, Prepared)
    stored = [filled(one.template, 7, b"2026-03-02T01:30:00.123456Z", 3) for one in (short, long)]
    first, second = (unsealed(orjson.loads(text), vault) for text in stored)
    assert first == second
    assert list(orjson.loads(stored[0])) == list(orjson.loads(stored[1]))
    plain = [orjson.dumps(unsealed(orjson.loads(text), vault)) for text in stored]
    assert plain[0] == plain[1]
    assert short._replace(template=long.template) == long


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_both_ways_agree_on_an_event_of_each_type(name):
    vault = MemoryVault()
    raw = orjson.dumps(golden_event(name))
    short = short_way(raw, vault)
    if short is not None:
        assert_same(short, long_way(raw, vault), vault)


def test_the_short_way_is_taken_for_most_types():
    vault = MemoryVault()
    taken = [name for name in EVENT_TYPES if short_way(orjson.dumps(golden_event(name)), vault)]
    assert len(taken) > len(EVENT_TYPES) // 2
    assert {"case.accepted", "step.completed", "decision.made", "case.closed"} <= set(taken)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["张三", 'a"b', "a\\b", "\0", "fax", "issued", "2026-03-02", "😀"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "phone", "raw", "value", "sealed", "text", "x", "id", "result"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        found += [place for key in value for place in places(value[key], (*path, key))]
    elif isinstance(value, list):
        found += [place for i, one in enumerate(value) for place in places(one, (*path, i))]
    return found


@st.composite
def mutated_events(draw: st.DrawFn) -> bytes:
    event = copy.deepcopy(golden_event(draw(st.sampled_from(sorted(EVENT_TYPES)))))
    for _ in range(draw(st.integers(0, 2))):
        path = draw(st.sampled_from(places(event)))
        holder: Any = event
        for step in path[:-1]:
            holder = holder[step]
        change = draw(st.sampled_from(["replace", "remove", "add"]))
        if change == "remove" and isinstance(holder, dict):
            del holder[path[-1]]
        elif change == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(["raw", "name", "zone", "contact", "reason", "actor"]))] = (
                draw(JSON)
            )
        else:
            holder[path[-1]] = draw(JSON)
        if not places(event):
            break
    return json.dumps(event, ensure_ascii=draw(st.booleans())).encode()


@given(mutated_events())
def test_both_ways_agree_on_whatever_is_changed_in_an_event(raw):
    vault = MemoryVault()
    long = long_way(raw, vault)
    short = short_way(raw, vault)
    if short is not None:
        assert_same(short, long, vault)


@given(mutated_events(), st.booleans())
def test_a_batch_gives_what_its_events_give_one_by_one(raw, simulated):
    vault = MemoryVault()
    preparation = Preparation(KEYS, vault, simulated=simulated)
    together = preparation.prepare([raw] * FEWEST_ORDINARY)
    alone = preparation.prepare([raw])[0]
    for place, one in enumerate(together):
        if isinstance(alone, Refusal):
            assert one == alone._replace(place=place)
        else:
            assert isinstance(one, Prepared)
            assert_same(one._replace(place=0), alone, vault)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"specversion"', '"specversion":"1.0","specversion"', 1),
        lambda text: text.replace('"data":{', '"data":{"x":1,', 1),
        lambda text: text.replace('"id"', '"i\\u0064"', 1),
        lambda text: text.replace('"data":{', '"data":{"data_version":9007199254740993,', 1),
        lambda text: text.replace('"data":{', '"zone":"z","data":{', 1),
    ],
    ids=["a key twice", "an unknown field", "an escape", "a number too large", "an extension"],
)
def test_what_is_not_ordinary_is_left_to_the_long_way(change):
    text = orjson.dumps(golden_event("case.accepted")).decode()
    assert short_way(text.encode(), MemoryVault()) is not None
    assert short_way(change(text).encode(), MemoryVault()) is None


def test_the_delivery_time_of_a_simulated_ledger_is_no_content():
    vault = MemoryVault()
    event = golden_event("case.accepted")
    plain = short_way(orjson.dumps(event), vault, simulated=True)
    raw = orjson.dumps({**event, "deliveredat": "2026-03-02T02:00:00.000001Z"})
    short = short_way(raw, vault, simulated=True)
    assert plain is not None
    assert short is not None
    assert short.content == plain.content
    assert short.delivered == "2026-03-02T02:00:00.000001Z"
    assert_same(short, long_way(raw, vault, simulated=True), vault)
