"""Walk `upgrade()` and `downgrade()` and note what they would do, running none of it.

Both branches of a condition that cannot be decided are walked; a loop over values that are
not known is walked once. Conditions on the dialect are decided for the reviewed dialect.
"""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any

from .. import statements as st
from .branches import Stop
from .functions import Functions
from .values import Class, Function, Ref

MAX_STEPS = 200_000


class Interpreter(Functions):
    """One walk over one module; statements are appended to `statements`."""

    def run_module(self) -> None:
        """Evaluate the module's top level: imports, constants, functions."""
        if self.module.tree is not None:
            self.run_quietly(self.module.tree.body)

    def run_function(self, name: str, context: st.Context) -> list[st.Statement]:
        """Walk a function such as ``upgrade`` and give what it does."""
        function = self.globals.get(name)
        if not isinstance(function, Function):
            return []
        self.statements, self.context, self.transactions = [], context, 0
        self.in_function = True
        try:
            self._invoke(function, [], {}, function.node)
        except (Stop, RecursionError):
            node = function.node
            self.emit(st.Opaque, node, what=name, reason="too long to follow")
        finally:
            self.in_function = False
        return self.statements

    def forget(self) -> None:
        """Let go of all values: functions and the names they see refer to each other."""
        self.scope.clear()
        self.globals = {}
        self.helpers.clear()

    def run(self, body: list[ast.stmt]) -> None:
        for node in body:
            self.execute(node)

    def execute(self, node: ast.stmt) -> None:
        """Walk one statement."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Stop
        handler = _STATEMENTS.get(type(node))
        if handler is not None:
            handler(self, node)

    def _expression(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.evaluate(node.value)

    def _assign(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            self.bind(target, value, self.scope)

    def _ann_assign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.evaluate(node.value), self.scope)

    def _aug_assign(self, node: ast.AugAssign) -> None:
        load = ast.copy_location(ast.BinOp(_loaded(node.target), node.op, node.value), node)
        self.bind(node.target, self.evaluate(load), self.scope)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self.scope[alias.asname] = Ref(alias.name)
            else:
                root = alias.name.partition(".")[0]
                self.scope[root] = Ref(root)

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.scope["*"] = (*self.scope.get("*", ()), f"{module}.*")
                continue
            path = f"{module}{alias.name}" if module.endswith(".") else f"{module}.{alias.name}"
            self.scope[alias.asname or alias.name] = Ref(path)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.scope[node.name] = Function(node, self.visible(), self.module)

    def visible(self) -> Mapping[str, Any]:
        """The names a function defined here will see."""
        return (
            self.scope if self.scope is self.globals else ChainMap(self.scope, dict(self.globals))
        )

    def _class(self, node: ast.ClassDef) -> None:
        outer, self.scope = self.scope, {**self.scope}
        before = set(self.scope)
        try:
            self.run(node.body)
            values = {
                k: v for k, v in self.scope.items() if k not in before or outer.get(k) is not v
            }
        finally:
            self.scope = outer
        fields = [
            part.target.id
            for part in node.body
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        ]
        bases = [self.evaluate(base) for base in node.bases]
        self.scope[node.name] = Class(node.name, bases, values, fields)

    def _assert(self, node: ast.Assert) -> None:
        self.evaluate(node.test)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scope.pop(target.id, None)

    def _global(self, node: ast.Global | ast.Nonlocal) -> None:
        return None


def _loaded(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return target


_STATEMENTS: dict[type[ast.stmt], Callable[[Any, Any], None]] = {
    ast.Expr: Interpreter._expression,
    ast.Assign: Interpreter._assign,
    ast.AnnAssign: Interpreter._ann_assign,
    ast.AugAssign: Interpreter._aug_assign,
    ast.Import: Interpreter._import,
    ast.ImportFrom: Interpreter._import_from,
    ast.FunctionDef: Interpreter._function,
    ast.AsyncFunctionDef: Interpreter._function,
    ast.ClassDef: Interpreter._class,
    ast.Return: Interpreter._return,
    ast.If: Interpreter._if,
    ast.For: Interpreter._for,
    ast.AsyncFor: Interpreter._for,
    ast.While: Interpreter._while,
    ast.Break: Interpreter._control,
    ast.Continue: Interpreter._control,
    ast.Try: Interpreter._try,
    ast.With: Interpreter.with_block,
    ast.AsyncWith: Interpreter.with_block,
    ast.Raise: Interpreter._raise,
    ast.Assert: Interpreter._assert,
    ast.Delete: Interpreter._delete,
    ast.Match: Interpreter._match,
    ast.Global: Interpreter._global,
    ast.Nonlocal: Interpreter._global,
}
