"""The account that PostgreSQL's programs run as: they refuse to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from domain.errors import PartUnavailable
from ledger.embedded import launcher
from ledger.embedded.layout import DataFolder
from ledger.embedded.private_files import Owner

_UNPRIVILEGED = ("postgres", "nobody")
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
_WAYS_OUT = (
    "set CASELEDGER_DATA_DIR to a folder that it can reach, start caseledger as an ordinary user, "
    "or set CASELEDGER_DATABASE_URL to a running PostgreSQL"
)


@dataclass(frozen=True, slots=True)
class Account:
    """How to run a program; files that it makes belong to `owner`, as the caller sees them."""

    owner: Owner
    confinement: tuple[str, ...] = ()

    def command(self, *options: str, program: list[str] | None = None) -> list[str]:
        """The command line that runs `program` as this account."""
        script = [sys.executable, "-I", "-S", str(Path(launcher.__file__).resolve())]
        return [*script, *self.confinement, *options, *(["--", *program] if program else [])]

    def refusal(self, needed: list[Path]) -> str | None:
        """Why this account cannot run what is `needed`; None if it can."""
        reach = [option for path in needed for option in ("--reach", str(path))]
        answer = subprocess.run(
            self.command(*reach),
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        found = answer.stderr.strip()
        if answer.returncode == 0:
            return None
        if answer.returncode == launcher.IN_THE_WAY:
            return f"cannot pass {_described(Path(found))}"
        return f"is refused ({found})"


def environment() -> dict[str, str]:
    """What PostgreSQL's programs see of the environment: no PG* variable, no secret."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return {**kept, "LC_ALL": "C"}


def choose_account(folder: DataFolder, needed: list[Path]) -> Account:
    """The account for the cluster of `folder`, able to reach what is `needed`.

    An ordinary user runs PostgreSQL as itself. Root runs it as the owner of the cluster, or of the
    data folder before there is one; where that is root itself: in a user namespace in which root
    has another number, else as an unprivileged account. Raises PartUnavailable if none can.
    """
    caller = Owner(os.geteuid(), os.getegid())
    if caller.uid != 0:
        return _of_ordinary_user(folder, caller, needed)
    keeper = (folder.cluster if folder.cluster.exists() else folder.root).stat()
    if keeper.st_uid != 0:
        account = _other(keeper.st_uid, keeper.st_gid)
        refusal = account.refusal(needed)
        if refusal is not None:
            raise _nobody_can([f"its owner, {_name(keeper.st_uid)}, {refusal}"])
        return account
    refusals = []
    account = _in_namespace(caller)
    refusal = account.refusal(needed)
    if refusal is None:
        return account
    refusals.append(f"a user namespace {refusal}")
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if folder.made:
            # The folder that this start made would otherwise be in the way itself; its group may
            # pass, not look.
            os.chown(folder.root, -1, entry.pw_gid)
            folder.root.chmod(0o710)
        account = _other(entry.pw_uid, entry.pw_gid)
        refusal = account.refusal(needed)
        if refusal is None:
            return account
        refusals.append(f"the account {name} {refusal}")
    raise _nobody_can(refusals)


def _of_ordinary_user(folder: DataFolder, caller: Owner, needed: list[Path]) -> Account:
    if not folder.cluster.exists() and not _is_known(caller.uid):
        # initdb refuses a number without a name, as containers like to give.
        named = _in_namespace(caller)
        if named.refusal(needed) is None:
            return named
    return Account(caller)


def _in_namespace(caller: Owner) -> Account:
    """A namespace in which the caller has the number of some unprivileged account with a name."""
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0}
    uid = known.get("nobody", next(iter(known.values()), 65534))
    return Account(caller, ("--namespace", str(uid)))


def _other(uid: int, gid: int) -> Account:
    groups = [gid]
    if _is_known(uid):
        entry = pwd.getpwuid(uid)
        gid = entry.pw_gid
        groups = os.getgrouplist(entry.pw_name, gid)
    return Account(Owner(uid, gid), ("--account", *map(str, (uid, gid, *groups))))


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _name(uid: int) -> str:
    return pwd.getpwuid(uid).pw_name if _is_known(uid) else f"account {uid}"


def _described(path: Path) -> str:
    status = path.stat()
    return f"{path} (mode {status.st_mode & 0o7777:04o}, owner {_name(status.st_uid)})"


def _nobody_can(refusals: list[str]) -> PartUnavailable:
    return PartUnavailable(
        "database", f"PostgreSQL does not run as root, and {'; '.join(refusals)}; {_WAYS_OUT}"
    )
