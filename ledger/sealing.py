"""Sealing: personal data leaves an event before the event is stored.

A survey finds what has to be sealed and changes nothing, so that the content hash is taken over the
event as received. Sealing then puts in place of each value
{"sealed": "A256GCM", "key", "nonce", "text", "ref", "length"}.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Callable, Mapping, Sequence
from os import urandom
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import EventRefused, Fault, StoredEventError
from domain.personal_data import (
    CATALOGUE_PARENTS,
    CATALOGUE_TYPES,
    PLAIN_RAW_FIELDS,
    PROTECTED_FIELDS,
    PROTECTED_TYPES,
    REFERENCES,
    RESULT_CODES,
    SEALED_FIELDS,
    normalised,
)
from ledger.keys import LedgerKeys
from ledger.vault import NONCE_BYTES, Owner, SealingKey
from ledger.wellformed import MAX_DEPTH, too_deep

ALGORITHM: Final = "A256GCM"

CASE: Final = 0
APPLICANT: Final = 1
PROTECTED: Final = 2
_kind_of: Callable[[str], str | None] = dict(SEALED_FIELDS).get

Slot = tuple[Any, Any, str, int]
"""A value to seal: its container, its key or index there, its kind, whose key."""


class Survey:
    """What an event's `data` holds that must not be stored in plain; whether it holds a float."""

    __slots__ = ("anonymous", "has_float", "slots")

    def __init__(self, data: dict[str, Any], type_name: str) -> None:
        """Raises EventRefused for an object that claims to be sealed already."""
        self.slots: list[Slot] = []
        self.anonymous: list[dict[str, Any]] = []
        self.has_float = False
        self._fields(data, holder_of(data, type_name), type_name in CATALOGUE_TYPES, True, 2)
        agent = data.get("agent") if type_name == "agent.assigned" else None
        # Elsewhere an agent may be a relative of the applicant; here it is a public servant.
        if isinstance(agent, dict) and "name" in agent and not agent.get("id"):
            self.anonymous.append(agent)

    def _fields(
        self, node: dict[str, Any], holder: int, is_catalogue: bool, is_data: bool, depth: int
    ) -> None:
        if depth > MAX_DEPTH:
            raise too_deep()
        if "sealed" in node:
            raise _already_sealed()
        for key, value in node.items():
            of = type(value)
            if of is str:
                kind = _kind_of(key)
                if kind is not None:
                    if not (is_catalogue and key == "name"):
                        below = PROTECTED if key in PROTECTED_FIELDS else holder
                        self.slots.append((node, key, kind, below))
                elif (key == "result" and value not in RESULT_CODES) or (key == "raw" and is_data):
                    self.slots.append((node, key, "raw" if key == "raw" else "text", holder))
            elif of is dict:
                if _kind_of(key) is not None:
                    self._everything(node, key, holder, depth)
                elif key == "raw" and is_data:
                    self._raw(value, holder, depth + 1)
                else:
                    if key in REFERENCES and "name" in value and not value.get("id"):
                        self.anonymous.append(value)
                    if key == "result":
                        self._unknown_result(value, holder)
                    self._fields(value, holder, key in CATALOGUE_PARENTS, key == "data", depth + 1)
            elif of is list:
                if _kind_of(key) is not None or (key == "raw" and is_data):
                    self._everything(node, key, holder, depth)
                else:
                    self._list(value, holder, key, depth + 1)
            elif of is bool or value is None:
                continue
            else:
                self.has_float = self.has_float or of is float
                if _kind_of(key) is not None or (key == "raw" and is_data):
                    self._everything(node, key, holder, depth)

    def _unknown_result(self, code: dict[str, Any], holder: int) -> None:
        """A result that is no known code may be free text: what does not look like a code is."""
        for name in ("raw", "sent"):
            text = code.get(name)
            if isinstance(text, str) and not text.isascii():
                self.slots.append((code, name, "text", holder))

    def _list(self, items: list[Any], holder: int, key: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise too_deep()
        for value in items:
            of = type(value)
            if of is dict:
                if key in REFERENCES and "name" in value and not value.get("id"):
                    self.anonymous.append(value)
                self._fields(value, holder, key in CATALOGUE_PARENTS, False, depth + 1)
            elif of is list:
                self._list(value, holder, key, depth + 1)
            elif of is float:
                self.has_float = True

    def _everything(self, node: dict[str, Any], key: str, holder: int, depth: int) -> None:
        """Seal each text and number below a field of personal data, whatever its shape."""
        below = PROTECTED if key in PROTECTED_FIELDS else holder
        self._deep(node, key, _kind_of(key) or "raw", below, depth)

    def _deep(self, container: Any, place: Any, kind: str, holder: int, depth: int) -> None:
        value = container[place]
        if depth >= MAX_DEPTH and isinstance(value, dict | list):
            raise too_deep()
        if isinstance(value, dict):
            if "sealed" in value:
                raise _already_sealed()
            for key in value:
                self._deep(value, key, _kind_of(key) or kind, holder, depth + 1)
        elif isinstance(value, list):
            for index in range(len(value)):
                self._deep(value, index, kind, holder, depth + 1)
        elif value is not None and not isinstance(value, bool):
            self.has_float = self.has_float or isinstance(value, float)
            self.slots.append((container, place, kind, holder))

    def _raw(self, raw: dict[str, Any], holder: int, depth: int) -> None:
        if "sealed" in raw:
            raise _already_sealed()
        for key, value in raw.items():
            if value is None or isinstance(value, bool):
                continue
            if key in PLAIN_RAW_FIELDS and isinstance(value, str):
                continue
            self.has_float = self.has_float or holds_float(value, depth + 1)
            self.slots.append((raw, key, "raw", holder))


def holds_float(value: Any, depth: int) -> bool:
    """Whether a float stands in a parsed JSON value; it is `depth` levels below the event.

    Raises EventRefused for nesting that is too deep.
    """
    if not isinstance(value, dict | list):
        return isinstance(value, float)
    if depth > MAX_DEPTH:
        raise too_deep()
    inner = value.values() if isinstance(value, dict) else value
    # Counting looks at all of it, as all of it has to be checked for depth.
    return sum(holds_float(one, depth + 1) for one in inner) > 0


def _already_sealed() -> EventRefused:
    return EventRefused(
        [Fault("data", "plain values: the ledger seals", "an object with a field named sealed")]
    )


def holder_of(data: Mapping[str, Any], type_name: str) -> int:
    """Who holds what is sealed in an event, where its field does not say otherwise."""
    if type_name in PROTECTED_TYPES:
        return PROTECTED
    return APPLICANT if "applicant" in data else CASE


def owner_of(holder: int, data: Mapping[str, Any], subject: str, keys: LedgerKeys) -> Owner:
    """Whose key seals what a slot with that holder names: the case's, the applicant's (the case's
    where no id number is known), that of the protected person who speaks in the event."""
    if holder == PROTECTED:
        return "protected:" + subject
    applicant = data.get("applicant") if holder == APPLICANT else None
    if not isinstance(applicant, dict) or not isinstance(applicant.get("id_no"), str):
        return "case:" + subject
    id_type, kind = _code(applicant.get("id_type")), _code(applicant.get("kind"))
    number = normalised("id_no", applicant["id_no"])
    pseudonym = keys.pseudonym_of("person", f"{id_type}\0{number}").decode()
    return ("organisation:" if kind == "organisation" else "person:") + pseudonym


def _code(value: Any) -> Any:
    """The plain value of a code. A sole trader's kind is read as `other`: a person by law."""
    return value.get("value") if isinstance(value, dict) else value


def seal(survey: Survey, key_of: Callable[[int], SealingKey], keys: LedgerKeys) -> None:
    """Put a sealed object (as orjson.Fragment) in place of each value that the survey found.

    `key_of` gives the key of a holder. A public servant with a name and no id gets the keyed
    pseudonym of department and name as id.
    """
    for person in survey.anonymous:
        name = person["name"]
        if isinstance(name, str):
            label = f"{person.get('department') or ''}\0{normalised('name', name)}"
            person["id"] = "name:" + keys.pseudonym_of("servant", label).decode()
    for holder in {slot[3] for slot in survey.slots}:
        slots = [slot[:3] for slot in survey.slots if slot[3] == holder]
        seal_slots(slots, key_of(holder), keys)


def seal_slots(
    slots: Sequence[tuple[Any, Any, str]], sealing_key: SealingKey, keys: LedgerKeys
) -> None:
    """Put sealed objects in place of values (container, place, kind), all under one key."""
    key_id, cipher = sealing_key
    nonces = urandom(NONCE_BYTES * len(slots))
    start = 0
    for container, place, kind in slots:
        value = container[place]
        if type(value) is not str or kind == "raw":
            value = orjson.dumps(value).decode()
        nonce = nonces[start : start + NONCE_BYTES]
        start += NONCE_BYTES
        container[place] = orjson.Fragment(
            b'{"key":"%b","length":%d,"nonce":"%b","ref":"%b","sealed":"A256GCM","text":"%b"}'
            % (
                key_id,
                len(value),
                b2a_base64(nonce, newline=False),
                keys.pseudonym_of(kind, normalised(kind, value)),
                b2a_base64(cipher.encrypt(nonce, value.encode(), key_id), newline=False),
            )
        )


def opened(value: Mapping[str, Any], cipher: AESGCM) -> str:
    """The plain text of a sealed object. Raises StoredEventError when the cipher does not fit."""
    try:
        text = cipher.decrypt(
            b64decode(value["nonce"]), b64decode(value["text"]), value["key"].encode()
        )
    except (InvalidTag, KeyError, ValueError) as error:
        raise StoredEventError(
            f"a sealed value of key {value.get('key')} does not open; expected the key's own cipher"
        ) from error
    return text.decode()
