"""Reading a log file from its first byte to its last, or to where it breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from domain.errors import WrongUse
from replay.xes.attributes import attributes_as_json
from replay.xes.content import content
from replay.xes.conversion import Conversion
from replay.xes.elements import forget, line_of, local_name, traces_and_events
from replay.xes.fault import FileBroken, ImportFault, Refused
from replay.xes.header import LogHeader
from replay.xes.mapping import ActivityMapping
from replay.xes.naming import Naming
from replay.xes.trace import OpenTrace

# how deep in an event the attributes go: data.raw, and data.raw.trace
_IN_EVENT = 3
_IN_TRACE = 4


def read_log(
    path: Path,
    *,
    mapping: ActivityMapping,
    subject_as_is: bool = False,
    log_name: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[dict[str, Any] | ImportFault]:
    """The events of a .xes or .xes.gz file in file order, and a fault for whatever is not taken.

    An event is a CloudEvent ready to be appended; `Naming` says how it is named and `Conversion`
    what it holds. Every lifecycle transition is an event of its own. `time` is as the log has it.
    Of a file that breaks (cut off, damaged, not well-formed, not a log) everything complete
    before the break comes first, then one last fault with `breaks_off`. Attributes of the log
    itself and classifiers are not taken: they are no facts of a case.

    Two traces of one name are one case: the second goes on counting where the first ended. The
    same file gives the same ids and contents each time, so that a second import appends nothing.

    The file is streamed: memory holds one event, and about 0.1 KB for each trace name met.
    `progress` is told the number of bytes read from the file so far.

    Raises WrongUse at the call, when the file cannot be opened or `log_name` cannot be a log's
    name; never for what is in the file.
    """
    naming = Naming.of(path, log_name, subject_as_is)
    try:
        path.open("rb").close()
    except OSError as error:
        raise WrongUse("file", "a readable file", f"{error.strerror}: {path}") from error
    return _read(path, naming, mapping, progress)


def _read(
    path: Path,
    naming: Naming,
    mapping: ActivityMapping,
    progress: Callable[[int], None] | None,
) -> Iterator[dict[str, Any] | ImportFault]:
    with path.open("rb") as file:
        reading = _Reading(naming, mapping)
        try:
            yield from reading.taken(_elements(file, path, progress))
        except FileBroken as broken:
            yield from reading.break_off()
            yield broken.fault


def _elements(file: BinaryIO, path: Path, progress: Callable[[int], None] | None) -> Iterator[Any]:
    named_gzip = path.suffix.casefold() == ".gz"
    return traces_and_events(content(file, named_gzip=named_gzip, progress=progress))


class _Reading:
    """Where the reading of one file stands."""

    def __init__(self, naming: Naming, mapping: ActivityMapping) -> None:
        self._naming = naming
        self._mapping = mapping
        self._conversion: Conversion | None = None
        self._last_indexes: dict[str, int] = {}
        self._traces = 0
        self._trace: OpenTrace | None = None

    def taken(self, elements: Iterator[Any]) -> Iterator[dict[str, Any] | ImportFault]:
        """The events and faults of these elements; raises FileBroken where they break off."""
        for element in elements:
            parent = element.getparent()
            of_log = parent.getparent() is None
            if self._conversion is None:
                self._conversion = self._headed(element.getroottree().getroot())
            if local_name(element) == "trace" and of_log:
                yield from self._end(element, self._conversion)
            elif _is_event_of_a_trace(element):
                yield from self._event(element, self._conversion)
            else:
                yield ImportFault(
                    "a log of traces and traces of events",
                    f"{local_name(element)} inside {local_name(parent)}",
                    line=line_of(element),
                    untaken=int(local_name(element) == "event"),
                )
                if not of_log:
                    element.clear(keep_tail=True)  # what stands beside it is still to be read
                    continue
            forget(element)

    def break_off(self) -> Iterator[ImportFault]:
        """What is to be said of the trace that the break has cut."""
        if self._trace is not None:
            yield from self._trace.break_off()

    def _headed(self, root: Any) -> Conversion:
        return Conversion(LogHeader.read(root), self._naming, self._mapping)

    def _event(
        self, element: Any, conversion: Conversion
    ) -> Iterator[dict[str, Any] | ImportFault]:
        trace = self._open(element.getparent(), conversion)
        before = reversed(list(element.itersiblings(preceding=True)))
        yield from trace.attributes(_attributes(before, _IN_TRACE))
        yield from trace.event(line_of(element), _attributes(element, _IN_EVENT))

    def _end(self, element: Any, conversion: Conversion) -> Iterator[dict[str, Any] | ImportFault]:
        trace = self._open(element, conversion)
        yield from trace.attributes(_attributes(element, _IN_TRACE))
        yield from trace.end()
        self._trace = None

    def _open(self, element: Any, conversion: Conversion) -> OpenTrace:
        if self._trace is None:
            self._traces += 1
            self._trace = OpenTrace(self._traces, line_of(element), conversion, self._last_indexes)
        return self._trace


def _is_event_of_a_trace(element: Any) -> bool:
    trace = element.getparent()
    log = trace.getparent()
    return (
        local_name(element) == "event"
        and local_name(trace) == "trace"
        and log is not None
        and log.getparent() is None
    )


def _attributes(elements: Iterable[Any], depth: int) -> dict[str, Any] | Refused:
    try:
        return attributes_as_json(
            (e for e in elements if local_name(e) not in ("event", "trace")), depth
        )
    except Refused as refused:
        return refused
