"""What of a log cannot be taken: where it stands, what was expected, what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ImportFault:
    """One trace, one event or the rest of the file that was not taken.

    `trace` and `event` count from 1 in file order, `event` within its trace; `line` counts from 1
    in the decompressed file, None where the parser does not know it. `name` is the trace's name.
    `untaken` is the number of events that were read and not taken because of it. `breaks_off`
    marks the fault that ends a broken file: what stands after it is unknown.
    """

    expected: str
    found: str
    trace: int | None = None
    name: str | None = None
    event: int | None = None
    line: int | None = None
    column: int | None = None
    untaken: int = 0
    breaks_off: bool = False

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        places = []
        if self.trace is not None:
            name = "" if self.name is None else f" ({self.name!r})"
            places.append(f"trace {self.trace}{name}")
        if self.event is not None:
            places.append(f"event {self.event}")
        if self.line is not None:
            column = "" if self.column is None else f" column {self.column}"
            places.append(f"line {self.line}{column}")
        return ", ".join(places) or "file"

    def __str__(self) -> str:
        return f"{self.place}: expected {self.expected}, found {self.found}"

    def as_json(self) -> dict[str, Any]:
        """The fields that are known, for a report that machines read."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in fields.items() if value is not None}


class FileBroken(Exception):
    """The file cannot be read on from here. It never leaves this package."""

    def __init__(
        self, expected: str, found: str, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.fault = ImportFault(expected, found, line=line, column=column, breaks_off=True)


class Refused(Exception):
    """One trace or event cannot be taken, and why. It never leaves this package."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected = expected
        self.found = found
