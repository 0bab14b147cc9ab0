"""The short way for ordinary events, which almost all are: well-formed, declared fields only, no
escapes, no floats, no extension attributes.

It makes the very bytes that the long way (`ledger.preparation`) makes, and hands over whatever it
is not sure about. A property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from domain.reading import ordinary
from domain.recorded import instant
from domain.registry import EventType
from ledger.keys import LedgerKeys
from ledger.prepared import Prepared
from ledger.rows import key_fields, subject_field
from ledger.sealing import holder_of, owner_of, seal_slots
from ledger.sealing_plan import PlannedSlot, find, is_plannable, plan_of
from ledger.stored_bytes import record_time
from ledger.vault import Owner, SealingKey

_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_DELIVERY_QUOTES = 4

KeyOf = Callable[[Owner], SealingKey]


def ordinary_events(
    raws: Sequence[bytes], *, simulated: bool
) -> list[tuple[dict[str, Any], EventType] | None]:
    """The parsed event and its type for each text that may go the short way."""
    try:
        events: list[Any] = list(map(orjson.loads, raws))
    except orjson.JSONDecodeError:
        events = [_parsed(raw) for raw in raws]
    kinds = ordinary(events, simulated=simulated)
    return [
        None if kind is None or not is_plannable(raw) else (event, kind)
        for event, kind, raw in zip(events, kinds, raws, strict=True)
    ]


def prepare_ordinary(
    place: int, raw: bytes, event: dict[str, Any], kind: EventType, keys: LedgerKeys, key_of: KeyOf
) -> Prepared | None:
    """The event ready to be stored, or None: then it has to go the long way, from its text."""
    data, subject, source, event_id = event["data"], event["subject"], event["source"], event["id"]
    slots: list[PlannedSlot] = []
    if not find(data, plan_of(kind), slots):
        return None
    try:
        body = orjson.dumps(data, option=_SORTED)
    except TypeError:
        return None
    time = event["time"]
    media = event.get("datacontenttype")
    stated = "" if media is None else f'"datacontenttype":"{media}",'
    # No text holds a character that JSON escapes: the event came without escapes.
    first = f'{stated}"id":"{event_id}"'.encode()
    rest = (
        f'"source":"{source}","specversion":"1.0","subject":"{subject}","time":"{time}",'
        f'"type":"{kind.name}"'
    ).encode()
    received = b'{"data":%b,%b,%b}' % (body, first, rest)
    delivered = event.get("deliveredat")
    quotes = received.count(b'"') + (0 if delivered is None else _DELIVERY_QUOTES)
    if raw.count(b'"') != quotes:
        return None
    if slots:
        owner = owner_of(holder_of(data, kind.name), data, subject, keys)
        seal_slots(slots, key_of(owner), keys)
        body = orjson.dumps(data, option=_SORTED)
    content = keys.content_of(received)
    identity = keys.identity_of(source, event_id)
    return Prepared(
        place,
        event_id,
        source,
        subject,
        time,
        identity,
        content,
        (
            b'{"data":%b,%b,"position":' % (body, first),
            b',"recordedat":"',
            b'","schemaversion":%d,%b,"version":' % (kind.schemaversion, rest),
            b"}",
        ),
        subject_field(subject),
        key_fields(kind.name, identity, content),
        None if delivered is None else record_time(instant(delivered)),
        (),
    )


def _parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
