"""How rename operations are written into a revision file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from alembic.autogenerate.render import renderers
from alembic.operations import ops as alembic_ops

from .ops import FixDependentOp, RenameOp, RenameTableOp

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations import MigrateOperation

    Renderer = Callable[[AutogenContext, Any], Any]

_INDENT = "    "


def _render_rename(autogen_context: AutogenContext, op: RenameOp) -> list[str]:
    """The evidence as comments, then one call."""
    if _is_plain(autogen_context):
        from .plain import plain_calls

        calls = plain_calls(autogen_context, op)
    else:
        calls = [_call(autogen_context, op.verb, op.arguments, _keywords(op))]
    return [*comments((*op.evidence, *op.notes)), *calls]


def _render_rename_table(
    autogen_context: AutogenContext, op: alembic_ops.RenameTableOp
) -> list[str]:
    """Alembic's own call, which Alembic itself cannot render."""
    lines = (*getattr(op, "evidence", ()), *getattr(op, "notes", ()))
    call = _call(
        autogen_context,
        "rename_table",
        (op.table_name, op.new_table_name),
        {"schema": op.schema},
    )
    return [*comments(lines), call]


def _render_fix(autogen_context: AutogenContext, op: FixDependentOp) -> list[str]:
    """``op.execute(...)``, or nothing in the direction that has nothing to mend."""
    if not op.sql:
        return []
    prefix = autogen_context.opts.get("alembic_module_prefix") or ""
    return [*comments([op.why] if op.why else []), f"{prefix}execute({_text(str(op.sqltext))})"]


def _text(sql: str) -> str:
    """A Python string, one line of SQL a line."""
    lines = sql.splitlines(keepends=True)
    if len(lines) < 2:
        return repr(sql)
    return "\n".join(["(", *(f"    {line!r}" for line in lines), ")"])


def comments(lines: Iterable[str]) -> list[str]:
    """Each text as one or more comment lines, whatever line breaks it holds."""
    return [f"# {part}".rstrip() for text in lines for part in str(text).splitlines() or [""]]


def _keywords(op: RenameOp) -> dict[str, str | None]:
    return {"type_": getattr(op, "type_", None), "schema": op.schema}


def _call(
    autogen_context: AutogenContext,
    verb: str,
    arguments: Iterable[str],
    keywords: dict[str, str | None],
) -> str:
    """One ``op.verb(...)`` call; names are plain strings even where they are quoted_name."""
    prefix = autogen_context.opts.get("alembic_module_prefix") or ""
    written = [repr(str(argument)) for argument in arguments]
    written += [f"{key}={str(value)!r}" for key, value in keywords.items() if value is not None]
    return f"{prefix}{verb}({', '.join(written)})"


def _is_plain(autogen_context: AutogenContext) -> bool:
    settings = autogen_context.opts.get("alembic_guard")
    return getattr(settings, "render", "rename") == "plain"


def _outside_batch(original: Renderer) -> Renderer:
    """Write renames before, between or after the batch blocks, never inside one.

    A batch block recreates the table on SQLite and loses triggers, collations and named
    checks on the way; a native rename loses nothing.
    """

    def render_modify_table(
        autogen_context: AutogenContext, op: alembic_ops.ModifyTableOps
    ) -> list[str]:
        if not any(map(_is_rename, op.ops)):
            lines: list[str] = original(autogen_context, op)
            return lines
        lines = []
        for is_rename, group in groupby(op.ops, _is_rename):
            if is_rename:
                for rename in group:
                    lines.extend(_rendered(autogen_context, rename))
            else:
                rest = alembic_ops.ModifyTableOps(op.table_name, list(group), schema=op.schema)
                lines.extend(original(autogen_context, rest))
        return lines

    return render_modify_table


def _is_rename(op: MigrateOperation) -> bool:
    return isinstance(op, (RenameOp, alembic_ops.RenameTableOp))


def _rendered(autogen_context: AutogenContext, op: MigrateOperation) -> list[str]:
    lines: list[str] = renderers.dispatch(op)(autogen_context, op)
    return lines


def _register() -> None:
    renderers.dispatch_for(RenameOp)(_render_rename)
    renderers.dispatch_for(RenameTableOp)(_render_rename_table)
    renderers.dispatch_for(FixDependentOp)(_render_fix)
    try:
        renderers.dispatch(alembic_ops.RenameTableOp)
    except ValueError:
        renderers.dispatch_for(alembic_ops.RenameTableOp)(_render_rename_table)
    modify_table = renderers.dispatch(alembic_ops.ModifyTableOps)
    renderers.dispatch_for(alembic_ops.ModifyTableOps, replace=True)(_outside_batch(modify_table))


_register()
