"""The SQL of the read side, read from the .sql files beside this module.

A file holds one statement, or several under lines `-- name --`; what stands before the first name
describes the file.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_NAME = re.compile(r"^-- ([a-z0-9_]+) --$", re.MULTILINE)


@cache
def statement(path: str, name: str | None = None) -> str:
    """The statement `name` of sql/PATH.sql, or all of a file that has no names.

    Raises KeyError for a name that the file does not have.
    """
    text = source(path)
    if name is None:
        return text
    parts = _NAME.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[name]


@cache
def source(path: str) -> str:
    """The whole text of sql/PATH.sql."""
    return (resources.files("projections") / "sql" / f"{path}.sql").read_text("utf-8")
