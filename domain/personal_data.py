"""Which fields of an event's `data` hold personal data, and of what kind.

The rules go by the name of a field and the names above it, not by the event's type, so that they
hold for the paths inside a correction's `patch` and for fields that no type declares.
"""

from __future__ import annotations

import unicodedata
from types import MappingProxyType
from typing import Final

SEALED_FIELDS: Final = MappingProxyType(
    {
        "name": "name",
        "id_no": "id_no",
        "phone": "phone",
        "address": "address",
        "contact": "contact",
        "receiver": "name",
        "who": "name",
        "rater": "name",
        "complainant": "name",
        "text": "text",
        "opinion": "text",
        "reason": "text",
        "reasons": "text",
    }
)
"""Field name → kind. Every string below such a field is sealed. Equal values of one kind have equal
`ref` digests, wherever they stand: free texts are all of the kind `text`, names of the kind `name`.
"""

RESULT_CODES: Final = frozenset(
    {
        "issued", "completed", "refused", "withdrawn", "voided", "deleted", "returned",
        "forwarded", "declined", "gap_expired", "other", "certificate", "document", "none",
    }
)  # fmt: skip
"""A `result` with one of these values is a code; any other string in `result` is free text."""

CATALOGUE_PARENTS: Final = frozenset(
    {"materials", "items", "steps", "tolerated", "item", "children", "fees"}
)
"""Below these a `name` is the name of a thing in the catalogue, not of a person."""

CATALOGUE_TYPES: Final = frozenset({"item.published", "hall.published", "certificate.issued"})
"""In these types the top-level `name` is the name of a thing."""

PROTECTED_FIELDS: Final = frozenset({"complainant"})
"""Who stands in these is sealed under a key of the class `protected`."""

PROTECTED_TYPES: Final = frozenset({"complaint.filed"})
"""Whatever is sealed in these is the complainant's, so it is of the class `protected` too."""

REFERENCES: Final = frozenset(
    {
        "actor", "approver", "officer", "required_by", "authorised_by", "helper", "participants",
        "delegated_by",
    }
)  # fmt: skip
"""Below these stands a public servant; one with a name and no id gets a pseudonym as id."""

PLAIN_RAW_FIELDS: Final = frozenset(
    {"lifecycle:transition", "lifecycle:state", "lifecycle:model", "concept:instance"}
)
"""Fields of `raw` with a closed technical meaning (XES standard extensions). All others are sealed
whole: what a source also sent may hold anything."""


def normalised(kind: str, text: str) -> str:
    """`text` as it is compared for equality: Unicode NFKC; of free text the letters only (no white
    space, digits, punctuation)."""
    form = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if kind == "text" and not form.isalpha():
        return "".join(filter(str.isalpha, form))
    return form
