"""Two URLs that look alike and lead elsewhere, and two that differ and lead to the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.ledger import DatabaseIdentity, read_identity


def identity_of(url: URL | str) -> DatabaseIdentity:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        identity = read_identity(connection)
    engine.dispose()
    return identity


def test_a_database_is_itself_and_not_its_neighbour(
    kind: str, new_database: Callable[..., URL]
) -> None:
    one, other = new_database(kind), new_database(kind)
    for url in (one, other):
        engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (id integer)")
        engine.dispose()

    assert identity_of(one).same_as(identity_of(one))
    assert not identity_of(one).same_as(identity_of(other))
    assert str(one.database) in identity_of(one).describe()


def test_the_same_relative_url_in_two_folders_is_two_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identities = []
    for name in ("app", "deploy"):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.chdir(folder)
        (folder / "app.db").touch()
        identities.append(identity_of("sqlite:///app.db"))

    assert not identities[0].same_as(identities[1])
    assert identities[0].describe().startswith(f"SQLite {tmp_path}/app/app.db (inode ")


def test_a_link_is_the_file_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "app.db").touch()
    os.symlink(tmp_path / "app.db", tmp_path / "link.db")
    os.link(tmp_path / "app.db", tmp_path / "hard.db")
    real = identity_of(f"sqlite:///{tmp_path}/app.db")

    assert real.same_as(identity_of(f"sqlite:///{tmp_path}/link.db"))
    assert real.same_as(identity_of(f"sqlite:///{tmp_path}/hard.db"))


def test_memory_is_never_the_same() -> None:
    memory = identity_of("sqlite://")

    assert not memory.same_as(memory)


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_server_is_the_same_by_any_of_its_addresses(
    kind: str, new_database: Callable[..., URL]
) -> None:
    url = new_database(kind)
    if url.host != "127.0.0.1":
        pytest.skip("the server is not on this machine")

    assert identity_of(url).same_as(identity_of(url.set(host="localhost")))


def test_a_description_has_no_password() -> None:
    described = DatabaseIdentity("postgresql", "7", "shop", "1", "db-1:5432").describe()

    assert described == "PostgreSQL shop at db-1:5432 (server 7)"


def test_databases_of_two_servers_differ_though_all_names_agree() -> None:
    one = DatabaseIdentity("postgresql", "7", "shop", "16384", "127.0.0.1:5432")
    other = DatabaseIdentity("postgresql", "8", "shop", "16384", "127.0.0.1:5432")

    assert not one.same_as(other)
    assert one.same_as(DatabaseIdentity("postgresql", "7", "shop", "16384", "10.0.0.5:5432"))
