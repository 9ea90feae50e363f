"""Which database is this, really? Two URLs that look alike may lead to two databases.

A migrated file and a served file of the same relative URL were the undiagnosed cause of
"no such column" in the *runs* story. Sources: PostgreSQL `pg_control_system()`
(https://www.postgresql.org/docs/current/functions-info.html), MariaDB ``server_uid``
(older servers lack it: address), MySQL ``server_uuid``, SQLite ``PRAGMA database_list``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError


@dataclass(frozen=True, slots=True)
class DatabaseIdentity:
    """What makes a database this one and no other.

    :param kind: ``sqlite``, ``postgresql``, ``mysql``, ``mariadb`` or the dialect's name.
    :param server: what survives a change of address: the system identifier or server
        uuid; device and inode of an SQLite file.
    :param database: the database's name, or the real path of the SQLite file.
    :param oid: PostgreSQL's number of the database, which changes when it is recreated.
    :param address: ``host:port`` as the server sees itself.
    """

    kind: str
    server: str | None
    database: str
    oid: str | None = None
    address: str | None = None

    def same_as(self, other: DatabaseIdentity) -> bool:
        """Whether both are the same database, whatever address each was reached by."""
        if self.kind != other.kind or self.is_memory or other.is_memory:
            return False
        if self.server and other.server:
            mine, theirs = (self.server, self.oid), (other.server, other.oid)
            # a file has one inode and many names; a server has many databases
            return mine == theirs and (self.kind == "sqlite" or self.database == other.database)
        return (self.address, self.database) == (other.address, other.database)

    @property
    def is_memory(self) -> bool:
        """Whether it is an SQLite database in memory, which no other process can see."""
        return self.kind == "sqlite" and self.database == ":memory:"

    def describe(self) -> str:
        """One line for people, without a password."""
        if self.kind == "sqlite":
            inode = f" (inode {self.server.rpartition(':')[2]})" if self.server else ""
            return f"SQLite {self.database}{inode}"
        names = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}
        where = f" at {self.address}" if self.address else ""
        server = f" (server {self.server})" if self.server else ""
        return f"{names.get(self.kind, self.kind)} {self.database}{where}{server}"

    def to_dict(self) -> dict[str, str | None]:
        """JSON-ready form."""
        return {name: getattr(self, name) for name in self.__slots__}


def read_identity(connection: sa.Connection) -> DatabaseIdentity:
    """Ask the database itself who it is."""
    name = connection.dialect.name
    reader = _READERS.get(name)
    if reader is not None:
        return reader(connection)
    url = connection.engine.url
    address = f"{url.host}:{url.port}" if url.host else None
    return DatabaseIdentity(name, None, url.database or "", address=address)


def sqlite_file(connection: sa.Connection) -> str | None:
    """The real path of the main database file; None in memory."""
    for _, name, path in connection.exec_driver_sql("PRAGMA database_list"):
        if name == "main" and path:
            return str(os.path.realpath(path))
    return None


def _sqlite(connection: sa.Connection) -> DatabaseIdentity:
    path = sqlite_file(connection)
    if path is None:
        return DatabaseIdentity("sqlite", None, ":memory:")
    try:
        status = os.stat(path)
    except OSError:
        return DatabaseIdentity("sqlite", None, path)
    return DatabaseIdentity("sqlite", f"{status.st_dev}:{status.st_ino}", path)


def _postgresql(connection: sa.Connection) -> DatabaseIdentity:
    query = (
        "SELECT current_database(), d.oid::text, host(inet_server_addr()), inet_server_port(),"
        " has_function_privilege('pg_control_system()', 'EXECUTE')"
        " FROM pg_database d WHERE d.datname = current_database()"
    )
    database, oid, host, port, may_ask = connection.exec_driver_sql(query).one()
    server = None
    if may_ask:
        asked = "SELECT system_identifier::text FROM pg_control_system()"
        server = connection.exec_driver_sql(asked).scalar()
    address = f"{host}:{port}" if host else "a local socket"
    return DatabaseIdentity("postgresql", server, database, oid, address)


def _mysql(connection: sa.Connection) -> DatabaseIdentity:
    kind = "mariadb" if getattr(connection.dialect, "is_mariadb", False) else "mysql"
    query = "SELECT DATABASE(), @@hostname, @@port"
    database, host, port = connection.exec_driver_sql(query).one()
    variable = "server_uid" if kind == "mariadb" else "server_uuid"
    try:
        server = connection.exec_driver_sql(f"SELECT @@{variable}").scalar()
    except DBAPIError:
        # older MariaDB servers do not know the variable; a failed SELECT harms nothing
        server = None
    return DatabaseIdentity(kind, server, database or "", address=f"{host}:{port}")


_READERS = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "mysql": _mysql,
    "mariadb": _mysql,
}
