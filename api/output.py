"""What the command line writes: JSON for programs, tables for people, progress on the way."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

OUT: Final = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 240)
ERR: Final = Console(stderr=True, soft_wrap=True)


def write_json(value: Any) -> None:
    """One JSON document and a line end on standard output."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def tell(text: str) -> None:
    """A line for people on standard error."""
    ERR.print(text, highlight=False, markup=False)


def write_table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table for people."""
    table = Table(*headings, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    OUT.print(table, highlight=False, markup=False)


@contextmanager
def progress_bar(label: str, *, counts: bool = True) -> Iterator[Bar]:
    """A bar on standard error while something long runs; silent where that is no terminal."""
    number = MofNCompleteColumn() if counts else TaskProgressColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), number, TimeRemainingColumn())
    with Progress(*columns, console=ERR, disable=not ERR.is_terminal, transient=True) as shown:
        yield Bar(shown, label)


class Bar:
    """A bar that appears with its first step."""

    def __init__(self, shown: Progress, label: str) -> None:
        self._shown = shown
        self._label = label
        self._task: Any = None

    def move(self, done: int, goal: int | None = None) -> None:
        """Where it stands; `goal` may change on the way, None = not known."""
        if self._task is None:
            self._task = self._shown.add_task(self._label, total=goal)
        self._shown.update(self._task, completed=done, total=goal)
