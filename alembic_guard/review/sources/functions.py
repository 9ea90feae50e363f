"""Calls of functions: those written in the revision or its helpers are walked."""

from __future__ import annotations

import ast
from typing import Any

from ...record import replace
from .. import statements as st
from . import records
from .branches import MAYBE_RETURNED, Branches, LoopControl, Raised, Return, Stop
from .builtin import call_builtin, plain_method
from .causes import is_moment, is_output
from .comprehensions import iterable
from .values import Class, Function, Method, Obj, Partial, Ref, Unknown

MAX_DEPTH = 24
CONTEXT_MANAGERS = ("contextmanager", "asynccontextmanager")


class Functions(Branches):
    """The part of the interpreter that calls."""

    def call(self, node: ast.Call) -> Any:
        function = self.evaluate(node.func)
        before = len(self.statements) if is_output(function) else None
        args: list[Any] = []
        for arg in node.args:
            if type(arg) is ast.Starred:
                items = self.evaluate(arg.value)
                if not isinstance(items, (list, tuple)):
                    self.doubt(arg)
                    items = [Unknown("*")]
                args.extend(items)
            else:
                args.append(self.evaluate(arg))
        kwargs: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value)
            if keyword.arg is not None:
                kwargs[keyword.arg] = value
            elif isinstance(value, dict):
                kwargs.update({str(key): item for key, item in value.items()})
            else:
                self.doubt(keyword)
        if before is not None:
            self.statements[before:] = [s for s in self.statements[before:] if not is_moment(s)]
        return self.apply(function, args, kwargs, node)

    def apply(self, function: Any, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        if type(function) is Ref:
            if function.path.startswith("builtins."):
                return self._builtin(function.last, args, kwargs, node)
            return self.calls.call(self, function, args, kwargs, node)
        if isinstance(function, Function):
            return self._invoke(function, args, kwargs, node)
        if isinstance(function, Partial):
            return self.apply(
                function.func, [*function.args, *args], {**function.kwargs, **kwargs}, node
            )
        if isinstance(function, Method):
            return plain_method(function.owner, function.name, args, kwargs)
        if isinstance(function, Class):
            return records.make(self, function, args, kwargs, node)  # type: ignore[arg-type]  # the whole one
        if isinstance(function, Obj) and function.path == "@instance":
            called = self.attribute(function, "__call__", node)
            return (
                self.unknown(node)
                if not isinstance(called, Function)
                else self._invoke(called, args, kwargs, node)
            )
        if isinstance(function, Obj):
            return self.calls.call(self, function, args, kwargs, node)
        if _hands_over(args, kwargs):
            self.emit(
                st.Opaque,
                node,
                what=self.module.describe(node),
                reason="what it calls is not known",
            )
        cause = function.cause if isinstance(function, Unknown) else ""
        return self.unknown(node, cause)

    def _builtin(self, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        if name == "getattr" and len(args) >= 2 and isinstance(args[1], str):
            if "{" not in args[1]:
                return self.attribute(args[0], args[1], node)
            return self.unknown(node)
        if name == "isinstance" and len(args) == 2 and getattr(args[0], "path", "") == "@dialect":
            return is_dialect(self.dialect, args[1])
        if name == "map" and len(args) == 2 and (items := iterable(args[1])) is not None:
            return [self.apply(args[0], [item], {}, node) for item in items]
        if name in ("open", "exec", "eval", "next", "map", "filter"):
            return self.calls.call(self, Ref(f"builtins.{name}"), args, kwargs, node)
        return call_builtin(name, args, kwargs)

    def _invoke(
        self, function: Function, args: list[Any], kwargs: dict[str, Any], node: ast.AST
    ) -> Any:
        """Walk a known function with these arguments and give what it returns."""
        if self.depth >= MAX_DEPTH:
            return self.unknown(node)
        if isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            decorators = self._decorators(function, function.node.decorator_list)
            if decorators:
                if any(getattr(d, "last", "") in CONTEXT_MANAGERS for d in decorators):
                    line = getattr(node, "lineno", 0)
                    return Obj("@generator", (function, args, kwargs), line=line)
                self.doubt(node)
        outer = (self.scope, self.globals, self.module, self.context)
        local = _bound_arguments(self, function, args, kwargs)
        self.globals = function.scope
        outer_call = self.depth > 0 or self.module is not function.module
        name = function.name if self.depth > 0 else None
        self.scope, self.module = local, function.module
        self.depth += 1
        if outer_call:
            self.call_lines.append(getattr(node, "lineno", 0))
            self.context = replace(self.context, helper=name or function.name)
        value: Any = None
        try:
            if isinstance(function.node, ast.Lambda):
                value = self.evaluate(function.node.body)
            else:
                self.run(function.node.body)
        except Return as returned:
            value = returned.value
        except (Raised, LoopControl):
            if self.depth == 1:
                return None
            raise
        finally:
            self.depth -= 1
            if outer_call:
                self.call_lines.pop()
            self.scope, self.globals, self.module, context = outer
            self.resume(context)
        return self._result(local, value, node)

    def _decorators(self, function: Function, nodes: list[ast.expr]) -> list[Any]:
        """What decorates a function, read where it is written: not where it is called."""
        if not nodes:
            return []
        outer = (self.globals, self.module)
        self.globals, self.module = function.scope, function.module
        try:
            return [self.evaluate(node) for node in nodes]
        finally:
            self.globals, self.module = outer

    def _result(self, local: dict[str, Any], value: Any, node: ast.AST) -> Any:
        """What a call gives: unknown when another value may have been returned before."""
        earlier = local.get(MAYBE_RETURNED)
        if not earlier:
            return value
        return value if all(other == value for other in earlier) else self.unknown(node)

    def helper(self, path: str) -> Any:
        """A function of a module of the repository, by its dotted path; None when not found."""
        module_path, _, name = path.rpartition(".")
        if not module_path.strip("."):
            module_path = module_path or "."
        if module_path not in self.helpers:
            self.helpers[module_path] = self._helper_names(module_path)
        return self.helpers[module_path].get(name)

    def _helper_names(self, path: str) -> dict[str, Any]:
        module = self.find_module(path, self.module.path)
        if module is None or module.tree is None:
            return {}
        outer = (self.scope, self.globals, self.module, self.in_function)
        self.scope = {}
        self.globals, self.module, self.in_function = self.scope, module, False
        before = len(self.statements)
        try:
            self.run_quietly(module.tree.body)
            return {k: v for k, v in self.scope.items() if isinstance(v, Function)}
        finally:
            del self.statements[before:]
            self.scope, self.globals, self.module, self.in_function = outer

    def object_attribute(self, owner: Obj, name: str, node: ast.AST) -> Any:
        return self.calls.attribute(self, owner, name, node)

    def run_quietly(self, body: list[ast.stmt]) -> None:
        for node in body:
            try:
                self.execute(node)
            except (Return, LoopControl, Raised):
                return
            except (Stop, RecursionError):
                continue


def _bound_arguments(
    run: Functions, function: Function, args: list[Any], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """Parameters to values; the ones not given get their defaults or are unknown."""
    spec = function.node.args
    if not (spec.args or spec.posonlyargs or spec.kwonlyargs or spec.vararg or spec.kwarg):
        return dict(function.scope) if isinstance(function.node, ast.Lambda) else {}
    names = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
    local: dict[str, Any] = dict(function.scope) if isinstance(function.node, ast.Lambda) else {}
    if function.bound is not None:
        args = [function.bound, *args]
    outer = (run.globals, run.module)
    run.globals, run.module = function.scope, function.module
    for name, default in zip(names[len(names) - len(spec.defaults) :], spec.defaults, strict=True):
        local[name] = run.evaluate(default)
    for arg, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        local[arg.arg] = run.evaluate(value) if value is not None else Unknown(arg.arg)
    run.globals, run.module = outer
    for name in names:
        local.setdefault(name, Unknown(name))
    local.update(zip(names, args, strict=False))
    known = {*names, *(arg.arg for arg in spec.kwonlyargs)}
    local.update({name: value for name, value in kwargs.items() if name in known})
    if spec.vararg:
        local[spec.vararg.arg] = tuple(args[len(names) :])
    if spec.kwarg:
        local[spec.kwarg.arg] = {k: v for k, v in kwargs.items() if k not in known}
    return local


def is_dialect(dialect: str, classes: Any) -> bool | Unknown:
    """``isinstance(bind.dialect, PGDialect)``, told by the package of SQLAlchemy the class is from."""
    found = classes if isinstance(classes, (list, tuple)) else [classes]
    paths = [item.path.split(".") for item in found if isinstance(item, Ref)]
    if len(paths) != len(found) or not all(
        path[:2] == ["sqlalchemy", "dialects"] for path in paths
    ):
        return Unknown("isinstance(...)")
    names = {path[2] for path in paths}
    return dialect in names or (dialect == "mariadb" and "mysql" in names)


def _hands_over(args: list[Any], kwargs: dict[str, Any]) -> bool:
    """Whether a call passes the means to change the schema to code that is not known."""
    for value in (*args, *kwargs.values()):
        if isinstance(value, Ref) and value.path == "alembic.op":
            return True
        if isinstance(value, Obj) and value.path in ("@connection", "@batch", "@session"):
            return True
    return False
