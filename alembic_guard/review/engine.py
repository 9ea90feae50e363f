"""Run the rules over a history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from ..facts import Finding, Location
from ..record import field, frozen_record, replace
from . import statements as st
from .effects import apply
from .history import History, build_history
from .place import Place
from .revision import Revision
from .rules.base import Rule, wants_history, wants_revisions
from .sources.parallel import spread
from .state import Schema
from .versions import Version

UNREADABLE = ("GRD900", "unreadable-revision")


@frozen_record
class Coverage:
    """What the reader understood: `statements` in all, `opaque` ones with path, line and text."""

    files: int = 0
    statements: int = 0
    opaque: tuple[tuple[str, int, str], ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        """Share of statements understood, 100 when there are none."""
        return 100.0 * (1 - len(self.opaque) / self.statements) if self.statements else 100.0


@frozen_record
class Review:
    """The result: findings in order of file and line, and how much was seen.

    :param background: paths of revisions that only say what the others start from.
    """

    findings: tuple[Finding, ...]
    history: History
    dialect: str
    version: Version
    coverage: Coverage = field(default_factory=Coverage)
    background: frozenset[str] = frozenset()


def review(
    revisions: Sequence[Revision],
    rules: Iterable[Rule],
    dialect: str,
    version: Version,
    *,
    whole: bool,
    background: Collection[str] = (),
) -> Review:
    """Check every revision with every rule of its dialect.

    :param whole: the revisions are all there are, so the graph itself can be judged.
    :param background: paths of revisions that only say what the others start from.
    """
    chosen = [rule for rule in rules if dialect in rule.dialects]
    history = build_history(revisions, whole=whole)
    behind = frozenset(background)
    run = _Run(history, chosen, dialect, version, behind)
    findings = list(run.findings())
    order = {r.path: index for index, r in enumerate(revisions)}
    merged = merge(findings, {rule.code: rule for rule in chosen})
    merged.sort(key=lambda f: (order.get(f.location.path, 0), f.location.line, f.code))
    return Review(tuple(merged), history, dialect, version, run.coverage(), behind)


class _Run:
    def __init__(
        self,
        history: History,
        rules: list[Rule],
        dialect: str,
        version: Version,
        background: frozenset[str],
    ) -> None:
        self.history, self.dialect, self.version = history, dialect, version
        self.background = background
        self.by_type: dict[str, dict[type[st.Statement], list[Rule]]] = {
            "upgrade": defaultdict(list),
            "downgrade": defaultdict(list),
        }
        for rule in rules:
            for kind in rule.on:
                for direction in rule.directions:
                    self.by_type[direction][kind].append(rule)
        self.revision_rules = [rule for rule in rules if wants_revisions(rule)]
        self.by_kinds: dict[frozenset[type[st.Statement]], list[Rule]] = {}
        self.history_rules = [rule for rule in rules if wants_history(rule)]
        self.states: dict[str, Schema] = {}
        self.uses_left: dict[str, int] = {}
        self.failures: list[str] = []
        self.position = 0

    def findings(self) -> Iterator[Finding]:
        for rule in self.history_rules:
            for found in self._safely(rule, rule.check_history(self.history)):
                if found.location.path not in self.background:
                    yield found
        for found_here, failures in spread(self._share, range(len(self.history.order))):
            self.failures.extend(failures)
            yield from found_here

    def _share(self, positions: Sequence[int]) -> list[tuple[list[Finding], list[str]]]:
        """Findings and failures of some consecutive revisions of the order.

        Another process may check those before them; here they are only passed.
        """
        result = []
        for position in positions:
            if position < self.position:
                self.states, self.uses_left, self.position = {}, {}, 0
            while self.position < position:
                self._pass(self.history.order[self.position])
                self.position += 1
            before = len(self.failures)
            found = list(self._one(self.history.order[position]))
            self.position += 1
            result.append((found, self.failures[before:]))
            del self.failures[before:]
        return result

    def _one(self, revision: Revision) -> Iterator[Finding]:
        if revision.path in self.background:
            self._pass(revision)
        elif revision.error is not None:
            line, reason = revision.error
            code, name = UNREADABLE
            yield Finding(code, name, "error", f"This file is not reviewed: {reason}.",
                          Location(revision.path, line))  # fmt: skip
        else:
            yield from self._revision(revision)

    def _safely(self, rule: Rule, found: Iterator[Finding]) -> Iterator[Finding]:
        """One broken rule never hides what the others say."""
        try:
            yield from found
        except Exception as error:
            self._failed(rule, error)

    def _failed(self, rule: Rule, error: Exception) -> None:
        self.failures.append(f"{rule.code} {rule.name}: {type(error).__name__}: {error}")

    def _pass(self, revision: Revision) -> None:
        """Only note what a revision leaves to the ones after it."""
        schema = self._starting_state(revision)
        for statement in revision.upgrade:
            apply(statement, schema, revision.id or revision.path)
        if revision.id is not None:
            self.states[revision.id] = schema
            self.uses_left[revision.id] = len(self.history.children.get(revision.id, ()))

    def _revision(self, revision: Revision) -> Iterator[Finding]:
        schema = self._starting_state(revision)
        touched = touched_tables(revision)
        before = sketch(schema, touched)
        place = Place(
            self.dialect, self.version, revision, "upgrade", revision.upgrade, schema, before
        )
        yield from self._statements(revision.upgrade, place)
        facts = [s for s in revision.top if isinstance(s, st.PythonFact)]
        if facts:
            top = Place(self.dialect, self.version, revision, "upgrade", facts, schema, before)
            yield from self._statements(facts, top)
        for rule in self._rules_for(revision):
            try:
                yield from rule.check_revision(revision, place)
            except Exception as error:
                self._failed(rule, error)
        if revision.downgrade:
            down = Place(
                self.dialect, self.version, revision, "downgrade", revision.downgrade,
                sketch(schema, touched), before,
            )  # fmt: skip
            yield from self._statements(revision.downgrade, down)
        if revision.id is not None:
            self.states[revision.id] = schema
            self.uses_left[revision.id] = len(self.history.children.get(revision.id, ()))

    def _rules_for(self, revision: Revision) -> list[Rule]:
        """Those that may say something about a revision with such statements."""
        kinds = frozenset(map(type, revision.upgrade))
        found = self.by_kinds.get(kinds)
        if found is None:
            found = self.by_kinds[kinds] = [
                rule for rule in self.revision_rules if not rule.where or kinds & set(rule.where)
            ]
        return found

    def _statements(self, statements: Sequence[st.Statement], place: Place) -> Iterator[Finding]:
        by_type = self.by_type[place.direction]
        for index, statement in enumerate(statements):
            place.index = index
            for rule in by_type.get(type(statement), ()):
                try:
                    yield from rule.check(statement, place)
                except Exception as error:
                    self._failed(rule, error)
            apply(statement, place.schema, place.key)

    def _starting_state(self, revision: Revision) -> Schema:
        """The state its parents leave; moved rather than copied to an only child."""
        parents = [p for p in self.history.parents(revision) if p.id in self.states]
        if not parents:
            return Schema()
        result: Schema | None = None
        for parent in parents:
            name = parent.id or ""
            self.uses_left[name] -= 1
            state = self.states[name]
            if result is None:
                result = state if self.uses_left[name] <= 0 else state.copy()
            else:
                join(result, state)
            if self.uses_left[name] <= 0:
                del self.states[name]
        return result or Schema()

    def coverage(self) -> Coverage:
        opaque: list[tuple[str, int, str]] = []
        count = 0
        reviewed = [r for r in self.history.revisions if r.path not in self.background]
        for revision in reviewed:
            for statement in (*revision.upgrade, *revision.downgrade):
                if type(statement) is st.PythonFact:
                    continue
                count += 1
                if type(statement) is st.Opaque:
                    text = (
                        f"{statement.what} ({statement.reason})"
                        if statement.reason
                        else statement.what
                    )
                    opaque.append((statement.origin.path, statement.line, text))
        return Coverage(
            len(reviewed),
            count,
            tuple(dict.fromkeys(opaque)),
            tuple(dict.fromkeys(self.failures)),
        )


def touched_tables(revision: Revision) -> set[str]:
    """The tables a revision names, in either direction."""
    names: set[str] = set()
    for statement in (*revision.upgrade, *revision.downgrade):
        for attribute in _naming_attributes(type(statement)):
            value = getattr(statement, attribute)
            if isinstance(value, str):
                names.add(value)
    return names


_NAMING: dict[type[st.Statement], tuple[str, ...]] = {}


def _naming_attributes(kind: type[st.Statement]) -> tuple[str, ...]:
    """Those of a kind of statement that may hold the name of a table."""
    found = _NAMING.get(kind)
    if found is None:
        names = ("table", "new", "name", "target")
        found = _NAMING[kind] = tuple(name for name in names if hasattr(kind, name))
    return found


def sketch(schema: Schema, tables: set[str]) -> Schema:
    """The parts of a schema that concern these tables, free to change."""
    result = Schema()
    names = tables | {owner for name in tables if (owner := schema.index_table(name)) is not None}
    for name in names:
        table = schema.lend(name, result)
        if table is not None:
            for index in table.indexes:
                result.index_tables[index] = name
    result.types = dict(schema.types)
    result.views = dict(schema.views)
    result.dropped_tables = schema.dropped_tables & names
    return result


def join(target: Schema, other: Schema) -> None:
    """Add what another branch of the history knows."""
    for table in other.tables():
        if target.table(table.name) is None:
            target.put(table.copy())
    for key, kind in other.types.items():
        target.types.setdefault(key, kind)
    for key, value in other.index_tables.items():
        target.index_tables.setdefault(key, value)


def merge(findings: list[Finding], rules: dict[str, Rule]) -> list[Finding]:
    """One finding for one hazard: same rule and line once, and superseded ones dropped."""
    grouped: dict[tuple[str, str, int], list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[finding.location.path, finding.code, finding.location.line].append(finding)
    spoken: dict[tuple[str, int], set[str]] = defaultdict(set)
    for path, code, line in grouped:
        if code in rules:
            spoken[path, line].update(rules[code].supersedes)
    result = []
    for (path, code, line), same in grouped.items():
        if code not in spoken[path, line]:
            result.append(_merged(same))
    return result


def _merged(same: list[Finding]) -> Finding:
    first = same[0]
    messages = list(dict.fromkeys(f.message for f in same))
    if len(messages) == 1:
        return first
    objects = tuple(dict.fromkeys(name for f in same for name in f.objects))
    others = sorted({name for f in same[1:] for name in f.objects} - set(first.objects))
    more = (
        f" The same for {', '.join(others)}."
        if others
        else f" ({len(messages)} times on this line.)"
    )
    return replace(first, message=first.message + more, objects=objects)
