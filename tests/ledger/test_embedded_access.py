import os
import shutil
import stat
import tempfile
from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc
import psycopg
import pytest

from domain.errors import PartUnavailable
from ledger.embedded import EmbeddedPostgres
from ledger.embedded.socket_folder import socket_folder
from tests.ledger.embedded_folders import (
    connect,
    end_server,
    postmaster_of,
    stopped_ledger,
    value_of,
)

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def ledger_folder(tmp_path_factory):
    folder = stopped_ledger(tmp_path_factory.mktemp("access") / "data")
    yield folder
    end_server(folder)


@pytest.fixture(scope="module")
def postgres(ledger_folder):
    with EmbeddedPostgres.start(ledger_folder) as postgres:
        yield postgres


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_wrong_password_is_refused(postgres):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(postgres.conninfo(password="guessed"))


def test_no_password_is_refused(postgres, tmp_path):
    conninfo = postgres.conninfo()
    del conninfo["password"]
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        connect(conninfo, passfile=str(tmp_path / "none"))


def test_every_way_in_wants_a_scram_password(postgres):
    with connect(postgres.conninfo()) as connection:
        rules = connection.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
        stored = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolcanlogin"
        ).fetchall()
    assert set(rules) == {("local", "scram-sha-256")}
    assert [password[:14] for (password,) in stored] == ["SCRAM-SHA-256$"]


def test_no_port_is_open(postgres):
    assert value_of(postgres, "SHOW listen_addresses") == ""


def test_a_uri_opens_a_connection_of_adbc_and_of_psycopg(postgres):
    with psycopg.connect(postgres.uri()) as connection:
        assert connection.info.dbname == "caseledger"
    with adbc.connect(postgres.uri()) as arrow, arrow.cursor() as cursor:
        cursor.execute("SELECT current_user::text")
        assert cursor.fetchone() == ("caseledger_owner",)


def test_a_login_role_of_the_ledger_gets_its_own_password(postgres):
    with connect(postgres.conninfo()) as connection:
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'a/b@c?d'")
    conninfo = postgres.conninfo("reader", password="a/b@c?d")
    with (
        connect(conninfo) as connection,
        psycopg.connect(postgres.uri("reader", password="a/b@c?d")) as other,
    ):
        assert connection.info.user == other.info.user == "reader"
    with connect(postgres.conninfo()) as connection:
        connection.execute("DROP ROLE reader")


def test_the_environment_of_libpq_does_not_lead_elsewhere(postgres, monkeypatch):
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGUSER", "nobody")
    assert value_of(postgres, "SELECT current_user") == "caseledger_owner"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("lc_messages", "C"),
        ("TimeZone", "UTC"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("max_connections", "100"),
        ("shared_buffers", "256MB"),
        ("log_statement", "none"),
        ("log_min_error_statement", "panic"),
        ("log_error_verbosity", "terse"),
    ],
)
def test_the_server_has_the_settings_of_a_ledger(postgres, setting, value):
    assert value_of(postgres, f"SHOW {setting}") == value


def test_the_database_sorts_by_bytes(postgres):
    collation = "SELECT datcollate FROM pg_database WHERE datname = current_database()"
    assert value_of(postgres, collation) == "C"


def test_the_log_holds_no_value_of_a_failed_statement(postgres, ledger_folder):
    with connect(postgres.conninfo()) as connection:
        connection.execute("CREATE TEMP TABLE person (name text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('王小明')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES (%s)", ["王小明"])
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT '110101199003077715x'::bigint")
        connection.execute("DO $$ BEGIN RAISE WARNING '110101199003077715x'; END $$")
    log = (ledger_folder / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "王小明" not in log
    assert "110101199003077715x" not in log


def test_nobody_else_may_read_what_is_in_the_data_folder(postgres, ledger_folder):
    files = ("postgres.password", "postgres.log", "postgres.locks/users", "run/.s.PGSQL.5432")
    assert {name: mode_of(ledger_folder / name) & 0o077 for name in files} == dict.fromkeys(
        files, 0
    )
    assert mode_of(ledger_folder / "postgres.password") == 0o600
    assert mode_of(ledger_folder / "run") == 0o700
    assert mode_of(ledger_folder / "postgres") == 0o700


def test_a_folder_that_is_made_is_private_and_no_other_mode_is_changed(tmp_path):
    parents = [tmp_path / "a", tmp_path / "a" / "b"]
    for parent, mode in zip(parents, (0o700, 0o750), strict=True):
        parent.mkdir()
        parent.chmod(mode)
    before = [mode_of(parent) for parent in [*parents[-1].parents, *parents]]
    with EmbeddedPostgres.start(parents[-1] / "data"):
        assert mode_of(parents[-1] / "data") == 0o700
        assert [mode_of(parent) for parent in [*parents[-1].parents, *parents]] == before


def test_the_mode_of_an_existing_data_folder_is_left_alone(tmp_path):
    folder = stopped_ledger(tmp_path / "data")
    folder.chmod(0o755)
    with EmbeddedPostgres.start(folder):
        assert mode_of(folder) == 0o755


def test_a_link_to_the_data_folder_leads_to_the_same_server(postgres, ledger_folder, tmp_path):
    (tmp_path / "link").symlink_to(ledger_folder)
    with EmbeddedPostgres.start(tmp_path / "link") as other:
        assert other.conninfo() == postgres.conninfo()


@pytest.mark.parametrize("name", ["x" * 120, "a,b", "年度 '档案\" %2F\\"])
def test_a_data_folder_may_have_any_name(tmp_path, name):
    folder = stopped_ledger(tmp_path / name)
    with EmbeddedPostgres.start(folder) as postgres:
        sockets = Path(postgres.conninfo()["host"])
        assert mode_of(sockets) == 0o700
        assert value_of(postgres, "SELECT 1") == 1
        with psycopg.connect(postgres.uri()) as connection:
            assert connection.info.dbname == "caseledger"
    assert sockets.parent == folder or not sockets.exists()


def test_a_user_with_another_temporary_folder_finds_the_socket(tmp_path, monkeypatch):
    folder = stopped_ledger(tmp_path / ("x" * 120))
    with EmbeddedPostgres.start(folder) as postgres:
        elsewhere = tmp_path / "t"
        elsewhere.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
        with EmbeddedPostgres.start(folder) as other:
            assert other.conninfo()["host"] == postgres.conninfo()["host"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to make a folder of another account")
def test_a_socket_folder_of_another_account_is_refused(tmp_path):
    folder = stopped_ledger(tmp_path / ("x" * 120))
    sockets = socket_folder(folder)
    sockets.mkdir(mode=0o700)
    os.chown(sockets, 65534, 65534)
    try:
        with pytest.raises(PartUnavailable, match="owner of the socket's folder, found 65534"):
            EmbeddedPostgres.start(folder)
    finally:
        shutil.rmtree(sockets)


def test_the_cluster_may_lie_on_another_disk_behind_a_link(tmp_path):
    folder = stopped_ledger(tmp_path / "data")
    (folder / "postgres").rename(tmp_path / "elsewhere")
    (folder / "postgres").symlink_to(tmp_path / "elsewhere")
    with EmbeddedPostgres.start(folder) as postgres, EmbeddedPostgres.start(folder) as other:
        assert value_of(other, "SELECT pg_backend_pid()") != 0
        assert other.conninfo() == postgres.conninfo()
    assert postmaster_of(folder) is None
