"""SQLAlchemy Declarative: every way a reserved name gets into a class, live and as reported."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from alembic_guard.facts import Finding
from tests.reserved.source_cases import SA_21, run_source, scan_source, serious_codes

ID = "    id: Mapped[int] = mapped_column(primary_key=True)\n"
F = "class F(Base):\n    __tablename__ = 'f'\n" + ID


@dataclass(frozen=True)
class Case:
    """Source, what each SQLAlchemy does with it, whether the column exists, what we report."""

    name: str
    source: str
    on_20: str
    on_21: str
    mapped: bool
    codes: tuple[str, ...]


def _both(
    how: str, source: str, metadata: tuple[str, str], registry: tuple[str, str], mapped: bool,
    codes: tuple[str, ...],
) -> list[Case]:  # fmt: skip
    return [
        Case(f"{how}-{name}", source.replace("NAME", name), *words, mapped, codes)
        for name, words in (("metadata", metadata), ("registry", registry))
    ]


REFUSED, WARNED, SILENT = "refused", "warned", "silent"
_VALUE = ((REFUSED, WARNED), (SILENT, WARNED), True)
_LOST = ((SILENT, SILENT), (SILENT, SILENT), False)
RESERVED, LOST, HALF, LATE = ("GRD001",), ("GRD002",), ("GRD003",), ("GRD004",)

CASES = [
    *_both("direct", F + "    NAME = mapped_column(String)\n", *_VALUE, RESERVED),
    *_both("annotated", F + "    NAME: Mapped[str]\n", *_VALUE, RESERVED),
    *_both(
        "mixin-with-value",
        "class M:\n    NAME = mapped_column(String)\n" + F.replace("(Base)", "(M, Base)"),
        *_VALUE, RESERVED,
    ),
    *_both(
        "mixin-declared-attr",
        "class M:\n    @declared_attr\n    def NAME(cls):\n        return mapped_column(String)\n"
        + F.replace("(Base)", "(M, Base)"),
        *_VALUE, RESERVED,
    ),
    *_both(
        "abstract",
        "class A(Base):\n    __abstract__ = True\n    NAME = mapped_column(String)\n"
        + F.replace("(Base)", "(A)"),
        *_VALUE, RESERVED,
    ),
    *_both(
        "legacy-base",
        "Old = declarative_base()\n" + F.replace("(Base)", "(Old)") + "    NAME = Column(String)\n",
        *_VALUE, RESERVED,
    ),
    *_both(
        "mapped-decorator",
        "reg = registry()\n@reg.mapped\nclass F:\n    __tablename__ = 'f'\n"
        "    id = Column(Integer, primary_key=True)\n    NAME = Column(String)\n",
        *_VALUE, RESERVED,
    ),
    *_both(
        "synonym",
        F + "    m_ = mapped_column('NAME', String)\n    NAME = synonym('m_')\n",
        *_VALUE, RESERVED,
    ),
    *_both(
        "mixin-annotation-only",
        "class M:\n    NAME: Mapped[str]\n" + F.replace("(Base)", "(M, Base)"), *_LOST, LOST,
    ),
    *_both(
        "mixin-after-base",
        "class M:\n    NAME = mapped_column(String)\n" + F.replace("(Base)", "(Base, M)"),
        *_LOST, LOST,
    ),
    *_both(
        "on-the-base",
        "class B(DeclarativeBase):\n    NAME = mapped_column(String)\n" + F.replace("(Base)", "(B)"),
        (REFUSED, REFUSED), (REFUSED, REFUSED), True, RESERVED,
    ),
    *_both(
        "assigned-later", F + "F.NAME = mapped_column('NAME', String)\n",
        (SILENT, SILENT), (SILENT, SILENT), True, LATE,
    ),
    *_both(
        "from-a-table",
        "class F(Base):\n    __table__ = Table('f', Base.metadata, "
        "Column('id', Integer, primary_key=True), Column('NAME', String))\n",
        (SILENT, SILENT), (SILENT, SILENT), True, LATE,
    ),
    *_both(
        "imperative",
        "reg = registry()\nt = Table('f', reg.metadata, Column('id', Integer, primary_key=True), "
        "Column('NAME', String))\nclass F: pass\nreg.map_imperatively(F, t)\n",
        (SILENT, SILENT), (SILENT, SILENT), True, LATE,
    ),
    *_both(
        "property",
        F + "    m_ = mapped_column('NAME', String)\n    @property\n    def NAME(self):\n"
        "        return self.m_\n",
        (REFUSED, WARNED), (SILENT, WARNED), True, HALF,
    ),
    *_both(
        "hybrid",
        F + "    m_ = mapped_column('NAME', String)\n    @hybrid_property\n    def NAME(self):\n"
        "        return self.m_\n",
        (REFUSED, WARNED), (SILENT, WARNED), True, HALF,
    ),
    Case(
        "user-method-mixin-annotation",
        "class B(DeclarativeBase):\n    def to_dict(self):\n        return dir(self)\n"
        "class M:\n    to_dict: Mapped[str]\n" + F.replace("(Base)", "(M, B)"),
        SILENT, SILENT, False, LOST,
    ),
    Case(
        "user-method-direct",
        "class B(DeclarativeBase):\n    def to_dict(self):\n        return dir(self)\n"
        + F.replace("(Base)", "(B)") + "    to_dict: Mapped[str]\n",
        SILENT, SILENT, True, ("GRD005",),
    ),
    Case("dunder", F + "    __x__ = mapped_column(String)\n", SILENT, SILENT, False, LOST),
    Case("sa-prefix", F + "    _sa_x = mapped_column(String)\n", SILENT, SILENT, False, LOST),
    Case("class-manager", F + "    _sa_class_manager = mapped_column(String)\n",
         REFUSED, REFUSED, False, RESERVED),
    Case("sa-registry", F + "    _sa_registry = mapped_column(String)\n",
         REFUSED, REFUSED, False, RESERVED),
    Case("instance-state", F + "    _sa_instance_state = mapped_column(String)\n",
         SILENT, SILENT, False, RESERVED),
    Case("mapper", F + "    __mapper__ = mapped_column(String)\n", REFUSED, REFUSED, False, RESERVED),
    Case("init", F + "    __init__ = mapped_column(String)\n", REFUSED, REFUSED, False, RESERVED),
    Case("table-args", F + "    __table_args__ = mapped_column(String)\n",
         REFUSED, REFUSED, False, RESERVED),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_effect_is_as_recorded(case: Case) -> None:
    """The interpreter does what our message says it does."""
    outcome = run_source(case.source)

    assert outcome.word == (case.on_21 if SA_21 else case.on_20), outcome
    if not outcome.error:
        wanted = case.name.rpartition("-")[2]
        names = {"metadata", "registry", "to_dict", "__x__", "_sa_x", "_sa_instance_state"}
        present = bool(names & set(outcome.columns))
        assert present is case.mapped, (wanted, outcome)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_names_reports_it(case: Case) -> None:
    """Source alone is enough to see it, at the place where it stands."""
    found = [item for item in scan_source(case.source) if item.severity != "note"]

    assert tuple(item.code for item in found) == case.codes
    assert all(item.location.line > 1 and item.help for item in found)


def test_a_mangled_name_becomes_another_column() -> None:
    """Two leading underscores are renamed by Python before SQLAlchemy sees them."""
    source = F + "    __secret = mapped_column(String)\n"

    assert run_source(source).columns == ("id", "_F__secret")
    assert serious_codes(source) == ["GRD006"]


CLEAN = {
    "metadata for the MetaData": F.replace("    id", "    metadata = MetaData()\n    id"),
    "kept column under another attribute": F
    + "    metadata_ = mapped_column('metadata', String)\n",
    "overridden stub": "class B(DeclarativeBase):\n    def label(self):\n"
    "        raise NotImplementedError\n" + F.replace("(Base)", "(B)") + "    label: Mapped[str]\n",
    "class outside of SQLAlchemy": "class Doc:\n    metadata: dict\n    query = 1\n",
    "mixin value listed first": "class M:\n    created = mapped_column(String)\n"
    + F.replace("(Base)", "(M, Base)"),
    "mixin annotation of an ordinary name": "class M:\n    created: Mapped[str]\n"
    + F.replace("(Base)", "(M, Base)"),
    "somebody else's Column": "from rich.table import Column as C\nclass T:\n"
    "    metadata = C('x')\n    values = C('y')\n",
}


@pytest.mark.parametrize("source", CLEAN.values(), ids=CLEAN)
def test_names_is_silent_about(source: str) -> None:
    assert serious_codes(source) == []


def test_the_finding_shows_both_ways_with_the_users_names() -> None:
    (found,) = scan_source(
        F.replace("'f'", "'sessions'").replace("class F", "class SessionRecord")
        + "    metadata: Mapped[str]\n"
    )

    assert found.objects == ("SessionRecord", "metadata")
    assert 'session_metadata = mapped_column("metadata", ...)' in found.help
    assert "no migration" in found.help
    assert "autogenerate" in found.help
    assert "https://docs.sqlalchemy.org" in found.help
    assert isinstance(found, Finding)
    assert (found.location.column, found.location.end_column) == (5, 13)


@pytest.mark.parametrize("type_", ["ForeignKey('user.id')", "Enum('user', 'group')", "String('7')"])
def test_the_first_word_of_a_type_is_no_column_name(type_: str) -> None:
    source = f"class F(Base):\n    __tablename__ = 'f'\n    kind = mapped_column(sa.{type_})\n"

    assert scan_source(source) == []


def test_the_column_inside_deferred_counts() -> None:
    source = (
        "class F(Base):\n    __tablename__ = 'f'\n"
        "    login = sa.orm.deferred(mapped_column('user', String))\n"
    )

    assert serious_codes(source) == ["GRD050"]


REVISION = """\
from alembic import op
revision = "1"
down_revision: str | None = None
class F(Base):
    __tablename__ = "user"
    id = mapped_column(Integer, primary_key=True)
    order = mapped_column(Integer)
    NAME = mapped_column(String)
t = Table("group", MetaData(), Column("user", Integer))
"""


def test_a_revision_is_history_and_its_names_are_not_news() -> None:
    assert scan_source(REVISION.replace("NAME", "note")) == []


def test_a_revision_that_will_not_import_is_an_error_all_the_same() -> None:
    assert serious_codes(REVISION.replace("NAME", "metadata")) == ["GRD001"]


def test_a_table_is_called_a_table() -> None:
    source = "class User(Base):\n    __tablename__ = 'user'\n    id = mapped_column(Integer)\n"
    (finding,) = [item for item in scan_source(source) if item.severity != "note"]

    assert finding.message.startswith("table user: unquoted in hand-written SQL on PostgreSQL")
    assert finding.help.startswith("Call it users.")
