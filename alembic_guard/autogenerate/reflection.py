"""The database as the decided renames will leave it, for Alembic's own comparators to read.

The comparators reflect through ``autogen_context.inspector``. Put a `RenamedInspector` in
its place and every comparison (types, defaults, comments, indexes, foreign keys, those of
third parties) is made against the renamed counterpart, without a line of ours in it.
Reading happens once: what was read to plan the renames is handed on to the comparators.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from typing import Any

from sqlalchemy import ARRAY, Enum
from sqlalchemy.engine.reflection import Inspector, ObjectKind, ObjectScope

from ..renames.expressions import rename_words
from ..renames.model import NameMap, TableKey

OWN_TABLES = frozenset({"alembic_guard_change", "alembic_guard_app"})
_KINDS = (
    "columns", "pk_constraint", "foreign_keys", "indexes", "unique_constraints",
    "table_comment", "check_constraints", "table_options",
)  # fmt: skip
# Below this Alembic and SQLAlchemy read table by table, above it all at once.
_READ_ALL_ABOVE = 100


class Names:
    """The decided names: of tables, of columns, of what hangs on a table, of enum types."""

    def __init__(
        self,
        names: NameMap | None = None,
        objects: Mapping[TableKey, Mapping[str, str]] | None = None,
        enums: Mapping[TableKey, TableKey] | None = None,
    ) -> None:
        self.map = names or NameMap()
        self.objects = dict(objects or {})
        self.enums = enums or {}
        self.old_tables = {new: old for old, new in self.map.tables.items()}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is renamed."""
        return not (self.map.tables or self.map.columns or self.objects or self.enums)

    def old_key(self, key: TableKey) -> TableKey:
        """The key in the database of a table that is known by its new key."""
        if key in self.old_tables:
            return self.old_tables[key]
        return key

    def object(self, table: TableKey, name: str | None) -> str | None:
        """The new name of an index or constraint of an old table."""
        return self.objects.get(table, {}).get(name, name) if name else name


class RenamedInspector(Inspector):
    """An inspector that hides our own tables and shows decided renames as done."""

    guard_names: Names
    guard_memo: dict[tuple[str, str | None], dict[TableKey, Any]]
    guard_prepare: Callable[[TableKey, dict[str, Any]], None] | None

    def get_table_names(self, schema: str | None = None, **kw: Any) -> list[str]:
        found = [
            name for name in super().get_table_names(schema=schema, **kw) if name not in OWN_TABLES
        ]
        renamed = (self.guard_names.map.table((schema, name)) for name in found)
        here = [name for target, name in renamed if target == schema]
        moved_in = [
            new[1]
            for old, new in self.guard_names.map.tables.items()
            if new[0] == schema and old[0] != schema
        ]
        return [*here, *moved_in]

    def raw(
        self, info: str, schema: str | None, names: Collection[str], known: Collection[str]
    ) -> dict[TableKey, Any]:
        """Read one kind of facts of several tables under their names in the database."""
        memo = self.guard_memo.setdefault((info, schema), {})
        missing = [name for name in names if (schema, name) not in memo]
        if missing:
            everything = len(missing) > _READ_ALL_ABOVE and len(missing) * 2 > len(known)
            memo.update(
                getattr(super(), f"get_multi_{info}")(
                    schema=schema, filter_names=None if everything else missing
                )
            )
        return memo

    def _renamed_multi(
        self, info: str, schema: str | None, filter_names: Collection[str] | None
    ) -> dict[TableKey, Any]:
        names = self.get_table_names(schema) if filter_names is None else list(filter_names)
        if self.guard_names.is_empty:
            found = self.raw(info, schema, names, names)
            return {key: found[key] for name in names if (key := (schema, name)) in found}
        result: dict[TableKey, Any] = {}
        by_schema: dict[str | None, list[TableKey]] = {}
        for name in names:
            old = self.guard_names.old_key((schema, name))
            by_schema.setdefault(old[0], []).append(old)
        for old_schema, keys in by_schema.items():
            found = self.raw(info, old_schema, [key[1] for key in keys], names)
            for key in keys:
                if key in found:
                    result[self.guard_names.map.table(key)] = self._renamed(info, key, found[key])
        return result

    def _renamed(self, info: str, table: TableKey, found: Any) -> Any:
        names = self.guard_names
        if info in ("table_comment", "table_options") or not found:
            return found
        if info == "foreign_keys":
            return [_renamed_foreign_key(names, table, item) for item in found]
        followed = table in names.map.columns or table in names.objects
        if not followed and not (names.enums and info == "columns"):
            return found
        rename = _Rename(names, table)
        if info == "columns":
            return [self._renamed_column(rename, table, item) for item in found]
        if info == "pk_constraint":
            return rename.constraint(found)
        if info == "indexes":
            return [rename.index(item) for item in found]
        return [rename.constraint(item) for item in found]

    def _renamed_column(self, rename: _Rename, table: TableKey, item: Any) -> Any:
        changed = dict(item)
        if item["name"] in rename.columns and self.guard_prepare is not None:
            self.guard_prepare(table, changed)
        changed["name"] = rename.column(item["name"])
        changed["type"] = _renamed_type(self.guard_names, item["type"])
        if changed.get("computed"):
            computed = dict(changed["computed"])
            computed["sqltext"] = rename.text(computed["sqltext"])
            changed["computed"] = computed
        return changed


def _forwarding(info: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The two inspector methods of one kind of facts, going through the renames."""

    def many(
        self: RenamedInspector,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> Any:
        if kind is not ObjectKind.TABLE or scope is not ObjectScope.DEFAULT or kw:
            plain = getattr(Inspector, f"get_multi_{info}")
            return plain(self, schema, filter_names, kind, scope, **kw)
        return self._renamed_multi(info, schema, filter_names)

    def one(self: RenamedInspector, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        names = self.guard_names
        old = names.old_key((schema, table_name))
        memo = self.guard_memo.get((info, old[0]), {})
        if old in memo:
            return self._renamed(info, old, memo[old])
        found = getattr(Inspector, f"get_{info}")(self, old[1], schema=old[0], **kw)
        return self._renamed(info, old, found)

    return many, one


for _info in _KINDS:
    _many, _one = _forwarding(_info)
    _many.__name__, _one.__name__ = f"get_multi_{_info}", f"get_{_info}"
    setattr(RenamedInspector, _many.__name__, _many)
    setattr(RenamedInspector, _one.__name__, _one)


def renamed_inspector(inspector: Inspector) -> RenamedInspector:
    """A `RenamedInspector` over the connection and the cache of `inspector`.

    Dialects have inspectors of their own (`PGInspector.get_enums`), so the class is made
    for the one at hand.
    """
    kind = type("RenamedInspector", (RenamedInspector, type(inspector)), {})
    made: RenamedInspector = object.__new__(kind)
    made.__dict__.update(inspector.__dict__)
    made.guard_names = Names()
    made.guard_memo = {}
    made.guard_prepare = None
    return made


class _Rename:
    """Applies the names of one table to what was reflected of it."""

    def __init__(self, names: Names, table: TableKey) -> None:
        self.columns = names.map.columns.get(table, {})
        self.names = names
        self.table = table

    def column(self, name: str) -> str:
        return self.columns.get(name, name)

    def all(self, columns: Iterable[str | None]) -> list[str | None]:
        return [self.column(name) if name else name for name in columns]

    def text(self, sql: str) -> str:
        return rename_words(sql, self.columns)

    def constraint(self, item: Any) -> Any:
        changed = dict(item)
        changed["name"] = self.names.object(self.table, item.get("name"))
        for key in ("constrained_columns", "column_names"):
            if changed.get(key):
                changed[key] = self.all(changed[key])
        if isinstance(changed.get("sqltext"), str):
            changed["sqltext"] = self.text(changed["sqltext"])
        if changed.get("duplicates_index"):
            changed["duplicates_index"] = self.names.object(self.table, changed["duplicates_index"])
        return changed

    def index(self, item: Any) -> Any:
        changed = self.constraint(item)
        if changed.get("expressions"):
            known = set(item["column_names"])
            changed["expressions"] = [
                self.column(text) if text in known else self.text(text)
                for text in changed["expressions"]
            ]
        if changed.get("include_columns"):
            changed["include_columns"] = self.all(changed["include_columns"])
        if changed.get("column_sorting"):
            changed["column_sorting"] = {
                self.column(name): order for name, order in changed["column_sorting"].items()
            }
        if changed.get("duplicates_constraint"):
            changed["duplicates_constraint"] = self.names.object(
                self.table, changed["duplicates_constraint"]
            )
        if changed.get("dialect_options"):
            changed["dialect_options"] = {
                key: self._option(key, value) for key, value in changed["dialect_options"].items()
            }
        return changed

    def _option(self, key: str, value: Any) -> Any:
        if key.endswith("_where") and value is not None:
            return self.text(str(value)) if isinstance(value, str) else value
        if key.endswith("_include") and value:
            return self.all(value)
        if isinstance(value, dict):
            return {self.column(name): item for name, item in value.items()}
        return value


def _renamed_type(names: Names, type_: Any) -> Any:
    """An enum under its new name, alone or in an array."""
    if isinstance(type_, ARRAY):
        inner = _renamed_type(names, type_.item_type)
        if inner is not type_.item_type:
            changed = copy(type_)
            changed.item_type = inner
            return changed
        return type_
    if not isinstance(type_, Enum) or not names.enums:
        return type_
    new = names.enums.get((type_.schema, str(type_.name)))
    if new is None:
        return type_
    renamed = copy(type_)
    renamed.schema, renamed.name = new
    return renamed


def _renamed_foreign_key(names: Names, table: TableKey, item: Any) -> Any:
    """A foreign key follows both its own table and the table it points at."""
    target = (item["referred_schema"], item["referred_table"])
    touched = (
        table in names.map.columns
        or table in names.objects
        or target in names.map.tables
        or target in names.map.columns
    )
    if not touched:
        return item
    changed = _Rename(names, table).constraint(item)
    changed["referred_schema"], changed["referred_table"] = names.map.table(target)
    changed["referred_columns"] = [
        names.map.column(target, name) for name in item["referred_columns"]
    ]
    return changed
