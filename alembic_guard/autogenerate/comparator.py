"""Plan renames before Alembic compares anything.

It runs first among the comparators of schemas. When nothing went and came it has cost one
comparison of names; otherwise it decides, puts the rename operations first in the upgrade
and lets Alembic's own comparators look at the renamed database.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import UpgradeOps
from alembic.util import PriorityDispatchResult

from ..facts import Rename
from ..operations.dependents.attaching import attach_dependents
from ..operations.dialects.mysql import carried_indexes
from ..operations.ordering import order_renames
from ..renames.companions import Capabilities
from ..renames.decision import Plan, Rules, decide
from ..renames.model import NameMap, TableKey
from ..reserved.planned import refuse_lost, refuse_lost_drops
from ..settings import Settings
from .asking import resolve
from .both_sides import BothSides
from .emission import rename_operations, tell_types
from .explain import report
from .extraction import ModelReader
from .history import renamed_attributes
from .reflection import Names, RenamedInspector, renamed_inspector
from .sources import collect_hints
from .statistics import following_statistics

log = logging.getLogger(__name__)
_Continue = PriorityDispatchResult.CONTINUE


def plan_renames(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps, schemas: Collection[str | None]
) -> PriorityDispatchResult:
    """Put the decided renames into `upgrade_ops`, or stop on undecided ones.

    :raises UnresolvedRenames: when suspected renames are left that nobody has decided.
    :raises ReservedNames: when a column that seems to have gone is one a mixin declares.
    """
    inspector = renamed_inspector(autogen_context.inspector)
    autogen_context.inspector = inspector
    settings = settings_of(autogen_context)
    detecting = settings.renames != "off"
    if detecting and log.isEnabledFor(logging.INFO):
        for note in renamed_attributes(autogen_context):
            log.info(note)
    hints = collect_hints(autogen_context)
    sides = BothSides(autogen_context, inspector, schemas)
    dialect = autogen_context.dialect.name
    capabilities = _capabilities(dialect, settings)
    if not hints and not (detecting and sides.suspicious(foreign_keys=capabilities.outdated)):
        report(autogen_context, Plan())
        return _Continue
    before, after = sides.facts()
    # What a mixin declares and SQLAlchemy did not map went nowhere: neither rename nor DROP.
    if detecting:
        refuse_lost(autogen_context, sides.gone_columns(before))
    rules = Rules(
        level=settings.renames,
        derived=_is_derived,
        case_insensitive=dialect in ("mysql", "mariadb", "sqlite", "mssql"),
        capabilities=capabilities,
    )
    plan = resolve(
        autogen_context, hints, lambda heard: decide(before, after, hints=heard, rules=rules)
    )
    for note in plan.notes:
        log.info(note)
    _apply(autogen_context, upgrade_ops, inspector, plan, sides.models)
    return _Continue


def settings_of(autogen_context: AutogenContext) -> Settings:
    """The settings passed to ``context.configure(alembic_guard=...)``, else the defaults."""
    given = autogen_context.opts.get("alembic_guard")
    return given if isinstance(given, Settings) else Settings()


def _is_derived(old: str, new: str, table: str) -> bool:
    """Whether the old name does harm, rather than only having to be quoted, and is in the new."""
    from ..reserved.names import attribute_hazards, hazards, worst
    from ..reserved.suggest import is_derived

    if not is_derived(old, new, table):
        return False
    return worst([*attribute_hazards(old), *hazards(old)]) in ("error", "warning")


def _capabilities(dialect: str, settings: Settings) -> Capabilities:
    """On MySQL a primary key has no name of its own, and other keys are built anew.

    SQLite has to edit the stored table, which a name left over is not worth. Without our
    operations neither can rename a constraint, so names that Alembic does not compare stay.
    """
    is_mysql, is_sqlite = dialect in ("mysql", "mariadb"), dialect == "sqlite"
    can = settings.render != "plain" or not (is_mysql or is_sqlite)
    return Capabilities(
        unique=can or is_mysql,
        foreign_key=can,
        check=can,
        primary_key=can and not is_mysql,
        outdated=not (is_mysql or is_sqlite),
    )


def _apply(
    autogen_context: AutogenContext,
    upgrade_ops: UpgradeOps,
    inspector: RenamedInspector,
    plan: Plan,
    models: Mapping[TableKey, sa.Table],
) -> None:
    dialect = autogen_context.dialect
    inspector.guard_names = names_of(plan.renames)
    followers = following_statistics(autogen_context, inspector.guard_names.map)
    renames = [*plan.renames, *followers]
    operations = rename_operations(renames, dialect.default_schema_name)
    if dialect.name in ("mysql", "mariadb"):
        _carry_indexes(inspector)
        tell_types(operations, inspector.guard_names.map, models, ModelReader(dialect))
    inspector.guard_prepare = _forget_own_sequence(autogen_context, inspector)
    for rename in renames:
        owner = f" of {rename.table}" if rename.table else ""
        log.info("Detected rename of %s %r%s to %r", rename.kind, rename.old, owner, rename.new)
    upgrade_ops.ops.extend(operations)


def _carry_indexes(inspector: RenamedInspector) -> None:
    """Show under their new names the indexes that MySQL takes along with a renamed column."""
    names = inspector.guard_names
    for (schema, table), columns in names.map.columns.items():
        indexes, foreign_keys = (
            inspector.raw(kind, schema, [table], [table]).get((schema, table), [])
            for kind in ("indexes", "foreign_keys")
        )
        carried = carried_indexes(columns, indexes, foreign_keys)
        names.objects[schema, table] = {**carried, **names.objects.get((schema, table), {})}


def order_operations(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps, schemas: Collection[str | None]
) -> PriorityDispatchResult:
    """Once everything is planned, put it into an order that runs up and down.

    Views, functions and triggers that a rename would leave behind are seen to there, too.
    """
    if settings_of(autogen_context).renames != "off":
        refuse_lost_drops(autogen_context, upgrade_ops)
    upgrade_ops.ops[:] = order_renames(upgrade_ops.ops)
    if autogen_context.connection is not None:
        attach_dependents(upgrade_ops, autogen_context.connection)
    return _Continue


def names_of(renames: Iterable[Rename]) -> Names:
    """The names an inspector needs to show the renames as done."""
    tables: dict[TableKey, TableKey] = {}
    columns: dict[TableKey, dict[str, str]] = {}
    objects: dict[TableKey, dict[str, str]] = {}
    enums: dict[TableKey, TableKey] = {}
    for rename in renames:
        owner = (rename.schema, rename.table or rename.old)
        if rename.kind == "table":
            tables[owner] = (tables.get(owner, owner)[0], rename.new)
        elif rename.kind == "schema":
            tables[owner] = (rename.new or None, tables.get(owner, owner)[1])
        elif rename.kind == "column":
            columns.setdefault(owner, {})[rename.old] = rename.new
        elif rename.kind in ("index", "constraint"):
            objects.setdefault(owner, {})[rename.old] = rename.new
        elif rename.kind == "enum_type":
            enums[rename.schema, rename.old] = (rename.schema, rename.new)
    return Names(NameMap(tables, columns), objects, enums)


def _forget_own_sequence(autogen_context: AutogenContext, inspector: RenamedInspector) -> Any:
    """Let Alembic drop the default of a SERIAL column while it still knows the old name.

    Its check compares the owner of the sequence in the catalog with the name of the column.
    """
    impl: Any = autogen_context.migration_context.impl

    def prepare(table: TableKey, column: dict[str, Any]) -> None:
        shell = sa.Table(table[1], sa.MetaData(), schema=table[0])
        impl.autogen_column_reflect(inspector, shell, column)

    return prepare
