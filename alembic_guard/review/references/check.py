"""GRD406: a dropped or renamed name that the repository's code still uses."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...facts import Finding, Location
from ...usage import UsageError
from .. import statements as st
from ..history import History
from ..revision import Revision
from .scan import Use, find_uses, source_files

STILL_USED = ("GRD406", "dropped-column-referenced")
MAX_FILES = 20_000


SUSPICIONS = ("GRD401", "GRD402", "GRD403", "GRD404", "GRD413")
"""What is said of a name that goes when nobody has looked who uses it."""


def with_evidence(
    findings: Sequence[Finding],
    history: History,
    revisions: Sequence[Revision],
    root: Path,
    base: str | None,
) -> list[Finding]:
    """Replace the suspicion that code uses a name by what the code says.

    Names that code uses, now or at the commit `base`, become GRD406: code at the base is what
    runs while the migration does. A drop of what no code uses any more is no finding.
    """
    used, unused = _evidence(history, revisions, root, base)
    spoken = {(f.location.path, f.location.line) for f in used} | unused
    kept = [
        f
        for f in findings
        if f.code not in SUSPICIONS or (f.location.path, f.location.line) not in spoken
    ]
    return [*kept, *used]


def _evidence(
    history: History, revisions: Sequence[Revision], root: Path, base: str | None
) -> tuple[list[Finding], set[tuple[str, int]]]:
    """Findings about names still used, and the places of drops proved to be safe."""
    removals = [(r, s) for r in revisions for s in r.upgrade if _removed(s, r) is not None]
    if not removals:
        return [], set()
    found: list[Finding] = []
    unused: set[tuple[str, int]] = set()
    texts = _texts_now(history, root)
    before = _texts_at(base, root, history) if base else {}
    for revision, statement in removals:
        removed = _removed(statement, revision)
        assert removed is not None
        table, column = removed
        uses = find_uses(texts, table, column)
        old = find_uses(before, table, column) if before else []
        if uses or old:
            found.append(_finding(statement, table, column, uses, old))
        elif _is_proved(texts, table, column) and isinstance(
            statement, (st.DropColumn, st.DropTable)
        ):
            unused.add((statement.origin.path, statement.line))
    return found, unused


def _is_proved(texts: Mapping[str, str], table: str, column: str | None) -> bool:
    """Whether the silence means something: the table's model is there, or models are at all."""
    if column is not None:
        return any(use.kind == "model" for use in find_uses(texts, table, None))
    return any("__tablename__" in text for text in texts.values())


def _removed(statement: st.Statement, revision: Revision) -> tuple[str, str | None] | None:
    """The table and column a statement takes away; None for what this revision made itself."""
    made = {s.table for s in revision.upgrade if isinstance(s, st.CreateTable)}
    if isinstance(statement, (st.DropColumn, st.RenameColumn)):
        known = statement.table not in made and "{" not in statement.table + statement.column
        return (statement.table, statement.column) if known else None
    if isinstance(statement, (st.DropTable, st.RenameTable)):
        known = statement.table not in made and "{" not in statement.table
        return (statement.table, None) if known else None
    return None


def _finding(
    statement: st.Statement, table: str, column: str | None, uses: list[Use], old: list[Use]
) -> Finding:
    name = f"{table}.{column}" if column else table
    shown = uses or old
    when = "" if uses else " at the merge base, which is what runs while this migration does"
    first = shown[0]
    more = f" and {len(shown) - 1} more place(s)" if len(shown) > 1 else ""
    where = statement.origin
    return Finding(
        *STILL_USED,
        "error",
        f"{name} goes, but {first.path}:{first.line} ({first.text}){more} still uses it{when}.",
        Location(where.path, where.line, where.column),
        "Release code that no longer uses the name first; take the name away in a later release.",
        objects=tuple(part for part in (table, column) if part),
        related=tuple(Location(use.path, use.line) for use in shown[:10]),
    )


def _texts_now(history: History, root: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in source_files(str(root), (r.path for r in history.revisions)):
        if len(texts) >= MAX_FILES:
            break
        try:
            texts[os.path.relpath(path)] = Path(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
    return texts


def _texts_at(base: str, root: Path, history: History) -> dict[str, str]:
    """The same files as they are at a commit, read in one go."""
    import io
    import subprocess
    import tarfile

    done = subprocess.run(
        ["git", "-C", str(root), "archive", "--format=tar", base, "."],
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise UsageError(
            f"git archive {base} failed: {done.stderr.decode(errors='replace').strip()}"
        )
    own = {os.path.realpath(r.path) for r in history.revisions}
    texts: dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            path = os.path.join(root, member.name)
            if (
                member.isfile()
                and member.name.endswith((".py", ".sql"))
                and os.path.realpath(path) not in own
            ):
                file = archive.extractfile(member)
                if file is not None:
                    texts[os.path.relpath(path)] = file.read().decode(errors="replace")
    return texts
