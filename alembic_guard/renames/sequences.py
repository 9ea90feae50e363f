"""Sequences that are named after a table and a column, and follow when these are renamed."""

from __future__ import annotations

from collections.abc import Sequence

from ..facts import Hint, Rename
from .model import ColumnFacts, NameMap, SchemaFacts, TableKey

_LONGEST = 63


def sequence_renames(
    before: SchemaFacts, after: SchemaFacts, names: NameMap, hints: Sequence[Hint]
) -> list[Rename]:
    """Renames of sequences people spoke of, and of a SERIAL column's own.

    PostgreSQL calls it ``table_column_seq`` once and for ever; only a name of that form
    follows, and only where the model does not name the sequence itself.
    """
    renames = [
        Rename(
            "sequence", hint.schema, None, hint.old, hint.new,
            hint.evidence_class, (hint.source,),
        )
        for hint in hints
        if hint.kind == "sequence" and hint.old and hint.new
    ]  # fmt: skip
    done = {rename.old for rename in renames}
    tables = after.by_key()
    for table in before.tables:
        target = names.table(table.key)
        if target not in tables or (target == table.key and not names.columns.get(table.key)):
            continue
        columns = tables[target].by_name()
        for column in table.columns:
            new_name = names.column(table.key, column.name)
            found = _following(table.key, column, target, columns.get(new_name))
            if found is not None and found[0] not in done:
                why = (f"it serves {target[1]}.{new_name}",)
                renames.append(Rename("sequence", table.schema, table.name, *found, "B", why))
    return renames


def _following(
    table: TableKey, column: ColumnFacts, target: TableKey, new: ColumnFacts | None
) -> tuple[str, str] | None:
    if new is None or column.sequence is None or new.sequence is not None:
        return None
    if column.sequence != f"{table[1]}_{column.name}_seq":
        return None
    name = f"{target[1]}_{new.name}_seq"
    if name == column.sequence or len(name.encode()) > _LONGEST:
        return None
    return column.sequence, name
