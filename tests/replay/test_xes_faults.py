"""What a log may hold that cannot be taken, and what is said of it."""

import pytest

from tests.replay.documents import event, log, trace

GOOD = trace("案-9", event("收件"))
NAMED = '<string key="concept:name" value="审核"/>'


@pytest.mark.parametrize(
    ("bad", "expected", "found"),
    [
        (event(name=None), "an event with one concept:name", "no concept:name"),
        (event(name=""), "an event with one concept:name", "an empty one"),
        (event(name="  "), "an event with one concept:name", "an empty one"),
        (event(more=NAMED), "an event with one concept:name", "it twice"),
        (event(name=None, more='<list key="concept:name"/>'), "one concept:name", "a list"),
        (event(name=None, more='<string key="concept:name"/>'), "concept:name", "a string without"),
        (event(time=None), "an event with one time:timestamp", "no time:timestamp"),
        (event(time=""), "an event with one time:timestamp", "an empty one"),
        (event(time="2026-03-02T09:30:00"), "with an offset", "none in '2026-03-02T09:30:00'"),
        (event(time="2026-03-02"), "a time such as", "'2026-03-02'"),
        (event(time="02/03/2026 09:30"), "a time such as", "'02/03/2026 09:30'"),
        (event(time="1772415000"), "a time such as", "'1772415000'"),
        (event(time="1899-12-31T23:59:59+08:00"), "1900 to 2100", "'1899-12-31T23:59:59+08:00'"),
        (event(time="2101-01-01T00:00:00Z"), "1900 to 2100", "'2101-01-01T00:00:00Z'"),
        (event(time="2026-02-30T00:00:00Z"), "a time that exists", "'2026-02-30T00:00:00Z'"),
        (event(time="2026-03-02T24:00:00Z"), "a time that exists", "'2026-03-02T24:00:00Z'"),
        (event(time="2026-03-02T09:30:00+25:00"), "a time that exists", "+25:00"),
        (event(time="2026-03-02T09:30:00.1234567Z"), "at most 6 digits", "7 in"),
    ],
)
def test_an_event_that_cannot_be_taken_is_named_and_the_others_are_taken(
    bad, expected, found, read_text
):
    events, [fault] = read_text(log(trace("案-1", event("收件"), f"\n{bad}", event("办结")), GOOD))
    assert [e["id"] for e in events] == ["log:案-1:1", "log:案-1:3", "log:案-9:1"]
    assert (fault.trace, fault.name, fault.event, fault.line) == (1, "案-1", 2, 3)
    assert expected in fault.expected
    assert found in fault.found
    assert (fault.untaken, fault.breaks_off) == (1, False)


@pytest.mark.parametrize(
    ("name", "expected", "found"),
    [
        (None, "a trace with one concept:name", "no concept:name"),
        ("", "a trace with one concept:name", "an empty one"),
        (
            "案 1",
            "no white space, slash or control character",
            "white space (U+0020) at character 2",
        ),
        ("案\u30001", "no white space", "white space (U+3000) at character 2"),
        ("案&#10;1", "no white space", "the control character U+000A at character 2"),
        ("案/1", "no white space, slash", "a slash at character 2"),
        ("案\u00851", "control character", "the control character U+0085"),
        ("x" * 125, "at most 128 characters", "129 characters"),
    ],
)
def test_a_trace_whose_name_is_no_case_number_is_named_once(name, expected, found, read_text):
    events, [fault] = read_text(log(trace(name, event("收件"), event("审核")), GOOD))
    assert [e["id"] for e in events] == ["log:案-9:1"]
    assert (fault.trace, fault.event, fault.line, fault.untaken) == (1, None, 2, 2)
    assert expected in fault.expected
    assert found in fault.found


def test_a_name_of_the_greatest_length_is_taken(read_text):
    name = "案" * 124
    assert read_text(log(trace(name, event())))[0][0]["subject"] == f"log:{name}"
    assert read_text(log(trace(name + "1234", event())), subject_as_is=True)[1] == []


def test_a_global_default_is_no_name_and_no_time(read_text):
    head = (
        '<global scope="trace"><string key="concept:name" value="UNKNOWN"/></global>'
        '<global scope="event"><date key="time:timestamp" value="1970-01-01T00:00:00Z"/></global>'
    )
    events, faults = read_text(
        log(trace(None, event()), trace("案-1", event(time=None)), head=head)
    )
    assert events == []
    assert [fault.found for fault in faults] == [
        "no concept:name (the log's global default says nothing about this trace)",
        "no time:timestamp (the log's global default says nothing about this event)",
    ]


def test_a_trace_with_two_names_is_not_taken(read_text):
    twice = trace("案-1", event(), more='<string key="concept:name" value="案-2"/>')
    events, [fault] = read_text(log(twice))
    assert (events, fault.found) == ([], "it twice")


def test_a_trace_without_events_is_named(read_text):
    events, faults = read_text(log(trace("案-1"), "<trace/>", GOOD))
    assert [e["id"] for e in events] == ["log:案-9:1"]
    assert [(f.trace, f.name, f.found, f.untaken) for f in faults] == [
        (1, "案-1", "none", 0),
        (2, None, "no concept:name", 0),
    ]


def test_attributes_after_the_last_event_are_named(read_text):
    late = trace("案-1", event(), '<string key="渠道" value="网上"/>')
    events, [fault] = read_text(log(late))
    assert len(events) == 1
    assert fault.found == "after the last one, and not taken: 渠道"


def test_an_event_outside_a_trace_is_named(read_text):
    stray = "<trace><foo>" + event() + '</foo><string key="concept:name" value="案-1"/>{}</trace>'
    events, faults = read_text(log(event(), stray.format(trace("案-2", event()) + event("收件"))))
    assert [e["id"] for e in events] == ["log:案-1:1"]
    assert [(f.found, f.untaken) for f in faults] == [
        ("event inside log", 1),
        ("event inside foo", 1),
        ("event inside trace", 1),
        ("trace inside trace", 0),
    ]


def test_a_mended_log_gives_every_other_event_unchanged(read_text):
    broken = log(trace("案-1", event(time=None), event("审核"), more='<int key="a" value="1"/>'))
    time = '<date key="time:timestamp" value="2026-03-02T09:00:00Z"/>'
    mended = broken.replace("<event>", f"<event>{time}", 1)
    before, [fault] = read_text(broken)
    after, faults = read_text(mended)
    assert (fault.event, faults) == (1, [])
    assert [e["id"] for e in after] == ["log:案-1:1", "log:案-1:2"]
    assert after[1:] == before


def test_zeros_beyond_microseconds_are_left_out_and_kept_in_raw(read_text):
    [only], faults = read_text(log(trace("案-1", event(time="2026-03-02T09:30:00.3040000Z"))))
    assert faults == []
    assert only["time"] == "2026-03-02T09:30:00.304000Z"
    assert only["data"]["raw"]["time:timestamp"]["value"] == "2026-03-02T09:30:00.3040000Z"


def test_a_fault_says_where_it_stands_in_words_and_for_machines(read_text):
    _, [fault] = read_text(log(trace("案-1", event(time=None))))
    assert str(fault) == (
        "trace 1 ('案-1'), event 1, line 2: expected an event with one time:timestamp, "
        "found no time:timestamp"
    )
    assert fault.as_json() == {
        "expected": "an event with one time:timestamp",
        "found": "no time:timestamp",
        "trace": 1,
        "name": "案-1",
        "event": 1,
        "line": 2,
        "untaken": 1,
        "breaks_off": False,
    }
