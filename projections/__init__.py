"""The read side: following the ledger into DuckDB; one SQL statement a view."""
