"""What planned renames look like in a revision, and that it runs."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _render_cmd_body
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.operations.ops import MigrationScript
from sqlalchemy.engine import URL

from alembic_guard import Settings
from tests.autogenerate.planning import context, diffs, planned, rendered

PLAIN = Settings(renames="likely", render="plain", reserved="ignore")


def _logins(column: str) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table("people", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "logins",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(column, sa.Integer),
        sa.Column("host", sa.String(40)),
        sa.ForeignKeyConstraint([column], ["people.id"], name=f"fk_logins_{column}"),
        sa.CheckConstraint(f"{column} > 0", name=f"ck_logins_{column}"),
    )
    return metadata


def _revision(script: MigrationScript, runner: MigrationContext) -> str:
    """The body of the upgrade, as the command writes it."""
    prefixes = {"alembic_module_prefix": "op.", "sqlalchemy_module_prefix": "sa."}
    autogen = AutogenContext(runner, opts={**runner.opts, **prefixes, "user_module_prefix": None})
    assert script.upgrade_ops is not None
    return _render_cmd_body(script.upgrade_ops, autogen)


def test_a_plain_revision_renames_what_alembic_can_and_is_complete(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        _logins("person_id").create_all(connection)
        connection.commit()
        script = planned(connection, _logins("people_id"), alembic_guard=PLAIN)
        runner = context(connection, alembic_guard=PLAIN)
        code = _revision(script, runner)
        exec(code, {"op": Operations(runner), "sa": sa})
        connection.commit()
        again = diffs(planned(connection, _logins("people_id"), alembic_guard=PLAIN))

    assert "op.rename_" not in code
    assert again == []


@pytest.mark.mariadb
def test_a_constraint_says_its_type_where_sql_mode_needs_it(
    new_database: Callable[[str], URL],
) -> None:
    def target(name: str) -> sa.MetaData:
        metadata = sa.MetaData()
        sa.Table("t", metadata, sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name=name))
        return metadata

    engine = sa.create_engine(new_database("mariadb"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        target("uq_1").create_all(connection)
        code = rendered(planned(connection, target("uq_t_a")), connection)
    engine.dispose()
    written = io.StringIO()
    offline = MigrationContext.configure(
        dialect_name="mariadb", opts={"as_sql": True, "output_buffer": written}
    )
    exec(f"if True:\n    {code}", {"op": Operations(offline)})

    assert "type_='unique'" in code
    assert "RENAME INDEX uq_1 TO uq_t_a" in written.getvalue()
