from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.command_line import CommandLine
from tests.domain.golden_events import golden

NUMBER = "440306-20260302-000123"
NAME = "欧阳测试样"


@pytest.fixture
def caseledger(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def ndjson(*events: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(event, ensure_ascii=False).encode() + b"\n" for event in events)


def received() -> dict[str, Any]:
    event = golden("case.received")
    event["data"]["applicant"]["name"] = NAME
    return {**event, "subject": NUMBER, "time": "2026-03-02T09:30:00+08:00"}


def accepted() -> dict[str, Any]:
    return {**golden("case.accepted"), "subject": NUMBER, "time": "2026-03-03T10:00:00+08:00"}


def test_events_are_appended_once(caseledger, tmp_path):
    file = tmp_path / "events.ndjson"
    file.write_bytes(ndjson(received(), accepted()))
    counts = {"duplicate": 0, "conflict": 0, "rejected": 0, "position": 2}
    assert caseledger.json("append", str(file)) == {"appended": 2, **counts}
    assert caseledger.json("append", str(file)) == {**counts, "appended": 0, "duplicate": 2}


def test_standard_input_and_gzip_are_read(caseledger, tmp_path):
    packed = tmp_path / "events.ndjson.gz"
    packed.write_bytes(gzip.compress(ndjson(accepted())))
    assert caseledger.json("append", "-", stdin=ndjson(received()) + b"\n\r\n")["appended"] == 1
    assert caseledger.json("append", str(packed))["position"] == 2


def test_bad_events_are_named_and_the_others_are_taken(caseledger):
    other = received()
    other["data"] = {**other["data"], "channel": "web"}
    lines = ndjson(received(), other) + b'{"specversion": "1.0"\n' + ndjson(accepted())
    done = caseledger.run("append", "-", "--json", stdin=lines, code=1)
    counts = {"appended": 2, "duplicate": 0, "conflict": 1, "rejected": 1, "position": 2}
    assert json.loads(done.stdout) == counts
    said = done.stderr.decode()
    assert "event 2 " in said
    assert "event 3 (None): rejected: : expected JSON in UTF-8" in said
    assert NAME not in said


def test_a_truncated_gzip_gives_its_whole_lines_and_exit_code_1(caseledger, tmp_path):
    packed = tmp_path / "events.ndjson.gz"
    packed.write_bytes(gzip.compress(ndjson(received(), accepted()))[:-9])
    done = caseledger.run("append", str(packed), "--json", code=1)
    assert json.loads(done.stdout)["position"] <= 2
    assert "expected a whole file" in done.stderr.decode()


def test_a_line_without_end_does_not_fill_the_memory(caseledger):
    done = caseledger.run("append", "-", "--json", stdin=b"x" * 5_000_000 + b"\n", code=1)
    assert json.loads(done.stdout)["rejected"] == 1
    assert "at most 1048576 bytes" in done.stderr.decode()


def test_a_case_is_shown_as_it_was_known(caseledger):
    caseledger.run("append", "-", stdin=ndjson(received()))
    first = caseledger.json("history", NUMBER)["events"][0]["recordedat"]
    caseledger.run("append", "-", stdin=ndjson(accepted()))
    assert caseledger.json("case", NUMBER)["status"] == "accepted"
    assert caseledger.json("case", NUMBER, "--known-at", first)["status"] == "received"
    assert caseledger.json("case", NUMBER, "--position", "1")["version"] == 1
    assert caseledger.json("case", NUMBER, "--as-of", "2026-03-02")["status"] == "received"
    types = [event["type"] for event in caseledger.json("history", NUMBER)["events"]]
    assert types == ["case.received", "case.accepted"]
    shown = caseledger.run("case", NUMBER).stdout.decode()
    assert "已" in shown or "办件" in shown
    assert NAME not in shown


def test_a_sealed_name_stands_nowhere_in_the_data_folder(caseledger):
    caseledger.run("append", "-", stdin=ndjson(received(), {**received(), "time": "bad"}), code=1)
    caseledger.run("statistics", "traceability")
    needle = NAME.encode()
    searched = 0
    for path in (caseledger.folder / "data").rglob("*"):
        if path.is_file():
            searched += 1
            assert needle not in path.read_bytes(), path
    assert searched > 100


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["case", "no-such-case"], 1),
        (["append", "no-such-file.ndjson"], 2),
        (["statistics", "no-such-view"], 2),
        (["statistics", "traceability", "--group-by", "colour"], 2),
        (["statistics", "traceability", "--from", "yesterday"], 2),
        (["statistics", "traceability", "--from", "2026-03-02", "--to", "2026-03-01"], 2),
        (["case", NUMBER, "--known-at", "2026-03-02T09:00:00"], 2),
        (["rebuild", "--until", "3"], 2),
        (["frobnicate"], 2),
    ],
)
def test_exit_codes_tell_what_went_wrong(caseledger, words, code):
    done = caseledger.run(*words, code=code)
    assert done.stderr
    assert b"Traceback" not in done.stderr


def test_a_database_that_is_away_is_exit_code_3(caseledger, tmp_path):
    url = f"postgresql://nobody@/none?host={tmp_path}"
    done = caseledger.run("status", code=3, DATABASE_URL=url)
    assert b"database is not available" in done.stderr


def test_another_master_key_is_refused(caseledger):
    caseledger.run("append", "-", stdin=ndjson(received()))
    done = caseledger.run("status", code=2, MASTER_KEY="ab" * 32)
    assert b"master key: expected" in done.stderr


def test_settings_say_where_they_come_from(caseledger, tmp_path):
    (tmp_path / ".env").write_text(
        "CASELEDGER_DATA_DIR=from-file\nCASELEDGER_READ_MODEL=v.duckdb\n"
    )
    told = {
        one["name"]: (one["value"], one["origin"])
        for one in caseledger.json("config", DATA_DIR="given", MASTER_KEY="ab" * 32)
    }
    assert told["CASELEDGER_DATA_DIR"] == ("given", "environment")
    assert told["CASELEDGER_READ_MODEL"] == ("v.duckdb", ".env")
    assert told["CASELEDGER_DATABASE_URL"] == (None, "default")
    assert told["CASELEDGER_MASTER_KEY"] == ("•••", "environment")
    done = caseledger.run("config", code=2, DATADIR="typo")
    assert b"CASELEDGER_DATADIR" in done.stderr


def test_views_can_be_rebuilt_up_to_a_position_into_a_file(caseledger):
    caseledger.run("append", "-", stdin=ndjson(received(), accepted()))
    answer = caseledger.json("rebuild", "--until", "1", "--out", "then.duckdb")
    assert answer == {"projected": 1}
    status = caseledger.json("status")
    assert (status["position"], status["lag"]) == (2, status["position"] - status["projected"])
