"""What a downgrade leaves, and the calls that take it back."""

from __future__ import annotations

from alembic_guard.facts import Finding
from alembic_guard.review.examples import findings_of
from alembic_guard.review.reporters.advice import parts
from alembic_guard.review.rules import Example
from alembic_guard.review.rules.asymmetric_downgrade import AsymmetricDowngrade


def finding_of(upgrade: str, downgrade: str) -> Finding:
    found = findings_of(AsymmetricDowngrade(), Example(upgrade, down=downgrade))
    [finding] = [finding for finding in found if finding.code == AsymmetricDowngrade.code]
    return finding


def code_of(finding: Finding) -> list[str]:
    return [line for part in parts(finding.help) if part.is_code for line in part.text.split("\n")]


def test_rename_is_taken_back_by_a_rename_and_never_by_a_drop() -> None:
    finding = finding_of(
        'op.alter_column("users", "name", new_column_name="full_name")\n'
        'op.add_column("users", sa.Column("note", sa.Text))',
        'op.execute("SELECT 1")',
    )

    assert "leaves column users.name renamed to full_name" in finding.message
    assert "does not bring back" not in finding.message
    assert code_of(finding) == [
        'op.alter_column("users", "full_name", new_column_name="name")',
        'op.drop_column("users", "note")',
    ]


def test_column_renamed_twice_gets_its_first_name_back() -> None:
    finding = finding_of(
        'op.alter_column("users", "a", new_column_name="b")\n'
        'op.alter_column("users", "b", new_column_name="c")',
        'op.execute("SELECT 1")',
    )

    assert code_of(finding) == ['op.alter_column("users", "c", new_column_name="a")']


def test_renamed_table_is_renamed_back() -> None:
    finding = finding_of('op.rename_table("users", "people")', 'op.execute("SELECT 1")')

    assert "leaves table users renamed to people" in finding.message
    assert code_of(finding) == ['op.rename_table("people", "users")']


def test_rename_undone_under_another_name_is_said_as_it_is() -> None:
    finding = finding_of(
        'op.alter_column("users", "a", new_column_name="b")',
        'op.alter_column("users", "b", new_column_name="x")',
    )

    assert "does not bring back column users.a" in finding.message
    assert code_of(finding) == []
