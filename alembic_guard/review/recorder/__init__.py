"""The second reader: run `upgrade()` and `downgrade()` without a database and note the SQL.

It runs in a process of its own, because it runs the project's code. What it sees takes the
place of what the static reader could not know.
"""

from __future__ import annotations

from .merge import with_recording

__all__ = ["with_recording"]
