"""What only a comparison with the base branch shows: edited and misplaced revisions."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..facts import Finding, Location
from .changes import Changes, changes_since, file_at, repository_root
from .history import History
from .revision import Revision
from .statements import DropColumn, DropTable, RenameColumn, RenameTable

EDITED = ("GRD706", "edited-after-merge")
NON_LINEAR = ("GRD707", "non-linear-insert")
TOGETHER = ("GRD413", "code-and-migration-together")
_REVISION = re.compile(r"^(?:down_)?revision\b", re.MULTILINE)


def compare_with_base(history: History, base: str, folder: Path) -> Iterable[Finding]:
    """Findings about the change as a whole."""
    changes = changes_since(base, folder)
    yield from _edited(history, changes)
    yield from _misplaced(history, changes)
    yield from _together(history, changes, repository_root(folder))


def _edited(history: History, changes: Changes) -> Iterator[Finding]:
    """Revisions that databases may already have run, with other code now."""
    for revision in history.revisions:
        if os.path.realpath(revision.path) not in changes.edited or changes.base is None:
            continue
        before = file_at(changes.base, Path(revision.path))
        if before is None or not _REVISION.search(before) or _same_code(before, revision.source):
            continue
        yield Finding(
            *EDITED,
            "error",
            f"{revision.id} is on the base branch already: databases that ran it will never run what was "
            "changed here.",
            Location(revision.path, revision.lines[0]),
            "Undo the edit and write a new revision.",
        )


def _same_code(before: str, after: str) -> bool:
    """Whether only comments and layout differ."""
    try:
        return ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
    except SyntaxError:
        return before == after


def _misplaced(history: History, changes: Changes) -> Iterator[Finding]:
    """New revisions that follow an old one which the base branch has already followed."""
    added = {r.id for r in history.revisions if os.path.realpath(r.path) in changes.added}
    for revision in history.revisions:
        if revision.id not in added:
            continue
        for parent in history.parents(revision):
            siblings = history.children.get(parent.id or "", ())
            old = [s for s in siblings if s.id not in added]
            if parent.id not in added and old and not revision.is_merge:
                yield Finding(
                    *NON_LINEAR,
                    "warning",
                    f"{revision.id} follows {parent.id}, but the base branch has {old[0].id} there already.",
                    Location(revision.path, revision.lines[1]),
                    f"Set down_revision to the base branch's head, after {old[0].id}.",
                )


_BREAKING = (RenameColumn, RenameTable, DropColumn, DropTable)


def _together(history: History, changes: Changes, root: Path) -> Iterator[Finding]:
    """A rename or drop, and application code that changes with it in the same pull request."""
    paths = {os.path.realpath(r.path) for r in history.revisions}
    folders = {os.path.dirname(path) for path in paths}
    code = sorted(
        path
        for path in changes.added | changes.edited
        if path.endswith(".py")
        and os.path.dirname(path) not in folders
        and not any(part.startswith("test") for part in Path(path).relative_to(root).parts)
    )
    if not code:
        return
    for revision in history.revisions:
        statement = _first_breaking(revision)
        if statement is not None and os.path.realpath(revision.path) in changes.added:
            yield Finding(
                *TOGETHER,
                "warning",
                f"This takes a name away while {os.path.basename(code[0])} changes in the same pull request: "
                "between the migration and the last restart one of the two is wrong.",
                Location(revision.path, statement.line),
                "Release the code that no longer needs the old name first, then the migration.",
            )


def _first_breaking(
    revision: Revision,
) -> RenameColumn | RenameTable | DropColumn | DropTable | None:
    return next((s for s in revision.upgrade if isinstance(s, _BREAKING)), None)
