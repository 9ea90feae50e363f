"""A revision as read: its place in the history and what it does in both directions."""

from __future__ import annotations

from collections.abc import Sequence

from ..record import field, record
from .statements import Statement


@record
class Import:
    """A module a revision imports, by its dotted path; relative ones start with a dot."""

    module: str
    line: int
    names: tuple[str, ...] = ()


@record
class FunctionShape:
    """How `upgrade` or `downgrade` is written.

    :param empty: nothing but a docstring, `pass`, `...` or `print`.
    :param raises: it only raises; `reason` is the exception as written.
    """

    line: int
    empty: bool = False
    raises: bool = False
    reason: str = ""
    end_line: int = 0


@record
class Comment:
    """A comment in the file that a rule or a suppression may care about."""

    line: int
    text: str


@record
class Revision:
    """One revision file.

    :param error: why it could not be read, with its line; nothing else is known then.
    :param down: the revisions it follows, several for a merge.
    :param lines: the lines `revision` and `down_revision` stand on.
    :param unsure: the first line of which only running it tells what it does, 0 for none.
    :param top: statements and facts at import time.
    """

    path: str
    id: str | None = None
    down: tuple[str, ...] = ()
    down_known: bool = True
    branch_labels: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    message: str = ""
    lines: tuple[int, int] = (1, 1)
    upgrade: tuple[Statement, ...] = ()
    downgrade: tuple[Statement, ...] = ()
    top: tuple[Statement, ...] = ()
    upgrade_shape: FunctionShape | None = None
    downgrade_shape: FunctionShape | None = None
    imports: tuple[Import, ...] = ()
    comments: tuple[Comment, ...] = ()
    classes: tuple[tuple[str, int], ...] = ()
    skipped_branches: tuple[int, ...] = ()
    error: tuple[int, str] | None = None
    unsure: int = 0
    source: str = field(default="", repr=False, compare=False)

    @property
    def is_merge(self) -> bool:
        return len(self.down) > 1

    def statements(self, direction: str) -> Sequence[Statement]:
        """What it does in one direction."""
        return self.upgrade if direction == "upgrade" else self.downgrade
