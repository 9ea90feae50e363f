"""GRD812: model import."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.imports import is_model_import
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class ModelImport(Rule):
    """A migration imports the application's models.

    What it does
    ------------
    Finds imports of application modules that define models, or of their declarative base.

    Why it matters
    --------------
    The models move on, the migration does not: after the next rename this revision fails on every new
    database, or quietly does something else than it did in production.

    Instead
    -------
    Describe the few columns needed here with ``sa.table()`` and ``sa.column()``.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.bulk_insert
    """

    code = "GRD812"
    name = "model-import"
    hazard = "N02"
    severity = "error"
    bad = (
        """
        from shop.models import Customer

        revision = "a1"
        down_revision = None

        def upgrade():
            pass

        def downgrade():
            pass
        """,
        """
        from shop.catalogue import Product

        revision = "a1"
        down_revision = None

        def upgrade():
            op.execute(sa.update(Product).where(Product.id < 9).values(name="none"))

        def downgrade():
            pass
        """,
        """
        import importlib

        revision = "a1"
        down_revision = None

        def upgrade():
            models = importlib.import_module("shop.models")

        def downgrade():
            pass
        """,
    )
    good = (
        """
        from shop.migrations import helpers, seeds

        revision = "a1"
        down_revision = None

        def upgrade():
            helpers.bulk_insert(seeds.countries())

        def downgrade():
            pass
        """,
        """
        import sqlmodel
        from shop.types import GUID

        revision = "a1"
        down_revision = None

        def upgrade():
            pass

        def downgrade():
            pass
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        for found in revision.imports:
            if is_model_import(found, revision.source) and not _is_for_types(
                found.line, revision.source
            ):
                names = ", ".join(found.names) or found.module
                yield self.finding(
                    at,
                    found.line,
                    f"This migration depends on {names} as the application has it today: when the model "
                    "changes, the migration fails or does something else.",
                    """
                    State what the table looks like at this point of the history:

                        customers = sa.table("customers", sa.column("id", sa.Integer), sa.column("name", sa.String))
                    """,
                    objects=found.names,
                )


_FOR_TYPES = re.compile(r"\s*if\s+(?:\w+\.)?TYPE_CHECKING\s*:")


def _is_for_types(line: int, source: str) -> bool:
    """Whether the block it stands in is only read by type checkers."""
    lines = source.splitlines()[:line]
    margin = _margin(lines[-1]) if lines else 0
    outer = (text for text in reversed(lines) if text.strip() and _margin(text) < margin)
    return margin > 0 and _FOR_TYPES.match(next(outer, "")) is not None


def _margin(text: str) -> int:
    return len(text) - len(text.lstrip())
