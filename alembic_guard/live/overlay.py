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
from .compiling import OverlaidName
from .masking import Mask, masked_columns

log = logging.getLogger(__name__)

ADDED = "alembic_guard_added"
"""In `Column.info` of a column the program does not declare."""


@dataclass
class _Saved:
    """What a masked column had before, to be put back."""

    server_default: Any
    default: Any
    onupdate: Any
    server_onupdate: Any


_apply_lock = threading.RLock()

# What several watchers of the same models share: what items were called and had before, and
# which overlays still need it. A newer plan wins; a stopped watcher leaves the others' alone.
_original_names: dict[Any, str] = {}
_saved: dict[Column[Any], _Saved] = {}
_holders: dict[Any, set[int]] = {}


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


class SchemaOverlay:
    """Applies overlay plans to the tables and mappers of one application."""

    def __init__(
        self, mappers: Callable[[], Iterable[Mapper[Any]]], engines: Iterable[Engine] = ()
    ) -> None:
        self._mappers = mappers
        self._engines = tuple(engines)
        self._renames: set[Column[Any]] = set()
        self._tables: set[Table] = set()
        self._masks: set[Column[Any]] = set()
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
        """Put every name and default back that no other overlay needs; added columns stay."""
        with _apply_lock:
            for held in (self._renames, self._tables, self._masks):
                for item in held:
                    holders = _holders.get(item, set())
                    holders.discard(id(self))
                    if not holders:
                        _release(item)
                held.clear()
            compiling.refresh_hooks()
            self.clear_caches()

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
        return self._apply_names(self._tables, wanted, compiling.renamed_tables)

    def _apply_renames(self, wanted: Mapping[Column[Any], str]) -> bool:
        return self._apply_names(self._renames, wanted, compiling.renamed_columns)

    def _apply_names(
        self, held: set[Any], wanted: Mapping[Any, str], registry: dict[Any, str]
    ) -> bool:
        """Give columns or tables the database's names, and remember the model's."""
        changed = self._give_up(held, wanted)
        for item, name in wanted.items():
            changed = self._hold(held, item) or changed
            if registry.get(item) != name:
                original = _original_names.setdefault(item, item.name)
                registry[item] = name
                item.name = OverlaidName.of(original, name)
                changed = True
        return changed

    def _apply_masks(self, wanted: Mapping[Column[Any], Mask]) -> bool:
        changed = self._give_up(self._masks, wanted)
        for column, mask in wanted.items():
            changed = self._hold(self._masks, column) or changed
            if column not in _saved:
                _saved[column] = _neutralise(column)
                changed = True
            masked_columns[column] = mask
        return changed

    def _hold(self, held: set[Any], item: Any) -> bool:
        held.add(item)
        holders = _holders.setdefault(item, set())
        if id(self) in holders:
            return False
        holders.add(id(self))
        return True

    def _give_up(self, held: set[Any], wanted: Mapping[Any, Any]) -> bool:
        """Put back what the newest plan does not want, whoever else held it."""
        gone = [item for item in held if item not in wanted]
        for item in gone:
            held.discard(item)
            _release(item)
        return bool(gone)

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
        info = {ADDED: True}
        own = Column(
            column.name, column.type, nullable=column.nullable, server_default=FetchedValue(),
            info=info,
        )  # fmt: skip
        owner = next((mapper for mapper in self._mappers() if mapper.local_table is table), None)
        if owner is None or hasattr(owner.class_, column.key) or not column.key.isidentifier():
            table.append_column(own)
            return
        try:
            setattr(owner.class_, column.key, mapped_column(column.name, column.type, deferred=True,
                    nullable=column.nullable, server_default=FetchedValue(), info=info))  # fmt: skip
            configure_mappers()
        except Exception as error:
            log.warning("cannot map new column %s.%s: %s", table.name, column.name, error)
        if column.name not in table.c:
            table.append_column(own)


def _neutralise(column: Column[Any]) -> _Saved:
    """Keep the ORM from naming `column` in INSERT and UPDATE unless the program sets it."""
    saved = _Saved(column.server_default, column.default, column.onupdate, column.server_onupdate)
    column.server_default = FetchedValue()
    column.default = column.onupdate = column.server_onupdate = None
    return saved


def _restore(column: Column[Any], saved: _Saved) -> None:
    column.server_default, column.default = saved.server_default, saved.default
    column.onupdate, column.server_onupdate = saved.onupdate, saved.server_onupdate


def _release(item: Any) -> None:
    """Make an item what it was; harmless when that is done."""
    _holders.pop(item, None)
    if item in _original_names:
        item.name = _original_names.pop(item)
        compiling.renamed_columns.pop(item, None)
        compiling.renamed_tables.pop(item, None)
    if item in _saved:
        _restore(item, _saved.pop(item))
        masked_columns.pop(item, None)


def _forget_statements(mapper: Mapper[Any]) -> None:
    """Drop the mapper's own INSERT/UPDATE cache, which the engine's clearing leaves alone."""
    expire = getattr(mapper, "_expire_memoizations", None)
    if expire is not None:
        expire()
    else:  # setting any attribute of a declarative class has the same effect
        mapper.class_.__alembic_guard__ = object()
