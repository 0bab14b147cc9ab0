"""The same arguments give the same bytes; the files appear whole; schemes are planted and told."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from domain.errors import WrongUse
from replay.simulation import Lookalike, Planted, Schemes, Simulation, write
from replay.simulation.case_file import CaseFile
from replay.simulation.district import District
from replay.simulation.schemes import Planting

CASES = 120
IN_A_SUBPROCESS = """
import hashlib, sys
from replay.simulation import Simulation
digest = hashlib.sha256()
for line in Simulation(120, 7).lines():
    digest.update(line)
print(digest.hexdigest())
"""


def digest(*arguments, **more) -> str:
    found = hashlib.sha256()
    for line in Simulation(*arguments, **more).lines():
        found.update(line)
    return found.hexdigest()


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_the_bytes_do_not_depend_on_the_hash_seed(hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "America/New_York"}
    told = subprocess.run(
        [sys.executable, "-c", IN_A_SUBPROCESS],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout.strip() == digest(CASES, 7)


def test_a_second_drawing_of_the_lines_gives_the_same_bytes():
    simulation = Simulation(CASES, 7)
    assert list(simulation.lines()) == list(simulation.lines())


@pytest.mark.parametrize("other", [(CASES, 8), (CASES + 1, 7), (CASES, 7, 2024)])
def test_other_arguments_give_another_year(other):
    assert digest(*other) != digest(CASES, 7)


def test_one_case_is_enough():
    events = [orjson.loads(line) for line in Simulation(1, 0).lines()]
    assert len({e["id"] for e in events if e["type"] == "case.received"}) == 1


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((0, 7), "cases"),
        ((10**9, 7), "cases"),
        ((10, -1), "seed"),
        ((10, 7, 1999), "year"),
        ((10, 7, 2100), "year"),
        ((10, 7, 2025, frozenset({"R99"})), "schemes"),
        ((10, 7, 2025, "some"), "schemes"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_at_the_call(arguments, field):
    with pytest.raises(WrongUse) as refused:
        Simulation(*arguments)
    assert refused.value.field == field


@pytest.mark.parametrize("year", [2004, 2026])
def test_the_first_and_the_last_year_of_the_calendar_can_be_simulated(year):
    received = [
        event["time"][:4]
        for event in map(orjson.loads, Simulation(200, 1, year).lines())
        if event["type"] == "case.received"
    ]
    assert set(received) == {str(year)}


def test_nothing_is_planted_where_no_scheme_is_known():
    choices: list[Schemes] = ["all", "none", frozenset()]
    for schemes in choices:
        simulation = Simulation(CASES, 7, schemes=schemes)
        assert sum(1 for _ in simulation.lines()) > CASES
        assert simulation.truth == {"seed": 7, "schemes": [], "lookalikes": []}


def test_the_truth_is_not_known_before_the_last_line():
    simulation = Simulation(CASES, 7)
    next(simulation.lines())
    with pytest.raises(WrongUse, match="after the last line"):
        _ = simulation.truth


def test_progress_tells_the_cases_received_day_by_day():
    told: list[int] = []
    for _ in Simulation(CASES, 7).lines(told.append):
        pass
    assert len(told) == 365
    assert told == sorted(told)
    assert told[-1] == CASES


class _Forgetful:
    """Takes the opinions out of every tenth promised case; as many others look like it."""

    def __init__(self, district: District) -> None:
        self.planted = [Planted("R14", 0.5, [district.officers[0].id])]
        self.lookalikes = [Lookalike("R14", "system migration")]
        self._seen = 0

    def alter(self, case: CaseFile) -> None:
        if case.version.kind != "promised":
            return
        self._seen += 1
        if self._seen % 10 == 0:
            for fact in case.facts:
                fact.data.pop("opinion", None)
            self.planted[0].cases.append(case.facts.subject)
        elif self._seen % 10 == 5:
            self.lookalikes[0].cases.append(case.facts.subject)


class _Idle:
    def __init__(self, district: District) -> None:
        self.planted = [Planted("R01", 1.0, [])]
        self.lookalikes: list[Lookalike] = []

    def alter(self, case: CaseFile) -> None:
        pass


KNOWN: dict[str, Planting] = {"R14": _Forgetful, "R01": _Idle}


def _opinions(schemes: Schemes) -> tuple[Simulation, dict[tuple[str, str], str | None]]:
    simulation = Simulation(CASES, 7, schemes=schemes, known=KNOWN)
    events = [orjson.loads(line) for line in simulation.lines()]
    return simulation, {
        (e["subject"], e["id"]): e["data"].get("opinion")
        for e in events
        if e["type"] == "step.completed"
    }


def test_a_scheme_changes_its_cases_only_and_is_told_in_the_truth():
    _, plain = _opinions("none")
    simulation, altered = _opinions(frozenset({"R14"}))
    [scheme] = simulation.truth["schemes"]
    assert scheme["rule"] == "R14"
    assert scheme["strength"] == 0.5
    assert scheme["cases"]
    assert {subject for subject, id in plain if plain[subject, id] != altered[subject, id]} <= set(
        scheme["cases"]
    )
    assert all(
        opinion is None for (subject, _), opinion in altered.items() if subject in scheme["cases"]
    )
    [lookalike] = simulation.truth["lookalikes"]
    assert lookalike["why"] == "system migration"
    assert not set(lookalike["cases"]) & set(scheme["cases"])


def test_a_scheme_that_left_no_trace_is_not_told():
    simulation, _ = _opinions("all")
    assert [scheme["rule"] for scheme in simulation.truth["schemes"]] == ["R14"]


def test_both_files_are_written_whole(tmp_path):
    out, truth = tmp_path / "year.ndjson", tmp_path / "truth.json"
    count = write(Simulation(CASES, 7), out, truth)
    assert out.read_bytes() == b"".join(Simulation(CASES, 7).lines())
    assert out.read_bytes().count(b"\n") == count
    assert orjson.loads(truth.read_bytes()) == {"seed": 7, "schemes": [], "lookalikes": []}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["truth.json", "year.ndjson"]


def test_an_interrupted_writing_leaves_what_was_there(tmp_path):
    out, truth = tmp_path / "year.ndjson", tmp_path / "truth.json"
    out.write_text("before")

    def interrupted(received: int) -> None:
        if received > CASES // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(Simulation(CASES, 7), out, truth, interrupted)
    assert out.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["year.ndjson"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(WrongUse, match=r"No such file or directory.*nowhere"):
        write(Simulation(CASES, 7), tmp_path / "nowhere" / "a", tmp_path / "b")
    with pytest.raises(WrongUse, match="another file"):
        write(Simulation(CASES, 7), tmp_path / "a", tmp_path / "a")
