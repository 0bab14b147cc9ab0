"""A log is streamed: what is held does not grow with the file."""

import gzip
import tracemalloc
from pathlib import Path

import psutil
import pytest

from replay.xes import ActivityMapping, ImportFault, read_log
from tests.replay.documents import event

EVENTS = 200_000
FEW = 20_000


def write_log(path: Path, traces: int, events_each: int) -> None:
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write("<log>\n")
        body = event("审核", more='<string key="org:resource" value="B1024"/>') * events_each
        for number in range(traces):
            file.write(f'<trace><string key="concept:name" value="案-{number}"/>{body}</trace>\n')
        file.write("</log>\n")


def resident_growth(path: Path, expected: int) -> int:
    """Bytes that this process grew by, Python's memory and the parser's, while reading."""
    process = psutil.Process()
    before = peak = process.memory_info().rss
    count = 0
    for item in read_log(path, mapping=ActivityMapping()):
        assert not isinstance(item, ImportFault)
        count += 1
        if count % 5_000 == 0:
            peak = max(peak, process.memory_info().rss)
    assert count == expected
    return int(peak - before)


@pytest.mark.slow
@pytest.mark.parametrize("events_each", [10, EVENTS], ids=["many traces", "one trace"])
def test_two_hundred_thousand_events_are_read_in_flat_memory(tmp_path, events_each):
    path = tmp_path / "log.xes.gz"
    write_log(path, EVENTS // events_each, events_each)
    # about 100 MB of text; a tree of it would take ten times that
    assert resident_growth(path, EVENTS) < 24 * 2**20


def test_python_holds_one_event_and_the_names_of_traces(tmp_path):
    path = tmp_path / "log.xes.gz"
    write_log(path, FEW // 10, 10)
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_log(path, mapping=ActivityMapping())) == FEW
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * 2**20


def test_a_gzip_bomb_is_read_piece_by_piece(tmp_path):
    path = tmp_path / "bomb.xes.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(b"<log>")
        for _ in range(64):
            file.write(b" " * 2**20)
        file.write(b"</log>")
    process = psutil.Process()
    before = process.memory_info().rss
    [fault] = read_log(path, mapping=ActivityMapping())
    assert isinstance(fault, ImportFault)
    assert fault.breaks_off
    assert process.memory_info().rss - before < 24 * 2**20
