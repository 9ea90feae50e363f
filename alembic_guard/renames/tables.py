"""Which dropped table became which added one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .model import ColumnFacts, SchemaFacts, TableFacts, TableKey
from .scoring import Evidence, Verdict, collect
from .types import cast_quality
from .vocabulary import Vocabulary, learn
from .words import likeness, words

_BASE = -4.5
# Two tables of no more than common columns are alike by chance: `cats` and `dogs`.
_COMMON = frozenset(
    {
        "id", "uuid", "name", "title", "label", "type", "kind", "status", "state", "description",
        "text", "value", "data", "created_at", "updated_at", "created", "updated", "modified",
        "created_on", "updated_on", "deleted_at", "user_id", "position", "active", "is_active",
    }
)  # fmt: skip
_FEW = 2
# Few tables do not tell which names are common, so as many unseen ones are taken for granted.
_UNSEEN = 10
# Tversky's index: what a table lost speaks against it more than what it gained.
_LOST, _GAINED = 0.8, 0.35
_TELLING_CREDIT = 0.75
_SHAPE_ONLY = -0.9


@dataclass(frozen=True, slots=True)
class TablePair:
    """A dropped and an added table, and what speaks for them."""

    old: TableKey
    new: TableKey
    verdict: Verdict


class Rarity:
    """How much a column name says: ``id`` is everywhere, ``crucible_state`` is not.

    A name counts as often as on the side that has it more often, so that one which came is not
    taken for rarer than one which stayed.
    """

    def __init__(self, before: Iterable[TableFacts], after: Iterable[TableFacts]) -> None:
        sides = [[set(table.column_names()) for table in side] for side in (before, after)]
        self.total = _UNSEEN + max(map(len, sides))
        self.seen = Counter(name for names in sides[0] for name in names)
        self.seen |= Counter(name for names in sides[1] for name in names)

    def weight(self, name: str) -> float:
        """From about 0.2 for a name every table has to nearly 1 for one that is found once."""
        share = math.log(self.total / (1 + min(self.seen[name], self.total - 1)))
        return max(0.2, share / math.log(self.total))


@dataclass(frozen=True, slots=True)
class Landscape:
    """Both sides, and what is presumed of them so far.

    :param presumed: renames of tables an earlier round found likely, old to new.
    """

    before: SchemaFacts
    after: SchemaFacts
    gone: Sequence[TableKey]
    came: Sequence[TableKey]
    presumed: Mapping[TableKey, TableKey] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)


def pair_tables(land: Landscape) -> list[TablePair]:
    """Every pair worth a thought of the tables that went and came, with its verdict."""
    old_tables, new_tables = land.before.by_key(), land.after.by_key()
    rarity = Rarity(land.before.tables, land.after.tables)
    references = _references(land.before, land.presumed), _references(land.after, {})
    pairs = []
    for old in land.gone:
        for new in land.came:
            verdict = _judge(old_tables[old], new_tables[new], rarity, references, land)
            if verdict is not None:
                pairs.append(TablePair(old, new, verdict))
    return pairs


_References = Mapping[TableKey, frozenset[tuple[TableKey, tuple[str, ...]]]]


def _references(side: SchemaFacts, presumed: Mapping[TableKey, TableKey]) -> _References:
    """Who refers to a table, and by which columns."""
    found: dict[TableKey, set[tuple[TableKey, tuple[str, ...]]]] = {}
    for table in side.tables:
        for key in table.foreign_keys:
            if key.target != table.key:
                referrer = presumed.get(table.key, table.key)
                found.setdefault(key.target, set()).add((referrer, key.columns))
    return {target: frozenset(items) for target, items in found.items()}


def _judge(
    old: TableFacts,
    new: TableFacts,
    rarity: Rarity,
    references: tuple[_References, _References],
    land: Landscape,
) -> Verdict | None:
    overlap, shared, telling = _overlap(old, new, rarity, land)
    alike = likeness(old.name, new.name) if old.name != new.name else 1.0
    if overlap < 0.15 and alike < 0.5:
        return None
    follows = land.vocabulary.follows(old.name, new.name, besides=old.name)
    evidence = [
        Evidence(_BASE),
        Evidence(8 * overlap, f"{shared} of {len(old.columns)} columns are the same"),
        Evidence(2 * alike, f"names share words ({alike:.2f})" if alike >= 0.3 else ""),
        Evidence(2.0, "the name follows that of another renamed table")
        if follows
        else Evidence(0.0),
        _referrers(old, new, references, land),
        Evidence(1.0, "the only table dropped and the only one added")
        if len(land.gone) == len(land.came) == 1
        else Evidence(0.0),
    ]
    if telling < _FEW and not follows:
        evidence.append(Evidence(_SHAPE_ONLY * (_FEW - telling) ** 2 * (1 - alike)))
    if old.comment and old.comment == new.comment:
        evidence.append(Evidence(2.0, "same comment"))
    return collect(evidence)


def _overlap(
    old: TableFacts, new: TableFacts, rarity: Rarity, land: Landscape
) -> tuple[float, int, int]:
    """Share of the columns both have, weighted by rarity; renamed ones count in part.

    With it the number of columns of the same name, and of those that tell anything.
    """
    olds, news = old.by_name(), new.by_name()
    shared = {name for name in olds if name in news and _fits(olds[name], news[name])}
    together = sum(rarity.weight(name) for name in shared)
    right = {name: column for name, column in news.items() if name not in shared}
    telling = len(shared - _COMMON)
    targets = _targets(old, land.presumed), _targets(new, {})
    for name, column in olds.items():
        if name not in shared:
            credit, other = _best_credit(column, right, old, new, targets, land.vocabulary)
            if other is not None:
                del right[other]
                telling += credit >= _TELLING_CREDIT
                together += credit * (rarity.weight(name) + rarity.weight(other)) / 2
    lost, gained = (max(0.0, sum(map(rarity.weight, side)) - together) for side in (olds, news))
    whole = together + _LOST * lost + _GAINED * gained
    return (together / whole if together else 0.0), len(shared), telling


def _fits(old: ColumnFacts, new: ColumnFacts) -> bool:
    return cast_quality(old.family, new.family) >= 0.5


def _targets(table: TableFacts, presumed: Mapping[TableKey, TableKey]) -> dict[str, TableKey]:
    return {
        key.columns[0]: presumed.get(key.target, key.target)
        for key in table.foreign_keys
        if len(key.columns) == 1
    }


def _best_credit(
    column: ColumnFacts,
    rest: Mapping[str, ColumnFacts],
    old: TableFacts,
    new: TableFacts,
    targets: tuple[Mapping[str, TableKey], Mapping[str, TableKey]],
    vocabulary: Vocabulary,
) -> tuple[float, str | None]:
    """What a column that is not there by name is worth, and the column that may be it."""
    best, found = 0.0, None
    own = learn([(old.name, new.name)], ())
    for name, other in sorted(rest.items()):
        if other.family != column.family:
            continue
        target, other_target = targets[0].get(column.name), targets[1].get(name)
        if vocabulary.follows(column.name, name) or own.follows(column.name, name):
            credit = 0.95
        elif _is_prefixed(column.name, name, old.name) or _is_prefixed(name, column.name, new.name):
            credit = 0.85
        elif other.type != column.type:
            continue
        elif target is not None and target == other_target:
            credit = 0.8
        else:
            alike = likeness(column.name, name)
            credit = 0.7 * alike if alike >= 0.4 else 0.0
        if credit > best:
            best, found = credit, name
    return best, found


def _is_prefixed(long: str, short: str, table: str) -> bool:
    """Whether the one name is the other behind words of the table: ``user_email``, ``email``."""
    ones, others = words(long), words(short)
    prefix = ones[: len(ones) - len(others)]
    return (
        bool(prefix and others) and ones[len(prefix) :] == others and {*prefix} <= {*words(table)}
    )


def _referrers(
    old: TableFacts, new: TableFacts, references: tuple[_References, _References], land: Landscape
) -> Evidence:
    """Foreign keys of other tables that pointed at the one and now point at the other."""
    dropped = set(land.gone) - land.presumed.keys()
    added = set(land.came) - set(land.presumed.values())
    before = {item for item in references[0].get(old.key, ()) if item[0] not in dropped}
    after = {item for item in references[1].get(new.key, ()) if item[0] not in added}
    if not before and not after:
        return Evidence(0.0)
    tables = {item[0] for item in before} & {item[0] for item in after}
    if not tables:
        return Evidence(-1.0)
    own = learn([(old.name, new.name)], ())
    same = sum(
        any(table == other and _is_same_key(own, columns, names) for other, names in after)
        for table, columns in before
    )
    points = min(4.0, 1.5 * len(tables) + 0.5 * same)
    return Evidence(points, f"{len(tables)} table(s) that referred to it refer to the new one")


def _is_same_key(own: Vocabulary, olds: tuple[str, ...], news: tuple[str, ...]) -> bool:
    """Whether the columns have kept their names, or exchanged the table's: ``car_id``, ``auto_id``."""
    return len(olds) == len(news) and all(
        old == new or own.follows(old, new) for old, new in zip(olds, news, strict=True)
    )
