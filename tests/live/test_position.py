from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from alembic_guard.facts import SchemaChange
from alembic_guard.ledger import Entry
from alembic_guard.live import SchemaWatcher
from alembic_guard.live.alembic_side import read_alembic_side
from alembic_guard.live.catalog import Catalog
from alembic_guard.live.comparison import History, ModelColumn, ModelTable, compare
from alembic_guard.live.position import Position, first_position
from tests.live.battery import execute
from tests.live.stories import ensure_ledger, migrate

Write = Callable[..., Path]

SWAP = """
    op.rename_column("notes", "first", "x")
    with op.batch_alter_table("notes") as batch:
        batch.alter_column("second", new_column_name="first")
    op.rename_column("notes", "x", "second")
"""


@pytest.fixture(name="write")
def _write(tmp_path: Path) -> Write:
    """Write alembic.ini and revisions, named so that their files sort backwards."""

    def write(*bodies: str) -> Path:
        versions = tmp_path / "migrations" / "versions"
        versions.mkdir(parents=True, exist_ok=True)
        for number, body in enumerate(bodies):
            down = f'"r{number - 1}"' if number else "None"
            (versions / f"{9 - number}.py").write_text(
                f'revision: str = "r{number}"\ndown_revision = {down}  # the one before\n\n\n'
                f"def upgrade():\n{body or '    pass'}\n"
            )
        config = tmp_path / "alembic.ini"
        config.write_text("[alembic]\nscript_location = migrations\n")
        return config

    return write


def applied(revision: str, *changes: SchemaChange, direction: str = "upgrade") -> Entry:
    return Entry("applied", revision, direction, (revision,), changes=changes)  # type: ignore[arg-type]


def rename(old: str, new: str, table: str = "notes") -> SchemaChange:
    return SchemaChange("rename_column", None, table, old, new)


def names(model: str, database: str, history: History, *, table: str = "notes") -> dict[str, str]:
    columns = tuple(ModelColumn(name) for name in model.split())
    catalog = Catalog({(None, "notes"): tuple(database.split())})
    found = compare([ModelTable(None, table, columns)], catalog, history)
    return {d.column or "": d.database_name or d.kind for d in found if d.kind != "new_column"}


def test_pending_revisions_come_in_the_order_they_are_applied(write: Write) -> None:
    side = read_alembic_side(write("", SWAP, '    op.add_column("notes", sa.Column("z"))'))
    pending = side.pending(("r0",))

    assert [revision.id for revision in pending] == ["r1", "r2"]
    assert [(c.old, c.new) for c in pending[0].changes] == [
        ("first", "x"),
        ("second", "first"),
        ("x", "second"),
    ]


def test_a_merge_comes_after_all_it_merges(tmp_path: Path, write: Write) -> None:
    config = write("")
    versions = tmp_path / "migrations" / "versions"
    (versions / "a.py").write_text('revision = "m"\ndown_revision = (\n    "b1",\n    "b2",\n)\n')
    (versions / "b.py").write_text("revision = 'b1'\ndown_revision = 'r0'\n")
    (versions / "c.py").write_text("revision = 'b2'\ndown_revision = 'r0'\n")
    order = [revision.id for revision in read_alembic_side(config).pending(())]

    assert order[0] == "r0"
    assert order[-1] == "m"
    assert sorted(order) == ["b1", "b2", "m", "r0"]


@pytest.mark.parametrize(
    ("model", "database", "ahead", "expected"),
    [
        ("c", "a", [rename("a", "b"), rename("b", "c")], {"c": "a"}),
        ("b c", "a b", [rename("b", "c"), rename("a", "b")], {"b": "a", "c": "b"}),
        (
            "a b",
            "a b",
            [rename("a", "x"), rename("b", "a"), rename("x", "b")],
            {"a": "b", "b": "a"},
        ),
        (
            "old a",
            "a",
            [rename("a", "old"), SchemaChange("add_column", None, "notes", None, "a")],
            {"old": "a", "a": "missing_column"},
        ),
        ("a", "a", [SchemaChange("add_column", None, "notes", None, "a")], {}),
    ],
    ids=["twice", "shift", "swap", "old name added again", "added already"],
)
def test_names_go_back_through_what_is_still_to_come(
    model: str, database: str, ahead: list[SchemaChange], expected: dict[str, str]
) -> None:
    assert names(model, database, History(ahead=ahead)) == expected


def test_a_table_still_to_be_renamed_is_found_with_its_columns() -> None:
    change = SchemaChange("rename_table", None, "notes", "notes", "memos")
    history = History(ahead=[change, rename("a", "b", "memos")])

    assert names("b", "a", history, table="memos") == {"": "notes", "b": "a"}


def test_older_code_is_placed_where_all_its_columns_fit() -> None:
    history = History(changes=[rename("b", "c"), rename("a", "b")])

    assert names("a b", "b c", history) == {"a": "b", "b": "c"}
    assert names("b c", "b c", history) == {}


def test_a_rename_in_another_schema_is_none_here() -> None:
    swap = [rename("a", "x"), rename("b", "a"), rename("x", "b")]
    other = [SchemaChange(c.kind, "other", c.table, c.old, c.new) for c in swap]
    table = ModelTable(None, "notes", (ModelColumn("a"), ModelColumn("b")))
    catalog = Catalog({(None, "notes"): ("a", "b")}, homes={"notes": "public"})

    assert compare([table], catalog, History(recent=other, changes=other)) == []
    assert len(compare([table], catalog, History(recent=swap, changes=swap))) == 2


def test_what_the_code_waited_for_is_no_news_and_what_came_otherwise_is(write: Write) -> None:
    side = read_alembic_side(write("", SWAP))
    position, news = first_position(side, ("r0",), [])
    entries = [applied("r1", rename("a", "b"))]
    later = position.after(entries, side.pending(("r1",)))

    assert news == ()
    assert [revision.id for revision in position.ahead] == ["r1"]
    assert position.news(entries) == ()
    assert later == Position()
    assert later.news(entries) == tuple(entries)


def test_entries_of_revisions_the_code_has_no_file_for_are_news(write: Write) -> None:
    side = read_alembic_side(write(""))
    entries = [applied("r0"), applied("r1", rename("a", "b"))]

    assert first_position(side, ("r1",), entries) == (Position(), (entries[1],))
    assert first_position(side, ("r0",), entries) == (Position(), ())
    assert first_position(side, ("r1",), entries[1:]) == (Position(), ())
    assert first_position(None, ("r1",), entries) == (Position(), ())


def test_code_ahead_of_a_swap_reads_its_own_columns_before_and_after(
    kind: str, engine: sa.Engine, write: Write
) -> None:
    """Both names are in the database all the time; only the pending revision tells."""

    class Base(DeclarativeBase):
        pass

    class Note(Base):
        __tablename__ = "notes"
        id: Mapped[int] = mapped_column(primary_key=True)
        subject: Mapped[str] = mapped_column("second", sa.String(20))
        body: Mapped[str] = mapped_column("first", sa.String(20))

    ensure_ledger(engine)
    execute(
        engine,
        "create table notes(id int primary key, first varchar(20), second varchar(20))",
        "insert into notes values (1, 'subject', 'body')",
        "create table alembic_version(version_num varchar(32))",
        "insert into alembic_version values ('r0')",
    )
    changes = [rename("first", "x"), rename("second", "first"), rename("x", "second")]

    def read() -> tuple[str, str]:
        with Session(engine) as session:
            note = session.get_one(Note, 1)
            return note.subject, note.body

    with SchemaWatcher(engine, Base, config=write("", SWAP)) as watcher:
        assert read() == ("subject", "body")
        execute(engine, *(f"alter table notes rename column {c.old} to {c.new}" for c in changes))
        set_head = "update alembic_version set version_num = 'r1'"
        assert watcher.wait_for(migrate(engine, set_head, *changes, **of("r1")), 10)
        assert read() == ("subject", "body")
        execute(engine, *(f"alter table notes rename column {c.old} to {c.new}" for c in changes))
        set_head = "update alembic_version set version_num = 'r0'"
        back = of("r1") | {"direction": "downgrade"}
        assert watcher.wait_for(migrate(engine, set_head, *changes, **back), 10)
        assert read() == ("subject", "body")


def of(revision: str) -> dict[str, str]:
    return {"revision": revision, "direction": "upgrade"}
