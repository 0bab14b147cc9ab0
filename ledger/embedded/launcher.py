"""Runs one program as another account, detached from its caller, holding a lock while it lives.

A script of its own, run with `python -I -S`: it needs only the standard library, and what it does
to itself before it becomes the program would be unsafe between fork and exec of a process with
threads. `python launcher.py [options] [-- program argument …]`; without a program it only checks.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import signal
import sys
from pathlib import Path

HELD = 10
"""Exit code: somebody holds the lock."""
REFUSED = 11
"""Exit code: the account cannot be taken on; standard error says why."""
IN_THE_WAY = 12
"""Exit code: standard error names a folder or file that the account cannot pass or run."""
_CLONE_NEWUSER = 0x10000000


def hold(path: str) -> None:
    """Locks `path` for this process and all that it becomes or starts."""
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(HELD)
    os.set_inheritable(descriptor, True)


def enter_namespace(uid: int) -> None:
    """This process is `uid` in a user namespace of its own, and the caller to everybody outside.

    Files that it makes belong to the caller, and no folder needs another mode. A mapping of the
    caller's own id is all that user_namespaces(7) lets a process write for itself, and setgroups
    must be denied before the group may be mapped.
    """
    caller, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER) != 0:
        fault = ctypes.get_errno()
        raise OSError(fault, os.strerror(fault))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {caller} 1")
    Path("/proc/self/gid_map").write_text(f"{uid} {group} 1")


def become(uid: int, gid: int, groups: list[int]) -> None:
    """This process is that account, for good."""
    os.setgroups(groups)
    os.setgid(gid)
    os.setuid(uid)


def obstacle(path: str) -> str | None:
    """The first folder on the way to `path`, or `path`, that this process cannot pass or run."""
    target = Path(path)
    for step in [*reversed(target.parents), target]:
        if not os.access(step, os.X_OK):
            return str(step)
    return None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hold")
    parser.add_argument("--namespace", type=int)
    parser.add_argument("--account", type=int, nargs="+")
    parser.add_argument("--reach", action="append", default=[])
    parser.add_argument("--detach", action="store_true")
    parser.add_argument("program", nargs="*")
    wanted = parser.parse_args()
    if wanted.hold is not None:
        hold(wanted.hold)
    try:
        if wanted.namespace is not None:
            enter_namespace(wanted.namespace)
        elif wanted.account is not None:
            uid, gid, *groups = wanted.account
            become(uid, gid, groups)
    except (OSError, AttributeError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(REFUSED)
    for path in wanted.reach:
        blocked = obstacle(path)
        if blocked is not None:
            sys.stderr.write(f"{blocked}\n")
            sys.exit(IN_THE_WAY)
    if not wanted.program or (wanted.detach and os.fork() != 0):
        return
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.execv(wanted.program[0], wanted.program)


if __name__ == "__main__":
    main()
