"""Files that break: everything complete before the break, then one last fault."""

import errno
import gzip
import io
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading import read_event
from replay.xes import ActivityMapping, ImportFault, read_log
from replay.xes.content import content
from replay.xes.fault import FileBroken
from tests.replay.documents import event, log, trace

MEMBERS = 40


@pytest.fixture(scope="module")
def document() -> bytes:
    noise = random.Random(7)
    traces = [
        trace(
            f"案-{n}", *(event(f"环节{noise.randrange(10**9)}") for _ in range(noise.randint(1, 9)))
        )
        for n in range(MEMBERS)
    ]
    return log(*traces).encode()


@pytest.fixture
def whole(document, read_text):
    events, faults = read_text(document)
    assert faults == []
    return events


def complete_events(document: bytes) -> int:
    return document.count(b"</event>")


def test_a_cut_off_gzip_file_gives_every_event_before_the_cut(document, whole, read, tmp_path):
    compressed = gzip.compress(document)
    path = tmp_path / "log.xes.gz"
    for cut in [*range(40), *range(40, len(compressed) - 12, 97), *range(-12, 0)]:
        path.write_bytes(compressed[:cut])
        events, faults = read(path)
        assert events == whole[: len(events)]
        assert [fault.breaks_off for fault in faults] == [True]
        if cut < 0 and cut >= -8:  # only the checksum is cut
            assert events == whole
        kept = compressed[:cut]
        assert str(len(kept)) in faults[0].found or "bytes" in faults[0].found or not kept


def test_a_cut_off_document_gives_exactly_the_events_that_ended(document, whole, read_text):
    for cut in range(0, len(document) - 1, 211):
        events, faults = read_text(document[:cut])
        assert len(events) == complete_events(document[:cut])
        assert events == whole[: len(events)]
        assert faults[-1].breaks_off
        assert faults[-1].line is not None
        assert len(faults) == 1


def test_a_damaged_byte_gives_the_events_before_it_and_its_place(document, whole, read, tmp_path):
    compressed = bytearray(gzip.compress(document, mtime=0))
    path = tmp_path / "log.xes.gz"
    for place in (10, 11, len(compressed) // 2, len(compressed) - 8, len(compressed) - 1):
        damaged = bytearray(compressed)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        events, faults = read(path)
        assert faults[-1].breaks_off
        if place >= len(compressed) - 8:
            assert events == whole
            assert faults[-1].expected == "intact gzip data"
            assert "at byte" in faults[-1].found


CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1), st.sampled_from(["cut", "flip", "insert", "swap"]), st.binary(max_size=9)
    ),
    min_size=1,
    max_size=5,
)


@given(CHANGES, st.booleans())
def test_whatever_happens_to_a_file_there_is_no_exception(permits, changes, packed):
    damaged = permits.read_bytes()
    damaged = gzip.compress(damaged, mtime=0) if packed else damaged
    for where, change, data in changes:
        place = int(where * len(damaged))
        head, tail = damaged[:place], damaged[place:]
        match change:
            case "cut":
                damaged = head + tail[len(data) :]
            case "flip":
                damaged = head + bytes(byte ^ 0x20 for byte in tail[:1]) + tail[1:]
            case "insert":
                damaged = head + data + tail
            case _:
                damaged = head + tail[20:40] + tail[:20] + tail[40:]
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("permits.xes.gz" if packed else "permits.xes")
        path.write_bytes(damaged)
        items = list(read_log(path, mapping=ActivityMapping()))
    events = [item for item in items if isinstance(item, dict)]
    faults = [item for item in items if isinstance(item, ImportFault)]
    assert len(events) + len(faults) == len(items)
    assert not any(fault.breaks_off for fault in faults[:-1])
    assert len({taken["id"] for taken in events}) == len(events)
    assert all(read_event(taken).event == taken for taken in events)


def test_rubbish_after_a_gzip_file_is_named_and_costs_no_event(document, whole, read, tmp_path):
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(document) + b"rubbish")
    events, [fault] = read(path)
    assert events == whole
    assert fault.breaks_off


@pytest.mark.parametrize(
    ("document", "expected", "found"),
    [
        (b"", "well-formed XML", "Document is empty"),
        (b"\0\0\0\0", "well-formed XML", "Start tag expected"),
        (b"case;activity;time\n1;a;2026", "well-formed XML", "Start tag expected"),
        (b'{"activities": {}}', "well-formed XML", "Start tag expected"),
        (b"<log><trace></log>", "well-formed XML", "mismatch"),
        (b"<log><trace><event a=1/></trace></log>", "well-formed XML", "AttValue"),
        (b"<log>\xff\xfe</log>", "well-formed XML", "invalid bytes in character encoding"),
        (b"<log>&unknown;</log>", "well-formed XML", "Entity 'unknown' not defined"),
        (b'<log a="\x01"/>', "well-formed XML", "invalid character"),
        (b'<?xml version="1.0" encoding="nope"?><log/>', "well-formed XML", "encoding"),
        (b"<log/><log/>", "well-formed XML", "Extra content"),
        (b"<html><trace/></html>", "the root element log", "'html'"),
        (b"<trace><event/></trace>", "the root element log", "'trace'"),
        (b"<!DOCTYPE log><log/>", "without a document type declaration", "one before the root"),
    ],
)
def test_what_is_no_log_is_one_fault_and_no_exception(document, expected, found, read_text):
    events, [fault] = read_text(document)
    assert events == []
    assert fault.breaks_off
    assert expected in fault.expected
    assert found.casefold() in fault.found.casefold()


def test_a_file_named_gzip_that_is_not_says_so(read, tmp_path):
    path = tmp_path / "log.xes.gz"
    for other, found in ((b"", "an empty file"), (b"<log/>", "bytes 3c 6c")):
        path.write_bytes(other)
        assert [f.found for f in read(path)[1]] == [found]


def test_the_place_of_a_break_is_its_line_and_column(read_text):
    events, [fault] = read_text("<log>\n<trace>\n  <oops></trace></log>")
    assert events == []
    assert (fault.line, fault.column) == (3, 17)
    assert "line" not in fault.found.split("Opening")[0]


def test_a_disk_that_fails_breaks_the_file_off_after_what_was_read():
    class FailingFile(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError(errno.EIO, "Input/output error")
            return super().read(size)

    pieces = content(FailingFile(b"<log>"), named_gzip=False)
    assert next(pieces) == b"<log>"
    with pytest.raises(FileBroken, match="found Input/output error after byte 5"):
        next(pieces)


def test_entities_are_never_expanded_or_fetched(read_text, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    name = '<string key="concept:name" value="&{};"/>'
    bomb = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 50}">' for n in range(1, 9))
    for doctype in (
        f'<!DOCTYPE log [<!ENTITY b0 "bomb">{bomb}]>',
        f'<!DOCTYPE log [<!ENTITY b8 SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE log [<!ENTITY % p SYSTEM "{secret.as_uri()}"> %p; <!ENTITY b8 "x">]>',
        f'<!DOCTYPE log SYSTEM "{secret.as_uri()}">',
    ):
        for body in (name.format("b8"), "<string>&b8;</string>", ""):
            events, faults = read_text(doctype + log(f"<trace>{body}{event()}</trace>"))
            assert events == []
            assert faults[-1].breaks_off
            assert "secret'" not in str(faults)


def test_a_trace_whose_name_was_not_read_before_the_break_is_named(read_text):
    events, faults = read_text(log(trace(None, event(), event()))[:-15])
    assert events == []
    assert [(f.untaken, f.breaks_off) for f in faults] == [(2, False), (0, True)]


def nested(depth: int, kind: str = "string", value: str = "value='b'") -> str:
    return f"<{kind} key='a' {value}>" * depth + f"</{kind}>" * depth


def test_attributes_nested_beyond_what_an_event_holds_cost_that_event_only(read_text):
    for more in (nested(16), nested(2000), nested(16, "list", ""), nested(400, "container", "")):
        events, [fault] = read_text(log(trace("案-1", event(), event(more=more), event())))
        assert [e["id"] for e in events] == ["log:案-1:1", "log:案-1:3"]
        assert (fault.event, fault.untaken, fault.breaks_off) == (2, 1, False)
        assert "at most 32 deep" in fault.expected


def test_an_event_as_deep_as_can_be_is_taken(read_text):
    def depth(value: Any) -> int:
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, inner), default=0) if isinstance(value, dict | list) else 0

    taken = [read_text(log(trace("案-1", event(more=nested(n)))))[0] for n in range(1, 17)]
    depths = [depth(events[0]) for events in taken if events]
    assert depths[-1] in (31, 32)
    assert len(depths) < 16


def test_attributes_of_a_trace_nested_too_deep_cost_that_trace_only(read_text):
    bad = trace("案-1", event(), event(), more=nested(20))
    late = trace(None, event(), event(), more="").replace("</trace>", nested(20) + "</trace>")
    for one in (bad, late):
        events, [fault] = read_text(log(one, trace("案-2", event())))
        assert [e["id"] for e in events] == ["log:案-2:1"]
        assert (fault.trace, fault.event, fault.untaken) == (1, None, 2)


def test_a_large_value_costs_nobody_else(read_text):
    large = f'<string key="a" value="{"x" * 12_000_000}"/>'
    events, faults = read_text(
        log(trace("案-1", event(more=large), event()), trace("案-2", event()))
    )
    assert faults == []
    assert [len(e["data"].get("raw", {}).get("a", "")) for e in events] == [12_000_000, 0, 0]


def test_a_file_that_would_have_to_be_held_whole_breaks_off(read_text):
    good = trace("案-1", event())
    wide = f'<string key="a" value="{"x" * 17_000_000}"/>'
    many = '<string key="a" value="b"/>' * 700_000
    for document in (
        log(good, trace("案-2", event(more=wide)), good),
        log(good, trace("案-2", event(), more=many), good),
        log(good, nested(3000), good),
    ):
        events, [fault] = read_text(document)
        assert [e["id"] for e in events] == ["log:案-1:1"]
        assert fault.breaks_off
