"""Find the uses of a renamed attribute in one Python file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from ...facts import Edit
from .inference import Inference, Scope
from .kinds import Kind, from_annotation, last_name
from .positions import Positions
from .syntax import (
    COLUMN_STRINGS,
    FUNCTIONS,
    caught_names,
    first_argument,
    has_join,
    is_expression,
    own_expressions,
    own_statements,
    unwrapped,
)
from .targets import Target

_NAME_READERS = {"getattr", "setattr", "hasattr", "delattr"}
_COLUMN_CALLS = {"Column", "mapped_column", "column"}
_MAPPING_CALLS = {"bulk_insert_mappings", "bulk_update_mappings", "execute", "scalars"}
_PASSES = 3
"""How often a scope's assignments are read; each pass sees what the one before has found."""


_TABLE_OPTIONS = {"Index", "UniqueConstraint", "PrimaryKeyConstraint", "ForeignKeyConstraint"}


class Uses:
    """Walk one file: `edits` are certain uses, `probable` places look like uses, and why.

    `another` are places where the word certainly means something else.
    """

    def __init__(
        self, path: str, text: str, targets: Sequence[Target], inference: Inference
    ) -> None:
        self.path = path
        self.positions = Positions(text)
        self.has_walrus = ":=" in text
        self.targets = targets
        self.inference = inference
        self.edits: list[Edit] = []
        self.probable: dict[int, str] = {}
        self.another: set[int] = set()

    def run(self, tree: ast.Module, imports: dict[str, Kind | None]) -> None:
        """Read the whole file; `imports` are the names it imports, unknown ones as None."""
        scope = Scope()
        scope.names.update(imports)
        self._block(tree.body, scope, None)

    def _block(self, body: Sequence[ast.stmt], scope: Scope, owner: str | None) -> None:
        self._bind_all(body, scope)
        for statement in body:
            self._statement(statement, scope, owner)

    def _bind_all(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        given = dict(scope.names)
        for _ in range(_PASSES):
            fresh = Scope(scope.parent)
            fresh.names.update(given)
            for statement in own_statements(body):
                self._bind(statement, scope, fresh)
            if fresh.names == scope.names:
                break
            scope.names = fresh.names

    def _bind(self, node: ast.stmt, known: Scope, fresh: Scope) -> None:
        inference = self.inference
        if isinstance(node, ast.Assign):
            if isinstance(node.value, ast.Constant) and node.value.value is None:
                return
            for target in node.targets:
                inference.bind_target(target, inference.kind(node.value, known), fresh)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            kind = from_annotation(node.annotation, inference.names)
            fresh.bind(node.target.id, kind or inference.kind(node.value, known))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            inference.bind_target(node.target, inference.element(node.iter, known), fresh)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if item.optional_vars is not None:
                    inference.bind_target(item.optional_vars, None, fresh)
        for name in caught_names(node):
            fresh.bind(name, None)
        for inner in own_expressions(node) if self.has_walrus else ():
            if isinstance(inner, ast.NamedExpr):
                inference.bind_target(inner.target, inference.kind(inner.value, known), fresh)

    def _statement(self, node: ast.stmt, scope: Scope, owner: str | None) -> None:
        if isinstance(node, ast.ClassDef):
            self._class(node, scope)
        elif isinstance(node, FUNCTIONS):
            self._function(node, scope, owner)
        else:
            for child in ast.iter_child_nodes(node):
                self._child(child, scope, owner)

    def _child(self, node: ast.AST, scope: Scope, owner: str | None) -> None:
        if isinstance(node, ast.stmt):
            self._statement(node, scope, owner)
        elif isinstance(node, ast.expr):
            self._expression(node, scope)
        else:
            for child in ast.iter_child_nodes(node):
                self._child(child, scope, owner)

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        for item in (*node.decorator_list, *node.bases, *(each.value for each in node.keywords)):
            self._expression(item, scope)
        inner = Scope(scope)
        own = self.inference.names.get(node.name, "")
        for statement in node.body:
            for target in self._targets_of(own):
                self._in_class_body(statement, target)
            self._statement(statement, inner, own or None)

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, owner: str | None
    ) -> None:
        for item in (
            *node.decorator_list,
            *node.args.defaults,
            *filter(None, node.args.kw_defaults),
        ):
            self._expression(item, scope)
        inner = Scope(scope)
        classes = self.inference.names
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        for argument in arguments:
            inner.names[argument.arg] = from_annotation(argument.annotation, classes)
        for special in filter(None, (node.args.vararg, node.args.kwarg)):
            inner.names[special.arg] = None
        if owner is not None and arguments and arguments[0].annotation is None:
            inner.names[arguments[0].arg] = first_argument(node, owner)
        self._block(node.body, inner, None)

    def _expression(self, node: ast.expr, scope: Scope) -> None:
        if isinstance(node, ast.Attribute):
            self._attribute(node, scope)
        elif isinstance(node, ast.Call):
            self._call(node, scope)
        elif isinstance(node, ast.Subscript):
            self._subscript(node, scope)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self._string(node)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            scope = self.inference.comprehension_scope(node, scope)
        elif isinstance(node, ast.Lambda):
            scope = Scope(scope)
            scope.names.update({item.arg: None for item in node.args.args})
        for child in ast.iter_child_nodes(node):
            self._child(child, scope, None)

    def _attribute(self, node: ast.Attribute, scope: Scope) -> None:
        interested = [item for item in self.targets if node.attr in (item.old, item.old_column)]
        if not interested:
            return
        kind = self.inference.kind(node.value, scope)
        end = self.positions.end(node)
        start = end - len(node.attr)
        for target in interested:
            if kind is not None and kind.shape == "columns" and kind.name in target.classes:
                if target.renames_column and node.attr == target.old_column:
                    self._edit(start, end, str(target.new_column))
                return
            if node.attr == target.old and self._is_target(kind, target):
                self._edit(start, end, target.new)
                return
        self._mark(start, kind)

    def _call(self, node: ast.Call, scope: Scope) -> None:
        if last_name(node.func) in _COLUMN_CALLS and node.args:
            self.another.add(self.positions.start(node.args[0]) + 1)
        kind = self.inference.kind(node.func, scope)
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        receiver = (
            self.inference.kind(node.func.value, scope)
            if isinstance(node.func, ast.Attribute)
            else None
        )
        name = last_name(node.func)
        for target in self.targets:
            takes = self._takes_keywords(node, kind, receiver, method, target, scope)
            for keyword in node.keywords:
                if keyword.arg == target.old:
                    self._keyword(keyword, target, takes)
                elif keyword.arg is None and takes:
                    self._dict_keys(keyword.value, target)
            self._strings_in_call(node, name, receiver, target, scope)

    def _takes_keywords(
        self,
        node: ast.Call,
        kind: Kind | None,
        receiver: Kind | None,
        method: str,
        target: Target,
        scope: Scope,
    ) -> bool | None:
        """Whether keyword arguments of this call are attributes of the target; None: unknown."""
        if kind is not None and kind.shape == "class":
            if kind.name not in target.classes:
                return False
            return self.inference.signatures.takes(kind.name, target.old)
        if method == "filter_by" and receiver is not None:
            if len(receiver.inner) == 1 and not has_join(node):
                return self._is_target(receiver.element, target)
            return None
        if method == "values" and receiver is not None and receiver.shape == "dml":
            return receiver.name in target.classes
        if last_name(node.func) in ("replace", "from_orm") and node.args:
            return self._is_target(self.inference.kind(node.args[0], scope), target) or None
        return False if kind is not None and kind.shape == "function" else None

    def _keyword(self, keyword: ast.keyword, target: Target, takes: bool | None) -> None:
        start = self.positions.start(keyword)
        if takes:
            self._edit(start, start + len(target.old), target.new)
        else:
            self._leave(start, None if takes is not None else "what is called is not certain")

    def _strings_in_call(
        self, node: ast.Call, name: str, receiver: Kind | None, target: Target, scope: Scope
    ) -> None:
        arguments = node.args
        if name in _NAME_READERS and len(arguments) > 1:
            kind = self.inference.kind(arguments[0], scope)
            if self._is_target(kind, target):
                self._exact(arguments[1], target.old, target.new)
        elif name in COLUMN_STRINGS and receiver is not None and target.renames_column:
            if receiver.shape == "statement" and self._is_target(receiver.element, target):
                for argument in arguments:
                    inner = unwrapped(argument)
                    self._exact(inner, str(target.old_column), str(target.new_column))
        elif name == "values" and receiver is not None and receiver.shape == "dml":
            if receiver.name in target.classes:
                for argument in arguments:
                    self._dict_keys(argument, target)
        elif name == "update" and receiver is not None and receiver.shape == "statement":
            if self._is_target(receiver.element, target):
                for argument in arguments:
                    self._dict_keys(argument, target)
        elif name in _MAPPING_CALLS and len(arguments) > 1:
            first = self.inference.kind(arguments[0], scope)
            if (
                first is not None
                and first.shape in ("dml", "class")
                and first.name in target.classes
            ):
                self._dict_keys(arguments[1], target)
        elif name in ("ForeignKey", "ForeignKeyConstraint") and target.renames_column:
            self._foreign_keys(arguments, target)

    def _foreign_keys(self, arguments: Sequence[ast.expr], target: Target) -> None:
        """``"sessions.metadata"``, with or without a schema in front."""
        for argument in arguments:
            for item in ast.walk(argument):
                if not isinstance(item, ast.Constant) or not isinstance(item.value, str):
                    continue
                owner, _, column = item.value.rpartition(".")
                if column == target.old_column and owner.rpartition(".")[2] in target.tables:
                    self._exact(item, item.value, f"{owner}.{target.new_column}")

    def _dict_keys(self, node: ast.expr, target: Target) -> None:
        """Rewrite string keys of a dictionary, or of each dictionary in a list."""
        if isinstance(node, (ast.List, ast.Tuple)):
            for item in node.elts:
                self._dict_keys(item, target)
        elif isinstance(node, (ast.ListComp, ast.GeneratorExp)):
            self._dict_keys(node.elt, target)
        elif isinstance(node, ast.Dict):
            for key in node.keys:
                self._exact(key, target.old, target.new)

    def _subscript(self, node: ast.Subscript, scope: Scope) -> None:
        kind = self.inference.kind(node.value, scope)
        if kind is None or kind.shape != "columns":
            return
        for target in self.targets:
            if kind.name in target.classes and target.renames_column:
                self._exact(node.slice, str(target.old_column), str(target.new_column))

    def _string(self, node: ast.Constant) -> None:
        """``relationship(primaryjoin="SessionRecord.metadata == ...")`` and exact words."""
        start, end = self.positions.start(node), self.positions.end(node)
        for target in self.targets:
            if node.value == target.old:
                self.probable[start] = "a string that may mean the attribute"
            names = "|".join(map(re.escape, sorted(target.classes)))
            pattern = rf"(?<![\w.])(?:{names})\.({re.escape(target.old)})(?!\w)"
            if "\n" in str(node.value) or len(str(node.value)) > 500:
                continue
            for match in re.finditer(pattern, self.positions.text[start:end]):
                if re.fullmatch(r"[\w\s.,()\[\]=!<>&|'\"]*", str(node.value)) and is_expression(
                    node
                ):
                    self._edit(start + match.start(1), start + match.end(1), target.new)

    def _in_class_body(self, node: ast.stmt, target: Target) -> None:
        """Names and column strings inside the body of a class that has the attribute."""
        column = target.old_column if target.renames_column else None
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            for item in getattr(node, "decorator_list", []):
                if isinstance(item, ast.Call) and last_name(item.func) == "validates":
                    for argument in item.args:
                        self._exact(argument, target.old, target.new)
            if not any(
                last_name(item) in ("declared_attr", "directive") for item in node.decorator_list
            ):
                return
        table_options = (
            any(
                isinstance(item, ast.Name) and item.id == "__table_args__"
                for item in ast.walk(node)
            )
            or getattr(node, "name", "") == "__table_args__"
        )
        for item in ast.walk(node):
            if isinstance(item, ast.Name) and item.id == target.old:
                if isinstance(item.ctx, ast.Load):
                    self._edit(self.positions.start(item), self.positions.end(item), target.new)
            elif isinstance(item, ast.Call):
                called = last_name(item.func)
                if column and table_options and called in _TABLE_OPTIONS:
                    self._column_strings(item, called, column, str(target.new_column))
                elif called == "synonym":
                    for argument in item.args:
                        self._exact(argument, target.old, target.new)

    def _column_strings(self, call: ast.Call, called: str, old: str, new: str) -> None:
        arguments = call.args[1:] if called == "Index" else call.args
        for argument in arguments:
            items = argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else [argument]
            if called != "CheckConstraint":
                for item in items:
                    self._exact(item, old, new)

    def _exact(self, node: ast.expr | None, old: str, new: str) -> None:
        """Replace a plain string literal that says exactly `old`, quotes kept."""
        if not isinstance(node, ast.Constant) or node.value != old:
            return
        start, end = self.positions.start(node), self.positions.end(node)
        source = self.positions.text[start:end]
        place = source.find(old)
        if place > 0 and source.count(old) == 1:
            self._edit(start + place, start + place + len(old), new)

    def _targets_of(self, name: str) -> Iterable[Target]:
        return [item for item in self.targets if name in item.classes]

    def _is_target(self, kind: Kind | None, target: Target) -> bool:
        return (
            kind is not None and kind.shape in ("instance", "class") and kind.name in target.classes
        )

    def _mark(self, start: int, kind: Kind | None) -> None:
        """A base class may turn out to be the model after an isinstance check."""
        is_base = kind is not None and any(
            kind.name in self.inference.signatures.lineage(name)
            for target in self.targets
            for name in target.classes
        )
        uncertain = kind is None or (is_base and kind.shape == "instance")
        self._leave(start, "its type is not certain" if uncertain else None)

    def _leave(self, start: int, reason: str | None) -> None:
        """List a place for a person to look at, or as something else for certain."""
        if reason is None:
            self.another.add(start)
        else:
            self.probable[start] = reason

    def _edit(self, start: int, end: int, text: str) -> None:
        edit = Edit(self.path, start, end, text)
        if edit not in self.edits:
            self.edits.append(edit)
