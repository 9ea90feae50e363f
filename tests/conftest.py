"""Fixtures live in topic modules under tests/fixtures."""

from __future__ import annotations

pytest_plugins = ["tests.fixtures.databases"]
