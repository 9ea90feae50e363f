"""What a check found, as a value: which database, what differs, what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .comparison import Difference

State = Literal["unknown", "current", "degraded", "drifted", "wrong_database"]


@dataclass(frozen=True)
class SchemaReport:
    """The state of one application's models against its database.

    :param state: ``current``: models fit; ``degraded``: overlays bridge what differs;
        ``drifted``: something cannot be bridged; ``wrong_database``: Alembic upgraded
        another database than the application uses; ``unknown``: the database did not answer.
    :param database: the identity of the application's database, without a password.
    :param epoch: the newest ledger entry taken into account, 0 without a ledger.
    :param alembic_database: the database alembic.ini points to, where it is another one.
    :param message: one line that says it all.
    """

    state: State
    database: str
    epoch: int = 0
    differences: tuple[Difference, ...] = ()
    alembic_database: str | None = None
    database_uuid: str | None = None
    heads: tuple[str, ...] = ()
    message: str = ""
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether every statement of the application can be answered as meant."""
        return self.state == "current"

    @property
    def is_ready(self) -> bool:
        """Whether requests should come in: what differs, if anything, is bridged."""
        return self.state in ("current", "degraded")

    @property
    def wrong_database(self) -> bool:
        """Whether Alembic upgraded another database than the application uses."""
        return self.state == "wrong_database"

    def describe(self) -> str:
        """The message, and each difference on a line of its own."""
        return "\n".join([self.message, *(f"  {d.describe()}" for d in self.differences)])

    def brief(self) -> str:
        """The first thing that is wrong, for a line of a table; nothing where all is well."""
        if self.ok:
            return ""
        shown = [d for d in self.differences if d.bridge != "add"]
        shown.sort(key=lambda difference: difference.bridge is not None)
        if not shown or self.wrong_database:
            return self.message
        more = f" and {len(shown) - 1} more" if len(shown) > 1 else ""
        return shown[0].describe() + more

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "state": self.state,
            "ready": self.is_ready,
            "message": self.message,
            "epoch": self.epoch,
            "database": self.database,
            "database_uuid": self.database_uuid,
            "alembic_database": self.alembic_database,
            "heads": list(self.heads),
            "differences": [difference.to_dict() for difference in self.differences],
            "error": self.error,
        }

    def __str__(self) -> str:
        return self.describe()


def judge(differences: tuple[Difference, ...]) -> State:
    """The state that follows from the differences alone."""
    if any(d.bridge is None for d in differences):
        return "drifted"
    if any(d.bridge in ("rename", "mask") and d.kind != "gone_column" for d in differences):
        return "degraded"
    return "current"
