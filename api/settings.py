"""Every setting, its value and where it came from: read once, at an entry point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dotenv import dotenv_values

from domain.errors import WrongUse

PREFIX: Final = "CASELEDGER_"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that the ledger knows: the variable is its name in capitals after CASELEDGER_."""

    name: str
    default: str | None
    help: str
    secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable."""
        return PREFIX + self.name.upper()


SETTINGS: Final = (
    Setting("data_dir", "./data", "folder of everything that the ledger keeps on this machine"),
    Setting(
        "database_url",
        None,
        "libpq URI of the owner of a PostgreSQL database; absent = an embedded PostgreSQL 18 in "
        "the data folder",
        secret=True,
    ),
    Setting(
        "read_model",
        "views.duckdb",
        "DuckDB file of the views; a relative path lies in the data folder",
    ),
    Setting(
        "simulated",
        None,
        "1 makes a new ledger a simulated one, for ever; 0 insists on an ordinary one; absent = "
        "what the ledger is",
    ),
    Setting(
        "master_key",
        None,
        "64 hex digits or base64 of 32 bytes; absent = the file keys/master.key in the data "
        "folder, made at the first start",
        secret=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Value:
    """What a setting is, and where that came from: environment, .env or default."""

    setting: Setting
    text: str | None
    origin: str

    @property
    def shown(self) -> str | None:
        """The value as it may be shown; a secret that is set shows as dots."""
        return "•••" if self.setting.secret and self.text is not None else self.text


class Settings:
    """The settings of one run."""

    def __init__(self, environment: Mapping[str, str], dotenv: Path | None = None) -> None:
        """`environment` goes before the file `dotenv`. Raises WrongUse for an unknown variable
        that begins with CASELEDGER_ (CASELEDGER_TEST_… is left to the tests)."""
        from_file = {} if dotenv is None else dotenv_values(dotenv)
        for where in (environment, from_file):
            for variable in where:
                if variable.startswith(PREFIX) and not variable.startswith(PREFIX + "TEST_"):
                    _known(variable)
        self.values: dict[str, Value] = {}
        for setting in SETTINGS:
            text, origin = setting.default, "default"
            for where, name in ((from_file, ".env"), (environment, "environment")):
                given = where.get(setting.variable)
                if given is not None and given != "":
                    text, origin = given, name
            self.values[setting.name] = Value(setting, text, origin)

    @property
    def data_dir(self) -> Path:
        """The data folder, absolute."""
        return Path(self.text("data_dir") or ".").expanduser().absolute()

    @property
    def read_model(self) -> Path:
        """The file of the views, absolute."""
        return self.data_dir / Path(self.text("read_model") or "").expanduser()

    @property
    def simulated(self) -> bool | None:
        """Whether the ledger has to be simulated; None = whatever it is. Raises WrongUse."""
        text = self.text("simulated")
        if text is None:
            return None
        if text not in ("0", "1"):
            raise WrongUse(f"{PREFIX}SIMULATED", "0 or 1", repr(text))
        return text == "1"

    def text(self, name: str) -> str | None:
        """The value of a setting; raises KeyError for a name that is none."""
        return self.values[name].text

    def as_json(self) -> list[dict[str, Any]]:
        """Every setting, secrets hidden."""
        return [
            {
                "name": value.setting.variable,
                "value": value.shown,
                "origin": value.origin,
                "help": value.setting.help,
            }
            for value in self.values.values()
        ]


def _known(variable: str) -> None:
    names = [setting.variable for setting in SETTINGS]
    if variable not in names:
        raise WrongUse(variable, f"one of {', '.join(names)}", "an unknown setting")
