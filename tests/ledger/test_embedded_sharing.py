import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from ledger.embedded import EmbeddedPostgres
from ledger.embedded.account import choose_account
from ledger.embedded.binaries import Binaries
from ledger.embedded.layout import DataFolder
from tests.ledger.embedded_folders import (
    Tenant,
    connect,
    end_server,
    postmaster_of,
    stopped_ledger,
    value_of,
    wait_until,
)

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(120)]


@pytest.fixture
def folder(tmp_path):
    yield stopped_ledger(tmp_path / "data")
    end_server(tmp_path / "data")


def test_two_processes_share_one_server_and_the_last_to_leave_stops_it(folder):
    first, second = Tenant(folder), Tenant(folder)
    assert first.ready()["postmaster"] == second.ready()["postmaster"]
    first.leave()
    assert postmaster_of(folder) is not None
    second.leave()
    assert postmaster_of(folder) is None


def test_a_killed_user_does_not_keep_the_server_up(folder):
    killed, other = Tenant(folder), Tenant(folder)
    killed.ready()
    other.ready()
    killed.kill()
    assert postmaster_of(folder) is not None
    other.leave()
    assert postmaster_of(folder) is None


def test_a_server_whose_users_were_all_killed_is_adopted_and_stopped(folder):
    users = [Tenant(folder), Tenant(folder)]
    orphan = users[0].ready()["postmaster"]
    users[1].ready()
    for user in users:
        user.kill()
    assert postmaster_of(folder) == orphan
    with EmbeddedPostgres.start(folder) as postgres:
        assert postmaster_of(folder) == orphan
        assert value_of(postgres, "SELECT 1") == 1
    assert postmaster_of(folder) is None


def test_starts_at_once_on_an_empty_folder_make_one_cluster_and_one_server(tmp_path):
    users = [Tenant(tmp_path / "data") for _ in range(3)]
    assert len({user.ready()["postmaster"] for user in users}) == 1
    for user in users:
        user.leave()
    assert postmaster_of(tmp_path / "data") is None


def test_processes_that_come_and_go_always_find_a_server(folder):
    script = (
        "import sys; from pathlib import Path\n"
        "from ledger.embedded import EmbeddedPostgres\n"
        "from tests.ledger.embedded_folders import value_of\n"
        "for _ in range(6):\n"
        "    with EmbeddedPostgres.start(Path(sys.argv[1])) as postgres:\n"
        "        assert value_of(postgres, 'SELECT 1') == 1\n"
    )
    crowd = [subprocess.Popen([sys.executable, "-c", script, folder]) for _ in range(3)]
    assert [member.wait() for member in crowd] == [0, 0, 0]
    assert postmaster_of(folder) is None


def test_two_users_in_one_process_count_separately(folder):
    first = EmbeddedPostgres.start(folder)
    second = EmbeddedPostgres.start(folder)
    first.leave()
    first.leave()
    assert value_of(second, "SELECT 1") == 1
    second.leave()
    assert postmaster_of(folder) is None


FORKS = """
import os, sys
from pathlib import Path
from ledger.embedded import EmbeddedPostgres
from tests.ledger.embedded_folders import postmaster_of, value_of

folder = Path(sys.argv[1])
postgres = EmbeddedPostgres.start(folder)
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    os.close(writing)
    postgres.leave()
    os.read(reading, 1)
    os._exit(0)
os.close(reading)
with EmbeddedPostgres.start(folder):
    pass
assert value_of(postgres, "SELECT 1") == 1, "the child has unregistered its parent"
postgres.leave()
assert postmaster_of(folder) is None, "the child that lives on has kept the place"
with EmbeddedPostgres.start(folder):
    pass
assert postmaster_of(folder) is None, "the child that lives on counts as a user"
os.close(writing)
assert os.waitpid(child, 0)[1] == 0
"""


def test_a_forked_child_neither_gives_up_nor_keeps_the_place_of_its_parent(folder):
    assert subprocess.run([sys.executable, "-c", FORKS, folder], check=False).returncode == 0


def test_a_server_that_was_started_by_hand_is_adopted_and_stopped(folder):
    account = choose_account(DataFolder.at(folder), [folder])
    program = str(Binaries.installed().folder / "pg_ctl")
    by_hand = [program, "-D", str(folder / "postgres"), "-o", f"-k {folder / 'run'}", "start"]
    log = ["-l", str(folder / "postgres.log"), "-w"]
    assert subprocess.run(account.command(program=by_hand + log), check=False).returncode == 0
    server = postmaster_of(folder)
    assert server is not None
    with EmbeddedPostgres.start(folder) as postgres:
        assert postmaster_of(folder) == server
        assert value_of(postgres, "SELECT 1") == 1
    assert postmaster_of(folder) is None


def test_control_c_reaches_the_starter_and_not_the_server(folder):
    starter, other = Tenant(folder), Tenant(folder)
    server = starter.ready()["postmaster"]
    other.ready()
    os.killpg(starter.process.pid, signal.SIGINT)
    assert starter.hear() == {"interrupted": True}
    starter.leave()
    assert postmaster_of(folder) == server
    other.leave()


def test_the_server_keeps_no_pipe_and_no_lock_of_its_starter(folder):
    starter = Tenant(folder)
    server = psutil.Process(starter.ready()["postmaster"])
    starter.process.kill()
    assert starter.process.stdout is not None
    assert starter.process.stdout.read() == ""
    starter.kill()
    held = descriptors_of(server.pid)
    assert {held["0"], held["1"], held["2"]} == {Path("/dev/null"), folder / "postgres.log"}
    locks = {target for target in held.values() if target.parent == folder / "postgres.locks"}
    assert locks == {folder / "postgres.locks" / "running"}


def test_a_user_leaves_no_descriptor_and_no_process_behind(folder):
    before, children = descriptors_of(os.getpid()), psutil.Process().children()
    with EmbeddedPostgres.start(folder) as postgres:
        assert value_of(postgres, "SELECT 1") == 1
        assert psutil.Process().children() == children
    assert descriptors_of(os.getpid()) == before


def descriptors_of(pid: int) -> dict[str, Path]:
    """What each open descriptor stands for."""
    entries = Path(f"/proc/{pid}/fd").iterdir()
    return {entry.name: entry.readlink() for entry in entries if entry.is_symlink()}


def test_a_start_that_is_interrupted_leaves_no_server_behind(folder):
    class Stop(BaseException):
        pass

    def interrupt(message):
        if message == "PostgreSQL is starting":
            raise Stop

    with pytest.raises(Stop):
        EmbeddedPostgres.start(folder, progress=interrupt)
    wait_until(lambda: postmaster_of(folder) is None)
    with EmbeddedPostgres.start(folder) as postgres, connect(postgres.conninfo()) as connection:
        assert connection.info.dbname == "caseledger"
