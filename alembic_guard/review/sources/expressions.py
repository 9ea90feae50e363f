"""What evaluating any expression builds on; see `evaluate.Evaluator` for the whole."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from .. import statements as st
from .module import Module
from .values import Obj, Unknown

PLAIN = (str, int, float, bool, type(None), bytes, list, tuple, dict, set, frozenset, range)


class Expressions:
    """The names an expression sees, and what is said of one that is not known."""

    module: Module
    scope: dict[str, Any]
    globals: Mapping[str, Any]
    context: st.Context
    unsure = 0
    """The first line whose effect is not certain, 0 when all is."""

    def evaluate(self, node: ast.expr) -> Any:
        """The value of an expression; overridden by the evaluator."""
        return self.unknown(node)

    def doubt(self, node: ast.AST) -> None:
        """Note that only running the migration tells what this does."""
        self.unsure = self.unsure or getattr(node, "lineno", 1)

    def unknown(self, node: ast.AST, cause: str = "") -> Unknown:
        self.doubt(node)
        return Unknown(self.module.describe(node), cause)

    def _symbolic(self, left: Any, right: Any, node: ast.expr) -> Any:
        """An SQL expression built by operators, such as ``users.c.id == 3``."""
        if isinstance(left, Obj) or isinstance(right, Obj):
            return Obj("@expression", (left, right), {"source": self.module.describe(node)})
        return self.unknown(node)
