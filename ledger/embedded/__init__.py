"""A real PostgreSQL 18 in the data folder, for a ledger that has no other database configured.

The first process on the data folder starts it, all use it, the last to leave stops it.
"""

from ledger.embedded.postgres import EmbeddedPostgres

__all__ = ["EmbeddedPostgres"]
