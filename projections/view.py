"""The tables that the read model keeps beside the trace, and what each depends on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources

from projections.statements import source, statement

TRACE_TEXTS = ("trace/table", "trace/macros", "trace/flatten", "trace/amendment")
FACT_TEXTS = (*TRACE_TEXTS, "facts/reading", "facts/fact")


@dataclass(frozen=True, slots=True)
class View:
    """A table filled by one SQL statement over the facts in scope.

    `key` is what tells its rows apart; `by_subject` says that its rows belong to a subject and
    not to a case.
    """

    name: str
    key: tuple[str, ...]
    by_subject: bool = False

    @property
    def table(self) -> str:
        """The statement that makes the empty table."""
        return statement(f"views/{self.name}", "table")

    @property
    def forget(self) -> str:
        """The statement that removes the rows of what is touched."""
        return statement(f"views/{self.name}", "forget")

    @property
    def fill(self) -> str:
        """The statement that makes the rows of what is in scope."""
        return statement(f"views/{self.name}", "fill")

    def definition(self, calendar_version: str) -> str:
        """The hash of everything that the rows depend on beside the events."""
        texts = (*FACT_TEXTS, f"views/{self.name}")
        return digest(calendar_version, trace_definition(), *map(source, texts))


VIEWS: tuple[View, ...] = (
    View("case_dimension", ("case_no",)),
    View("traceability", ("case_no",)),
    View("satisfaction", ("case_no",)),
    View("spell", ("case_no", "spell")),
    View("timeliness", ("case_no",)),
    View("inquiry", ("subject", "position"), by_subject=True),
    View("complaint", ("subject", "position"), by_subject=True),
    View("item_version", ("subject", "version"), by_subject=True),
    View("source_registration", ("subject", "position"), by_subject=True),
)

KEYS: dict[str, tuple[str, ...]] = {
    "projected": ("position",),
    "calendar": ("day",),
    "trace": ("position",),
    "amendment": ("position",),
    "amended_subject": ("subject",),
    **{view.name: view.key for view in VIEWS},
}
"""Every table that a rebuild makes anew, with what tells its rows apart."""


def trace_definition() -> str:
    """The hash of the text that flattens an event and of the rule that corrects one."""
    rule = (resources.files("domain") / "corrections.py").read_text("utf-8")
    return digest(rule, *map(source, TRACE_TEXTS))


def digest(*parts: str) -> str:
    """SHA-256 of the parts, in hexadecimal."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
