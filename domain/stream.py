"""The events of one subject, in order of version and without a hole."""

from __future__ import annotations

from collections.abc import Iterable

from domain.errors import StoredEventError
from domain.recorded import RecordedEvent


def continued(
    subject: str, events: tuple[RecordedEvent, ...], more: Iterable[RecordedEvent]
) -> tuple[RecordedEvent, ...]:
    """`events` followed by `more`.

    Raises StoredEventError for an event of another subject and for a version that is not the next
    one, counted from 1.
    """
    added = tuple(more)
    for expected, event in enumerate(added, start=len(events) + 1):
        if event.subject != subject:
            raise StoredEventError(
                f"position {event.position}: expected an event of {subject}, "
                f"found one of {event.subject}"
            )
        if event.version != expected:
            raise StoredEventError(
                f"{subject}: expected version {expected}, "
                f"found {event.version} at position {event.position}"
            )
    return events + added
