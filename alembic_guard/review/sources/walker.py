"""What walking a migration gives: statements, each with its circumstances."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from ...record import replace
from .. import statements as st
from .blocks import WithBlocks
from .module import Module
from .values import Obj


class Calls(Protocol):
    """What turns calls on Alembic and SQLAlchemy into statements."""

    def call(
        self,
        run: Any,
        function: Any,
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
    ) -> Any: ...

    def attribute(self, run: Any, owner: Obj, name: str, node: ast.AST) -> Any: ...

    def enter(self, run: Any, value: Any, node: ast.AST) -> Any: ...

    def leave(self, run: Any, value: Any) -> None: ...


class Walker(WithBlocks):
    """The state of one walk over one module; statements are appended to `statements`."""

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

    def execute(self, node: ast.stmt) -> None:
        """Walk one statement; overridden by the interpreter."""

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
