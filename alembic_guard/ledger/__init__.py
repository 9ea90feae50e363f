"""The ledger: what happened to the schema, and who has loaded it. Nothing else writes it."""

from __future__ import annotations

from .apps import App, AppState
from .entries import Entry
from .identity import DatabaseIdentity, read_identity
from .store import Ledger, is_gap
from .tables import APP_TABLE, CHANGE_TABLE, OWN_TABLES

__all__ = [
    "APP_TABLE",
    "CHANGE_TABLE",
    "OWN_TABLES",
    "App",
    "AppState",
    "DatabaseIdentity",
    "Entry",
    "Ledger",
    "is_gap",
    "read_identity",
]
