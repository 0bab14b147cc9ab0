"""A process that appends to a ledger, steered by its arguments.

`python -m tests.ledger.appending_process CONNINFO KEY FILE WORKERS TOGETHER`: appends the events of
FILE, one a line, TOGETHER at a time (0: as one stream, with WORKERS preparing processes), after it
has said it is ready and read a line; prints a JSON line with the receipts of each batch once it has
them: [[index, status, position, version], …]. The last line says that it is done.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from ledger.receipt import Receipt


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def batches(
    ledger: CaseLedger, file: Path, workers: int, together: int, stack: ExitStack
) -> Iterator[list[Receipt]]:
    pool = stack.enter_context(ledger.preparation_pool(workers)) if workers else None
    if pool is not None:
        pool.warm_up()
    lines = iter(stack.enter_context(file.open("rb")))
    say("ready")
    sys.stdin.readline()
    if not together:
        yield from ledger.append_stream(lines, pool=pool)
        return
    place = 0
    while raws := list(islice(lines, together)):
        yield ledger.append(raws, first_index=place)
        place += len(raws)


def main() -> None:
    conninfo, key, file, workers, together = sys.argv[1:]
    keys = LedgerKeys(bytes.fromhex(key))
    with Database(conninfo, keys) as database, ExitStack() as stack:
        ledger = CaseLedger(database, keys)
        for receipts in batches(ledger, Path(file), int(workers), int(together), stack):
            say([[one.index, one.status.value, one.position, one.version] for one in receipts])
    say("done")


if __name__ == "__main__":
    main()
