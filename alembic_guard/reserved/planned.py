"""Look at a planned migration: names it would bring in, columns it would lose."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.util import PriorityDispatchResult
from sqlalchemy import Column, Table

from ..errors import ReservedNames
from ..facts import Finding, Location
from ..settings import Settings
from ..usage import UsageError
from .compared import Declared, compared_mappers, compared_names
from .identifiers import identifier_hazards
from .mapping import lost_columns
from .names import Hazard, Place, Vocabulary, attribute_hazards, hazards, normalise_database
from .renaming import (
    drop_of,
    flat,
    rename_planned_column,
    rename_planned_table,
    why_not_renamed,
)
from .suggest import suggest_names, suggest_table_name

log = logging.getLogger(__name__)

POLICIES = ("error", "warn", "rename", "ignore")


def spot_reserved(
    autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Any
) -> PriorityDispatchResult:
    """Report reserved names among planned tables and columns; refuse to drop a lost column.

    :raises ReservedNames: a planned DROP is of a column a mixin declares and SQLAlchemy did
        not map, or a new name's policy is ``error``.
    """
    settings = _settings(autogen_context)
    refuse_lost_drops(autogen_context, upgrade_ops)
    vocabulary = _vocabulary(autogen_context, settings)
    refused = []
    for declared in compared_names(autogen_context, upgrade_ops, schemas):
        found = _hazards_of(declared, vocabulary)
        policy = _policy(declared, settings)
        if not found or policy == "ignore":
            continue
        new = _suggested(declared)
        finding = _finding(declared, found[0], new)
        if finding.severity == "note":
            if not declared.exists:
                log.info("%s: %s %s", finding.code, finding.message, finding.help)
        elif policy == "error" and not declared.exists:
            refused.append(finding)
        elif policy == "rename" and new is not None:
            _plan_rename(autogen_context, upgrade_ops, declared, new, finding)
        else:
            # What is there already is no news, unless somebody would have refused it.
            level = logging.INFO if declared.exists and policy == "warn" else logging.WARNING
            log.log(level, "%s: %s %s", finding.code, finding.message, finding.help)
    if refused:
        intro = "Reserved names are about to enter the schema; nothing was written."
        raise ReservedNames(refused, intro=intro)
    return PriorityDispatchResult.CONTINUE


def _plan_rename(
    autogen_context: AutogenContext,
    upgrade_ops: ops.UpgradeOps,
    declared: Declared,
    new: str,
    finding: Finding,
) -> None:
    """Give it the name `new` in the migration; the models follow by hand or by ``fix``."""
    table, column = declared.table, declared.column
    reason = (
        None
        if declared.exists
        else why_not_renamed(table, None if column is None else declared.name)
    )
    if reason is not None:
        log.warning("%s Not planned as %r, because %s. %s",
                    finding.message, new, reason, finding.help)  # fmt: skip
        return
    if column is None:
        rename_planned_table(upgrade_ops, table, new)
    elif declared.exists:
        _rename_existing(autogen_context, upgrade_ops, declared, new, finding)
    elif (drop := drop_of(upgrade_ops, table, new)) is not None:
        _cancel(upgrade_ops, table, column, drop)
        log.warning("%s The database calls it %r already; let the model follow. %s",
                    finding.message, new, finding.help)  # fmt: skip
        return
    else:
        rename_planned_column(upgrade_ops, column, new)
    log.warning("%s Planned as %r; let the model follow. %s",
                finding.message, new, finding.help)  # fmt: skip


def _rename_existing(
    autogen_context: AutogenContext,
    upgrade_ops: ops.UpgradeOps,
    declared: Declared,
    new: str,
    finding: Finding,
) -> None:
    from ..operations import RenameColumnOp
    from ..operations.dependents.attaching import attach_dependents

    table = declared.table
    reason = f"the reserved_policy is rename, and {finding.message}"
    upgrade_ops.ops.append(
        RenameColumnOp(table.name, declared.name, new, schema=table.schema, evidence=(reason,))
    )
    if autogen_context.connection is not None:
        attach_dependents(upgrade_ops, autogen_context.connection)


def _cancel(
    upgrade_ops: ops.UpgradeOps, table: Table, column: Column[Any], drop: tuple[Any, Any]
) -> None:
    """Take back ADD and DROP of one column under its two names."""
    drop[0].ops.remove(drop[1])
    for container, operation in flat(upgrade_ops):
        if isinstance(operation, ops.AddColumnOp) and operation.column is column:
            container.ops.remove(operation)
    upgrade_ops.ops[:] = [
        item for item in upgrade_ops.ops if not isinstance(item, ops.ModifyTableOps) or item.ops
    ]


def _suggested(declared: Declared) -> str | None:
    if declared.column is None:
        return suggest_table_name(declared.name)
    taken = tuple(column.name for column in declared.table.columns)
    return next(iter(suggest_names(declared.name, declared.table.name, taken)), None)


def _settings(autogen_context: AutogenContext) -> Settings:
    given = autogen_context.opts.get("alembic_guard")
    return given if isinstance(given, Settings) else Settings()


def _policy(declared: Declared, settings: Settings) -> str:
    """The policy of this table's column, else of the name anywhere, else the general one."""
    keys = (f"{declared.table.name}.{declared.name}", declared.name)
    policies = {key.lower(): value for key, value in settings.reserved_policy.items()}
    for key in keys:
        policy = policies.get(key.lower())
        if policy is not None:
            if policy not in POLICIES:
                raise UsageError(
                    f"{settings.source}: reserved_policy: {key} is {policy!r}; "
                    f"it can be {', '.join(POLICIES)}"
                )
            return policy
    return settings.reserved


def _vocabulary(autogen_context: AutogenContext, settings: Settings) -> Vocabulary:
    """The words of the database being migrated, read from the server where it can tell."""
    from .live import server_words

    team = {name.lower(): "" for name in settings.reserved_names}
    connection = autogen_context.connection
    database = normalise_database(autogen_context.dialect.name)
    if connection is None:
        return Vocabulary({database: None}, team=team)
    database, version, words = server_words(connection)
    return Vocabulary({database: version}, team=team, live={database: words} if words else {})


def refuse_lost_drops(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> None:
    """Refuse to drop what a mixin declares and SQLAlchemy did not map.

    :raises ReservedNames: if a planned DROP is of such a column.
    """
    drops = {
        (operation.schema, operation.table_name, operation.column_name)
        for _, operation in flat(upgrade_ops)
        if isinstance(operation, ops.DropColumnOp)
    }
    refuse_lost(autogen_context, drops)


def refuse_lost(
    autogen_context: AutogenContext, gone: Collection[tuple[str | None, str, str]]
) -> None:
    """Refuse to take a column that a mixin declares and SQLAlchemy did not map for one that went.

    :param gone: columns the database has and the mapped tables have not, as
        ``(schema, table, column)`` in the schema names of the models.
    :raises ReservedNames: if one of them is declared after all.
    """
    if not gone:
        return
    findings = []
    for mapper in compared_mappers(autogen_context):
        table = mapper.local_table
        for lost in lost_columns(mapper) if isinstance(table, Table) else ():
            if (table.schema, table.name, lost.column) in gone:
                findings.append(lost.finding())
    if findings:
        intro = "A planned DROP COLUMN is of a column the models declare; nothing was written."
        raise ReservedNames(findings, intro=intro)


def _hazards_of(declared: Declared, vocabulary: Vocabulary) -> list[Hazard]:
    found = []
    if declared.attribute is not None:
        found += attribute_hazards(declared.attribute, owner=declared.owner)
    place: Place = "table" if declared.column is None else "column"
    found += hazards(declared.name, place=place, vocabulary=vocabulary)
    if not declared.exists:
        columns = tuple(column.name for column in declared.table.columns)
        found += [
            item
            for item in identifier_hazards(declared.table.name, columns, vocabulary.databases)
            if item.word == declared.name
        ]
    return sorted(found, key=lambda item: ("error", "warning", "note").index(item.severity))


def _finding(declared: Declared, hazard: Hazard, new: str | None) -> Finding:
    help = ""
    if new and declared.column is not None:
        attribute = declared.attribute or declared.name
        help = (
            f'Keep the column and call the attribute {new} = mapped_column("{declared.name}", '
            f"...), or call both {new}; `alembic-guard fix --name "
            f"{declared.owner or declared.table.name}.{attribute}` does either."
        )
    place = "table" if declared.column is None else "column"
    return Finding(
        hazard.rule.code,
        hazard.rule.name,
        hazard.severity,
        f"{'Existing' if declared.exists else 'New'} {place} {declared.title}: {hazard.effect}.",
        Location("", 1),
        f"{help} ({hazard.documented})",
        objects=(declared.table.name, declared.name),
    )
