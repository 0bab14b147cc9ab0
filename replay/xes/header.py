"""What the head of a log declares: the prefixes of its extensions and its global attributes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from replay.xes.elements import local_name

_STANDARD = {
    "concept.xesext": "concept",
    "time.xesext": "time",
    "org.xesext": "org",
    "lifecycle.xesext": "lifecycle",
}


@dataclass(slots=True)
class LogHeader:
    """Keys of the attributes that the import reads, and which of them the log declares global.

    A log may give a standard extension another prefix than the usual one; the extension's address
    decides. A global attribute's value is an example for tools that make up events: it says
    nothing about a trace or an event that lacks the attribute, so it is never filled in.
    """

    prefixes: dict[str, str] = field(default_factory=lambda: {p: p for p in _STANDARD.values()})
    global_keys: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def read(cls, elements: Iterable[Any]) -> LogHeader:
        """The header that stands in these children of the log."""
        header = cls()
        for element in elements:
            kind = local_name(element)
            if kind == "extension":
                file = element.get("uri", "").rpartition("/")[2].casefold()
                if file in _STANDARD and element.get("prefix"):
                    header.prefixes[_STANDARD[file]] = element.get("prefix")
            elif kind == "global":
                # the scope may be left out, and is then event
                scope = element.get("scope", "event")
                header.global_keys.update((scope, child.get("key", "")) for child in element)
        return header

    @property
    def name(self) -> str:
        return f"{self.prefixes['concept']}:name"

    @property
    def timestamp(self) -> str:
        return f"{self.prefixes['time']}:timestamp"

    @property
    def resource(self) -> str:
        return f"{self.prefixes['org']}:resource"

    @property
    def group(self) -> str:
        return f"{self.prefixes['org']}:group"

    def absence(self, scope: str, key: str) -> str:
        """The words for an attribute that is not there."""
        if (scope, key) in self.global_keys:
            return f"no {key} (the log's global default says nothing about this {scope})"
        return f"no {key}"
