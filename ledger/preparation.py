"""From received bytes to rows that lack only position, version and record time.

Everything that can be done before the lock is done here: parsing, validation, the content hash,
sealing, canonical bytes. What is refused comes back as a refusal with every fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from domain.errors import EventRefused, Fault
from domain.reading import read_event
from domain.recorded import instant
from ledger.canonical import canonical, sealed_canonical
from ledger.keys import LedgerKeys
from ledger.prepared import Prepared, Refusal
from ledger.rows import key_fields, subject_field
from ledger.sealing import Survey, owner_of, seal
from ledger.stored_bytes import Envelope, record_time
from ledger.vault import DraftKey, Owner, SealingKey, Vault
from ledger.wellformed import check_keys, check_numbers, check_text


class Preparation:
    """Prepares events; safe to use from several threads."""

    def __init__(self, keys: LedgerKeys, vault: Vault, *, simulated: bool = False) -> None:
        self._keys = keys
        self._vault = vault
        self._simulated = simulated

    def prepare(self, raws: Sequence[bytes], first_place: int = 0) -> list[Prepared | Refusal]:
        """One result for each text, in their order. Raises PartUnavailable without the vault."""
        ring = _KeyRing(self._vault, self._keys)
        drafted: list[tuple[int, set[Owner]]] = []
        results: list[Prepared | Refusal] = []
        for index, raw in enumerate(raws):
            results.append(self._one(first_place + index, raw, ring))
            if ring.used:
                drafted.append((index, ring.used))
        if ring.drafts and (lost := self._vault.settle(ring.drafts)):
            for index, used in drafted:
                if not used.isdisjoint(lost):
                    results[index] = self.prepare([raws[index]], first_place + index)[0]
        return results

    def _one(self, place: int, raw: bytes, ring: _KeyRing) -> Prepared | Refusal:
        event: Any = None
        ring.used = set()
        try:
            event = orjson.loads(raw)
            check_text(event, raw)
            kind, read, warnings = read_event(event, simulated=self._simulated)
            delivered = event.pop("deliveredat", None)
            survey = Survey(event["data"], kind.name)
            body = _canonical(event, event["data"], survey.has_float)
            envelope = Envelope(event)
            received = envelope.whole(body)
            check_keys(raw, received, left_out=0 if delivered is None else 2)
            if read is not event:
                read.pop("deliveredat", None)
                survey = Survey(read["data"], kind.name)
                envelope = Envelope(read)
                if not survey.slots:
                    body = canonical(read["data"], has_float=survey.has_float)
        except orjson.JSONDecodeError as error:
            return self._refusal(place, raw, None, [Fault("", "JSON in UTF-8", str(error))])
        except EventRefused as error:
            return self._refusal(place, raw, event, error.faults)
        source, event_id, subject = read["source"], read["id"], read["subject"]
        if survey.slots or survey.anonymous:
            ring.data, ring.subject = read["data"], subject
            seal(survey, ring.key_of, self._keys)
            body = sealed_canonical(read["data"], has_float=survey.has_float)
        content = self._keys.content_of(received)
        identity = self._keys.identity_of(source, event_id)
        return Prepared(
            place,
            event_id,
            source,
            subject,
            read["time"],
            identity,
            content,
            envelope.template(body, kind.schemaversion),
            subject_field(subject),
            key_fields(kind.name, identity, content),
            None if delivered is None else record_time(instant(delivered)),
            warnings,
        )

    def _refusal(self, place: int, raw: bytes, event: Any, faults: list[Fault]) -> Refusal:
        source = event_id = None
        if isinstance(event, dict):
            source, event_id = (
                value if isinstance(value, str) and "\0" not in value else None
                for value in (event.get("source"), event.get("id"))
            )
        return Refusal(place, event_id, source, self._keys.content_of(raw), tuple(faults))


class _KeyRing:
    """Keys for the event at hand; drafts one where none is in memory, and remembers for whom."""

    __slots__ = ("_keys", "_vault", "data", "drafts", "subject", "used")

    def __init__(self, vault: Vault, keys: LedgerKeys) -> None:
        self._vault = vault
        self._keys = keys
        self.drafts: dict[Owner, DraftKey] = {}
        self.used: set[Owner] = set()
        self.data: dict[str, Any] = {}
        self.subject = ""

    def key_of(self, holder: int) -> SealingKey:
        """The key of a holder of the event at hand."""
        owner = owner_of(holder, self.data, self.subject, self._keys)
        key = self._vault.cached(owner)
        if key is not None:
            return key
        draft = self.drafts.get(owner)
        if draft is None:
            draft = self.drafts[owner] = DraftKey.drawn()
        self.used.add(owner)
        return draft.key


def _canonical(event: dict[str, Any], data: Any, has_float: bool) -> bytes:
    """The canonical bytes of an event's data; raises EventRefused for numbers that have none."""
    try:
        if has_float:
            check_numbers(event)
        return canonical(data, has_float=has_float)
    except (TypeError, ValueError) as error:
        check_numbers(event)
        raise EventRefused([Fault("data", "JSON that RFC 8785 allows", str(error))]) from error
