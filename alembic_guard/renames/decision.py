"""From facts and hints to a plan: what is renamed, and what must be asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from ..facts import Candidate, EvidenceClass, Hint, Question, Rename
from .choosing import Choice, Choices, Judged, choose, settled
from .columns import Surroundings, judge_columns, judge_pair
from .companions import Capabilities, companions
from .enums import enum_renames
from .model import NameMap, SchemaFacts, TableFacts, TableKey
from .pools import Pool, Test, implied, pool_of
from .scoring import COLUMNS, TABLES, Bounds, Evidence, Verdict
from .sequences import sequence_renames
from .table_choices import ask_table, key_of, table_renames, text_of, whole_tables
from .tables import Landscape, pair_tables
from .vocabulary import learn

Level = Literal["certain", "likely", "ask", "off"]
Derived = Callable[[str, str, str], bool]
_ROUNDS = 3
# A pair that is as good as another must not be its own evidence.
_CLEAR = 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided, what must be asked, and what is worth saying."""

    renames: tuple[Rename, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """How to decide.

    :param level: how sure similarity must be; under ``off`` only hints count.
    :param derived: whether a new column name is what people call a reserved old one, by
     ``(old, new, table)``.
    :param case_insensitive: whether the server takes ``Name`` and ``name`` for one column.
    :param capabilities: what this database can rename besides tables and columns.
    :param columns: where decisions on columns turn; :param tables: those on tables.
    """

    level: Level = "ask"
    derived: Derived | None = None
    case_insensitive: bool = False
    capabilities: Capabilities = field(default_factory=Capabilities)
    columns: Bounds = COLUMNS
    tables: Bounds = TABLES


def decide(
    before: SchemaFacts,
    after: SchemaFacts,
    *,
    hints: Sequence[Hint] = (),
    rules: Rules | None = None,
) -> Plan:
    """Decide which dropped and added names are renames.

    :param before: the database; :param after: the models.
    :param hints: what people and histories say, class A or B.
    """
    rules = rules or Rules()
    if rules.level == "off" and not hints:
        return Plan()
    return _Decision(before, after, hints, rules).plan()


class _Decision:
    def __init__(
        self, before: SchemaFacts, after: SchemaFacts, hints: Sequence[Hint], rules: Rules
    ) -> None:
        self.before, self.after = before, after
        self.old_tables, self.new_tables = before.by_key(), after.by_key()
        self.hints, self.rules = hints, rules
        self.unasked = rules.level == "likely"
        self.only_said = rules.level == "off"
        self.is_strict = rules.level in ("certain", "off")

    def plan(self) -> Plan:
        tables = self._tables()
        presumed = {key_of(choice.old): key_of(choice.new) for choice in tables.chosen}
        decided = {key_of(old): key_of(new) for old, new in tables.applied().items()}
        columns = self._columns(presumed)
        names = NameMap(
            decided,
            {
                table: applied
                for table, choices in columns.items()
                if (applied := choices.applied()) and presumed.get(table) == decided.get(table)
            },
        )
        renames = [
            *(
                rename
                for choice in tables.chosen
                if choice.applied
                for rename in table_renames(choice)
            ),
            *(
                _column_rename(table, choice)
                for table in names.columns
                for choice in columns[table].chosen
                if choice.applied
            ),
            *companions(
                self.before,
                self.after,
                names,
                self.rules.capabilities,
                hints=self.hints,
                only_following=self.is_strict,
                guessed=[
                    key_of(choice.old)
                    for choice in tables.chosen
                    if choice.applied and choice.evidence_class == "C"
                ],
            ),
            *enum_renames(
                self.before,
                self.after,
                names,
                self.hints,
                unasked=self.unasked,
                certain_only=self.is_strict,
            ),
            *sequence_renames(self.before, self.after, names, self.hints),
        ]
        questions = [*tables.questions]
        for choices in columns.values():
            questions += choices.questions
        return Plan(tuple(renames), tuple(questions))

    # Tables

    def _tables(self) -> Choices:
        hints = whole_tables(self.hints, self.new_tables)
        pool = pool_of(
            sorted(map(text_of, self.old_tables)), sorted(map(text_of, self.new_tables)), hints
        )
        forced = settled((*pool.forced, *pool.believed))
        taken = {choice.old for choice in forced} | {choice.new for choice in forced}
        gone = [key_of(name) for name in pool.gone if name not in taken]
        came = [key_of(name) for name in pool.came if name not in taken]
        judged = self._judge_tables(
            gone, came, {key_of(choice.old): key_of(choice.new) for choice in forced}
        )
        found = choose(judged, self.rules.tables, ask_table, unasked=self.unasked)
        return Choices((*forced, *found.chosen), found.questions)

    def _judge_tables(
        self,
        gone: Sequence[TableKey],
        came: Sequence[TableKey],
        forced: Mapping[TableKey, TableKey],
    ) -> list[Judged]:
        """Judge more than once: what one round finds likely is evidence in the next."""
        if self.only_said or not gone or not came:
            return []
        presumed, judged = dict(forced), list[Judged]()
        for _round in range(_ROUNDS):
            vocabulary = learn(((old[1], new[1]) for old, new in presumed.items()), ())
            land = Landscape(self.before, self.after, gone, came, presumed, vocabulary)
            judged = [(text_of(p.old), text_of(p.new), p.verdict) for p in pair_tables(land)]
            likely = choose(judged, self.rules.tables, ask_table, unasked=True).chosen
            found = {
                **forced,
                **{key_of(item.old): key_of(item.new) for item in likely if item.points > 0},
            }
            if found == presumed:
                break
            presumed = found
        return judged

    # Columns

    def _columns(self, presumed: Mapping[TableKey, TableKey]) -> dict[TableKey, Choices]:
        pools = {
            key: (pool, self.old_tables[key], new)
            for key in sorted(self.old_tables, key=_order)
            if (new := self.new_tables.get(presumed.get(key, key))) is not None
            and not (pool := self._pool(self.old_tables[key], new)).is_empty
        }
        around = Surroundings(
            tables=NameMap(presumed),
            vocabulary=learn(((old[1], new[1]) for old, new in presumed.items()), ()),
            gone=frozenset(self.old_tables.keys() - self.new_tables.keys() - presumed.keys()),
            came=frozenset(
                self.new_tables.keys() - self.old_tables.keys() - set(presumed.values())
            ),
        )
        first = [self._choose(*parts, around) for parts in pools.values()]
        around = replace(
            around,
            vocabulary=learn(
                ((old[1], new[1]) for old, new in presumed.items()),
                (
                    (choice.old, choice.new)
                    for choices in first
                    for choice in choices.chosen
                    if choice.margin >= _CLEAR
                ),
            ),
        )
        return {key: self._choose(*parts, around) for key, parts in pools.items()}

    def _pool(self, old: TableFacts, new: TableFacts) -> Pool:
        hints = [
            hint
            for hint in self.hints
            if hint.kind == "column" and (hint.schema, hint.table) in (old.key, new.key)
        ]
        pool = pool_of(old.column_names(), new.column_names(), hints)
        if not pool.gone or not pool.came:
            return pool
        like = partial(_column_hint, old.key)
        return pool_of(
            old.column_names(),
            new.column_names(),
            [*hints, *implied(pool, self._implications(old.name), like)],
        )

    def _implications(self, table: str) -> list[tuple[EvidenceClass, str, Test]]:
        """Tests on a pair of names that settle it."""
        if self.only_said:
            return []
        found: list[tuple[EvidenceClass, str, Test]] = []
        if self.rules.case_insensitive:
            found.append(
                (
                    "A",
                    "only the case differs, and this server does not tell case apart",
                    lambda old, new: old.lower() == new.lower(),
                )
            )
        if self.rules.derived is not None:
            derived = self.rules.derived
            found.append(
                (
                    "B",
                    "the old name is reserved, and the new one is made from it",
                    lambda old, new: derived(old, new, table),
                )
            )
        return found

    def _choose(
        self, pool: Pool, old: TableFacts, new: TableFacts, around: Surroundings
    ) -> Choices:
        trusted = []
        doubted: dict[tuple[str, str], Hint] = {}
        for hint in pool.believed:
            pair = (hint.old or "", hint.new or "")
            if judge_pair(old, new, *pair, around).refusal is None:
                trusted.append(hint)
            else:
                doubted[pair] = hint
        forced = settled((*pool.forced, *trusted))
        if self.only_said:
            return Choices(forced)
        taken_old = {choice.old for choice in forced}
        taken_new = {choice.new for choice in forced}
        judged = judge_columns(
            old,
            new,
            [name for name in pool.gone if name not in taken_old],
            [name for name in pool.came if name not in taken_new],
            around,
        )
        judged = [
            (one, other, _with_hint(verdict, doubted.get((one, other))))
            for one, other, verdict in judged
        ]
        ask = partial(_ask_column, old.key)
        found = choose(judged, self.rules.columns, ask, unasked=self.unasked)
        return Choices((*forced, *found.chosen), found.questions)


def _with_hint(verdict: Verdict, hint: Hint | None) -> Verdict:
    """A doubted hint is evidence still; the veto keeps it a question."""
    if hint is None:
        return verdict
    return replace(verdict, evidence=(*verdict.evidence, Evidence(4.0, hint.source)))


def _column_hint(table: TableKey, old: str, new: str) -> Hint:
    return Hint("column", *table, old, new, "B", "")


def _ask_column(table: TableKey, old: str, candidates: Collection[Candidate]) -> Question:
    return Question("column", *table, old, tuple(candidates))


def _column_rename(table: TableKey, choice: Choice) -> Rename:
    schema, name = table
    return Rename(
        "column", schema, name, choice.old, choice.new, choice.evidence_class, choice.evidence
    )


def _order(key: TableKey) -> tuple[str, str]:
    return (key[0] or "", key[1])
