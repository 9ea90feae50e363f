from __future__ import annotations

import pytest

from alembic_guard.renames.applied import has_done

REVISION = """
def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer()), sa.Column("nick", sa.Text()))
    op.add_column("sessions", sa.Column("notes", sa.Text()))
    op.rename_column("sessions", "metadata", "session_metadata")
    op.alter_column("runs", "name", new_column_name="title")
    with op.batch_alter_table("jobs") as batch_op:
        batch_op.drop_column("owner")
        batch_op.add_column(sa.Column("user_id", sa.Integer()))
    op.execute("ALTER TABLE logs RENAME COLUMN at TO created_at")


def downgrade():
    op.drop_column("sessions", "notes")
"""


@pytest.mark.parametrize(
    ("verb", "names", "expected"),
    [
        ("rename", ("sessions", "metadata", "session_metadata"), True),
        ("rename", ("runs", "name", "title"), True),
        ("rename", ("logs", "at", "created_at"), True),
        ("rename", ("sessions", "notes", "note"), False),
        ("new", ("sessions", "notes"), True),
        ("new", ("people", "nick"), True),
        ("new", ("jobs", "user_id"), True),
        ("new", ("sessions", "note"), False),
        ("new", ("people", "notes"), False),
        ("drop", ("jobs", "owner"), True),
        ("drop", ("sessions", "notes"), False),
    ],
)
def test_only_what_the_upgrade_did_counts(
    verb: str, names: tuple[str, ...], expected: bool
) -> None:
    assert has_done(REVISION, verb, names) is expected


def test_revision_that_does_not_parse_did_nothing() -> None:
    assert not has_done("def upgrade(:\n  'a' 'b'", "new", ("a", "b"))
