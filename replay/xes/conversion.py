"""One event of a log as a CloudEvent ready to be appended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.subjects import SUBJECT_LIMIT
from replay.xes.attributes import merged, text_of
from replay.xes.fault import Refused
from replay.xes.header import LogHeader
from replay.xes.mapping import UNMAPPED_TYPE, ActivityMapping
from replay.xes.naming import Naming
from replay.xes.timestamp import rfc3339


@dataclass(frozen=True, slots=True)
class Conversion:
    """What every event of a log needs to become an event of the ledger.

    `data.step` is the activity's name whatever the type; `data.actor` is {"id": resource, "role":
    "other"}, with the group as its department, and is left out without a resource; `data.raw` has
    every other attribute, `lifecycle:transition` included, and under "trace" those of the trace.
    A standard attribute stands in `raw` too when more than its plain text was there.
    """

    header: LogHeader
    naming: Naming
    mapping: ActivityMapping

    def event(
        self, trace: str, index: int, attributes: dict[str, Any], of_trace: dict[str, Any]
    ) -> dict[str, Any]:
        """The event number `index` of a trace; raises Refused. `attributes` is used up."""
        activity = self._activity(attributes)
        time = self._time(attributes)
        mapped = self.mapping.of(activity)
        data = {} if mapped is None else mapped.new_data()
        data["step"] = activity
        actor = self._actor(attributes)
        if actor is not None:
            data["actor"] = actor
        raw = attributes
        if of_trace:
            raw = merged(raw, {"trace": of_trace})
        if raw:
            data["raw"] = raw
        return {
            "specversion": "1.0",
            "id": self.naming.id(trace, index),
            "source": self.naming.source,
            "type": UNMAPPED_TYPE if mapped is None else mapped.type,
            "subject": self.naming.subject(trace),
            "time": time,
            "datacontenttype": "application/json",
            "data": data,
        }

    def trace_name(self, attributes: dict[str, Any]) -> str:
        """The name in a trace's attributes, fit for a subject; raises Refused."""
        name = self._required("trace", self.header.name, attributes)
        obstacle = self.naming.obstacle(name)
        if obstacle is not None:
            raise Refused(
                "a trace name that can be a case number: no white space, slash or control "
                f"character, the subject at most {SUBJECT_LIMIT} characters",
                obstacle,
            )
        return name

    def _required(self, scope: str, key: str, attributes: dict[str, Any]) -> str:
        expected = f"{'an' if scope == 'event' else 'a'} {scope} with one {key}"
        if key not in attributes:
            raise Refused(expected, self.header.absence(scope, key))
        text = text_of(attributes[key])
        if text is None:
            kind = attributes[key]["type"]
            raise Refused(expected, "it twice" if kind == "repeated" else f"a {kind} without text")
        if not text.strip():
            raise Refused(expected, "an empty one")
        return text

    def _activity(self, attributes: dict[str, Any]) -> str:
        key = self.header.name
        activity = self._required("event", key, attributes)
        if attributes[key] == activity:
            del attributes[key]
        return activity

    def _time(self, attributes: dict[str, Any]) -> str:
        key = self.header.timestamp
        time = rfc3339(self._required("event", key, attributes))
        if attributes[key] == {"type": "date", "value": time}:
            del attributes[key]
        return time

    def _actor(self, attributes: dict[str, Any]) -> dict[str, str] | None:
        resource = _known(attributes, self.header.resource)
        if resource is None:
            return None
        actor = {"id": resource, "role": "other"}
        group = _known(attributes, self.header.group)
        if group is not None:
            actor["department"] = group
        return actor


def _known(attributes: dict[str, Any], key: str) -> str | None:
    """The attribute's text, taken out of `attributes` when that is all there is to it."""
    value = attributes.get(key)
    text = None if value is None else text_of(value)
    if text is None or not text.strip():
        return None
    if value == text:
        del attributes[key]
    return text
