"""The revisions as a graph: order, heads, and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ..record import field, frozen_record
from .revision import Revision


@frozen_record
class History:
    """All revisions of a review.

    :param whole: a folder with a history was reviewed, so that a missing parent is really missing.
    :param order: parents before children; members of a cycle last.
    :param duplicates: revisions that share an id, by id.
    :param cycles: each cycle as the revisions in it.
    """

    revisions: tuple[Revision, ...]
    whole: bool
    order: tuple[Revision, ...]
    duplicates: dict[str, tuple[Revision, ...]] = field(default_factory=dict)
    cycles: tuple[tuple[Revision, ...], ...] = ()
    by_id: dict[str, Revision] = field(default_factory=dict)
    children: dict[str, tuple[Revision, ...]] = field(default_factory=dict)

    @property
    def heads(self) -> tuple[Revision, ...]:
        """Revisions nobody follows."""
        return tuple(r for r in self.by_id.values() if not self.children.get(r.id or ""))

    @property
    def bases(self) -> tuple[Revision, ...]:
        """Revisions that follow nothing."""
        return tuple(r for r in self.by_id.values() if not r.down and r.down_known)

    def parents(self, revision: Revision) -> tuple[Revision, ...]:
        """The revisions it follows and depends on, as far as they are here."""
        wanted = (*revision.down, *revision.depends_on)
        if len(wanted) == 1 and wanted[0] in self.by_id:
            return (self.by_id[wanted[0]],)
        return tuple(self.by_id[name] for name in map(self.resolve, wanted) if name in self.by_id)

    def resolve(self, identifier: str) -> str:
        """A full id for one that may be a unique prefix or a branch label, as Alembic allows."""
        if identifier in self.by_id:
            return identifier
        near = [known for known in self.by_id if known.startswith(identifier)]
        if len(near) == 1 and len(identifier) >= 4:
            return near[0]
        for revision in self.by_id.values():
            if identifier in revision.branch_labels:
                return revision.id or identifier
        return identifier


Parents = dict[str, tuple[Revision, ...]]
"""Of each revision, by its id."""


def build_history(revisions: Sequence[Revision], *, whole: bool) -> History:
    """Order the revisions and find what is wrong with their graph."""
    groups: dict[str, list[Revision]] = defaultdict(list)
    for revision in revisions:
        if revision.id is not None:
            groups[revision.id].append(revision)
    by_id = {name: found[0] for name, found in groups.items()}
    duplicates = {name: tuple(found) for name, found in groups.items() if len(found) > 1}
    partial = History(tuple(revisions), whole, (), by_id=by_id)
    children: dict[str, list[Revision]] = defaultdict(list)
    parents = {name: partial.parents(revision) for name, revision in by_id.items()}
    for name, found_here in parents.items():
        for parent in found_here:
            if parent.id is not None:
                children[parent.id].append(by_id[name])
    order, cyclic = _ordered(by_id, parents, children)
    rest = [r for r in revisions if r.id is None or by_id[r.id] is not r]
    is_collection = _is_collection(partial, parents, children, groups)
    return History(
        tuple(revisions),
        whole and not is_collection,
        (*order, *cyclic, *rest),
        {} if is_collection else duplicates,
        _cycles(partial, cyclic),
        by_id,
        {key: tuple(found) for key, found in children.items()},
    )


def _is_collection(
    history: History,
    parents: Parents,
    children: dict[str, list[Revision]],
    groups: dict[str, list[Revision]],
) -> bool:
    """Whether most files have nothing to do with each other: snippets, not a history.

    Two broken links do not make a collection, so that a small history is judged.
    """
    alone = sum(not found and name not in children for name, found in parents.items())
    most_alike = max(map(len, groups.values()), default=0)
    apart = max(alone, most_alike)
    return apart >= 3 and 2 * apart > len(history.revisions)


def _ordered(
    by_id: dict[str, Revision], parents: Parents, children: dict[str, list[Revision]]
) -> tuple[list[Revision], list[Revision]]:
    """Parents first; what is left over stands in or behind a cycle."""
    waiting = {name: len(found) for name, found in parents.items()}
    ready = [r for name, r in by_id.items() if waiting[name] == 0]
    order: list[Revision] = []
    while ready:
        revision = ready.pop(0) if len(ready) < 64 else ready.pop()
        order.append(revision)
        for child in children.get(revision.id or "", ()):
            waiting[child.id or ""] -= 1
            if waiting[child.id or ""] == 0:
                ready.append(child)
    done = {r.id for r in order}
    return order, [r for name, r in by_id.items() if name not in done]


def _cycles(history: History, cyclic: list[Revision]) -> tuple[tuple[Revision, ...], ...]:
    """The cycles among the revisions that could not be ordered."""
    left = {r.id: r for r in cyclic}
    found: list[tuple[Revision, ...]] = []
    seen: set[str | None] = set()
    for start in cyclic:
        path: list[Revision] = []
        current: Revision | None = start
        while current is not None and current.id not in seen:
            seen.add(current.id)
            path.append(current)
            current = next((p for p in history.parents(current) if p.id in left), None)
        if current is not None and current in path:
            found.append(tuple(path[path.index(current) :]))
    return tuple(found)
