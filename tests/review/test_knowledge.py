"""What the rules know about SQL, apart from any migration."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_guard.review.knowledge.not_null import says_not_null
from alembic_guard.review.session import review_paths


@pytest.mark.parametrize(
    "expression",
    [
        "region IS NOT NULL",
        "((region) is not null)",
        'NOT ("region" IS NULL)',
        "not region is null",
        "shops.region NOTNULL",
        "(region IS NOT NULL) AND length(region) > 0",
        "length(name) BETWEEN 1 AND 5 AND region IS NOT NULL",
        "(region IS NOT NULL AND a) OR (b AND region IS NOT NULL)",
        "name <> 'x) OR (y' AND region IS NOT NULL",
    ],
)
def test_condition_proves_that_a_column_is_not_null(expression: str) -> None:
    assert says_not_null(expression, "region")


@pytest.mark.parametrize(
    "expression",
    [
        "region IS NULL",
        "other_region IS NOT NULL",
        "(region IS NOT NULL AND a) OR b",
        "region IS NOT NULL OR legacy",
        "NOT (region IS NOT NULL)",
        "lower(region) IS NOT NULL",
        "region IS NOT DISTINCT FROM NULL",
        "",
    ],
)
def test_condition_does_not_prove_it(expression: str) -> None:
    assert not says_not_null(expression, "region")


def test_sqlmodel_has_the_same_create_all(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "from alembic import op\nfrom sqlmodel import SQLModel\nrevision = 'a'\ndown_revision = None\n\n\n"
        "def upgrade():\n    SQLModel.metadata.create_all(op.get_bind())\n\n\n"
        "def downgrade():\n    raise NotImplementedError('kept')\n"
    )

    found = review_paths([str(path)], "postgresql").findings

    assert [(f.code, f.location.line) for f in found] == [("GRD815", 8)]


def test_import_for_type_checkers_is_never_run(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "import typing\nif typing.TYPE_CHECKING:\n    from app.models import User\n"
        "from app.models import Team\nrevision = 'a'\ndown_revision = None\n\n\n"
        "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
    )

    found = review_paths([str(path)], "postgresql").findings

    assert [(f.code, f.location.line) for f in found] == [("GRD812", 4)]


def test_enum_type_is_named_after_its_class(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "import enum\nimport sqlalchemy as sa\nfrom alembic import op\nrevision = 'a'\ndown_revision = None\n\n\n"
        "class Mood(enum.Enum):\n    good = 'g'\n\n\n"
        "def upgrade():\n    op.add_column('people', sa.Column('mood', sa.Enum(Mood)))\n\n\n"
        "def downgrade():\n    op.drop_column('people', 'mood')\n"
    )

    (found,) = review_paths([str(path)], "postgresql").findings

    assert (found.code, found.objects) == ("GRD307", ("mood",))
    assert 'sa.Enum("good", name="mood")' in found.help
