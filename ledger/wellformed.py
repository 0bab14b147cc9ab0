"""What JSON an event may be made of, beyond what its type says.

Refused: duplicate keys, numbers beyond ±(2^53 - 1), U+0000, nesting deeper than 32. (NaN,
infinities, lone surrogates and invalid UTF-8 are refused by the parser.) Each check has a quick
test on the bytes that almost every event passes, and an exact one that names the place.
"""

from __future__ import annotations

import json
from typing import Any, Final

from domain.errors import EventRefused, Fault
from ledger.canonical import SAFE_INTEGER

MAX_DEPTH: Final = 32


def check_text(event: Any, raw: bytes) -> None:
    """Raise EventRefused for text with U+0000; `raw` is the text that the event came from."""
    if b"\\u0000" in raw:
        faults: list[Fault] = []
        _examine(event, "", faults, numbers=False)
        if faults:
            raise EventRefused(faults)


def check_numbers(event: Any) -> None:
    """Raise EventRefused for each number beyond ±(2^53 - 1)."""
    faults: list[Fault] = []
    _examine(event, "", faults, numbers=True)
    if faults:
        raise EventRefused(faults)


def too_deep() -> EventRefused:
    """The refusal of an event whose objects and lists stand more than 32 deep in each other."""
    return EventRefused([Fault("data", f"nesting of at most {MAX_DEPTH}", "deeper nesting")])


def check_keys(raw: bytes, canonical: bytes, *, left_out: int = 0) -> None:
    """Raise EventRefused when `raw` has a key twice; `canonical` is what it was parsed to, without
    `left_out` of its strings.

    Without escapes both texts have as many quotation marks as their strings need, and a parser that
    drops a repeated key drops its quotation marks.
    """
    if b"\\" not in raw and raw.count(b'"') == canonical.count(b'"') + 2 * left_out:
        return
    repeated: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key, value in found:
            if key in seen:
                repeated.append(key)
            seen[key] = value
        return seen

    json.loads(raw, object_pairs_hook=pairs)
    if repeated:
        raise EventRefused(
            [Fault(key[:64], "each key once in an object", "the key twice") for key in repeated]
        )


def _examine(value: Any, path: str, faults: list[Fault], *, numbers: bool) -> None:
    pending = [(value, path)]
    while pending:
        value, path = pending.pop()
        if isinstance(value, dict):
            for key, item in value.items():
                if "\0" in key:
                    faults.append(Fault(path, "keys without U+0000", "a key with U+0000"))
                # PostgreSQL keeps no U+0000, in the reasons of a dead letter neither.
                step = key.replace("\0", "\\u0000")
                pending.append((item, f"{path}.{step}" if path else step))
        elif isinstance(value, list):
            pending += [(item, f"{path}[{index}]") for index, item in enumerate(value)]
        elif isinstance(value, str):
            if "\0" in value:
                found = f"string of length {len(value)} with U+0000"
                faults.append(Fault(path, "text without U+0000", found))
        elif (
            numbers
            and isinstance(value, int | float)
            and not isinstance(value, bool)
            and abs(value) > SAFE_INTEGER
        ):
            expected = f"a number within ±{SAFE_INTEGER} (2^53 - 1)"
            faults.append(Fault(path, expected, "a number beyond it"))
