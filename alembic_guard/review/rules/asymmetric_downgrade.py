"""GRD602: asymmetric downgrade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...facts import Finding
from ..place import Place
from ..revision import Revision
from ..symmetry import Leftovers, Thing, called, described, described_renames, leftovers
from . import Example, Rule, rule


@rule
class AsymmetricDowngrade(Rule):
    """downgrade() does not undo everything.

    What it does
    ------------
    Plays upgrade() and downgrade() and finds what is left over, or is not brought back.

    Why it matters
    --------------
    The next `alembic upgrade` fails: it makes what is still there, or drops what is not.

    Instead
    -------
    Reverse every operation, last one first.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading
    """

    code = "GRD602"
    name = "asymmetric-downgrade"
    hazard = "V02"
    severity = "warning"
    bad = (
        Example(
            """
            op.create_table("labels", sa.Column("id", sa.Integer, primary_key=True))
            op.add_column("orders", sa.Column("label", sa.Text))
            """,
            down="""op.drop_table("labels")""",
        ),
        Example(
            """
            op.alter_column("users", "name", new_column_name="full_name")
            op.add_column("users", sa.Column("note", sa.Text))
            """,
            down="""op.drop_column("users", "note")""",
        ),
        Example(
            """
            with op.get_context().autocommit_block():
                op.create_index("ix_users_mail", "users", ["mail"], postgresql_concurrently=True, if_not_exists=True)
            """,
            down="""
            with op.get_context().autocommit_block():
                op.drop_index("ix_users_email", table_name="users", postgresql_concurrently=True, if_exists=True)
            """,
        ),
    )
    good = (
        Example(
            'op.execute("CREATE SCHEMA staging")\n'
            'op.create_table("rows", sa.Column("id", sa.Integer, primary_key=True), schema="staging")',
            down='op.execute("DROP SCHEMA staging CASCADE")',
        ),
        Example(
            """
            op.execute("CREATE TABLE tallies_new (LIKE tallies)")
            op.rename_table("tallies", "tallies_old")
            op.rename_table("tallies_new", "tallies")
            """,
            down="""
            op.rename_table("tallies", "tallies_new")
            op.rename_table("tallies_old", "tallies")
            op.drop_table("tallies_new")
            """,
        ),
        Example(
            'op.execute("SET LOCAL search_path TO reports")\n'
            'op.execute("CREATE VIEW nightly AS SELECT 1 AS one")',
            down='op.execute("DROP VIEW reports.nightly")',
        ),
        Example(
            'op.execute("ALTER TABLE orders DROP CONSTRAINT orders_code_key")',
            down='op.execute("ALTER TABLE orders ADD UNIQUE (code)")',
        ),
        Example(
            """
            op.create_table("labels", sa.Column("id", sa.Integer, primary_key=True))
            op.add_column("orders", sa.Column("label", sa.Text))
            """,
            down="""
            op.drop_column("orders", "label")
            op.drop_table("labels")
            """,
        ),
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        shape = revision.downgrade_shape
        if shape is None or shape.empty or shape.raises:
            return
        rest = leftovers(revision)
        parts = []
        if rest.renamed:
            parts.append(f"leaves {described_renames(rest.renamed)}")
        if rest.made:
            parts.append(f"leaves {described(rest.made)} in place")
        if rest.gone:
            parts.append(f"does not bring back {described(rest.gone)}")
        if parts:
            things = (*rest.made, *rest.gone, *(thing for pair in rest.renamed for thing in pair))
            yield self.finding(
                at,
                shape.line,
                f"downgrade() {' and '.join(parts)}: the next upgrade fails on it.",
                _instead(rest),
                objects=[called(thing) for thing in things],
            )
        for made, dropped in rest.missed:
            yield self.finding(
                at,
                shape.line,
                f"downgrade() drops {described([dropped])}, which upgrade() did not make, and leaves "
                f"{described([made])} in place.",
                _DROPS["index"].format(table=made[1], name=made[2]),
                objects=[called(made)],
            )


_DROPS = {
    "table": 'op.drop_table("{table}")',
    "column": 'op.drop_column("{table}", "{name}")',
    "index": 'op.drop_index("{name}", table_name="{table}")',
    "function": 'op.execute("DROP FUNCTION {name}")',
    "constraint": 'op.drop_constraint("{name}", "{table}")',
}


_RENAMES = {
    "table": 'op.rename_table("{new}", "{old}")',
    "column": 'op.alter_column("{table}", "{new}", new_column_name="{old}")',
    "index": 'op.execute("ALTER INDEX {new} RENAME TO {old}")',
    "constraint": 'op.execute("ALTER TABLE {table} RENAME CONSTRAINT {new} TO {old}")',
}


def _instead(rest: Leftovers) -> str:
    """The calls that take back what is left, as far as there are some."""
    calls = [*_renamings(rest.renamed), *_drops(rest.made)]
    if not calls:
        return "Reverse every operation of upgrade(), last one first."
    first = "Reverse every operation of upgrade(), last one first; here:"
    # a text's own first line sets no margin
    return "\n".join(["", first, "", *(f"    {call}" for call in calls)])


def _drops(things: Sequence[Thing]) -> Iterator[str]:
    for kind, table, name in things:
        if kind in _DROPS and "." not in table:
            yield _DROPS[kind].format(table=table, name=name)


def _renamings(pairs: Sequence[tuple[Thing, Thing]]) -> Iterator[str]:
    for old, new in pairs:
        kind, table, _ = new
        if kind in _RENAMES and "." not in table:
            yield _RENAMES[kind].format(table=table, old=called(old), new=called(new))
