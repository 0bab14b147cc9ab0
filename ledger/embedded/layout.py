"""What lies where in a data folder with an embedded PostgreSQL."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ledger.embedded.private_files import Owner, make_private_folder, owner_of


@dataclass(frozen=True, slots=True)
class DataFolder:
    """`root` is absolute and free of symbolic links; `made` says that this call made it."""

    root: Path
    made: bool

    @classmethod
    def at(cls, path: Path) -> DataFolder:
        """The data folder at `path`, made with mode 0700 if it is missing.

        Folders above it and the mode of an existing one stay as they are. Raises OSError.
        """
        root = Path(os.path.realpath(path))
        root.parent.mkdir(parents=True, exist_ok=True)
        made = not root.exists()
        make_private_folder(root, Owner(os.geteuid(), os.getegid()))
        folder = cls(root, made)
        make_private_folder(folder.locks, folder.owner)
        return folder

    @property
    def owner(self) -> Owner:
        """Who the files beside the cluster belong to: the owner of the data folder."""
        return owner_of(self.root)

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder. It appears complete or not at all."""
        return self.root / "postgres"

    @property
    def workshop(self) -> Path:
        """Where a cluster is made; whatever an interrupted making left here is worthless."""
        return self.root / "postgres.new"

    @property
    def password(self) -> Path:
        return self.root / "postgres.password"

    @property
    def log(self) -> Path:
        return self.root / "postgres.log"

    @property
    def locks(self) -> Path:
        return self.root / "postgres.locks"

    @property
    def gate(self) -> Path:
        """Locked exclusively by who starts or stops the server."""
        return self.locks / "gate"

    @property
    def users(self) -> Path:
        """Locked shared by every user of the server, for as long as it is one."""
        return self.locks / "users"

    @property
    def running(self) -> Path:
        """Locked by every process of the server and by nobody else."""
        return self.locks / "running"
