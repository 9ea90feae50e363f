"""Walk `upgrade()` and `downgrade()` and note what they would do, running none of it.

Both branches of a condition that cannot be decided are walked; a loop over values that are
not known is walked once. Conditions on the dialect are decided for the reviewed dialect.
"""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from ...record import replace
from .. import statements as st
from .blocks import Leaving, WithBlocks
from .builtin import call_builtin, plain_method
from .causes import is_moment, is_output
from .evaluate import PLAIN, iterable
from .module import Module
from .uncertain import blur, restore, snapshot
from .values import Class, Function, Method, Obj, Partial, Ref, Unknown, truth

MAX_DEPTH = 24
MAX_STEPS = 200_000
CONTEXT_MANAGERS = ("contextmanager", "asynccontextmanager")


class Calls(Protocol):
    """What turns calls on Alembic and SQLAlchemy into statements."""

    def call(
        self,
        run: Interpreter,
        function: Any,
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
    ) -> Any: ...

    def attribute(self, run: Interpreter, owner: Obj, name: str, node: ast.AST) -> Any: ...

    def enter(self, run: Interpreter, value: Any, node: ast.AST) -> Any: ...

    def leave(self, run: Interpreter, value: Any) -> None: ...


MAYBE_RETURNED = "@returned"
"""Key, in a function's scope, of values returned under a condition nobody knows."""


class _Return(Leaving):
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class _Stop(Exception):
    """Too many steps; what was seen so far stands."""


class _LoopControl(Leaving):
    pass


class _Raised(Leaving):
    pass


class Interpreter(WithBlocks):
    """One walk over one module; statements are appended to `statements`."""

    def __init__(
        self,
        module: Module,
        dialect: str,
        calls: Calls,
        find_module: Callable[[str, str], Module | None] = lambda path, origin: None,
    ) -> None:
        self.module = module
        self.dialect = dialect
        self.calls = calls
        self.find_module = find_module
        self.scope: dict[str, Any] = {}
        self.globals: Mapping[str, Any] = self.scope
        self.statements: list[st.Statement] = []
        self.skipped_branches: list[int] = []
        self.context = st.Context()
        self.transactions = 0
        self.call_lines: list[int] = []
        self.depth = 0
        self.steps = 0
        self.helpers: dict[str, dict[str, Any]] = {}
        self.in_function = False

    # --- entry points

    def run_module(self) -> None:
        """Evaluate the module's top level: imports, constants, functions."""
        if self.module.tree is not None:
            self._quietly(self.module.tree.body)

    def run_function(self, name: str, context: st.Context) -> list[st.Statement]:
        """Walk a function such as ``upgrade`` and give what it does."""
        function = self.globals.get(name)
        if not isinstance(function, Function):
            return []
        self.statements, self.context, self.transactions = [], context, 0
        self.in_function = True
        try:
            self._invoke(function, [], {}, function.node)
        except (_Stop, RecursionError):
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

    def _quietly(self, body: list[ast.stmt]) -> None:
        for node in body:
            try:
                self.execute(node)
            except (_Return, _LoopControl, _Raised):
                return
            except (_Stop, RecursionError):
                continue

    # --- statements out

    def origin(
        self, node: ast.AST, *, via: st.Via = "op", text: str = "", line: int | None = None
    ) -> st.Origin:
        """Where a node stands, in the current circumstances."""
        call_line: int = getattr(node, "lineno", 1)
        related = self.call_lines[0] if self.call_lines else None
        if line is not None and line != call_line:
            related = call_line
        return st.Origin(
            self.module.path,
            line or call_line,
            getattr(node, "col_offset", 0) + 1 if line in (None, call_line) else 1,
            getattr(node, "end_lineno", None) if line is None else None,
            call_line,
            via,
            text,
            related,
            self.context,
        )

    def emit(
        self, kind: type[st.Statement], node: ast.AST, via: st.Via = "op", /, **values: Any
    ) -> None:
        """Note one statement."""
        self.statements.append(kind(self.origin(node, via=via), **values))

    @contextmanager
    def circumstances(self, **changes: Any) -> Iterator[None]:
        """Walk a part under other circumstances."""
        outer = self.context
        self.context = replace(outer, **changes)
        try:
            yield
        finally:
            self.resume(outer)

    def resume(self, context: st.Context) -> None:
        """Go back to earlier circumstances, but in the transaction that runs now."""
        if context.transaction != self.transactions:
            context = replace(context, transaction=self.transactions)
        self.context = context

    def new_transaction(self) -> None:
        """What follows runs in another transaction."""
        self.transactions += 1
        self.context = replace(self.context, transaction=self.transactions)

    # --- executing statements

    def run(self, body: list[ast.stmt]) -> None:
        for node in body:
            self.execute(node)

    def execute(self, node: ast.stmt) -> None:
        """Walk one statement."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _Stop
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
        self.scope[node.name] = Class(node.name, [self.evaluate(b) for b in node.bases], values)

    def _return(self, node: ast.Return) -> None:
        raise _Return(self.evaluate(node.value) if node.value is not None else None)

    def _if(self, node: ast.If) -> None:
        known = truth(self.evaluate(node.test))
        if known is not None:
            taken, skipped = (node.body, node.orelse) if known else (node.orelse, node.body)
            if skipped and self.in_function:
                self.skipped_branches.append(skipped[0].lineno)
            self.run(taken)
            return
        guard = self.module.describe(node.test)
        ends = [self._branch(body, guard) for body in (node.body, node.orelse)]
        if node.orelse and all(ends):
            raise _Return(Unknown("return"))

    def _branch(self, body: list[ast.stmt], guard: str) -> bool:
        """Walk one branch of an undecided condition; True when it always leaves."""
        before = snapshot(self.scope)
        if body:
            self.doubt(body[0])
        try:
            with self.circumstances(conditional=True, guard=guard):
                self.run(body)
        except _Return as returned:
            kept = [*self.scope.get(MAYBE_RETURNED, ()), returned.value]
            restore(self.scope, before)
            self.scope[MAYBE_RETURNED] = kept
            return True
        except _Raised:
            restore(self.scope, before)
            return True
        except _LoopControl:
            blur(self.scope, before)
            return True
        blur(self.scope, before)
        return False

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        items = iterable(self.evaluate(node.iter))
        if items is None:
            self.bind(node.target, Unknown(self.module.describe(node.target)), self.scope)
            self._loop_body(node.body)
            if node.orelse:
                self._branch(node.orelse, "no break")
            return
        for item in items:
            self.bind(node.target, item, self.scope)
            try:
                self.run(node.body)
            except _LoopControl as control:
                if control.args[0] == "break":
                    return
        self.run(node.orelse)

    def _while(self, node: ast.While) -> None:
        self.evaluate(node.test)
        self._loop_body(node.body)

    def _loop_body(self, body: list[ast.stmt]) -> None:
        """Walk the body of a loop that runs any number of times, none included."""
        self.doubt(body[0])
        before = snapshot(self.scope)
        try:
            with self.circumstances(loop=True):
                self.run(body)
        except _Return as returned:
            self.scope.setdefault(MAYBE_RETURNED, []).append(returned.value)
        except (_LoopControl, _Raised):
            pass
        blur(self.scope, before)

    def _control(self, node: ast.Break | ast.Continue) -> None:
        raise _LoopControl("break" if isinstance(node, ast.Break) else "continue")

    def _try(self, node: ast.Try) -> None:
        try:
            self.run(node.body)
        except _Raised:
            if not node.handlers:
                raise
        for handler in node.handlers:
            if handler.name:
                self.scope[handler.name] = Unknown(handler.name)
            self._branch(handler.body, "an exception")
        self.run(node.orelse)
        self.run(node.finalbody)

    def _raise(self, node: ast.Raise) -> None:
        if node.exc is not None and self.in_function:
            self.emit(
                st.PythonFact, node, "python", kind="raises", what=self.module.describe(node.exc)
            )
        raise _Raised

    def _assert(self, node: ast.Assert) -> None:
        self.evaluate(node.test)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scope.pop(target.id, None)

    def _match(self, node: ast.Match) -> None:
        subject = self.evaluate(node.subject)
        for case in node.cases:
            chosen = self._matches(case.pattern, subject)
            if chosen is False:
                continue
            if chosen and case.guard is None:
                self.run(case.body)
                return
            self._branch(case.body, "match")

    def _matches(self, pattern: ast.pattern, subject: Any) -> bool | None:
        if isinstance(pattern, ast.MatchValue):
            value = self.evaluate(pattern.value)
            known = isinstance(value, PLAIN) and isinstance(subject, PLAIN)
            return bool(value == subject) if known else None
        if isinstance(pattern, ast.MatchOr):
            found = [self._matches(part, subject) for part in pattern.patterns]
            return True if True in found else (None if None in found else False)
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
            return True
        return None

    # --- calls

    def call(self, node: ast.Call) -> Any:
        function = self.evaluate(node.func)
        before = len(self.statements) if is_output(function) else None
        args: list[Any] = []
        for arg in node.args:
            if isinstance(arg, ast.Starred):
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
            self.doubt(node)
            return Obj("@instance", (function,), kwargs, getattr(node, "lineno", 0))
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
            decorators = [self.evaluate(d) for d in function.node.decorator_list]
            if any(getattr(d, "last", "") in CONTEXT_MANAGERS for d in decorators):
                return Obj("@generator", (function, args, kwargs), line=getattr(node, "lineno", 0))
            if decorators:
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
        except _Return as returned:
            value = returned.value
        except (_Raised, _LoopControl):
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

    def _result(self, local: dict[str, Any], value: Any, node: ast.AST) -> Any:
        """What a call gives: unknown when another value may have been returned before."""
        earlier = local.get(MAYBE_RETURNED, ())
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
            self._quietly(module.tree.body)
            return {k: v for k, v in self.scope.items() if isinstance(v, Function)}
        finally:
            del self.statements[before:]
            self.scope, self.globals, self.module, self.in_function = outer

    def object_attribute(self, owner: Obj, name: str, node: ast.AST) -> Any:
        return self.calls.attribute(self, owner, name, node)

    def _global(self, node: ast.Global | ast.Nonlocal) -> None:
        return None


def _bound_arguments(
    run: Interpreter, function: Function, args: list[Any], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """Parameters to values; the ones not given get their defaults or are unknown."""
    spec = function.node.args
    if not (spec.args or spec.posonlyargs or spec.kwonlyargs or spec.vararg or spec.kwarg):
        return dict(function.scope) if isinstance(function.node, ast.Lambda) else {}
    names = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
    local: dict[str, Any] = dict(function.scope) if isinstance(function.node, ast.Lambda) else {}
    if function.bound is not None:
        args = [function.bound, *args]
    outer, run.globals = run.globals, function.scope
    for name, default in zip(names[len(names) - len(spec.defaults) :], spec.defaults, strict=True):
        local[name] = run.evaluate(default)
    for arg, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        local[arg.arg] = run.evaluate(value) if value is not None else Unknown(arg.arg)
    run.globals = outer
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
