"""Read one parsed file: which classes, attributes and tables it declares.

Only statements are walked, not every expression, because a thousand files have to cost
little more than parsing them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .declared import AttributeFacts, ClassFacts, LateAssignment, ModuleFacts, TableFacts
from .members import column_name, dotted, read_body, span_of

_BASE_MAKERS = {"declarative_base", "automap_base", "generate_base", "as_declarative"}


def collect(tree: ast.Module, path: str) -> ModuleFacts:
    """The declarations of one file; `path` is kept as the user gave it."""
    return _Collector(path).run(tree)


def module_name(path: str) -> str:
    """A dotted guess from the path, good for matching imports by suffix."""
    parts = path.replace("\\", "/").removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(part for part in parts if part not in ("", ".", ".."))


def absolute_module(statement: ast.ImportFrom, path: str) -> str:
    """What ``from .models import ...`` imports from, in the file at `path`."""
    module = statement.module or ""
    if not statement.level:
        return module
    package = module_name(path).split(".")
    keep = len(package) - statement.level + path.endswith("__init__.py")
    return ".".join([*package[: max(keep, 0)], *([module] if module else [])])


class _Collector:
    def __init__(self, path: str) -> None:
        self.path = path
        self.module = module_name(path)
        self.imports: dict[str, str] = {}
        self.classes: list[ClassFacts] = []
        self.tables: list[TableFacts] = []
        self.late: list[LateAssignment] = []
        self.bases: list[str] = []
        self.imperative: list[tuple[str, str]] = []

    def run(self, tree: ast.Module) -> ModuleFacts:
        for statement in _statements(tree.body):
            self._read(statement)
        return ModuleFacts(
            self.path,
            self.module,
            tuple(self.classes),
            tuple(self.tables),
            tuple(self.late),
            self.imports,
            tuple(self.bases),
            tuple(self.imperative),
            self._is_revision(tree),
        )

    def _is_revision(self, tree: ast.Module) -> bool:
        if not any(name.startswith("alembic") for name in self.imports.values()):
            return False
        names = {dotted(target) for item in tree.body for target in _targets(item)}
        return {"revision", "down_revision"} <= names

    def _read(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.ClassDef):
            self.classes.append(self._class(statement))
        elif isinstance(statement, ast.ImportFrom):
            self._import_from(statement)
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                self.imports[alias.asname or name] = name
        else:
            value = getattr(statement, "value", None)
            if isinstance(value, ast.Call):
                self._call(statement, value)

    def _import_from(self, statement: ast.ImportFrom) -> None:
        module = absolute_module(statement, self.path)
        for alias in statement.names:
            self.imports[alias.asname or alias.name] = f"{module}.{alias.name}"

    def _call(self, statement: ast.stmt, call: ast.Call) -> None:
        called = self.resolve(call.func)
        last = called.rpartition(".")[2]
        targets = _targets(statement)
        if last == "Table":
            if table := self.core_table(call, targets):
                self.tables.append(table)
        elif last in _BASE_MAKERS:
            self.bases += [target.id for target in targets if isinstance(target, ast.Name)]
        elif last in ("map_imperatively", "mapper") and len(call.args) > 1:
            owner, table_name = dotted(call.args[0]), dotted(call.args[1])
            if owner and table_name:
                self.imperative.append((owner, table_name))
        else:
            self._late(call, targets, last)

    def _late(self, call: ast.Call, targets: list[ast.expr], called: str) -> None:
        if called not in ("Column", "mapped_column"):
            return
        for target in targets:
            owner = dotted(target.value) if isinstance(target, ast.Attribute) else ""
            if isinstance(target, ast.Attribute) and owner and owner != "self":
                span = span_of(target, self.path, len(target.attr), at_end=True)
                fact = AttributeFacts(target.attr, "column", span, column_name(call))
                self.late.append(LateAssignment(owner, fact))

    def _class(self, node: ast.ClassDef) -> ClassFacts:
        attributes, values, config = read_body(node, self.path, self.resolve)
        table_node = values.get("__tablename__")
        table = _text(table_node)
        core = values.get("__table__")
        return ClassFacts(
            node.name,
            self.module,
            span_of(node, self.path),
            tuple(filter(None, [self.resolve(base) for base in node.bases])),
            attributes,
            tuple(filter(None, [self.resolve(_called(item)) for item in node.decorator_list])),
            table,
            span_of(table_node, self.path) if table_node and table else None,
            "__table__" in values or "__tablename__" in attributes,
            _is_true(values.get("__abstract__")),
            any(item.arg == "table" and _is_true(item.value) for item in node.keywords),
            self.core_table(core, []) if isinstance(core, ast.Call) else None,
            _sets("from_attributes", values.get("model_config"), config),
            _sets("orm_mode", values.get("model_config"), config),
        )

    def core_table(self, call: ast.Call, targets: list[ast.expr]) -> TableFacts | None:
        """A ``Table(...)`` call with a literal name; None when it is something else."""
        if not call.args or not isinstance(call.args[0], ast.Constant):
            return None
        name = call.args[0].value
        if not isinstance(name, str):
            return None
        variable = next((target.id for target in targets if isinstance(target, ast.Name)), None)
        columns = tuple(filter(None, (self._core_column(item) for item in call.args[1:])))
        span = span_of(call.args[0], self.path)
        return TableFacts(name, columns, span, variable)

    def _core_column(self, node: ast.expr) -> AttributeFacts | None:
        if not isinstance(node, ast.Call) or not node.args:
            return None
        first = node.args[0]
        if self.resolve(node.func).rpartition(".")[2] != "Column":
            return None
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            return None
        return AttributeFacts(first.value, "column", span_of(first, self.path))

    def resolve(self, node: ast.expr | None) -> str:
        """A dotted name with its first part replaced by what was imported under it."""
        if type(node) is ast.Subscript:
            node = node.value
        if type(node) is ast.Name:
            return self.imports.get(node.id, node.id)
        name = dotted(node)
        head, dot, rest = name.partition(".")
        return self.imports.get(head, head) + dot + rest


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement, into functions, conditions and nested classes, in source order.

    What stands directly in a class body is read with the class, and methods are left out:
    they are most of the statements, and declare no tables.
    """
    stack = list(reversed(body))
    while stack:
        statement = stack.pop()
        yield statement
        kind = type(statement)
        if kind is ast.ClassDef:
            inner = [item for item in statement.body if type(item) in _NESTING]  # type: ignore[attr-defined]  # a class
            stack.extend(reversed(inner))
        elif kind not in _SIMPLE:
            for name in ("finalbody", "orelse", "handlers", "body", "cases"):
                block = getattr(statement, name, None)
                if isinstance(block, list):
                    stack.extend(reversed(block))


_NESTING = {ast.ClassDef, ast.If, ast.Try, ast.With}
_SIMPLE = {ast.Assign, ast.AnnAssign, ast.Expr, ast.Import, ast.ImportFrom, ast.Return, ast.Pass}


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AnnAssign) else []


def _text(node: ast.expr | None) -> str | None:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else None  # type: ignore[union-attr]  # checked above


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _sets(name: str, config: ast.expr | None, inner: ast.ClassDef | None) -> bool:
    """Whether a Pydantic class says ``name=True`` in its ``model_config`` or ``class Config``."""
    if config is None and inner is None:
        return False
    if isinstance(config, ast.Call):
        return any(item.arg == name and _is_true(item.value) for item in config.keywords)
    if isinstance(config, ast.Dict):
        return any(
            isinstance(key, ast.Constant) and key.value == name and _is_true(value)
            for key, value in zip(config.keys, config.values, strict=True)
        )
    return inner is not None and any(
        isinstance(statement, ast.Assign)
        and _is_true(statement.value)
        and name in map(dotted, statement.targets)
        for statement in inner.body
    )
