"""The database's own clock, as an expression: seconds since 1970 (UTC), a float.

Leases and heartbeats are compared by one clock only, because the clocks of the machines
that migrate and of those that serve may differ by more than a lease.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class database_clock(FunctionElement[float]):
    """Now, by the server's wall clock, also inside a long transaction."""

    type = Double()
    inherit_cache = True


@compiles(database_clock)
def _standard(element: database_clock, compiler: SQLCompiler, **kw: Any) -> str:
    return "EXTRACT(EPOCH FROM CURRENT_TIMESTAMP)"


@compiles(database_clock, "postgresql")
def _postgresql(element: database_clock, compiler: SQLCompiler, **kw: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS double precision)"


@compiles(database_clock, "mysql")
@compiles(database_clock, "mariadb")
def _mysql(element: database_clock, compiler: SQLCompiler, **kw: Any) -> str:
    return "CAST(UNIX_TIMESTAMP(SYSDATE(6)) AS DOUBLE)"


@compiles(database_clock, "sqlite")
def _sqlite(element: database_clock, compiler: SQLCompiler, **kw: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"
