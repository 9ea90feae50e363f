"""One vocabulary for what a revision does, whether written as an operation or as SQL text.

A revision is read into a flat list of these. Names are plain strings; ``schema.name`` when
a schema was given, and ``{expr}`` stands for a part that cannot be known before it runs
(`specs.is_known`).

A statement is only equal to itself: nobody compares what two of them do.
"""

from __future__ import annotations

from .data import (
    Dml,
    Truncate,
)
from .objects import (
    AlterDomain,
    AlterType,
    CodeStatement,
    CreateType,
    DoBlock,
    DropType,
    SchemaStatement,
    SequenceStatement,
    ViewStatement,
)
from .origin import (
    Batch,
    Context,
    Direction,
    Origin,
    Statement,
    TableStatement,
    Via,
)
from .session import (
    BrokenSql,
    CommentOn,
    Grant,
    LockTable,
    Maintenance,
    Opaque,
    OtherSql,
    PythonFact,
    SetVariable,
    TransactionControl,
)
from .tables import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Reindex,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    ValidateConstraint,
)

__all__ = [
    "AddColumn",
    "AddConstraint",
    "AlterColumn",
    "AlterDomain",
    "AlterTable",
    "AlterType",
    "Batch",
    "BrokenSql",
    "CodeStatement",
    "CommentOn",
    "Context",
    "CreateIndex",
    "CreateTable",
    "CreateType",
    "Direction",
    "Dml",
    "DoBlock",
    "DropColumn",
    "DropConstraint",
    "DropIndex",
    "DropTable",
    "DropType",
    "Grant",
    "LockTable",
    "Maintenance",
    "Opaque",
    "Origin",
    "OtherSql",
    "PythonFact",
    "Reindex",
    "RenameColumn",
    "RenameConstraint",
    "RenameIndex",
    "RenameTable",
    "SchemaStatement",
    "SequenceStatement",
    "SetVariable",
    "Statement",
    "TableStatement",
    "TransactionControl",
    "Truncate",
    "ValidateConstraint",
    "Via",
    "ViewStatement",
]
