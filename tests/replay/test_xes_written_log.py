"""Whatever log is written, its events come back, in order, under any packing."""

import gzip
import string
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from replay.xes import ActivityMapping, read_log

NAMES = st.text(string.ascii_letters + string.digits + "-.:许可审核", min_size=1, max_size=10)
TIMES = st.datetimes(
    min_value=datetime.fromisoformat("1900-01-01"), max_value=datetime.fromisoformat("2100-12-31")
).map(lambda moment: moment.isoformat() + "+08:00")
EVENTS = st.fixed_dictionaries(
    {"concept:name": NAMES, "time:timestamp": TIMES},
    optional={
        "org:resource": NAMES,
        "org:group": NAMES,
        "lifecycle:transition": st.sampled_from(["start", "complete", "schedule"]),
        "备注": NAMES,
    },
)
TRACES = st.lists(st.tuples(NAMES, st.lists(EVENTS, min_size=1, max_size=4)), max_size=6)


def written(traces: list[tuple[str, list[dict[str, str]]]], namespace: str | None) -> Any:
    prefix = f"{{{namespace}}}" if namespace else ""
    root = etree.Element(f"{prefix}log", nsmap={None: namespace} if namespace else None)
    for name, events in traces:
        trace = etree.SubElement(root, f"{prefix}trace")
        etree.SubElement(trace, f"{prefix}string", key="concept:name", value=name)
        for event in events:
            element = etree.SubElement(trace, f"{prefix}event")
            for key, value in event.items():
                kind = "date" if key == "time:timestamp" else "string"
                etree.SubElement(element, f"{prefix}{kind}", key=key, value=value)
    return root


def expected_data(event: dict[str, str], first: dict[str, Any]) -> dict[str, Any]:
    rest = dict(event)
    del rest["concept:name"], rest["time:timestamp"]
    data: dict[str, Any] = {"step": event["concept:name"]}
    if "org:resource" in rest:
        data["actor"] = {"id": rest.pop("org:resource"), "role": "other"}
        if "org:group" in rest:
            data["actor"]["department"] = rest.pop("org:group")
    raw = {**rest, **first}
    return {**data, "raw": raw} if raw else data


@given(
    TRACES,
    st.sampled_from([None, "http://www.xes-standard.org/"]),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    st.booleans(),
    st.booleans(),
)
def test_a_written_log_reads_back_as_the_same_events(traces, namespace, encoding, packed, pretty):
    content = etree.tostring(
        written(traces, namespace), encoding=encoding, xml_declaration=True, pretty_print=pretty
    )
    counts: dict[str, int] = {}
    expected = []
    for name, events in traces:
        for place, event in enumerate(events):
            counts[name] = counts.get(name, 0) + 1
            first = {"trace": {"concept:name": name}} if place == 0 else {}
            expected.append(
                {
                    "specversion": "1.0",
                    "id": f"log:{name}:{counts[name]}",
                    "source": "/import/log",
                    "type": "step.completed",
                    "subject": f"log:{name}",
                    "time": event["time:timestamp"],
                    "datacontenttype": "application/json",
                    "data": expected_data(event, first),
                }
            )
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("log.xes.gz" if packed else "log.xes")
        path.write_bytes(gzip.compress(content) if packed else content)
        assert list(read_log(path, mapping=ActivityMapping())) == expected
    assert len({event["id"] for event in expected}) == len(expected)
