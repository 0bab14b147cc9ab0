"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="one JSON document instead of text")]
AsOf = Annotated[
    str | None,
    typer.Option(help="fact time: a date (its end, Asia/Shanghai) or an RFC 3339 instant"),
]
KnownAt = Annotated[
    str | None,
    typer.Option(help="knowledge: what was recorded by then; a date or an RFC 3339 instant"),
]
Position = Annotated[int | None, typer.Option(help="knowledge: what was recorded up to there")]
