"""Which dropped column of a table became which added one: the evidence, pair by pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .model import ColumnFacts, ForeignKeyFacts, NameMap, TableFacts, TableKey
from .scoring import Evidence, Verdict, collect
from .types import cast_quality
from .vetoes import name_veto
from .vocabulary import Vocabulary
from .words import likeness, substitution, words

_BASE = -3.0
# Above so many pairs in one table only those are judged that share a word few others have.
_ALL_PAIRS = 2500
_FEW = 5
# `icon_color` and `icon_name` are two sides of one thing, not one side renamed.
_OTHER_HEAD = -1.3


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column with the part it plays in its table.

    :param foreign_key: as the new side would write it, or None.
    :param roles: ``primary key``, ``unique``, ``indexed``.
    """

    facts: ColumnFacts
    foreign_key: ForeignKeyFacts | None
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beyond the table.

    :param tables: decided and presumed renames of tables.
    :param vocabulary: words that were replaced by other words elsewhere.
    :param gone: tables that were dropped; :param came: tables that were added.
    """

    tables: NameMap = field(default_factory=NameMap)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    gone: frozenset[TableKey] = frozenset()
    came: frozenset[TableKey] = frozenset()


def profiles(
    table: TableFacts, names: Iterable[str], tables: NameMap | None = None
) -> list[ColumnProfile]:
    """Profiles of some columns; `tables` maps foreign keys of the old side to new names."""
    wanted = set(names)
    keys = {key.columns[0]: key for key in table.foreign_keys if len(key.columns) == 1}
    roles = _roles(table)
    return [
        ColumnProfile(
            column,
            _mapped(keys.get(column.name), tables),
            frozenset(roles.get(column.name, ())),
        )
        for column in table.columns
        if column.name in wanted
    ]


def _roles(table: TableFacts) -> dict[str, set[str]]:
    roles: dict[str, set[str]] = {}
    groups = [("primary key", table.primary_key.columns)] if table.primary_key else []
    groups += [("unique", item.columns) for item in table.uniques]
    groups += [("unique" if item.unique else "indexed", item.columns) for item in table.indexes]
    for role, columns in groups:
        for column in columns:
            roles.setdefault(column, set()).add(role)
    return roles


def _mapped(key: ForeignKeyFacts | None, tables: NameMap | None) -> ForeignKeyFacts | None:
    if key is None or tables is None:
        return key
    return ForeignKeyFacts(
        key.name,
        key.columns,
        tables.table(key.target),
        tuple(tables.column(key.target, name) for name in key.target_columns),
        key.options,
    )


def judge(
    old: ColumnProfile,
    new: ColumnProfile,
    table: str,
    around: Surroundings,
    rivals: int,
    alone: bool = False,
) -> Verdict:
    """All evidence that `old` became `new`.

    :param rivals: how many other columns could stand for either of them by their type.
    """
    refusal = name_veto(old.facts.name, new.facts.name)
    type_evidence, type_veto = _types(old.facts, new.facts)
    if type_veto and cast_quality(old.facts.family, new.facts.family) in (0.0, 1.0):
        refusal = refusal or type_veto
    key_evidence, key_veto = _foreign_keys(old, new, around)
    evidence = [
        Evidence(_BASE),
        type_evidence,
        key_evidence,
        *_names(old.facts.name, new.facts.name, table, around),
        *_definition(old, new),
        _pool(old, new, rivals, alone),
    ]
    return collect(evidence, type_veto, key_veto or refusal)


def _pool(old: ColumnProfile, new: ColumnProfile, rivals: int, alone: bool) -> Evidence:
    """What it says that few others could be meant; flags mean their name, so not of them."""
    if rivals:
        return Evidence(-0.2 * min(rivals, 5))
    if _kind(old) != _kind(new):
        return Evidence(0.5 if alone else 0.0)
    one, other = old.facts, new.facts
    same = (one.type, one.nullable, one.default) == (other.type, other.nullable, other.default)
    if alone and same and one.family != "boolean":
        return Evidence(3.3, "the only column dropped and the only one added")
    return Evidence(1.5 if alone else 1.0, "the only pair of its kind in the table")


def _types(old: ColumnFacts, new: ColumnFacts) -> tuple[Evidence, str | None]:
    if old.enum and new.enum and old.enum.name != new.enum.name:
        if set(old.enum.values) != set(new.enum.values):
            return Evidence(-3.0), f"enum types differ: {old.enum.name} and {new.enum.name}"
        return Evidence(0.5, "enum types with the same values"), None
    if old.type == new.type:
        common = old.type in ("integer", "boolean", "text", "varchar")
        return Evidence(1.5 if common else 2.0, f"same type {old.type}"), None
    quality = cast_quality(old.family, new.family)
    if quality == 1.0:
        return Evidence(0.7, f"{old.type} and {new.type} are alike"), None
    if quality > 0:
        return Evidence(-2.0 + 2 * quality), f"the type changes from {old.type} to {new.type}"
    return Evidence(-5.0), f"{old.type} does not become {new.type}"


def _foreign_keys(
    old: ColumnProfile, new: ColumnProfile, around: Surroundings
) -> tuple[Evidence, str | None]:
    one, other = old.foreign_key, new.foreign_key
    if one is None and other is None:
        return Evidence(0.0), None
    if one is None or other is None:
        return Evidence(-0.5 if likeness(old.facts.name, new.facts.name) > 0.8 else -1.5), None
    if (one.target, one.target_columns) == (other.target, other.target_columns):
        return Evidence(2.5, f"both refer to {other.target[1]}"), None
    if one.target in around.gone and other.target in around.came:
        return Evidence(0.0), f"{one.target[1]} may not be what {other.target[1]} is"
    if one.target == other.target:
        return Evidence(1.0), f"they refer to different columns of {one.target[1]}"
    return Evidence(-4.0), f"they refer to different tables, {one.target[1]} and {other.target[1]}"


def _names(old: str, new: str, table: str, around: Surroundings) -> Iterable[Evidence]:
    alike = likeness(old, new)
    yield Evidence(5 * alike, f"names share words ({alike:.2f})" if alike >= 0.3 else "")
    changed = substitution(old, new)
    if changed is None:
        return
    if changed[0] and changed[1] and words(old)[:1] == words(new)[:1] and alike < 0.9:
        yield Evidence(_OTHER_HEAD)
    if set(words(old)) <= set(words(new)) or set(words(new)) <= set(words(old)):
        yield Evidence(0.6)
    if around.vocabulary.follows(old, new):
        yield Evidence(3.0, "it follows the name of a renamed table")
        return
    times = around.vocabulary.places(old, new)
    if times > 1:
        gone, came = ("_".join(part) or "nothing" for part in changed)
        yield Evidence(min(3.0, 0.8 * times), f"{gone} became {came} in {times} places")
    if not changed[0] and set(changed[1]) <= set(words(table)):
        yield Evidence(1.0, "the table's name was put before it")


def _definition(old: ColumnProfile, new: ColumnProfile) -> Iterable[Evidence]:
    one, other = old.facts, new.facts
    yield Evidence(0.3 if one.nullable == other.nullable else -0.5)
    if one.default == other.default:
        yield Evidence(0.8, "same default") if one.default else Evidence(0.1)
    else:
        yield Evidence(-0.5)
    if one.comment and one.comment == other.comment:
        yield Evidence(2.0, "same comment")
    if (one.computed is None) != (other.computed is None):
        yield Evidence(-3.0)
    if old.roles == new.roles:
        yield (
            Evidence(1.0, f"both {' and '.join(sorted(old.roles))}") if old.roles else Evidence(0.1)
        )
    else:
        yield Evidence(-0.7)


def judge_pair(
    before: TableFacts, after: TableFacts, old: str, new: str, around: Surroundings
) -> Verdict:
    """The verdict on one pair, whatever else went and came."""
    (one,) = profiles(before, [old], around.tables)
    (other,) = profiles(after, [new])
    return judge(one, other, before.name, around, 0)


def judge_columns(
    before: TableFacts,
    after: TableFacts,
    gone: Sequence[str],
    came: Sequence[str],
    around: Surroundings,
) -> list[tuple[str, str, Verdict]]:
    """Every pair worth a thought of the columns that went and came, with its verdict."""
    olds = profiles(before, gone, around.tables)
    news = profiles(after, came)
    old_kinds = Counter(map(_kind, olds))
    new_kinds = Counter(map(_kind, news))
    alone = len(olds) == len(news) == 1
    judged = []
    for old, new in _worth_a_thought(olds, news):
        rivals = old_kinds[_kind(new)] + new_kinds[_kind(old)]
        rivals -= 2 if _kind(old) == _kind(new) else 0
        verdict = judge(old, new, before.name, around, rivals, alone)
        judged.append((old.facts.name, new.facts.name, verdict))
    return judged


def _worth_a_thought(
    olds: Sequence[ColumnProfile], news: Sequence[ColumnProfile]
) -> Iterable[tuple[ColumnProfile, ColumnProfile]]:
    """All pairs, or among very many only those that share a word: no other can stand out."""
    if len(olds) * len(news) <= _ALL_PAIRS:
        return ((old, new) for old in olds for new in news)
    by_word: dict[str, list[int]] = {}
    for number, new in enumerate(news):
        for word in set(words(new.facts.name)):
            by_word.setdefault(word, []).append(number)
    common = max(_FEW, len(news) // 20)
    return (
        (old, news[number])
        for old in olds
        for number in sorted(
            {
                number
                for word in words(old.facts.name)
                if len(by_word.get(word, ())) <= common
                for number in by_word.get(word, ())
            }
        )
    )


def _kind(profile: ColumnProfile) -> tuple[str, TableKey | None]:
    """What columns are told apart by at a glance: the family of the type, and where they refer."""
    return profile.facts.family, profile.foreign_key.target if profile.foreign_key else None
