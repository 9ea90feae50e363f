"""Whether the bounds of `alembic_guard.renames.scoring` were fitted to one project.

    python benchmarks/rename_held_out.py --url postgresql+psycopg://postgres@127.0.0.1/postgres

For each project of the corpus the bounds are chosen anew on all the others: the most precise
of those that find enough there. What they find in the project that was held out
is summed up. The table of all bounds follows, so that a cliff beside ours would show.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps

from alembic_guard.autogenerate.both_sides import BothSides
from alembic_guard.autogenerate.emission import rename_operations
from alembic_guard.autogenerate.reflection import renamed_inspector
from alembic_guard.operations.ordering import order_renames
from alembic_guard.renames.decision import Rules, decide
from alembic_guard.renames.model import SchemaFacts
from alembic_guard.renames.scoring import COLUMNS, TABLES, Bounds
from benchmarks.rename_corpus import scratch_database

Sample = tuple[dict[str, Any], SchemaFacts, SchemaFacts]
Scores = dict[str, Any]
_ENOUGH = {"column": 0.8, "table": 0.95}
_GRID = {
    "column": list(itertools.product((1.4, 1.8, 2.2, 2.6, 3.0), (1.0, 1.5, 2.0, 2.5))),
    "table": list(itertools.product((0.8, 1.2, 1.6, 2.0, 2.4), (0.5, 1.0, 1.5))),
}


def facts(connection: sa.Connection, target: sa.MetaData) -> tuple[SchemaFacts, SchemaFacts]:
    """Both sides as autogenerate sees them."""
    schemas = {table.schema for table in target.tables.values()} | {None}
    context = AutogenContext(MigrationContext.configure(connection), metadata=target)
    inspector = renamed_inspector(sa.inspect(connection))
    return BothSides(context, inspector, schemas).facts()


def samples(corpus: Path, server: str) -> list[Sample]:
    """The corpus as facts, each pair created once in a scratch database."""
    import load_pair

    found = []
    with scratch_database(server) as url:
        engine = sa.create_engine(
            url, connect_args={"options": "-c search_path=public,ext"}, poolclass=sa.pool.NullPool
        )
        for pair in load_pair.pairs(str(corpus / "dev.jsonl")):
            with engine.begin() as connection:
                pair.create_before(connection)
            with engine.connect() as connection:
                found.append((pair.rec, *facts(connection, pair.metadata("after", "postgresql"))))
    return found


def scored(listed: Iterable[Sample], rules: Rules) -> Scores:
    """One score a project."""
    import score as scorer

    scores: Scores = {}
    for record, before, after in listed:
        renames = decide(before, after, rules=rules).renames
        predicted, *_ = scorer.predicted(UpgradeOps(order_renames(rename_operations(renames))))
        scores.setdefault(record["project"], scorer.Score()).add(record, predicted)
    return scores


def counts(scores: Iterable[Any], kind: str) -> tuple[int, int, int]:
    """Right, wrong and missed, over several scores."""
    listed = list(scores)
    right, wrong, missed = (
        sum(getattr(score, name)[kind] for score in listed) for name in ("tp", "fp", "fn")
    )
    return right, wrong, missed


def rates(right: int, wrong: int, missed: int) -> tuple[float, float]:
    """Precision and recall."""
    return right / max(1, right + wrong), right / max(1, right + missed)


def _merit(scores: Scores, kind: str, without: str) -> tuple[bool, float, float]:
    precision, recall = rates(
        *counts((score for name, score in scores.items() if name != without), kind)
    )
    return recall >= _ENOUGH[kind], precision, recall


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--corpus", type=Path, default=Path(__file__).parents[2] / "shared/corpus")
    arguments = parser.parse_args()
    if not (arguments.corpus / "score.py").exists():
        print(f"no corpus in {arguments.corpus}")
        return 2
    sys.path.insert(0, str(arguments.corpus))
    listed = samples(arguments.corpus, arguments.url)
    for kind, grid in _GRID.items():
        tried = {}
        for confident, clear in grid:
            bounds = Bounds(confident, clear, COLUMNS.suspicious)
            columns, tables = (bounds, TABLES) if kind == "column" else (COLUMNS, bounds)
            tried[bounds] = scored(listed, Rules("likely", columns=columns, tables=tables))
        picked: Counter[Bounds] = Counter()
        total = [0, 0, 0]
        for project in sorted({record["project"] for record, *_ in listed}):
            best = max(tried, key=lambda bounds: _merit(tried[bounds], kind, project))
            picked[best] += 1
            found = counts([tried[best][project]] if project in tried[best] else [], kind)
            total = [one + other for one, other in zip(total, found, strict=True)]
        precision, recall = rates(*total)
        print(f"{kind}: held out precision {precision:.3f} recall {recall:.3f}")
        for bounds, scores in tried.items():
            precision, recall = rates(*counts(scores.values(), kind))
            print(
                f"  confident {bounds.confident} clear {bounds.clear}: precision {precision:.3f} "
                f"recall {recall:.3f}, picked {picked[bounds]} times"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
