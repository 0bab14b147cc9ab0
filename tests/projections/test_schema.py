from pathlib import Path

import duckdb
import pytest

from domain.calendar import WorkingCalendar
from domain.errors import PartUnavailable
from projections.read_model import ReadModel
from projections.view import VIEWS
from tests.projections.stored_events import Stored


def test_the_file_keeps_everything(tmp_path: Path, stored: Stored) -> None:
    path = tmp_path / "it's read.duckdb"
    with ReadModel(path) as model:
        model.take(stored.batch(until=8))
    with ReadModel(path) as model:
        assert (model.projected, model.refreshed) == (8, ())
        model.take(stored.batch())
        assert model.compare([stored.batch()])["equal"]


def test_a_changed_definition_is_made_anew_on_opening(tmp_path: Path, stored: Stored) -> None:
    path = tmp_path / "read.duckdb"
    with ReadModel(path) as model:
        model.take(stored.batch())
    with duckdb.connect(str(path)) as file:
        file.execute("UPDATE definition SET hash = 'old' WHERE name = 'traceability'")
        file.execute("DROP TABLE traceability")
        file.execute("CREATE TABLE traceability (case_no VARCHAR, outdated INTEGER)")
    with ReadModel(path) as model:
        assert model.refreshed == ("traceability",)
        assert model.compare([stored.batch()])["equal"]


def test_a_changed_flattening_makes_everything_anew(tmp_path: Path, stored: Stored) -> None:
    path = tmp_path / "read.duckdb"
    with ReadModel(path) as model:
        model.take(stored.batch())
    with duckdb.connect(str(path)) as file:
        file.execute("UPDATE definition SET hash = 'old' WHERE name = 'trace'")
        file.execute("ALTER TABLE trace DROP COLUMN channel")
        for view in VIEWS:
            file.execute(f"TRUNCATE {view.name}")
    with ReadModel(path) as model:
        assert "trace" in model.refreshed
        assert model.compare([stored.batch()])["equal"]


def test_another_calendar_makes_every_view_anew(tmp_path: Path, stored: Stored) -> None:
    path = tmp_path / "read.duckdb"
    with ReadModel(path) as model:
        model.take(stored.batch())
    calendar = WorkingCalendar()
    calendar.version = "as amended"
    with duckdb.connect(str(path)) as file:
        file.execute("UPDATE calendar SET later_15 = day")
        file.execute("UPDATE satisfaction SET rectification_due = NULL")
    with ReadModel(path, calendar) as model:
        assert model.refreshed == ("calendar", *(view.name for view in VIEWS))
        assert model.compare([stored.batch()])["equal"]


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    path = tmp_path / "read.duckdb"
    path.write_bytes(b"no database at all, but long enough to be looked at as one")
    with pytest.raises(PartUnavailable, match="read model"):
        ReadModel(path)
