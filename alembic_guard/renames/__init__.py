"""Decide which dropped and added names are one renamed object."""

from __future__ import annotations

from .annotations import renamed_from

__all__ = ["renamed_from"]
