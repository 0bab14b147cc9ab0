import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from ledger.embedded import EmbeddedPostgres
from tests.ledger.embedded_folders import (
    Tenant,
    end_server,
    postmaster_of,
    python_for_everybody,
    stopped_ledger,
    value_of,
)

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be other accounts"),
]

NOBODY = pwd.getpwnam("nobody")
AS_NOBODY = ("setpriv", f"--reuid={NOBODY.pw_uid}", f"--regid={NOBODY.pw_gid}", "--clear-groups")
WITHOUT_NAMESPACES = ("setpriv", "--bounding-set=-setfcap", "--inh-caps=-setfcap")
"""A root that may not map itself into a namespace, as containers have it (user_namespaces(7))."""


@pytest.fixture
def open_place():
    """A folder that every account can pass to."""
    place = Path(tempfile.mkdtemp(prefix="caseledger-account-"))
    place.chmod(0o755)
    yield place
    end_server(place / "data")
    shutil.rmtree(place)


@pytest.fixture(autouse=True)
def _setpriv():
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv to be other accounts")


@pytest.fixture
def python():
    """An interpreter that an ordinary account may run."""
    found = python_for_everybody()
    if found is None:
        pytest.skip(f"no Python {sys.version_info[:2]} here that every account may run")
    return found


def account_of(folder: Path) -> int:
    pid = postmaster_of(folder)
    assert pid is not None
    return int(psutil.Process(pid).uids().effective)


def test_root_runs_it_in_a_namespace_and_owns_the_files(tmp_path):
    folder = stopped_ledger(tmp_path / "data")
    with EmbeddedPostgres.start(folder):
        pid = postmaster_of(folder)
        inside = Path(f"/proc/{pid}/uid_map").read_text().split()
        assert inside[1:] == ["0", "1"]
        assert inside[0] != "0"
        capabilities = Path(f"/proc/{pid}/status").read_text()
        assert "CapEff:\t0000000000000000" in capabilities
    assert {path.stat().st_uid for path in folder.rglob("*")} == {0}


def test_an_ordinary_user_runs_it_as_itself(open_place, python):
    os.chown(open_place, NOBODY.pw_uid, NOBODY.pw_gid)
    folder = open_place / "data"
    user = Tenant(folder, *AS_NOBODY, python=python)
    assert user.ready()["user"] == "caseledger_owner"
    assert account_of(folder) == NOBODY.pw_uid
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    user.leave()
    assert postmaster_of(folder) is None


def test_root_runs_an_ordinary_users_ledger_as_that_user(open_place, python):
    folder = stopped_ledger(open_place / "data")
    subprocess.run(["chown", "-R", f"{NOBODY.pw_uid}:{NOBODY.pw_gid}", folder], check=True)
    (folder / "postgres.log").unlink()
    with EmbeddedPostgres.start(folder) as postgres:
        assert account_of(folder) == NOBODY.pw_uid
        assert value_of(postgres, "SELECT 1") == 1
    assert {path.stat().st_uid for path in folder.rglob("*")} == {NOBODY.pw_uid}
    user = Tenant(folder, *AS_NOBODY, python=python)
    user.ready()
    user.leave()


def test_an_ordinary_user_and_root_share_one_server(open_place, python):
    folder = stopped_ledger(open_place / "data")
    subprocess.run(["chown", "-R", f"{NOBODY.pw_uid}:{NOBODY.pw_gid}", folder], check=True)
    user = Tenant(folder, *AS_NOBODY, python=python)
    server = user.ready()["postmaster"]
    with EmbeddedPostgres.start(folder):
        assert postmaster_of(folder) == server
        user.leave()
    assert postmaster_of(folder) is None


def test_root_without_namespaces_runs_it_as_an_unprivileged_account(open_place):
    folder = open_place / "data"
    user = Tenant(folder, *WITHOUT_NAMESPACES)
    user.ready()
    unprivileged = account_of(folder)
    assert unprivileged in {
        entry.pw_uid for entry in pwd.getpwall() if entry.pw_name in ("postgres", "nobody")
    }
    assert (folder / "postgres").stat().st_uid == unprivileged
    assert (folder / "run").stat().st_uid == unprivileged
    assert stat.S_IMODE((folder / "run").stat().st_mode) == 0o700
    assert (folder / "postgres.password").stat().st_uid == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o710
    user.leave()
    with EmbeddedPostgres.start(folder):
        assert account_of(folder) == unprivileged


def test_a_cluster_of_root_is_handed_over_where_namespaces_are_refused(open_place):
    folder = stopped_ledger(open_place / "data")
    folder.chmod(0o711)
    user = Tenant(folder, *WITHOUT_NAMESPACES)
    user.ready()
    assert account_of(folder) != 0
    user.leave()
    assert {path.stat().st_uid == 0 for path in (folder / "postgres").rglob("*")} == {False}


def test_root_without_namespaces_and_without_a_way_is_told_what_is_in_the_way(open_place):
    closed = open_place / "closed"
    closed.mkdir(mode=0o700)
    user = Tenant(closed / "data", *WITHOUT_NAMESPACES)
    answer = user.hear()
    user.end()
    assert answer["ready"] is False
    assert f"cannot pass {closed} (mode 0700, owner root)" in answer["error"]
    assert "CASELEDGER_DATABASE_URL" in answer["error"]
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
