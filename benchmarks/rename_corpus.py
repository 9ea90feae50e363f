"""How well renames are found on real schema histories, through Alembic's own autogenerate.

    python benchmarks/rename_corpus.py --level likely --url postgresql+psycopg://postgres@127.0.0.1/postgres

A scratch database is created on that server and dropped again. The corpus, with its loader
and its scorer, stands in ``../shared/corpus`` or where ``--corpus`` says. The functions
`likely`, `certain` and `ask` are also entries for the scorer itself
(``score.py --entry benchmarks.rename_corpus:likely``).
"""

from __future__ import annotations

import argparse
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps

from alembic_guard import Settings, UnresolvedRenames
from alembic_guard.autogenerate.emission import rename_operations
from alembic_guard.facts import Question, Rename
from alembic_guard.operations.ordering import order_renames

PLUGINS = ["alembic.autogenerate.*", "alembic_guard.*"]
ROWS = (("column",), ("table",), ("index", "constraint"))


def likely(connection: sa.Connection, target: sa.MetaData) -> UpgradeOps:
    """Planned under ``renames = "likely"``; what is left to ask is left out."""
    return _upgrade(connection, target, Settings(renames="likely"))


def certain(connection: sa.Connection, target: sa.MetaData) -> UpgradeOps:
    """Planned under ``renames = "certain"``."""
    return _upgrade(connection, target, Settings(renames="certain"))


def ask(connection: sa.Connection, target: sa.MetaData) -> UpgradeOps:
    """The best candidate of every question, as somebody who always says yes would answer."""
    renames, questions, operations = plan(connection, target, Settings(renames="ask"))
    if operations is not None:
        return operations
    said = [Rename(q.kind, q.schema, q.table, q.old, q.candidates[0].new, "C") for q in questions]
    return UpgradeOps(order_renames(rename_operations([*renames, *said])))


def plan(
    connection: sa.Connection, target: sa.MetaData, settings: Settings
) -> tuple[tuple[Rename, ...], tuple[Question, ...], UpgradeOps | None]:
    """What autogenerate decides, what it asks, and its operations when it asks nothing."""
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "include_schemas": any(table.schema for table in target.tables.values()),
            "include_name": lambda name, kind, _parents: (
                name != "ext" if kind == "schema" else True
            ),
            "autogenerate_plugins": PLUGINS,
            "alembic_guard": settings,
        },
    )
    try:
        operations = produce_migrations(context, target).upgrade_ops
    except UnresolvedRenames as error:
        return error.renames, error.questions, None
    return (), (), operations


def _upgrade(connection: sa.Connection, target: sa.MetaData, settings: Settings) -> UpgradeOps:
    renames, _questions, operations = plan(connection, target, settings)
    if operations is not None:
        return operations
    return UpgradeOps(order_renames(rename_operations(renames)))


@dataclass
class AskScore:
    """What questions cost and whether they are the right ones."""

    losing: int = 0
    silent: int = 0
    asked: int = 0
    first: int = 0
    questions: int = 0
    real_tables: int = 0
    real_questioned: int = 0
    missed: list[tuple[str, str, str]] = field(default_factory=list)

    def report(self) -> str:
        return (
            f"ask: of {self.losing} drop + adds that lose data {self.silent} pass in silence; "
            f"right candidate first {self.first / max(1, self.asked):.3f}; "
            f"{self.questions / max(1, self.losing):.2f} questions a true rename; "
            f"tables with only real drop + add questioned "
            f"{self.real_questioned}/{self.real_tables} = "
            f"{self.real_questioned / max(1, self.real_tables):.2f}"
        )


def _score_questions(score: AskScore, pair: Any, questions: tuple[Question, ...]) -> None:
    record = pair.rec
    tables = {t["old"]: t["new"] for t in record["truth"] if t["kind"] == "table"}
    score.questions += len(questions)
    contested = {(q.kind, candidate.new) for q in questions for candidate in q.candidates}
    for truth in record["truth"]:
        if truth["kind"] not in ("column", "table") or not truth.get("autogen_visible", True):
            continue
        score.losing += 1
        old, new = (truth[side].rpartition(".")[2] if truth["kind"] == "table" else truth[side]
                    for side in ("old", "new"))  # fmt: skip
        found = [q for q in questions if q.kind == truth["kind"] and q.old == old
                 and (q.table is None or _same_table(q, truth["table"], tables))]  # fmt: skip
        if found:
            score.asked += 1
            score.first += found[0].candidates[0].new == new
        elif (truth["kind"], new) not in contested:
            # Otherwise the new name is under question, so nothing is written without an answer.
            score.silent += 1
            score.missed.append((record["project"], old, new))
    _score_real(score, record, questions)


def _same_table(question: Question, table: str, tables: dict[str, str]) -> bool:
    name = ".".join(part for part in (question.schema, question.table) if part)
    return table in (name, tables.get(name))


def _score_real(score: AskScore, record: dict[str, Any], questions: tuple[Question, ...]) -> None:
    """Tables that kept their name, lost columns and gained columns, with no rename in them."""

    def columns(side: str) -> dict[str, set[str]]:
        return {
            ".".join(part for part in (t.get("schema"), t["name"]) if part): {
                c["name"] for c in t["columns"]
            }
            for t in record[side]["tables"]
        }

    known = {t.get("table") for t in (*record["truth"], *record.get("ambiguous", ()))}
    questioned = {
        ".".join(part for part in (q.schema, q.table) if part)
        for q in questions
        if q.kind == "column"
    }
    before, after = columns("before"), columns("after")
    for name in before.keys() & after.keys() - known:
        if before[name] - after[name] and after[name] - before[name]:
            score.real_tables += 1
            score.real_questioned += name in questioned


@contextmanager
def scratch_database(server: str) -> Iterator[str]:
    """An empty database on the server, dropped at the end."""
    name = f"guard_corpus_{secrets.token_hex(4)}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield str(sa.make_url(server).set(database=name))
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _rates(score: Any, kinds: tuple[str, ...]) -> tuple[float | None, float | None]:
    right, wrong, missed = (
        sum(counter[kind] for kind in kinds) for counter in (score.tp, score.fp, score.fn)
    )
    return (
        right / (right + wrong) if right + wrong else None,
        right / (right + missed) if right + missed else None,
    )


def _report_projects(scores: dict[str, Any], select: Callable[[str], bool], title: str) -> None:
    for kinds in ROWS:
        rates = [_rates(score, kinds) for name, score in sorted(scores.items()) if select(name)]
        precision = [rate for rate, _ in rates if rate is not None]
        recall = [rate for _, rate in rates if rate is not None]
        if precision and recall:
            print(
                f"  {title} {'+'.join(kinds):16} precision {fmean(precision):.3f} "
                f"({len(precision)} projects) recall {fmean(recall):.3f} ({len(recall)})"
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--level", choices=("certain", "likely", "ask"), default="likely")
    parser.add_argument("--corpus", type=Path, default=Path(__file__).parents[2] / "shared/corpus")
    parser.add_argument("--anonymous", action="store_true", help="without key and unique names")
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    if not (arguments.corpus / "score.py").exists():
        print(f"no corpus in {arguments.corpus}")
        return 2
    sys.path.insert(0, str(arguments.corpus))
    import load_pair
    import score as scorer

    total, projects, asking = scorer.Score(), {}, AskScore()
    options = {"connect_args": {"options": "-c search_path=public,ext"}}
    errors: Counter[str] = Counter()
    with scratch_database(arguments.url) as url:
        engine = sa.create_engine(url, **options)
        for pair in load_pair.pairs(str(arguments.corpus / "dev.jsonl")):
            with engine.begin() as connection:
                pair.create_before(connection)
            with engine.connect() as connection:
                target = pair.metadata("after", "postgresql", names=not arguments.anonymous)
                settings = Settings(renames=arguments.level)
                try:
                    renames, questions, operations = plan(connection, target, settings)
                except Exception as error:
                    errors[f"{type(error).__name__}: {error}"[:200]] += 1
                    continue
            if operations is None:
                operations = UpgradeOps(order_renames(rename_operations(renames)))
            predicted = scorer.predicted(operations)
            for one in (total, projects.setdefault(pair.rec["project"], scorer.Score())):
                one.add(pair.rec, *(predicted if arguments.level == "likely" else predicted[:1]))
            _score_questions(asking, pair, questions)
        engine.dispose()
    total.report(f"{arguments.level}{' anonymous' if arguments.anonymous else ''}")
    _report_projects(projects, lambda _name: True, "per project ")
    if arguments.level == "ask":
        print(asking.report())
    for miss in [*total.fps[: arguments.show], *total.fns[: arguments.show],
                 *asking.missed[: arguments.show], *errors.items()]:  # fmt: skip
        print("  ", miss)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
