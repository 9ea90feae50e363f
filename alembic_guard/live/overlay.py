"""The schema overlay: live models made to fit the database as it is, and put back later.

One `OverlayPlan` describes everything that should be overlaid; `SchemaOverlay.apply`
moves from the present overlay to that one. Nothing is removed from a model, so undoing is
restoring names and defaults.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, FetchedValue, Table
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapper, configure_mappers, mapped_column

from . import compiling
from .compiling import Mask, OverlaidName

log = logging.getLogger(__name__)

_apply_lock = threading.RLock()


@dataclass(frozen=True)
class OverlayPlan:
    """What differs between models and database and can be bridged.

    :param renames: model column -> its name in the database.
    :param tables: model table -> its name in the database.
    :param masks: model column that the database lacks -> why.
    :param additions: model table -> columns only the database has.
    """

    renames: Mapping[Column[Any], str] = field(default_factory=dict)
    tables: Mapping[Table, str] = field(default_factory=dict)
    masks: Mapping[Column[Any], Mask] = field(default_factory=dict)
    additions: Mapping[Table, tuple[Column[Any], ...]] = field(default_factory=dict)

    def is_empty(self) -> bool:
        """Whether the models fit the database as they are."""
        return not (self.renames or self.tables or self.masks or self.additions)


@dataclass
class _Saved:
    """What a masked column had before, to be put back."""

    server_default: Any
    default: Any
    onupdate: Any
    server_onupdate: Any


class SchemaOverlay:
    """Applies overlay plans to the tables and mappers of one application."""

    def __init__(
        self, mappers: Callable[[], Iterable[Mapper[Any]]], engines: Iterable[Engine] = ()
    ) -> None:
        self._mappers = mappers
        self._engines = tuple(engines)
        self._saved: dict[Column[Any], _Saved] = {}
        self._renames: dict[Column[Any], str] = {}
        self._tables: dict[Table, str] = {}
        self.added: dict[Table, set[str]] = {}
        """Columns added live; they stay, because SQLAlchemy cannot unmap an attribute."""

    def apply(self, plan: OverlayPlan) -> bool:
        """Make `plan` the present overlay; return whether anything changed.

        The caller keeps statements from being compiled meanwhile (`PauseGate`): a swap
        under running threads loses about half of their requests.
        """
        with _apply_lock:
            changed = self._apply_tables(plan.tables)
            changed = self._apply_renames(plan.renames) or changed
            changed = self._apply_masks(plan.masks) or changed
            changed = self._apply_additions(plan.additions) or changed
            compiling.refresh_hooks()
            if changed:
                self.clear_caches()
        return changed

    def clear(self) -> None:
        """Put every name and default back; added columns stay."""
        self.apply(OverlayPlan())

    def clear_caches(self) -> None:
        """Forget compiled SQL, in the engines and in the mappers, which keep their own."""
        for engine in self._engines:
            engine.clear_compiled_cache()
            custom = engine.get_execution_options().get("compiled_cache")
            if custom is not None and hasattr(custom, "clear"):
                custom.clear()
        for mapper in self._mappers():
            _forget_statements(mapper)

    def _apply_tables(self, wanted: Mapping[Table, str]) -> bool:
        return _apply_names(self._tables, wanted, compiling.renamed_tables)

    def _apply_renames(self, wanted: Mapping[Column[Any], str]) -> bool:
        return _apply_names(self._renames, wanted, compiling.renamed_columns)

    def _apply_masks(self, wanted: Mapping[Column[Any], Mask]) -> bool:
        changed = False
        for column in [column for column in self._saved if column not in wanted]:
            _restore(column, self._saved.pop(column))
            del compiling.masked_columns[column]
            changed = True
        for column, mask in wanted.items():
            if column not in self._saved:
                self._saved[column] = _neutralise(column)
                changed = True
            compiling.masked_columns[column] = mask
        return changed

    def _apply_additions(self, wanted: Mapping[Table, tuple[Column[Any], ...]]) -> bool:
        changed = False
        for table, columns in wanted.items():
            for column in columns:
                if column.name not in self.added.get(table, ()) and column.key not in table.c:
                    self._add(table, column)
                    self.added.setdefault(table, set()).add(column.name)
                    changed = True
        return changed

    def _add(self, table: Table, column: Column[Any]) -> None:
        """Map `column` deferred: a cached SELECT without it must not make it read None."""
        if column.server_default is None:
            column.server_default = FetchedValue()
        owner = next((mapper for mapper in self._mappers() if mapper.local_table is table), None)
        if owner is None or hasattr(owner.class_, column.key) or not column.key.isidentifier():
            table.append_column(column)
            return
        try:
            setattr(owner.class_, column.key, mapped_column(column.name, column.type, deferred=True,
                    nullable=column.nullable, server_default=FetchedValue()))  # fmt: skip
            configure_mappers()
        except Exception as error:
            log.warning("cannot map new column %s.%s: %s", table.name, column.name, error)
        if column.name not in table.c:
            table.append_column(column)


def _neutralise(column: Column[Any]) -> _Saved:
    """Keep the ORM from naming `column` in INSERT and UPDATE unless the program sets it."""
    saved = _Saved(column.server_default, column.default, column.onupdate, column.server_onupdate)
    column.server_default = FetchedValue()
    column.default = column.onupdate = column.server_onupdate = None
    return saved


def _restore(column: Column[Any], saved: _Saved) -> None:
    column.server_default, column.default = saved.server_default, saved.default
    column.onupdate, column.server_onupdate = saved.onupdate, saved.server_onupdate


def _apply_names(
    originals: dict[Any, str], wanted: Mapping[Any, str], registry: dict[Any, str]
) -> bool:
    """Give columns or tables the database's names; `originals` remembers the model's."""
    changed = False
    for item in [item for item in originals if item not in wanted]:
        item.name = originals.pop(item)
        del registry[item]
        changed = True
    for item, name in wanted.items():
        if registry.get(item) != name:
            original = originals.setdefault(item, item.name)
            registry[item] = name
            item.name = OverlaidName.of(original, name)
            changed = True
    return changed


def _forget_statements(mapper: Mapper[Any]) -> None:
    """Drop the mapper's own INSERT/UPDATE cache, which the engine's clearing leaves alone."""
    expire = getattr(mapper, "_expire_memoizations", None)
    if expire is not None:
        expire()
    else:  # setting any attribute of a declarative class has the same effect
        mapper.class_.__alembic_guard__ = object()
