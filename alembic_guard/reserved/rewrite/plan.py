"""Everything a rename changes in a project's files, and everything it only lists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...facts import Edit
from ..scan.collect import module_name
from ..scan.declared import ClassFacts
from ..scan.project import Project
from .apply import apply_edits
from .declaration import declaration_edits
from .identities import Identities
from .inference import Inference, Signatures
from .literals import literal_text
from .positions import Positions
from .schemas import mirrors, orm_mode_fields, schema_edits
from .signatures import read_signatures
from .sql import DEFAULT_DIALECTS, SqlRename, looks_like_sql, mentions, rewrite_sql
from .syntax import imported_kinds
from .targets import Target
from .uses import Uses

_TEMPLATES = (".html", ".jinja", ".j2", ".js", ".ts", ".graphql")


@dataclass(frozen=True, slots=True)
class Listed:
    """A place where the old name stands and was left; `probable` ones need a look."""

    path: str
    line: int
    text: str
    reason: str
    probable: bool


@dataclass
class Rewrite:
    """The outcome: new texts by path, and what was left."""

    edits: dict[str, list[Edit]] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)
    listed: list[Listed] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """What the whole project says, for the reading of each file."""

    signatures: Signatures
    identities: Identities
    mirrors: Mapping[Target, Sequence[ClassFacts]]
    is_own_module: _ProjectModules


def plan_rewrite(
    sources: Mapping[str, str],
    trees: Mapping[str, ast.Module],
    project: Project,
    targets: Sequence[Target],
    *,
    dialects: Sequence[str] = DEFAULT_DIALECTS,
) -> Rewrite:
    """Work out all edits; nothing is written.

    :param sources: text of every file by path: Python, ``.sql`` and other text.
    :param trees: the parsed Python files among them; a Python file without one did not parse
        and is left.
    """
    outcome = Rewrite()
    identities = Identities(project)
    known = _Known(
        read_signatures(trees, identities),
        identities,
        {item: mirrors(project, identities, item) for item in targets},
        _ProjectModules({module_name(path) for path in trees}),
    )
    for path, text in sources.items():
        concerned = [item for item in targets if mentions(text, item.old)]
        if not concerned:
            continue
        file = _File(path, text, trees.get(path), concerned, dialects)
        try:
            file.read(known)
            changed = apply_edits(text, file.edits)
        except (RecursionError, ValueError) as error:  # nested too deeply, or edits that overlap
            outcome.problems.append(f"{path}: left alone: {error}")
            file.edits.clear()
        if file.edits:
            outcome.edits[path] = file.edits
            outcome.changed[path] = changed
        outcome.listed += file.left()
    outcome.problems += _broken(outcome, trees)
    return outcome


def _broken(outcome: Rewrite, trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """Take back what would not parse any more; it should never happen."""
    for path in list(outcome.changed):
        if path not in trees:
            continue
        try:
            ast.parse(outcome.changed[path])
        except SyntaxError as error:
            del outcome.changed[path], outcome.edits[path]
            yield f"{path}: left alone, because the rewritten file would not parse: {error}"


class _File:
    """One file being read."""

    def __init__(
        self,
        path: str,
        text: str,
        tree: ast.Module | None,
        targets: Sequence[Target],
        dialects: Sequence[str],
    ) -> None:
        self.path = path
        self.text = text
        self.tree = tree
        self.targets = targets
        self.dialects = dialects
        self.positions = Positions(text)
        self.edits: list[Edit] = []
        self.probable: dict[int, str] = {}
        self.another: set[int] = set()
        self.is_history = tree is not None and _is_migration(tree)

    def read(self, known: _Known) -> None:
        if self.is_history:
            return
        if self.path.endswith(".sql"):
            self._sql(self.text, range(len(self.text)))
        elif self.tree is not None:
            self._python(self.tree, known)

    def left(self) -> Iterator[Listed]:
        """Every occurrence of an old name that no edit covers, one entry a line."""
        seen: set[tuple[int, bool]] = set()
        covered = [(edit.start, edit.end) for edit in self.edits]
        for target in self.targets:
            names = {target.old} | ({target.old_column} if target.renames_column else set())
            pattern = "|".join(rf"\b{re.escape(name)}\b" for name in sorted(filter(None, names)))
            for match in re.finditer(pattern, self.text):
                if any(start <= match.start() < max(end, start + 1) for start, end in covered):
                    continue
                line = self.positions.line(match.start())
                reason, probable = self._why_left(match.start())
                if (line, probable) not in seen:
                    seen.add((line, probable))
                    text = self.positions.line_text(line).strip()
                    yield Listed(self.path, line, text, reason, probable)

    def _why_left(self, offset: int) -> tuple[str, bool]:
        if self.is_history:
            return "a migration: history is not rewritten", False
        if self.path.endswith(".py") and self.tree is None:
            return "the file does not parse", True
        if offset in self.another:
            return "something else of that name", False
        for place in (offset, offset - 1):
            if place in self.probable:
                return self.probable[place], True
        if self.path.endswith(_TEMPLATES) and self.text[offset - 1 : offset] in (".", "'", '"'):
            return "a template or script that may read the attribute", True
        return "text, or something else of that name", False

    def _python(self, tree: ast.Module, known: _Known) -> None:
        inference = Inference(known.signatures, known.identities.in_file(tree, self.path))
        uses = Uses(self.path, self.text, self.targets, inference)
        uses.run(tree, imported_kinds(tree, inference, known.is_own_module))
        self.edits += uses.edits
        for target in self.targets:
            self.edits += declaration_edits(tree, self.path, self.positions, target)
            schemas = known.mirrors[target]
            self.edits += schema_edits(tree, self.path, self.positions, target, schemas)
            for offset in orm_mode_fields(self.path, self.positions, target, schemas):
                self.probable[offset] = (
                    f"Pydantic 1 fills it from the attribute, which is {target.new} now: give it "
                    "that alias and allow_population_by_field_name, or Config a getter_dict"
                )
        self.edits = list(dict.fromkeys(self.edits))
        self.probable.update(uses.probable)
        self.another |= uses.another
        self._sql_strings(tree)

    def _sql_strings(self, tree: ast.Module) -> None:
        for node in _texts(tree):
            start, end = self.positions.start(node), self.positions.end(node)
            if not any(mentions(self.text[start:end], item.old) for item in self.targets):
                continue
            literal = literal_text(self.text, start, end)
            if literal is not None and looks_like_sql(literal.text):
                self._sql(literal.text, literal.offsets)

    def _sql(self, text: str, offsets: Sequence[int]) -> None:
        renames = [
            SqlRename(item.tables, str(item.old_column), str(item.new_column))
            for item in self.targets
            if item.renames_column and item.tables
        ]
        for change in rewrite_sql(text, renames, self.dialects) if renames else ():
            at = offsets[min(change.start, len(offsets) - 1)]
            if change.reason:
                self.probable[at] = f"SQL: {change.reason}"
                continue
            end = offsets[change.end - 1] + 1 if change.end > change.start else None
            if change.end == change.start:
                at = end = offsets[change.start - 1] + 1
            if at < 0 or end is None or end - at != change.end - change.start:
                self.probable[max(at, 0)] = "SQL: the name is written with escapes"
                continue
            self.edits.append(Edit(self.path, at, end, change.text))


class _ProjectModules:
    """Whether an import is of this project's own code."""

    def __init__(self, modules: set[str]) -> None:
        self.modules = modules
        self._known: dict[str, bool] = {}

    def __call__(self, name: str, level: int) -> bool:
        if level:
            return True
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = any(f".{name}." in f".{module}." for module in self.modules)
        return known


def _texts(tree: ast.Module) -> Iterator[ast.expr]:
    """String literals and f-strings, without docstrings and the parts of f-strings."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.JoinedStr):
            yield node
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            stack.extend(ast.iter_child_nodes(node))


def _is_migration(tree: ast.Module) -> bool:
    """Whether a file is an Alembic revision: those are history."""
    names = {
        target.id
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    return {"revision", "down_revision"} <= names
