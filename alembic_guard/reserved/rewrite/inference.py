"""Infer what expressions are, as far as one file and the project's annotations make it certain.

Flow is ignored on purpose: a variable has a kind only when every assignment to it in its
scope agrees, so a wrong branch can never make something look certain.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .kinds import OTHER, Kind, from_annotation, last_name, many

_SAME_STATEMENT = {
    "where", "filter", "filter_by", "order_by", "limit", "offset", "options", "join", "outerjoin",
    "distinct", "with_for_update", "group_by", "having", "execution_options", "select_from",
    "join_from", "populate_existing", "enable_eagerloads", "yield_per", "params", "slice",
    "prefix_with", "with_hint", "correlate", "values", "on_conflict_do_update",
    "on_conflict_do_nothing", "on_duplicate_key_update",
}  # fmt: skip
_ONE = {"first", "one", "one_or_none", "get", "get_or_404", "first_or_404", "one_or_404"}
_ALL = {"all", "fetchall", "fetchmany", "partitions"}
_SCALAR = {"scalar", "scalar_one", "scalar_one_or_none"}
_COPIES = {"list", "sorted", "tuple", "reversed", "iter", "set", "filter"}


@dataclass(frozen=True)
class Signatures:
    """What the project says about its own functions and classes.

    :param classes: names of all classes.
    :param functions: function name -> what it returns.
    :param methods: (class, method) -> what it returns.
    :param attributes: (class, attribute) -> what it holds.
    :param parents: class -> its bases, by name.
    :param constructors: class -> parameters of the ``__init__`` it defines itself; ``**`` among
        them when it takes any keyword.
    """

    classes: frozenset[str]
    functions: Mapping[str, Kind | None] = field(default_factory=dict)
    methods: Mapping[tuple[str, str], Kind | None] = field(default_factory=dict)
    attributes: Mapping[tuple[str, str], Kind | None] = field(default_factory=dict)
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constructors: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def takes(self, owner: str, keyword: str) -> bool | None:
        """Whether an attribute's name is a keyword of the constructor; None: not certain.

        Declarative's own constructor takes every attribute; one written by hand has parameters
        of its own, and renaming an attribute does not rename those.
        """
        for current in (owner, *self.lineage(owner)):
            parameters = self.constructors.get(current)
            if parameters is not None:
                return False if keyword in parameters else None if "**" in parameters else False
        return True

    def member(self, table: str, owner: str, name: str) -> Kind | None:
        """A method's result or an attribute's kind, looked up along the bases."""
        lookup = self.methods if table == "methods" else self.attributes
        for current in (owner, *self.lineage(owner)):
            if (current, name) in lookup:
                return lookup[current, name]
        return None

    def lineage(self, owner: str) -> list[str]:
        """The names of everything a class inherits from, nearest first."""
        seen = [owner]
        for current in seen:
            seen += [parent for parent in self.parents.get(current, ()) if parent not in seen]
        return seen[1:]


class Scope:
    """Names of one function, class or module, and the scope around it."""

    def __init__(self, parent: Scope | None = None) -> None:
        self.parent = parent
        self.names: dict[str, Kind | None] = {}
        self._conflicting: set[str] = set()

    def bind(self, name: str, kind: Kind | None) -> None:
        """Add one assignment; two that disagree make the name unknown for good."""
        if name in self.names and self.names[name] != kind:
            self._conflicting.add(name)
        self.names[name] = None if name in self._conflicting else kind

    def lookup(self, name: str) -> Kind | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def knows(self, name: str) -> bool:
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return scope is not None


class Inference:
    """Kinds of expressions inside scopes; `names` are the classes as the file calls them."""

    def __init__(self, signatures: Signatures, names: Mapping[str, str]) -> None:
        self.signatures = signatures
        self.names = names

    def kind(self, node: ast.expr | None, scope: Scope) -> Kind | None:
        """What `node` certainly is, or None."""
        if isinstance(node, ast.Name):
            return self._name(node.id, scope)
        if isinstance(node, (ast.Await, ast.NamedExpr, ast.Starred)):
            return self.kind(node.value, scope)
        if isinstance(node, ast.Call):
            return self._call(node, scope)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, scope)
        if isinstance(node, ast.IfExp):
            return self._agree([node.body, node.orelse], scope)
        if isinstance(node, ast.BoolOp):
            return self._agree(node.values, scope)
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and node.elts:
            return many(self._agree(node.elts, scope))
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            return many(self.kind(node.elt, self.comprehension_scope(node, scope)))
        if isinstance(node, (ast.Constant, ast.Dict, ast.JoinedStr, ast.Compare)):
            return OTHER
        return None

    def comprehension_scope(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope
    ) -> Scope:
        """The scope inside a comprehension, with its loop variables bound."""
        inner = Scope(scope)
        for generator in node.generators:
            self.bind_target(generator.target, self.element(generator.iter, inner), inner)
        return inner

    def element(self, iterable: ast.expr, scope: Scope) -> Kind | None:
        """What iterating over an expression gives."""
        kind = self.kind(iterable, scope)
        if kind is None:
            return None
        if kind.shape in ("many", "scalars", "statement"):
            return kind.element
        return Kind("tuple", inner=kind.inner) if kind.shape == "rows" else None

    def bind_target(self, target: ast.expr, kind: Kind | None, scope: Scope) -> None:
        """Bind a name, or the names of a tuple when the kinds of its parts are known."""
        if isinstance(target, ast.Name):
            scope.bind(target.id, kind)
        elif isinstance(target, (ast.Tuple, ast.List)):
            inner = kind.inner if kind is not None and kind.shape == "tuple" else ()
            for index, item in enumerate(target.elts):
                known = inner[index] if len(inner) == len(target.elts) else None
                self.bind_target(item, known, scope)

    def _name(self, name: str, scope: Scope) -> Kind | None:
        if scope.knows(name):
            return scope.lookup(name)
        if name in self.names:
            return Kind("class", self.names[name])
        if name in self.signatures.functions:
            return Kind("function", name, (self.signatures.functions[name],))
        return None

    def _agree(self, nodes: Iterable[ast.expr], scope: Scope) -> Kind | None:
        rest = [
            item for item in nodes if not (isinstance(item, ast.Constant) and item.value is None)
        ]
        kinds = {self.kind(item, scope) for item in rest}
        return kinds.pop() if len(kinds) == 1 else None

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Kind | None:
        owner = self.kind(node.value, scope)
        if owner is None:
            # Through a module only a name that no other class has tells which class it is.
            return Kind("class", node.attr) if self.names.get(node.attr) == node.attr else None
        if owner.shape == "class" and node.attr == "query":
            return Kind("statement", inner=(Kind("instance", owner.name),))
        if owner.shape == "class" and node.attr == "__table__":
            return Kind("table", owner.name)
        if owner.shape == "table" and node.attr in ("c", "columns"):
            return Kind("columns", owner.name)
        if owner.shape == "instance":
            return self.signatures.member("attributes", owner.name, node.attr)
        return None

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Kind | None:
        kind = self.kind(node.value, scope)
        if kind is None:
            return None
        if kind.shape == "many":
            return kind if isinstance(node.slice, ast.Slice) else kind.element
        if kind.shape == "mapping":
            return kind.element
        if kind.shape == "tuple" and isinstance(node.slice, ast.Constant):
            index = node.slice.value
            return kind.inner[index] if isinstance(index, int) and index < len(kind.inner) else None
        return None

    def _call(self, node: ast.Call, scope: Scope) -> Kind | None:
        name = last_name(node.func)
        if isinstance(node.func, ast.Attribute):
            found = self._method(node, node.func, scope)
            if found is not None:
                return found
        elif isinstance(node.func, ast.Name):
            called = self.kind(node.func, scope)
            if called is not None and called.shape == "class":
                return Kind("instance", called.name)
            if called is not None and called.shape == "function":
                return called.element
        return self._builder(name, node, scope)

    def _builder(self, name: str, node: ast.Call, scope: Scope) -> Kind | None:
        first = self.kind(node.args[0], scope) if node.args else None
        if name == "select":
            inner = tuple(self._entity(self.kind(item, scope)) for item in node.args)
            return Kind("statement", inner=inner) if any(inner) else None
        if name in ("insert", "update", "delete") and first and first.shape in ("class", "table"):
            return Kind("dml", first.name)
        if name == "aliased" and first is not None and first.shape == "class":
            return first
        if name == "cast" and len(node.args) == 2:
            return from_annotation(node.args[0], self.names)
        if name in _COPIES and node.args:
            return many(self.element(node.args[-1], scope))
        if name in ("next", "anext", "max", "min") and len(node.args) >= 1:
            return self.element(node.args[0], scope)
        if name in ("replace", "copy", "deepcopy", "merge", "refresh") and first is not None:
            return first if first.shape == "instance" else None
        return None

    def _entity(self, kind: Kind | None) -> Kind | None:
        return Kind("instance", kind.name) if kind is not None and kind.shape == "class" else None

    def _method(self, node: ast.Call, func: ast.Attribute, scope: Scope) -> Kind | None:
        owner, name = self.kind(func.value, scope), func.attr
        if owner is not None:
            return self._known_method(owner, name, node, scope)
        called = self.kind(func, scope)
        if called is not None and called.shape == "class":
            return Kind("instance", called.name)
        first = self.kind(node.args[0], scope) if node.args else None
        if first is None:
            return None
        if name in ("get", "get_one") and first.shape == "class":
            return Kind("instance", first.name)
        if name == "query":
            inner = tuple(self._entity(self.kind(item, scope)) for item in node.args)
            return Kind("statement", inner=inner) if any(inner) else None
        if first.shape == "statement":
            if name in ("scalars", "stream_scalars"):
                return Kind("scalars", inner=(first.element,))
            if name in ("execute", "stream"):
                return Kind("rows", inner=first.inner)
            if name == "scalar":
                return first.element
        return None

    def _known_method(self, owner: Kind, name: str, node: ast.Call, scope: Scope) -> Kind | None:
        if owner.shape == "statement":
            return self._of_query(owner, name)
        if owner.shape == "dml":
            if name == "returning":
                inner = tuple(self._entity(self.kind(item, scope)) for item in node.args)
                return Kind("statement", inner=inner) if any(inner) else OTHER
            return owner if name in _SAME_STATEMENT else None
        if owner.shape in ("rows", "scalars"):
            return self._of_result(owner, name)
        if owner.shape in ("many", "mapping"):
            if name in ("pop", "get", "setdefault", "popleft"):
                return owner.element
            return many(owner.element) if name in ("values", "copy") else None
        if owner.shape in ("instance", "class"):
            return self.signatures.member("methods", owner.name, name)
        if owner.shape == "table" and name in ("insert", "update", "delete"):
            return Kind("dml", owner.name)
        return None

    def _of_query(self, owner: Kind, name: str) -> Kind | None:
        single = owner.element if len(owner.inner) == 1 else Kind("tuple", inner=owner.inner)
        if name in _SAME_STATEMENT:
            return owner
        if name in _ONE or name == "scalar":
            return single
        return many(single) if name in _ALL else None

    def _of_result(self, owner: Kind, name: str) -> Kind | None:
        if name in ("unique", "yield_per", "columns"):
            return owner
        if owner.shape == "scalars":
            return many(owner.element) if name in _ALL else owner.element if name in _ONE else None
        if name == "scalars":
            return Kind("scalars", inner=owner.inner[:1])
        if name in _SCALAR:
            return owner.element
        row = Kind("tuple", inner=owner.inner)
        if name in _ALL or name == "tuples":
            return many(row)
        return row if name in _ONE or name == "fetchone" else None
