"""The traces and events of an XES document, as elements, one at a time.

A document type declaration is refused before what follows it is read, so that no entity is ever
declared, expanded or fetched, and no address is opened. lxml is used, and not the
standard library's parser, because logs come in GB18030 and other encodings of several bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from replay.xes.fault import FileBroken

# resolve_entities: with False, lxml 6.1 passes over an undeclared entity without an error and takes
# what follows for a new document
_SAFE: dict[str, Any] = {
    "resolve_entities": "internal",
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "remove_comments": True,
    "remove_pis": True,
}
_POSITION = re.compile(r", line \d+, column \d+( \(.*\))?$", re.DOTALL)
_LONGEST_ELEMENT = 16 * 2**20
_UNKNOWN_LINE = 65535  # libxml2 gives this for every line after it that it cannot tell


def local_name(element: Any) -> str:
    """The element's name without its namespace: logs come with several, and without any."""
    return _without_namespace(element.tag)


@lru_cache(maxsize=256)
def _without_namespace(name: str) -> str:
    return name.rpartition("}")[2]


def line_of(element: Any) -> int | None:
    """The line on which the element begins, None where it is not known."""
    line: int | None = element.sourceline
    return None if line == _UNKNOWN_LINE else line


def traces_and_events(chunks: Iterable[bytes]) -> Iterator[Any]:
    """Each complete `event` and `trace` element, at its end; an event comes before its trace.

    Who takes an element must forget it (`forget`) before asking for the next, else the document
    grows in memory. Raises FileBroken where the document breaks, after everything complete before
    the break was yielded; also where 16 MiB of text go by without the end of a trace or an event,
    which would all have to be held.
    """
    parser = etree.XMLPullParser(
        # one large value is to cost its event, not the rest of the log: the bound here is ours
        events=("end",),
        tag=("{*}trace", "{*}event"),
        huge_tree=True,
        **_SAFE,
    )
    root_seen = False
    pending = 0
    scout = etree.XMLPullParser(events=("start",), huge_tree=False, **_SAFE)
    for chunk in chunks:
        if not root_seen:
            # a parser of its own finds the root, since the events of every element cost time, and
            # keeps the bounds against entities that a huge tree does without
            root_seen = _checked_root(scout, chunk)
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            yield from _ended(parser)
            raise _broken(error) from error
        pending += len(chunk)
        for element in _ended(parser):
            pending = 0
            yield element
        if pending > _LONGEST_ELEMENT:
            raise FileBroken(
                f"the end of a trace or an event within {_LONGEST_ELEMENT} bytes",
                f"{pending} bytes",
            )
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _broken(error) from error


def forget(element: Any) -> None:
    """Free the element's content and everything before it in its parent.

    The element itself and the text after it stay: the parser still holds them.
    """
    element.clear(keep_tail=True)
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]


def _ended(parser: Any) -> Iterator[Any]:
    for _, element in parser.read_events():
        if element.getparent() is None:
            raise FileBroken("the root element log", f"{local_name(element)!r}", line_of(element))
        yield element


def _checked_root(scout: Any, chunk: bytes) -> bool:
    """Whether the root has come; raises FileBroken if it is none of a log, or never can come."""
    failure: etree.XMLSyntaxError | None = None
    try:
        scout.feed(chunk)
    except etree.XMLSyntaxError as error:
        failure = error
    for _, root in scout.read_events():
        if root.getroottree().docinfo.internalDTD is not None:
            raise FileBroken(
                "a log without a document type declaration, whose entities could expand without "
                "end or read other files",
                "one before the root element",
                line_of(root),
            )
        if local_name(root) != "log":
            raise FileBroken("the root element log", f"{local_name(root)[:100]!r}", line_of(root))
        return True
    if failure is not None:
        raise _broken(failure) from failure
    return False


def _broken(error: Any) -> FileBroken:
    line, column = error.position
    return FileBroken("well-formed XML", _POSITION.sub("", error.msg), line or None, column or None)
