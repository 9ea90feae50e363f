"""What the rules know about SQL, apart from any migration."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_guard.review import statements as st
from alembic_guard.review.knowledge.not_null import says_not_null
from alembic_guard.review.knowledge.row_counts import is_by_key
from alembic_guard.review.knowledge.volatility import volatile_call
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


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("id = 7", True),
        ('"id" = 7', True),
        ("t.id IN (1, 2)", True),
        ("name = 'x'", True),
        ("id = :id", True),
        ("id = %(id)s", True),
        ("id = {row.id}", True),
        ("b.id = t.b_id", False),
        ("EXISTS (SELECT 1 FROM b WHERE b.id = t.b_id)", False),
        ("id IN (SELECT b_id FROM b)", False),
        ("state = 'new'", False),
    ],
)
def test_key_picks_rows_only_by_a_value(condition: str, expected: bool) -> None:
    origin = st.Origin("a.py", 1, via="sql")
    update = st.Dml(origin, "update", "t", where=True, condition=condition)

    assert is_by_key(update) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("t.c.id == row.id", True),
        ("t.c.id.in_(ids)", True),
        ("t.c.b_id == b.c.id", False),
        ("t.c.state == 'new'", False),
    ],
)
def test_key_picks_rows_only_by_a_value_in_core(condition: str, expected: bool) -> None:
    origin = st.Origin("a.py", 1, via="core")
    update = st.Dml(origin, "update", "t", where=True, condition=condition)

    assert is_by_key(update) is expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("string_to_array('a,b', ',')", None),
        ("uuid_nil()", None),
        ("now() + interval '1 day'", None),
        ("gen_random_uuid()", "gen_random_uuid"),
        ("random()", "random"),
        ("my_function()", "my_function"),
    ],
)
def test_functions_of_the_server_that_are_volatile_are_known(
    expression: str, expected: str | None
) -> None:
    assert volatile_call(expression) == expected
