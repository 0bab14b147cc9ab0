import errno
import fcntl
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from domain.errors import PartUnavailable
from ledger.embedded import EmbeddedPostgres
from tests.ledger.embedded_folders import (
    Tenant,
    connect,
    end_server,
    postmaster_of,
    signal_server,
    stopped_ledger,
    value_of,
    wait_until,
)

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(120)]


@pytest.fixture
def folder(tmp_path):
    yield stopped_ledger(tmp_path / "data")
    end_server(tmp_path / "data")


@pytest.fixture
def disk(tmp_path):
    """A file system of its own, of 20 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    if not shutil.which("mount") or _mount("-t", "tmpfs", "-o", "size=20m", "tmpfs", place):
        pytest.skip("this account may not mount a file system")
    yield place
    end_server(place / "data")
    assert subprocess.run(["umount", place], check=False).returncode == 0


def _lives(pid: int) -> bool:
    if not psutil.pid_exists(pid):
        return False
    return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)


def _mount(*arguments: str | Path) -> int:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode


def test_what_was_committed_is_there_after_the_server_was_killed(folder):
    user = EmbeddedPostgres.start(folder)
    with connect(user.conninfo()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
        signal_server(folder, signal.SIGKILL)
    with EmbeddedPostgres.start(folder) as postgres:
        assert value_of(postgres, "SELECT count(*) FROM kept") == 1000
        user.leave()
        assert value_of(postgres, "SELECT count(*) FROM kept") == 1000
    assert postmaster_of(folder) is None


def test_a_user_revives_a_server_that_was_killed(folder):
    with EmbeddedPostgres.start(folder) as postgres:
        killed = signal_server(folder, signal.SIGKILL)
        postgres.revive()
        assert postmaster_of(folder) not in (None, killed)
        assert value_of(postgres, "SELECT 1") == 1


def test_a_busy_process_that_outlives_its_server_is_ended(folder):
    postgres = EmbeddedPostgres.start(folder)
    with connect(postgres.conninfo()) as connection:
        busy = connection.info.backend_pid
        psutil.Process(busy).suspend()
        signal_server(folder, signal.SIGKILL)
        heard: list[str] = []
        with EmbeddedPostgres.start(folder, progress=heard.append) as revived:
            assert value_of(revived, "SELECT 1") == 1
            assert not _lives(busy)
    assert any("processes of an earlier PostgreSQL" in line for line in heard)
    postgres.leave()


def test_the_number_of_a_dead_server_given_to_another_process_does_not_block(folder):
    with EmbeddedPostgres.start(folder):
        lock_file = folder / "postgres" / "postmaster.pid"
        lines = lock_file.read_text().splitlines()
        socket_lock = folder / "run" / ".s.PGSQL.5432.lock"
        socket_lines = socket_lock.read_text().splitlines()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        lock_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        socket_lock.write_text("\n".join([str(stranger.pid), *socket_lines[1:]]) + "\n")
        with EmbeddedPostgres.start(folder) as postgres:
            assert value_of(postgres, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_a_cluster_whose_making_was_killed_is_made_anew(tmp_path):
    folder = tmp_path / "data"
    user = Tenant(folder)
    draft = folder / "postgres.new" / "cluster" / "base"
    wait_until(draft.exists)
    user.kill()
    assert not (folder / "postgres").exists()
    password = (folder / "postgres.password").read_text()
    with EmbeddedPostgres.start(folder) as postgres:
        assert value_of(postgres, "SELECT 1") == 1
    assert not (folder / "postgres.new").exists()
    assert (folder / "postgres.password").read_text() == password


@pytest.mark.parametrize("moment", ["postgres.log", "run/.s.PGSQL.5432"])
def test_a_starter_killed_before_its_server_is_ready_is_succeeded_by_the_next(folder, moment):
    (folder / "postgres.log").unlink()
    user = Tenant(folder)
    wait_until((folder / moment).exists)
    user.kill()
    with EmbeddedPostgres.start(folder) as postgres:
        assert value_of(postgres, "SELECT 1") == 1
    assert postmaster_of(folder) is None


def test_a_database_that_is_missing_is_made(folder):
    with EmbeddedPostgres.start(folder) as postgres:
        with connect(postgres.conninfo(dbname="postgres")) as connection:
            connection.execute("DROP DATABASE caseledger")
        with EmbeddedPostgres.start(folder) as other:
            assert value_of(other, "SELECT current_database()") == "caseledger"


def test_a_long_recovery_is_waited_for_and_reported(folder):
    """A server that follows another refuses connections until it is promoted, like one that
    recovers."""
    (folder / "postgres" / "standby.signal").touch()
    with (folder / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("hot_standby = off\n")
    heard: list[str] = []

    def promote(message):
        heard.append(message)
        if "recovering" in message:
            (folder / "postgres" / "promote").touch()
            signal_server(folder, signal.SIGUSR1)

    with EmbeddedPostgres.start(folder, progress=promote) as postgres:
        assert value_of(postgres, "SELECT pg_is_in_recovery()") is False
    assert any(re.fullmatch(r"PostgreSQL is recovering \(\d+ s\)", line) for line in heard)


def test_an_interrupted_wait_for_a_recovery_stops_the_server(folder):
    (folder / "postgres" / "standby.signal").touch()
    with (folder / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("hot_standby = off\n")

    def interrupt(message):
        if "recovering" in message:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        EmbeddedPostgres.start(folder, progress=interrupt)
    wait_until(lambda: postmaster_of(folder) is None)


def test_a_server_that_ends_at_once_is_reported_with_the_end_of_its_log(folder):
    with (folder / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(PartUnavailable, match="no_such_setting"):
        EmbeddedPostgres.start(folder)
    assert postmaster_of(folder) is None


def test_a_cluster_of_another_major_version_is_refused_and_kept(folder):
    (folder / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(PartUnavailable, match=r"expected a cluster of PostgreSQL 18, found .* 17"):
        EmbeddedPostgres.start(folder)
    assert (folder / "postgres" / "base").is_dir()


def test_a_folder_with_other_files_is_refused_and_kept(tmp_path):
    strange = tmp_path / "data" / "postgres" / "notes.txt"
    strange.parent.mkdir(parents=True)
    strange.write_text("mine")
    (tmp_path / "data" / "postgres.password").write_text("secret\n")
    with pytest.raises(PartUnavailable, match="found other files"):
        EmbeddedPostgres.start(tmp_path / "data")
    assert strange.read_text() == "mine"


def test_a_lost_password_is_reported_and_no_new_one_is_drawn(folder):
    (folder / "postgres.password").unlink()
    with pytest.raises(PartUnavailable, match=r"postgres\.password, found no file"):
        EmbeddedPostgres.start(folder)
    assert not (folder / "postgres.password").exists()


def test_a_wrong_password_file_is_reported(folder):
    (folder / "postgres.password").write_text("guessed\n")
    with pytest.raises(PartUnavailable, match="refuses its owner"):
        EmbeddedPostgres.start(folder)
    wait_until(lambda: postmaster_of(folder) is None)


def test_a_full_disk_is_reported_and_the_next_start_with_room_works(disk):
    with pytest.raises(PartUnavailable, match="No space left on device"):
        EmbeddedPostgres.start(disk / "data")
    assert _mount("-o", "remount,size=200m", disk) == 0
    with EmbeddedPostgres.start(disk / "data") as postgres:
        assert value_of(postgres, "SELECT 1") == 1


def test_a_read_only_folder_is_reported(disk):
    assert _mount("-o", "remount,ro", disk) == 0
    with pytest.raises(PartUnavailable, match="mount it writable"):
        EmbeddedPostgres.start(disk / "data")


def test_a_file_in_the_place_of_the_data_folder_is_reported(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(PartUnavailable, match="not a directory"):
        EmbeddedPostgres.start(tmp_path / "data")


def test_a_file_system_without_locks_is_reported(folder, monkeypatch):
    def refuse(descriptor, operation):
        if operation != fcntl.LOCK_UN:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(PartUnavailable, match="has no file locks"):
        EmbeddedPostgres.start(folder)
