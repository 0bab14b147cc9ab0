from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.api.command_line import CommandLine


@pytest.fixture
def caseledger(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_the_same_arguments_give_the_same_bytes(caseledger):
    for name in ("a", "b"):
        words = ["--cases", "300", "--seed", "7", "-o", f"{name}.ndjson", "--truth", f"{name}.json"]
        caseledger.run("simulate", *words)
    first, second = (caseledger.folder / f"{name}.ndjson" for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    truth = json.loads((caseledger.folder / "a.json").read_text("utf-8"))
    assert truth["seed"] == 7
    assert truth.keys() >= {"schemes", "lookalikes"}


def test_a_simulated_ledger_takes_a_simulated_year_twice_and_moves_once(caseledger):
    words = ["--cases", "200", "--seed", "3", "-o", "year.ndjson", "--truth", "truth.json"]
    events = caseledger.json("simulate", *words)["events"]
    first = caseledger.json("append", "year.ndjson", SIMULATED="1")
    assert first["rejected"] == first["conflict"] == 0
    assert first["appended"] + first["duplicate"] == events
    again = caseledger.json("append", "year.ndjson", SIMULATED="1")
    assert again == {**first, "appended": 0, "duplicate": events}
    assert caseledger.json("compare", SIMULATED="1")["equal"] is True
    assert caseledger.json("status", SIMULATED="1")["simulated"] is True
    lines = (caseledger.folder / "year.ndjson").read_bytes().splitlines()
    delivered = max(json.loads(line)["deliveredat"] for line in lines)
    answer = caseledger.json("statistics", "timeliness", SIMULATED="1")
    assert datetime.fromisoformat(answer["at"]) == datetime.fromisoformat(delivered)


@pytest.mark.parametrize(
    "words",
    [
        ["--cases", "0", "--seed", "1"],
        ["--cases", "10", "--seed", "1", "--schemes", "R99"],
        ["--cases", "10", "--seed", "1", "--year", "1999"],
    ],
)
def test_arguments_that_make_no_sense_are_wrong_use(caseledger, words):
    done = caseledger.run("simulate", *words, "-o", "y.ndjson", "--truth", "t.json", code=2)
    assert b"expected" in done.stderr
    assert not (caseledger.folder / "y.ndjson").exists()
