"""The command line. Exit codes: 0 done, 1 the answer is no, 2 wrong use, 3 a part is away."""

from __future__ import annotations

import sys

import typer

from api.commands.append import append
from api.commands.case import case, history
from api.commands.demonstration import demo
from api.commands.importing import importing
from api.commands.serving import serve
from api.commands.simulating import simulate
from api.commands.status import config, status
from api.commands.views import compare, rebuild, statistics
from api.garbage import collect_seldom
from api.output import tell
from domain.errors import LedgerError, PartUnavailable, WrongUse

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="政务服务办件账本 The ledger of government service cases.",
)
for command in (
    serve,
    demo,
    simulate,
    append,
    case,
    history,
    statistics,
    rebuild,
    compare,
    status,
    config,
):
    app.command()(command)
app.add_typer(importing, name="import")


def main() -> None:
    """Run a command; every error of the ledger is one line that says what to do."""
    collect_seldom()
    try:
        app()
    except PartUnavailable as error:
        tell(str(error))
        sys.exit(3)
    except WrongUse as error:
        tell(str(error))
        sys.exit(2)
    except LedgerError as error:
        tell(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
