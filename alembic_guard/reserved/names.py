"""Is this name reserved: where, how badly, why, and where is that documented."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from ..facts import Severity
from ..record import field, frozen_record, record
from .words import SqlWord, Version, attribute_words, sql_words

Place = Literal["column", "table"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
DEFAULT_DATABASES: Mapping[str, Version | None] = {
    "postgresql": None,
    "mysql": None,
    "mariadb": None,
    "sqlite": None,
}
"""What a name is checked against when nobody said which databases the project runs on."""

SOFT_KEYWORDS = ("_", "case", "match")


@frozen_record
class Rule:
    """A kind of hazard: code, kebab-case name, what happens, and where that is documented."""

    code: str
    name: str
    what: str
    documented: str


_DECLARATIVE = "https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html"
RULES = {
    "declarative": Rule(
        "GRD001",
        "reserved-declarative-name",
        "A mapped attribute has a name Declarative keeps for itself, such as `metadata`: "
        "SQLAlchemy 2.0 refuses the class at import, 2.1 maps it and the class loses its own.",
        _DECLARATIVE,
    ),
    "unmapped": Rule(
        "GRD002",
        "silently-unmapped-column",
        "A mixin declares a column that SQLAlchemy does not map, without an error: values are "
        "lost, and autogenerate would drop the column.",
        "https://docs.sqlalchemy.org/en/20/orm/declarative_mixins.html",
    ),
    "half-fix": Rule(
        "GRD003",
        "reserved-name-half-fixed",
        "The column is mapped under another name, but a property or hybrid still has the "
        "reserved one: SQLAlchemy 2.0 dies all the same.",
        _DECLARATIVE,
    ),
    "late": Rule(
        "GRD004",
        "reserved-name-assigned-late",
        "A reserved name is assigned to the class after it was made: accepted in silence, and "
        "the class loses what the name stood for.",
        _DECLARATIVE,
    ),
    "base": Rule(
        "GRD005",
        "shadows-base-attribute",
        "A mapped attribute hides one that the project's own Base or a mixin defines.",
        _DECLARATIVE,
    ),
    "mangled": Rule(
        "GRD006",
        "mangled-column-name",
        "Python changes the name inside the class, or SQLAlchemy skips names of that form, so "
        "the column is not the one that was written.",
        "https://docs.python.org/3/reference/expressions.html#private-name-mangling",
    ),
    "pydantic": Rule(
        "GRD010",
        "reserved-pydantic-name",
        "Pydantic or SQLModel refuses the field, or the field hides a method of the model.",
        "https://docs.pydantic.dev/latest/api/config/#pydantic.config.ConfigDict.protected_namespaces",
    ),
    "flask": Rule(
        "GRD020",
        "reserved-flask-sqlalchemy-name",
        "The attribute hides one of Flask-SQLAlchemy's Model, such as `query`.",
        "https://flask-sqlalchemy.readthedocs.io/en/stable/api/#flask_sqlalchemy.model.Model",
    ),
    "row": Rule(
        "GRD030",
        "shadowed-row-attribute",
        "`row.name` gives a method of Row instead of the column's value.",
        "https://docs.sqlalchemy.org/en/20/core/connections.html#sqlalchemy.engine.Row",
    ),
    "collection": Rule(
        "GRD031",
        "shadowed-column-collection-attribute",
        "`table.c.name` gives a method of the collection instead of the column.",
        "https://docs.sqlalchemy.org/en/20/core/metadata.html",
    ),
    "python": Rule(
        "GRD040",
        "python-keyword",
        "The column cannot be an attribute or a keyword argument of that name in Python.",
        "https://docs.python.org/3/reference/lexical_analysis.html",
    ),
    "sql-silent": Rule(
        "GRD050",
        "sql-word-read-silently-wrong",
        "Hand-written SQL that does not quote the name is legal and means something else: "
        "`SELECT user FROM t` returns the login name.",
        "",
    ),
    "sql-quoted": Rule(
        "GRD051",
        "sql-reserved-word",
        "Hand-written SQL has to quote the name; SQLAlchemy does.",
        "",
    ),
    "too-long": Rule(
        "GRD060",
        "identifier-too-long",
        "The name is longer than the database keeps: cut in silence, or refused.",
        "",
    ),
    "collision": Rule(
        "GRD061",
        "identifier-collision",
        "Two names become one after truncation or on a server that does not tell case apart.",
        "",
    ),
    "team": Rule(
        "GRD070",
        "team-reserved-name",
        "The team keeps this name for itself.",
        "the reserved_names setting",
    ),
}
"""Every hazard family, one code each."""

_DATABASE_DOCS = {
    "postgresql": "https://www.postgresql.org/docs/current/sql-keywords-appendix.html",
    "mysql": "https://dev.mysql.com/doc/refman/8.4/en/keywords.html",
    "mariadb": "https://mariadb.com/kb/en/reserved-words/",
    "sqlite": "https://www.sqlite.org/lang_keywords.html",
    "mssql": "https://learn.microsoft.com/sql/t-sql/language-elements/reserved-keywords-transact-sql",
    "oracle": "https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Oracle-SQL-Reserved-Words.html",
}
_DISPLAY = {
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "sqlite": "SQLite",
    "mssql": "SQL Server",
    "oracle": "Oracle",
}
_ALIASES = {"postgres": "postgresql", "pg": "postgresql", "sqlserver": "mssql", "maria": "mariadb"}


@record
class Hazard:
    """One reason not to use a name: what happens, to whom, and where it is documented."""

    family: str
    word: str
    severity: Severity
    effect: str
    documented: str

    @property
    def rule(self) -> Rule:
        return RULES[self.family]


@record
class Vocabulary:
    """Which databases and frameworks count, and the names the team keeps for itself.

    :param databases: database name -> server version, None when it may be any.
    :param frameworks: families of `attributes.tsv` in use beyond SQLAlchemy itself.
    :param team: the team's own names, with the reason where one was given.
    :param live: words read from running servers; they replace our list of that database.
    """

    databases: Mapping[str, Version | None] = field(default_factory=lambda: DEFAULT_DATABASES)
    frameworks: Collection[str] = ()
    team: Mapping[str, str] = field(default_factory=dict)
    live: Mapping[str, Mapping[str, SqlWord]] = field(default_factory=dict)

    def special(self) -> frozenset[str]:
        """Every lower-case name any list knows: what is not among them is harmless."""
        lists = [self.words(database) for database in self.databases]
        keywords = frozenset(word.lower() for word in keyword.kwlist)
        return keywords.union(SOFT_KEYWORDS, self.team, attribute_words(), *lists)

    def words(self, database: str) -> Mapping[str, SqlWord]:
        """The special words of one database: the live ones where they were read."""
        return self.live.get(database) or sql_words(database)


DEFAULT_VOCABULARY = Vocabulary()
ALL_FRAMEWORKS = Vocabulary(frameworks=("flask", "pydantic"))


def is_reserved(name: str, *, vocabulary: Vocabulary = ALL_FRAMEWORKS) -> bool:
    """Whether a column of that name trips over anything, if only by having to be quoted.

    Python's soft keywords do not count: they are legal everywhere a name is.
    """
    found = [*attribute_hazards(name, vocabulary=vocabulary), *hazards(name, vocabulary=vocabulary)]
    return any(hazard.word not in SOFT_KEYWORDS or hazard.family != "python" for hazard in found)


def worst(found: Sequence[Hazard]) -> Severity | None:
    """The highest severity among hazards."""
    return min((hazard.severity for hazard in found), key=SEVERITIES.index, default=None)


def attribute_hazards(
    name: str,
    *,
    owner: str = "Model",
    families: Collection[str] = ("declarative",),
    vocabulary: Vocabulary = DEFAULT_VOCABULARY,
) -> list[Hazard]:
    """What a *mapped attribute* of that name does to its class, library by library."""
    if name not in attribute_words():
        return []
    wanted = {*families, *vocabulary.frameworks}
    return [
        Hazard(
            item.family,
            name,
            item.severity,
            item.effect.format(owner=owner, name=name),
            RULES[item.family].documented,
        )
        for item in attribute_words().get(name, ())
        if item.family in wanted
    ]


def hazards(
    name: str, *, place: Place = "column", vocabulary: Vocabulary = DEFAULT_VOCABULARY
) -> list[Hazard]:
    """What a *database object* of that name does in Core results, Python and raw SQL."""
    found = []
    if place == "column":
        found += attribute_hazards(name, families=("row", "collection"))
        found += _python_hazards(name)
    found += _sql_hazards(name, place, vocabulary)
    if (reason := vocabulary.team.get(name.lower())) is not None:
        effect = f"the team reserves this name{': ' + reason if reason else ''}"
        found.append(Hazard("team", name, "error", effect, RULES["team"].documented))
    return found


def normalise_database(name: str) -> str:
    """``postgresql+psycopg`` or ``pg`` as the name our lists use."""
    base = name.lower().partition("+")[0]
    return _ALIASES.get(base, base)


def display_name(database: str) -> str:
    """The database's name as its makers write it."""
    return _DISPLAY.get(database, database)


def _python_hazards(name: str) -> list[Hazard]:
    if keyword.iskeyword(name):
        effect = (
            f"{name!r} is a Python keyword: no attribute can have that name, so the model needs "
            f"another one and raw rows need row._mapping[{name!r}]"
        )
        return [Hazard("python", name, "note", effect, RULES["python"].documented)]
    if name in SOFT_KEYWORDS:
        effect = f"{name!r} is a soft keyword: legal, but it reads like syntax in match statements"
        return [Hazard("python", name, "note", effect, RULES["python"].documented)]
    return []


def _sql_hazards(name: str, place: Place, vocabulary: Vocabulary) -> list[Hazard]:
    if not any(name.lower() in vocabulary.words(database) for database in vocabulary.databases):
        return []
    silent: list[tuple[str, str]] = []
    quoted: list[tuple[str, str]] = []
    for database, version in vocabulary.databases.items():
        word = vocabulary.words(database).get(name.lower())
        if word is not None and word.applies_to(version):
            label = display_name(database) + (
                f" {word.since[0]} and later" if word.since and version is None else ""
            )
            is_silent = word.effect == "silent" and (
                place == "column" or _is_relation(database, name)
            )
            (silent if is_silent else quoted).append((database, label))
    found = []
    if silent:
        found.append(_silent_hazard(name, place, silent))
    if quoted:
        effect = (
            f"a reserved word of {_listed(quoted)}: SQLAlchemy quotes it, hand-written SQL must"
        )
        documented = _DATABASE_DOCS.get(quoted[0][0], "")
        found.append(Hazard("sql-quoted", name, "note", effect, documented))
    return found


def _is_relation(database: str, name: str) -> bool:
    """Whether the word may stand in FROM: PostgreSQL takes its functions there, others refuse."""
    return database == "postgresql" and name.lower() not in ("true", "false", "null")


def _silent_hazard(name: str, place: Place, databases: Sequence[tuple[str, str]]) -> Hazard:
    """An error for a column; for a table most queries fail loudly, ``SELECT *`` does not."""
    value, where = _value_of(name.lower()), _listed(databases)
    documented = _DATABASE_DOCS.get(databases[0][0], "")
    if place == "table":
        effect = f"unquoted in hand-written SQL on {where} it is {value}, not this table"
        return Hazard("sql-silent", name, "warning", effect, documented)
    effect = (
        f"hand-written SELECT {name} FROM ... on {where} returns {value}, not this column, "
        "without an error"
    )
    return Hazard("sql-silent", name, "error", effect, documented)


def _value_of(word: str) -> str:
    if word in ("true", "false", "null"):
        return f"the constant {word.upper()}"
    if any(part in word for part in ("date", "time")):
        return "the server's clock"
    if "schema" in word or "catalog" in word:
        return "the current schema or database name"
    return "the database login" if "user" in word or "role" in word else "a server function"


def _listed(databases: Sequence[tuple[str, str]]) -> str:
    return ", ".join(label for _, label in databases)
