"""The disk of the database is full: an error, nothing lost, and it goes on when there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import PartUnavailable
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from ledger.receipt import Receipt, Status
from ledger.vault import DraftKey
from tests.ledger.embedded_folders import end_server
from tests.ledger.ledger_contents import assert_whole
from tests.ledger.sent_events import person, received, sent, several
from tests.ledger.servers import Server, embedded

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


class Disk:
    """A small file system with something on it that can be taken away."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    def fill(self, leaving: int) -> None:
        status = os.statvfs(self.place)
        size = status.f_bavail * status.f_frsize - leaving
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)

    def make_room(self) -> None:
        self._ballast.unlink()


def _mounted(place: Path, size: str) -> Disk:
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        pytest.skip("this account may not mount a file system")
    return Disk(place)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    try:
        yield _mounted(place, "256m")
    finally:
        end_server(place / "data")
        subprocess.run(["umount", place], check=False, capture_output=True)


@pytest.fixture
def tablespace(postgres: Server, disk: Disk) -> Iterator[str]:
    """A tablespace on the disk."""
    if postgres.folder is None:
        pytest.skip("the server of CASELEDGER_TEST_DATABASE_URL may be on another machine")
    owner = (postgres.folder / "postgres").stat()
    folder = disk.place / "tables"
    folder.mkdir(mode=0o700)
    os.chown(folder, owner.st_uid, owner.st_gid)
    for above in folder.parents[:5]:
        if above.stat().st_uid == os.geteuid() and owner.st_uid != os.geteuid():
            above.chmod(above.stat().st_mode | 0o011)
    postgres.run(f"CREATE TABLESPACE small LOCATION '{folder}'")
    yield "small"
    postgres.run("DROP TABLESPACE small")


@pytest.fixture
def confined(postgres: Server, tablespace: str, keys: LedgerKeys) -> Iterator[CaseLedger]:
    """A ledger whose tables are on the small disk; the write-ahead log is elsewhere."""
    name = postgres.make(postgres.migrated(), tablespace=tablespace)
    try:
        with Database(postgres.conninfo(name), keys) as database:
            yield CaseLedger(database, keys)
    finally:
        postgres.drop(name)


def _batch(number: int) -> list[bytes]:
    applications = [
        received(person(f"{number}-{n}"), subject=f"P-{number}-{n}") for n in range(100)
    ]
    return applications + several(100, subjects=20) + [b"{", sent(time="bad")]


def _until_full(ledger: CaseLedger) -> tuple[list[Receipt], list[bytes], PartUnavailable]:
    """All receipts until the disk was full, the batch that did not go in, and the error."""
    receipts: list[Receipt] = []
    for number in range(2_000):
        raws = _batch(number)
        try:
            receipts += ledger.append(raws)
        except PartUnavailable as error:
            return receipts, raws, error
    raise AssertionError("the disk was never full")


def _assert_goes_on(ledger: CaseLedger, told: list[Receipt], raws: list[bytes]) -> None:
    again = ledger.append(raws)
    statuses = [receipt.status for receipt in again]
    assert statuses == [Status.APPENDED] * 200 + [Status.REJECTED] * 2
    events = assert_whole(ledger)
    for receipt in told + again:
        if receipt.position is not None:
            found = events[receipt.position - 1]
            assert (found["id"], found["version"]) == (receipt.id, receipt.version)
    assert len(events) == sum(receipt.position is not None for receipt in told + again)


def test_when_the_tables_cannot_grow_the_error_names_the_disk_and_nothing_is_lost(
    confined: CaseLedger, disk: Disk
) -> None:
    disk.fill(leaving=3_000_000)
    told, raws, error = _until_full(confined)
    assert told
    assert "disk" in error.part
    with pytest.raises(PartUnavailable, match="disk"):
        confined.append(raws)
    assert_whole(confined)
    disk.make_room()
    _assert_goes_on(confined, told, raws)


def test_when_the_vault_cannot_grow_the_error_names_the_disk(
    confined: CaseLedger, disk: Disk
) -> None:
    disk.fill(leaving=500_000)

    def grow() -> None:
        for number in range(100):
            owners = (f"person:{number}-{place}" for place in range(1_000))
            confined.vault.settle({owner: DraftKey.drawn() for owner in owners})

    with pytest.raises(PartUnavailable) as caught:
        grow()
    assert "disk" in caught.value.part
    disk.make_room()
    confined.append(_batch(1))
    assert_whole(confined)


def test_when_the_whole_data_folder_is_full_nothing_is_lost(disk: Disk, keys: LedgerKeys) -> None:
    """Where the write-ahead log has no room either, the server ends; it starts when there is."""
    with embedded(disk.place / "data") as (server, user), Database(server.owner, keys) as database:
        ledger = CaseLedger(database, keys)
        disk.fill(leaving=6_000_000)
        told, raws, _ = _until_full(ledger)
        assert told
        disk.make_room()
        user.revive()
        for _ in range(20):
            try:
                ledger.append([])
                break
            except PartUnavailable:
                continue
        _assert_goes_on(ledger, told, raws)
