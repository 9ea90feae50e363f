"""SQL words and identifiers: what running servers do with them, and what we say."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic_guard.reserved.identifiers import identifier_hazards, stored_name
from alembic_guard.reserved.live import read_words, server_words
from alembic_guard.reserved.names import Vocabulary, hazards, is_reserved
from alembic_guard.reserved.words import parse_version, sql_words


def _database(kind: str, connection: sa.Connection) -> str:
    is_mariadb = getattr(connection.dialect, "is_mariadb", False)
    return "mariadb" if is_mariadb else "mysql" if kind == "mariadb" else kind


def _version(connection: sa.Connection) -> tuple[int, ...]:
    return tuple(connection.dialect.server_version_info or ())


def test_silent_words_read_as_a_value(kind: str, engine: sa.Engine) -> None:
    """An unquoted SELECT of a column with such a name gives something else, without an error."""
    with engine.connect() as connection:
        version = _version(connection)
        words = [
            word.word
            for word in sql_words(_database(kind, connection)).values()
            if word.effect == "silent" and word.applies_to(version)
        ]
        quote = connection.dialect.identifier_preparer.quote_identifier
        columns = ", ".join(f"{quote(word)} varchar(9)" for word in words)
        values = ", ".join("'COL'" for _ in words)
        connection.exec_driver_sql(f"CREATE TABLE w ({columns})")
        connection.exec_driver_sql(f"INSERT INTO w VALUES ({values})")
        row = connection.exec_driver_sql(f"SELECT {', '.join(words)} FROM w").one()

        assert "COL" not in tuple(row)
        connection.rollback()


def test_other_listed_words_fail_unless_quoted(kind: str, engine: sa.Engine) -> None:
    """The list has no word that would be fine; a tenth of it is tried in each run."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        words = sorted(sql_words(_database(kind, connection)).items())
        version = _version(connection)
        for text, word in words[::10]:
            if word.effect == "quoted" and word.applies_to(version):
                with pytest.raises(sa.exc.DBAPIError):
                    connection.exec_driver_sql(f"CREATE TABLE w2 ({text} integer)")


ORDINARY = ("metadata", "status", "name", "value", "data", "type", "created_at", "owner", "notes")


def test_words_that_are_not_listed_are_fine_unquoted(kind: str, engine: sa.Engine) -> None:
    columns = ", ".join(f"{word} integer" for word in ORDINARY)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE fine ({columns})")

        assert not any(word in sql_words(_database(kind, connection)) for word in ORDINARY)


@pytest.mark.parametrize("word", ["lateral", "collation", "concurrently", "tablesample"])
def test_words_sqlalchemy_does_not_quote_on_postgresql(word: str, new_database) -> None:  # type: ignore[no-untyped-def]  # fixture
    engine = sa.create_engine(new_database("postgresql"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection, pytest.raises(sa.exc.ProgrammingError):
        connection.exec_driver_sql(f"CREATE TABLE w ({word} integer)")

    assert [item.rule.code for item in hazards(word)] == ["GRD051"]


def test_postgresql_says_which_words_it_reserves(new_database) -> None:  # type: ignore[no-untyped-def]  # fixture
    """The live list and the measured one agree for the server's version."""
    database, version, words = read_words(str(new_database("postgresql")))
    measured = {text for text, word in sql_words("postgresql").items() if word.applies_to(version)}

    assert database == "postgresql"
    assert set(words) == measured
    assert words["user"].effect == "silent"


def test_a_connection_tells_its_words_on_every_kind(kind: str, engine: sa.Engine) -> None:
    with engine.connect() as connection:
        database, version, words = server_words(connection)

    assert words, database
    assert version >= (3,)


@pytest.mark.parametrize(
    ("version", "expected"),
    [("15", False), ("15.18", False), ("16", True), ("18.6", True), ("", True)],
)
def test_a_word_belongs_to_versions(version: str, expected: bool) -> None:
    """SYSTEM_USER is a plain name up to PostgreSQL 15 and a function from 16 on."""
    vocabulary = Vocabulary({"postgresql": parse_version(version) or None})

    assert bool(hazards("system_user", vocabulary=vocabulary)) is expected


@pytest.mark.parametrize(
    ("name", "place", "severity"),
    [
        ("user", "column", "error"),
        ("user", "table", "warning"),
        ("order", "column", "note"),
        ("group", "table", "note"),
        ("current_date", "column", "error"),
    ],
)
def test_severity_goes_by_effect(name: str, place: str, severity: str) -> None:
    found = hazards(name, place=place, vocabulary=Vocabulary({"postgresql": None}))  # type: ignore[arg-type]  # literal

    assert [item.severity for item in found] == [severity]
    assert found[0].documented.startswith("https://")


def test_a_table_called_user_reads_as_the_login(new_database) -> None:  # type: ignore[no-untyped-def]  # fixture
    engine = sa.create_engine(new_database("postgresql"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql('CREATE TABLE "user" (id integer)')

        assert connection.exec_driver_sql("SELECT count(*) FROM user").scalar() == 1
        assert connection.exec_driver_sql('SELECT count(*) FROM "user"').scalar() == 0


def test_only_postgresql_takes_such_a_word_for_a_table(kind: str, engine: sa.Engine) -> None:
    """`SELECT * FROM current_date` is a table of one row there, and an error everywhere else."""
    with engine.connect() as connection:
        database, version = _database(kind, connection), _version(connection)
        vocabulary = Vocabulary({database: version})
        for word in sql_words(database).values():
            if word.effect == "silent" and word.applies_to(version):
                (found,) = hazards(word.word, place="table", vocabulary=vocabulary)
                try:
                    connection.exec_driver_sql(f"SELECT * FROM {word.word}").fetchall()
                    is_read = True
                except sa.exc.DBAPIError:
                    is_read = False
                connection.rollback()

                assert (found.severity == "warning") is is_read, word


def test_the_team_may_keep_names() -> None:
    vocabulary = Vocabulary(team={"tenant": "belongs to the platform"})
    (found,) = hazards("tenant", vocabulary=vocabulary)

    assert (found.rule.code, found.severity) == ("GRD070", "error")
    assert "platform" in found.effect


LONG = "a" * 60 + "_first"
TWIN = "a" * 60 + "_firm"


def test_postgresql_cuts_long_names_in_silence(new_database) -> None:  # type: ignore[no-untyped-def]  # fixture
    engine = sa.create_engine(new_database("postgresql"), poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE long_names ({LONG} integer)")
        (column,) = sa.inspect(connection).get_columns("long_names")

        assert column["name"] == stored_name(LONG, "postgresql") != LONG
    (found,) = identifier_hazards("t", [LONG], {"postgresql": None})
    assert (found.severity, found.rule.code) == ("error", "GRD060")


def test_two_long_names_collide_on_postgresql(new_database) -> None:  # type: ignore[no-untyped-def]  # fixture
    engine = sa.create_engine(new_database("postgresql"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection, pytest.raises(sa.exc.ProgrammingError, match="specified"):
        connection.exec_driver_sql(f"CREATE TABLE twins ({LONG} integer, {TWIN} integer)")
    codes = [item.rule.code for item in identifier_hazards("t", [LONG, TWIN], {"postgresql": None})]

    assert "GRD061" in codes


def test_mariadb_refuses_long_names(new_database) -> None:  # type: ignore[no-untyped-def]  # fixture
    engine = sa.create_engine(new_database("mariadb"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="too long"):
        connection.exec_driver_sql(f"CREATE TABLE t ({LONG} integer)")
    (found,) = identifier_hazards("t", [LONG], {"mariadb": None})

    assert found.severity == "warning"


@pytest.mark.parametrize(
    ("kind", "refused"), [("sqlite", True), ("mariadb", True), ("postgresql", False)]
)
def test_names_that_differ_in_case_only(kind: str, refused: bool, new_database) -> None:  # type: ignore[no-untyped-def]  # fixture
    engine = sa.create_engine(new_database(kind), poolclass=sa.pool.NullPool)
    quote = engine.dialect.identifier_preparer.quote_identifier
    found = identifier_hazards("t", ["Name", "name"], {kind: None})

    assert bool(found) is refused
    with engine.connect() as connection:
        statement = f"CREATE TABLE t ({quote('Name')} integer, {quote('name')} integer)"
        if refused:
            with pytest.raises(sa.exc.DBAPIError, match=r"(?i)duplicate"):
                connection.exec_driver_sql(statement)
        else:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("metadata", True), ("user", True), ("order", True), ("json", True), ("session_metadata", False),
     ("name", False), ("_", False), ("class", True), ("t", True)],
)  # fmt: skip
def test_is_reserved_answers_for_a_bare_name(name: str, expected: bool) -> None:
    assert is_reserved(name) is expected
