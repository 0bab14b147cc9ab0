"""The settings of the embedded server."""

from __future__ import annotations

from pathlib import Path

FILE_NAME = "caseledger.conf"
PORT = 5432
"""No port is opened: the number is part of the name of the socket."""

INCLUSION = f"""
# The settings of the ledger. Every start writes that file anew; a setting below this line wins.
include '{FILE_NAME}'
"""

AUTHENTICATION = """\
# Password only, and only through the Unix socket.
local all all scram-sha-256
local replication all scram-sha-256
"""

_SETTINGS = {
    # durable
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # a ledger on a small machine: few connections, large appends
    "max_connections": "100",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "wal_compression": "off",
    "jit": "off",
    # the same answers on every machine
    "password_encryption": "'scram-sha-256'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "datestyle": "'ISO, YMD'",
    "lc_messages": "'C'",
    # no content of an event in the log: no statement, no detail, no parameter
    "log_destination": "'stderr'",
    "logging_collector": "off",
    "log_line_prefix": "'%m [%p] '",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    # what is left would fill the disk with routine
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
}

QUIET_SESSIONS = "ALTER ROLE ALL SET log_min_messages = 'log'"
"""Keeps the errors of sessions out of the log: their first line may quote a value (`invalid input
syntax for type …: "…"`). The client gets them. Errors of background processes are still logged."""


def settings_text() -> str:
    """The content of the settings file."""
    return "".join(f"{name} = {value}\n" for name, value in _SETTINGS.items())


def arguments(cluster: Path, sockets: Path) -> list[str]:
    """The arguments of the server program: what no settings file may change."""
    quoted = '"' + str(sockets).replace('"', '""') + '"'
    fixed = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": quoted,
        "unix_socket_permissions": "0700",
    }
    options = [part for name, value in fixed.items() for part in ("-c", f"{name}={value}")]
    return ["-D", str(cluster), *options]
