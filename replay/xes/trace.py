"""One trace while it is being read: its events come out as soon as its name is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from replay.xes.attributes import merged
from replay.xes.conversion import Conversion
from replay.xes.fault import ImportFault, Refused


class OpenTrace:
    """Takes a trace's attributes and events in file order and gives its events and faults.

    XES puts a trace's attributes before its events. Where a name comes later, the events before it
    are held back until then. `last_indexes` has, by trace name, the index of the last event so far:
    a second trace of a name goes on counting, since both are the same case.
    """

    def __init__(
        self, number: int, line: int | None, conversion: Conversion, last_indexes: dict[str, int]
    ) -> None:
        self._number = number
        self._line = line
        self._conversion = conversion
        self._last_indexes = last_indexes
        self._name: str | None = None
        self._refused: Refused | None = None
        self._attributes: dict[str, Any] = {}
        self._held: list[tuple[int | None, dict[str, Any] | Refused]] = []
        self._events = 0
        self._untaken = 0

    def attributes(
        self, attributes: dict[str, Any] | Refused
    ) -> Iterator[dict[str, Any] | ImportFault]:
        """More attributes of the trace: they go with its next event, by index, taken or not.

        Bound to an index and not to the next event that is taken, so that a log that was mended
        and imported again gives the other events unchanged.
        """
        if isinstance(attributes, Refused):
            self._refused = self._refused or attributes
            self._untaken += len(self._held)
            self._held.clear()
            return
        if not attributes:
            return
        self._attributes = merged(self._attributes, attributes)
        if self._name is None and self._conversion.header.name in attributes:
            try:
                self._name = self._conversion.trace_name(self._attributes)
            except Refused as refused:
                self._refused = refused
            held, self._held = self._held, []
            for line, event in held:
                yield from self.event(line, event)

    def event(
        self, line: int | None, attributes: dict[str, Any] | Refused
    ) -> Iterator[dict[str, Any] | ImportFault]:
        """The next event of the trace, or why its attributes cannot be taken."""
        if self._refused is not None:
            self._untaken += 1
            return
        if self._name is None:
            self._held.append((line, attributes))
            return
        self._events += 1
        index = self._last_indexes.get(self._name, 0) + 1
        self._last_indexes[self._name] = index
        of_trace, self._attributes = self._attributes, {}
        try:
            if isinstance(attributes, Refused):
                raise attributes
            yield self._conversion.event(self._name, index, attributes, of_trace)
        except Refused as refused:
            yield self._fault(refused, event=self._events, line=line, untaken=1)

    def end(self) -> Iterator[ImportFault]:
        """What is to be said of the trace as a whole."""
        if self._refused is None and self._name is None:
            self._untaken = len(self._held)
            try:
                self._conversion.trace_name(self._attributes)
            except Refused as refused:
                self._refused = refused
        if self._refused is not None:
            yield self._fault(self._refused, line=self._line, untaken=self._untaken)
        elif not self._events:
            missing = Refused("a trace with an event, since only events are recorded", "none")
            yield self._fault(missing, line=self._line)
        elif self._attributes:
            late = Refused(
                "the attributes of a trace before its events",
                f"after the last one, and not taken: {', '.join(self._attributes)}",
            )
            yield self._fault(late, line=self._line)

    def break_off(self) -> Iterator[ImportFault]:
        """What is to be said of the trace when the file breaks inside it."""
        if self._refused is not None:
            yield self._fault(self._refused, line=self._line, untaken=self._untaken)
        elif self._held:
            name = self._conversion.header.name
            nameless = Refused(f"a trace with one {name}", "none before the file breaks off")
            yield self._fault(nameless, line=self._line, untaken=len(self._held))

    def _fault(
        self, refused: Refused, *, line: int | None, event: int | None = None, untaken: int = 0
    ) -> ImportFault:
        return ImportFault(
            refused.expected,
            refused.found,
            trace=self._number,
            name=self._name,
            event=event,
            line=line,
            untaken=untaken,
        )
