import gzip
import json

import pytest

from domain.errors import WrongUse
from domain.reading import read_event
from replay.xes import ActivityMapping, read_log
from tests.replay.documents import event, log, trace

PERMITS = [
    ("许可-001:1", "收件", "2026-03-02T09:30:00.250+08:00"),
    ("许可-001:2", "审核", "2026-03-02T10:00:00+08:00"),
    ("许可-001:3", "审核", "2026-03-02T10:00:00+08:00"),
    ("许可-001:4", "办结", "2026-03-02T02:00:00Z"),
    ("许可-002:1", "收件", "2026-03-03T08:31:00+08:00"),
    ("许可-002:2", "预审", "2026-03-03T08:31:00+08:00"),
    ("许可-003:1", "现场勘验", "2026-03-04T14:00:00.123456+08:00"),
    ("许可-004:1", "收件", "2026-03-05T09:00:00+08:00"),
    ("许可-004:2", "审核", "2026-03-04T17:00:00+08:00"),
    ("许可-001:5", "送达", "2026-03-06T09:00:00+08:00"),
    ("许可-006:1", "收件", "2026-03-06T09:00:00+08:00"),
]


def test_every_event_comes_out_in_file_order_with_its_own_id(permits, read):
    events, faults = read(permits)
    assert faults == []
    assert [(e["id"], e["data"]["step"], e["time"]) for e in events] == [
        (f"permits:{id}", step, time) for id, step, time in PERMITS
    ]


def test_an_event_is_a_cloudevent_with_actor_step_and_raw(permits, read):
    events, _ = read(permits)
    assert events[0] == {
        "specversion": "1.0",
        "id": "permits:许可-001:1",
        "source": "/import/permits",
        "type": "step.completed",
        "subject": "permits:许可-001",
        "time": "2026-03-02T09:30:00.250+08:00",
        "datacontenttype": "application/json",
        "data": {
            "step": "收件",
            "actor": {"id": "B1024", "role": "other", "department": "综合窗口"},
            "raw": {
                "lifecycle:transition": "complete",
                "trace": {
                    "concept:name": "许可-001",
                    "事项": "排污许可证核发",
                    "承诺期限": {"type": "date", "value": "2026-03-09T23:59:59+08:00"},
                    "材料份数": 7,
                },
            },
        },
    }


def test_every_event_is_one_that_the_ledger_reads(permits, read):
    assert [read_event(event).warnings for event in read(permits)[0]] == [()] * len(PERMITS)


def test_each_lifecycle_transition_is_an_event_of_its_own(permits, read):
    events, _ = read(permits)
    transitions = [e["data"]["raw"]["lifecycle:transition"] for e in events[1:3]]
    assert transitions == ["start", "complete"]


def test_attributes_of_a_trace_stand_only_in_its_first_event(permits, read):
    events, _ = read(permits)
    with_trace = [e["id"] for e in events if "trace" in e["data"].get("raw", {})]
    firsts = ["许可-001:1", "许可-002:1", "许可-003:1", "许可-004:1", "许可-001:5", "许可-006:1"]
    assert with_trace == [f"permits:{id}" for id in firsts]


def test_without_a_resource_there_is_no_actor_and_the_group_stays_in_raw(permits, read):
    events, _ = read(permits)
    online, prereview = events[4]["data"], events[5]["data"]
    assert "actor" not in online
    assert online["raw"]["org:group"] == "网上申报"
    assert "actor" not in prereview
    assert prereview["raw"] == {"org:resource": ""}


def test_a_second_trace_of_a_name_is_the_same_case_and_goes_on_counting(permits, read):
    events, _ = read(permits)
    assert [e["id"] for e in events if e["subject"] == "permits:许可-001"] == [
        f"permits:许可-001:{index}" for index in range(1, 6)
    ]


def test_a_compressed_log_reads_the_same_under_every_name(permits, read, tmp_path):
    plain = read(permits)
    for name in ("permits.xes.gz", "permits.XES.GZ", "permits.gz", "permits.xes", "permits"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(permits.read_bytes()))
        assert read(path) == plain


def test_members_in_a_row_and_padding_are_one_gzip_file(permits, read, tmp_path):
    content = permits.read_bytes()
    path = tmp_path / "permits.xes.gz"
    path.write_bytes(gzip.compress(content[:1000]) + gzip.compress(content[1000:]) + b"\0" * 512)
    assert read(path) == read(permits)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-16", "big5"])
def test_a_log_in_another_encoding_reads_the_same(encoding, read_text):
    document = log(trace("案-1", event("收件")))
    content = f'<?xml version="1.0" encoding="{encoding}"?>{document}'.encode(encoding)
    assert read_text(content) == read_text(document)


@pytest.mark.parametrize(
    "namespace", ["http://www.xes-standard.org/", "http://code.deckfour.org/xes", "urn:other"]
)
def test_a_log_reads_the_same_in_any_namespace_and_prefix(namespace, read_text):
    document = log(trace("案-1", event("收件"), event("审核")))
    expected = read_text(document)
    assert read_text(document.replace("<log>", f'<log xmlns="{namespace}">')) == expected
    prefixed = document.replace("<log>", f'<x:log xmlns:x="{namespace}">')
    for element in ("trace", "event", "string", "date"):
        prefixed = prefixed.replace(f"<{element}", f"<x:{element}")
        prefixed = prefixed.replace(f"</{element}", f"</x:{element}")
    assert read_text(prefixed.replace("</log>", "</x:log>")) == expected


def test_an_extension_may_have_another_prefix(read_text):
    head = (
        '<extension name="Concept" prefix="c" uri="http://www.xes-standard.org/concept.xesext"/>'
        '<extension name="Time" prefix="t" uri="http://www.xes-standard.org/time.xesext"/>'
        '<extension name="Organizational" prefix="o" uri="http://www.xes-standard.org/org.xesext"/>'
    )
    document = log(trace("案-1", event(more='<string key="org:resource" value="B1"/>')), head=head)
    for prefix in ("concept", "time", "org"):
        document = document.replace(f'key="{prefix}:', f'key="{prefix[0]}:')
    [only], faults = read_text(document)
    assert faults == []
    assert only["subject"] == "log:案-1"
    assert only["data"]["actor"] == {"id": "B1", "role": "other"}


def test_a_name_after_the_events_is_found(read_text):
    name = '<string key="concept:name" value="案-1"/>'
    channel = '<string key="渠道" value="网上"/>'
    late = trace(None, event("收件"), event("审核"), name, more=channel)
    events, faults = read_text(log(late))
    assert faults == []
    assert [e["id"] for e in events] == ["log:案-1:1", "log:案-1:2"]
    assert events[0]["data"]["raw"]["trace"] == {"渠道": "网上", "concept:name": "案-1"}


def test_names_come_from_the_file_or_as_given(permits, read, tmp_path):
    odd = tmp_path / "许可 2026:3/1.xes".replace("/", "\t")
    odd.write_bytes(permits.read_bytes())
    [first, *_], _ = read(odd)
    assert first["subject"] == "许可-2026-3-1:许可-001"
    assert first["source"] == "/import/%E8%AE%B8%E5%8F%AF-2026-3-1"
    [first, *_], _ = read(permits, log_name="盐田")
    assert (first["subject"], first["id"]) == ("盐田:许可-001", "盐田:许可-001:1")
    [first, *_], _ = read(permits, subject_as_is=True)
    assert (first["subject"], first["id"]) == ("许可-001", "permits:许可-001:1")


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a:b", "a\nb", "a\x7fb", "x" * 101])
def test_a_log_name_that_cannot_stand_in_a_subject_is_wrong_use(name, permits):
    with pytest.raises(WrongUse, match="log name"):
        read_log(permits, mapping=ActivityMapping(), log_name=name)


def test_a_file_that_is_not_there_is_wrong_use_at_the_call(tmp_path):
    for path in (tmp_path / "no.xes", tmp_path):
        with pytest.raises(WrongUse, match="expected a readable file"):
            read_log(path, mapping=ActivityMapping())


def test_mapped_activities_get_their_type_and_data_and_keep_the_activity(permits, read):
    mapping = ActivityMapping.parse(
        json.dumps(
            {
                "activities": {
                    "收件": {
                        "type": "case.received",
                        "data": {
                            "item": {"code": "PW"},
                            "kind": "promised",
                            "channel": "web",
                            "applicant": {
                                "kind": "organisation",
                                "name": "某公司",
                                "id_type": "uscc",
                                "id_no": "91440300",
                            },
                        },
                    },
                    "办结": {"type": "case.closed", "data": {"result": "issued"}},
                }
            }
        )
    )
    events, faults = read(permits, mapping=mapping)
    assert faults == []
    assert [e["type"] for e in events[:4]] == [
        "case.received",
        "step.completed",
        "step.completed",
        "case.closed",
    ]
    received = [e for e in events if e["type"] == "case.received"]
    assert all(e["data"]["step"] == "收件" for e in received)
    assert all(e["data"]["item"] == {"code": "PW"} for e in received)
    assert received[0]["data"]["item"] is not received[1]["data"]["item"]
    assert events[3]["data"]["result"] == "issued"


def test_progress_counts_the_bytes_of_the_file(permits, read):
    seen: list[int] = []
    read(permits, progress=seen.append)
    assert seen[-1] == permits.stat().st_size
