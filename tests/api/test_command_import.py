from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import pytest

from tests.api.command_line import CommandLine

PERMITS = Path(__file__).parents[1] / "replay" / "logs" / "permits.xes"


@pytest.fixture
def caseledger(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_a_log_goes_in_once_and_its_figures_come_out(caseledger):
    first = caseledger.json("import", "xes", str(PERMITS))
    assert first["rejected"] == first["conflict"] == first["duplicate"] == 0
    assert first["appended"] == first["position"] > 0

    answer = caseledger.json("statistics", "traceability")
    assert answer["view"] == "traceability"
    assert answer["position"] == first["position"]
    (figures,) = answer["rows"]
    assert figures["events"] == first["appended"]
    assert figures["cases"] == len(set(_subjects(caseledger)))

    again = caseledger.json("import", "xes", str(PERMITS))
    assert again == {**first, "appended": 0, "duplicate": first["appended"]}


def test_compare_names_a_row_that_somebody_changed(caseledger):
    caseledger.run("import", "xes", str(PERMITS))
    assert caseledger.json("compare")["equal"] is True
    views = caseledger.folder / "data" / "views.duckdb"
    with duckdb.connect(str(views)) as connection:
        connection.execute(
            "UPDATE traceability SET handovers = handovers + 1 "
            "WHERE case_no = (SELECT min(case_no) FROM traceability)"
        )
        changed = connection.execute("SELECT min(case_no) FROM traceability").fetchall()[0][0]
    answer = caseledger.json("compare", code=1)
    assert answer["equal"] is False
    assert changed in json.dumps(answer["views"]["traceability"], ensure_ascii=False)
    assert [name for name, view in answer["views"].items() if not view["equal"]] == ["traceability"]
    assert changed in caseledger.run("compare", code=1).stdout.decode()

    caseledger.run("rebuild")
    assert caseledger.json("compare")["equal"] is True


def test_a_broken_log_gives_what_is_whole_and_exit_code_1(caseledger, tmp_path):
    broken = tmp_path / "permits.xes"
    text = PERMITS.read_bytes()
    broken.write_bytes(text[: len(text) // 2])
    answer = caseledger.run("import", "xes", str(broken), "--json", code=1)
    counts = json.loads(answer.stdout)
    assert 0 < counts["appended"] == counts["position"]
    assert "expected" in answer.stderr.decode()
    whole = caseledger.json("import", "xes", str(PERMITS))
    assert whole["duplicate"] == counts["appended"]
    assert whole["conflict"] == whole["rejected"] == 0


def test_a_missing_log_is_wrong_use(caseledger):
    caseledger.run("import", "xes", "nowhere.xes", code=2)


def test_the_figures_of_a_real_log_equal_those_of_an_independent_tool(caseledger):
    folder = Path(
        os.environ.get("CASELEDGER_TEST_LOGS", Path(__file__).parents[2] / "../shared/data")
    )
    log = folder / "receipt.xes.gz"
    if not log.is_file():
        pytest.skip(f"no receipt.xes.gz in {folder}; set CASELEDGER_TEST_LOGS to its folder")
    expected = json.loads((folder / "receipt.figures.json").read_text("utf-8"))
    assert caseledger.json("import", "xes", str(log))["appended"] == expected["events"]
    (figures,) = caseledger.json("statistics", "traceability")["rows"]
    order, times = expected["file_order"], expected["throughput_seconds"]
    assert figures["cases"] == expected["cases"]
    assert figures["events"] == expected["events"]
    assert figures["variants"] == order["variants"]["count"]
    assert figures["handovers"] == order["handover_of_work"]["total"]
    assert figures["rework_cases"] == expected["rework"]["cases_with_any_rework"]
    assert figures["throughput_seconds_min"] == times["min"]
    assert figures["throughput_seconds_p50"] == pytest.approx(times["median"], rel=1e-12)
    assert figures["throughput_seconds_mean"] == pytest.approx(times["mean"], rel=1e-12)
    assert figures["throughput_seconds_max"] == pytest.approx(times["max"], rel=1e-12)


def _subjects(caseledger: CommandLine) -> list[str]:
    views = caseledger.folder / "data" / "views.duckdb"
    with duckdb.connect(str(views), read_only=True) as connection:
        return [
            row[0] for row in connection.execute("SELECT DISTINCT subject FROM trace").fetchall()
        ]
