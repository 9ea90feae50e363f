"""Renames go there and back on MySQL, too."""

from __future__ import annotations

from tests.fixtures.mysql import kind_with_mysql

__all__ = ["kind_with_mysql"]
