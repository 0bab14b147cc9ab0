"""The named SQL statements of the write side, read from sql/queries.sql.

A statement begins with a line `-- name --` and a line that describes it.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import LiteralString

_NAME = re.compile(r"^-- ([a-z_]+) --$", re.MULTILINE)


@cache
def statements() -> dict[str, LiteralString]:
    """Every named statement, by name."""
    text = (resources.files("ledger") / "sql" / "queries.sql").read_text("utf-8")
    parts = _NAME.split(text)
    # The file is part of the program, so its text is as literal as a string in the source.
    return {
        name: body.strip().removesuffix(";")
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def statement(name: str) -> LiteralString:
    """The statement of that name. Raises KeyError for a name that the file does not have."""
    return statements()[name]
