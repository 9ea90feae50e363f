"""Find reserved names in Python source without importing it.

Works where an import would die (SQLAlchemy 2.0 refuses ``metadata``) and imports neither
SQLAlchemy nor the user's code.
"""

from __future__ import annotations

from .collect import collect
from .declared import ModuleFacts
from .judge import judge
from .project import Project

__all__ = ["ModuleFacts", "Project", "collect", "judge"]
