"""A process that uses the embedded PostgreSQL, steered by lines on its standard input.

`python -m tests.ledger.embedded_tenant FOLDER`: prints one JSON line once it is a user, or once it
is refused; leaves at the end of its input and prints another.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import psycopg

from domain.errors import PartUnavailable
from ledger.embedded import EmbeddedPostgres
from ledger.embedded.postmaster import Postmaster


def say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def main() -> None:
    folder = Path(sys.argv[1])
    heard: list[str] = []
    try:
        postgres = EmbeddedPostgres.start(folder, progress=heard.append)
    except PartUnavailable as error:
        say(ready=False, error=str(error))
        return
    with postgres:
        with psycopg.connect(psycopg.conninfo.make_conninfo(**postgres.conninfo())) as connection:
            row = connection.execute("SELECT current_user").fetchone()
        postmaster = Postmaster.of(Path(os.path.realpath(folder)) / "postgres")
        try:
            say(
                ready=True,
                user=row[0] if row else None,
                conninfo=postgres.conninfo(),
                postmaster=postmaster.pid if postmaster else None,
                progress=heard,
            )
            sys.stdin.read()
        except KeyboardInterrupt:
            say(interrupted=True)
    say(left=True)


if __name__ == "__main__":
    main()
