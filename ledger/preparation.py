"""From received bytes to rows that lack only position, version and record time.

Everything that can be done before the lock is done here: parsing, validation, the content hash,
sealing, canonical bytes. What is refused comes back as a refusal with every fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson

from domain.errors import EventRefused, Fault
from domain.reading import read_event
from domain.recorded import instant
from ledger.canonical import canonical, sealed_canonical
from ledger.keys import LedgerKeys
from ledger.ordinary import ordinary_events, prepare_ordinary
from ledger.prepared import Prepared, Refusal
from ledger.rows import key_fields, subject_field
from ledger.sealing import Survey, owner_of, seal
from ledger.stored_bytes import MAX_RECEIVED, Envelope, record_time
from ledger.vault import DraftKey, Owner, SealingKey, Vault
from ledger.wellformed import check_keys, check_numbers, check_text

CHECKED_TOGETHER: Final = 100
"""So many events are parsed and checked in one go: few enough to stay in the processor's cache."""

FEWEST_ORDINARY: Final = 50
"""For fewer events the short way does not repay compiling its check, which takes a third of a
second."""


class Preparation:
    """Prepares events; safe to use from several threads."""

    def __init__(self, keys: LedgerKeys, vault: Vault, *, simulated: bool = False) -> None:
        self._keys = keys
        self._vault = vault
        self._simulated = simulated

    def prepare(
        self, raws: Sequence[bytes], first_place: int = 0, *, keep_keys: bool = True
    ) -> list[Prepared | Refusal]:
        """One result for each text, in their order. Without `keep_keys` nothing may be stored: what
        is sealed cannot be opened. Raises PartUnavailable without the vault."""
        ring = _KeyRing(self._vault)
        drafted: list[tuple[int, set[Owner]]] = []
        results: list[Prepared | Refusal] = []
        for start in range(0, len(raws), CHECKED_TOGETHER):
            group = raws[start : start + CHECKED_TOGETHER]
            ordinary = (
                ordinary_events(group, simulated=self._simulated)
                if len(raws) >= FEWEST_ORDINARY
                else [None] * len(group)
            )
            for index, (raw, one) in enumerate(zip(group, ordinary, strict=True), start):
                result: Prepared | Refusal | None = None
                if one is not None:
                    result = prepare_ordinary(
                        first_place + index, raw, *one, self._keys, ring.key_of
                    )
                results.append(result or self._one(first_place + index, raw, ring))
                if ring.used:
                    drafted.append((index, ring.used))
                    ring.used = set()
        if keep_keys and ring.drafts and (lost := self._vault.settle(ring.drafts)):
            for index, used in drafted:
                if not used.isdisjoint(lost):
                    results[index] = self.prepare([raws[index]], first_place + index)[0]
        return results

    def _one(self, place: int, raw: bytes, ring: _KeyRing) -> Prepared | Refusal:
        event: Any = None
        try:
            if len(raw) > MAX_RECEIVED:
                raise EventRefused(
                    [Fault("", f"at most {MAX_RECEIVED} bytes", f"{len(raw)} bytes or more")]
                )
            event = orjson.loads(raw)
            check_text(event, raw)
            kind, read, warnings = read_event(event, simulated=self._simulated)
            delivered = event.pop("deliveredat", None)
            survey = Survey(event["data"], kind.name)
            envelope = Envelope(event)
            body, received = _canonical(event, envelope, survey.has_float)
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
            data = read["data"]
            seal(
                survey,
                lambda holder: ring.key_of(owner_of(holder, data, subject, self._keys)),
                self._keys,
            )
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
    """Keys of owners; drafts one where none is in memory, and remembers for whom."""

    __slots__ = ("_vault", "drafts", "used")

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.drafts: dict[Owner, DraftKey] = {}
        self.used: set[Owner] = set()

    def key_of(self, owner: Owner) -> SealingKey:
        """The owner's key; an owner whose key is a draft is put into `used`."""
        key = self._vault.cached(owner)
        if key is not None:
            return key
        draft = self.drafts.get(owner)
        if draft is None:
            draft = self.drafts[owner] = DraftKey.drawn()
        self.used.add(owner)
        return draft.key


def _canonical(event: dict[str, Any], envelope: Envelope, has_float: bool) -> tuple[bytes, bytes]:
    """The canonical bytes of an event's data and of the whole event; raises EventRefused for
    numbers that have none."""
    try:
        if has_float:
            check_numbers(event)
        body = canonical(event["data"], has_float=has_float)
        return body, envelope.whole(body)
    except (TypeError, ValueError) as error:
        check_numbers(event)
        raise EventRefused([Fault("data", "JSON that RFC 8785 allows", str(error))]) from error
