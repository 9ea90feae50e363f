"""The error of rooms that run without Alembic.

`alembic-guard names` and the static half of `review` must not import Alembic or
SQLAlchemy, so they cannot raise `errors.GuardError`, which is Alembic's `CommandError`.
"""

from __future__ import annotations


class UsageError(ValueError):
    """Bad input: the message names the thing and the way out; the command exits 2."""
