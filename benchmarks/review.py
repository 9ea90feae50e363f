"""Time `alembic-guard review` against PyPI's alembic-guard 0.1.1 over synthetic histories.

``python benchmarks/review.py [--peer /path/to/other/bin/alembic-guard] [--revisions 1000]``

Prints the least of five cold processes each, alternating, in wall and CPU seconds (the least is
what other load on the machine disturbs least), the ratios, and the growth to ten times the size.
``recorded`` runs what reading leaves a question about, which is nothing in these histories;
``all recorded`` runs both functions of every revision.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADER = '''"""change {number}

Revision ID: {id}
Revises: {down}
"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = {id!r}
down_revision = {down!r}
branch_labels = None
depends_on = None

'''
BODIES = (
    """
def upgrade() -> None:
    op.create_table(
        "table_{number}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("amount", sa.Numeric(10, 2), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_{number}")),
    )
    op.create_index(op.f("ix_table_{number}_name"), "table_{number}", ["name"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_table_{number}_name"), table_name="table_{number}")
    op.drop_table("table_{number}")
""",
    """
def upgrade() -> None:
    op.add_column("table_{base}", sa.Column("note_{number}", sa.Text(), nullable=True))
    op.create_index("ix_note_{number}", "table_{base}", ["note_{number}"])


def downgrade() -> None:
    op.drop_index("ix_note_{number}", table_name="table_{base}")
    op.drop_column("table_{base}", "note_{number}")
""",
    """
def upgrade() -> None:
    with op.batch_alter_table("table_{base}", schema=None) as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(length=80), nullable=True)
        batch_op.add_column(sa.Column("flag_{number}", sa.Boolean(), server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("table_{base}", schema=None) as batch_op:
        batch_op.drop_column("flag_{number}")
        batch_op.alter_column("name", existing_type=sa.String(length=80), nullable=False)
""",
    '''
def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE table_{base} ADD COLUMN code_{number} varchar(20) DEFAULT 'x' NOT NULL;
        UPDATE table_{base} SET code_{number} = 'y' WHERE id = 3;
        """
    )


def downgrade() -> None:
    op.execute("ALTER TABLE table_{base} DROP COLUMN code_{number}")
''',
)


# An installed package has its bytecode, and so has this one after the first run of a command.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def write_history(folder: Path, revisions: int) -> None:
    """A linear history of four kinds of revisions in turn."""
    down = None
    for number in range(revisions):
        identifier = f"{number:012x}"
        body = BODIES[number % len(BODIES)].format(
            number=number, base=number - number % len(BODIES)
        )
        header = HEADER.format(number=number, id=identifier, down=down)
        (folder / f"{identifier}_change.py").write_text(header + body)
        down = identifier


def seconds(command: list[str]) -> tuple[float, float]:
    """Wall and CPU time of one cold process."""
    start = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    wall = time.perf_counter() - start
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(commands: dict[str, list[str]], rounds: int = 5) -> dict[str, tuple[float, float]]:
    """Least wall and CPU seconds of each command, run in turns."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(seconds(command))
    return {name: (min(w for w, _ in t), min(c for _, c in t)) for name, t in times.items()}


def main() -> None:
    """Print a small table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", help="alembic-guard 0.1.1 in an environment of its own")
    parser.add_argument("--revisions", type=int, default=1000)
    args = parser.parse_args()
    script = str(Path(sys.executable).with_name("alembic-guard"))
    ours = [script, "review", "--dialect", "postgresql"]
    folder = Path(tempfile.mkdtemp(prefix="guard-review-"))
    try:
        small, large = folder / "small", folder / "large"
        for target, count in ((small, args.revisions), (large, args.revisions * 10)):
            target.mkdir()
            write_history(target, count)
        static = [*ours, "--no-cache"]
        commands = {
            "static": [*static, str(small)],
            "recorded": [*static, "--record", str(small)],
            "all recorded": [*static, "--record-all", str(small)],
        }
        if args.peer:
            commands["peer"] = [args.peer, str(small)]
        commands["warm"] = [*ours, "--cache-dir", str(folder / "cache"), str(small)]
        for command in commands.values():
            seconds(command)
        found = compare(commands)
        found |= compare({"static x10": [*static, str(large)]}, rounds=3)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    peer = found.get("peer")
    for name, (wall, cpu) in found.items():
        ratio = f"  {wall / peer[0]:.2f} wall, {cpu / peer[1]:.2f} CPU of the peer" if peer else ""
        print(f"{name:12} {wall:7.2f} s wall {cpu:7.2f} s CPU{ratio}")
    growth = found["static x10"][0] / found["static"][0]
    print(f"growth to 10 times the revisions: {growth:.1f} times")


if __name__ == "__main__":
    main()
