"""What a rule is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from ...facts import Finding, Fix, Location, Severity
from ...record import frozen_record
from .. import statements as st
from ..docstrings import outdented
from ..versions import DIALECTS

if TYPE_CHECKING:
    from ..history import History
    from ..place import Place
    from ..revision import Revision


@frozen_record
class Example:
    """A migration that shows a rule: the body of `upgrade`, or whole files.

    :param text: the body of `upgrade`; a whole module when it has ``def upgrade``; a tuple for
        a chain of revisions.
    :param dialect: reviewed dialect when not the rule's first one.
    :param version: server version, such as ``"11"``.
    :param down: the body of `downgrade`; left out, it raises with a reason.
    """

    text: str | tuple[str, ...]
    dialect: str | None = None
    version: str | None = None
    down: str | None = None


class Rule:
    """Base of all rules. Override one or more of the ``check`` methods, each a generator.

    :cvar code: ``GRDnnn``, never reused.
    :cvar name: kebab-case.
    :cvar hazard: its place in the catalogue, such as ``L01``.
    :cvar on: the statement classes `check` wants.
    :cvar where: `check_revision` wants revisions whose `upgrade` holds one of these; all when empty.
    :cvar directions: in which functions `check` looks; downgrade has rules of its own.
    :cvar opinion: only run when asked for with ``--select opinions`` or by code.
    :cvar supersedes: codes of rules that say less about the same line: dropped where this one speaks.
    :cvar bad: examples with this finding.
    :cvar good: examples that are right: no rule says anything.
    """

    code: ClassVar[str] = ""
    name: ClassVar[str] = ""
    hazard: ClassVar[str] = ""
    severity: ClassVar[Severity] = "warning"
    dialects: ClassVar[tuple[str, ...]] = DIALECTS
    on: ClassVar[tuple[type[st.Statement], ...]] = ()
    where: ClassVar[tuple[type[st.Statement], ...]] = ()
    directions: ClassVar[tuple[st.Direction, ...]] = ("upgrade",)
    opinion: ClassVar[bool] = False
    supersedes: ClassVar[tuple[str, ...]] = ()
    bad: ClassVar[tuple[str | Example, ...]] = ()
    good: ClassVar[tuple[str | Example, ...]] = ()

    def check(self, statement: Any, at: Place) -> Iterator[Finding]:
        """Findings about one statement of a class in `on`."""
        return iter(())

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        """Findings about a whole revision; `at.schema` is the schema after `upgrade`."""
        return iter(())

    def check_history(self, history: History) -> Iterator[Finding]:
        """Findings about the revision graph."""
        return iter(())

    def finding(
        self,
        at: Place | Revision | str,
        where: st.Statement | int,
        message: str,
        help: str = "",
        *,
        objects: Iterable[str] = (),
        fix: Fix | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule at a statement, or at a line of the revision."""
        related: tuple[Location, ...] = ()
        if isinstance(where, st.Statement):
            origin = where.origin
            location = Location(origin.path, origin.line, origin.column, origin.end_line)
            if origin.related not in (None, origin.line):
                related = (Location(origin.path, origin.related or 1),)
        else:
            path = at if isinstance(at, str) else getattr(at, "path", None) or at.revision.path  # type: ignore[union-attr]  # the three kinds of place
            location = Location(path, where)
        return Finding(
            self.code,
            self.name,
            severity or self.severity,
            message,
            location,
            outdented(help) if "\n" in help else help,
            fix,
            tuple(objects),
            related,
        )

    @classmethod
    def sections(cls) -> dict[str, str]:
        """The docstring by heading: ``What it does``, ``Why it matters``, ``Instead``, ``References``."""
        text = outdented(cls.__doc__ or "")
        found = re.split(
            r"^(What it does|Why it matters|Instead|References)\s*:?\s*$", text, flags=re.M
        )
        result = {"Summary": found[0].strip()}
        for heading, body in zip(found[1::2], found[2::2], strict=False):
            result[heading] = body.strip("-\n ")
        return result


def _overrides(method: str, rule: Rule) -> bool:
    return getattr(type(rule), method) is not getattr(Rule, method)


def wants_statements(rule: Rule) -> bool:
    return bool(rule.on)


def wants_revisions(rule: Rule) -> bool:
    return _overrides("check_revision", rule)


def wants_history(rule: Rule) -> bool:
    return _overrides("check_history", rule)
