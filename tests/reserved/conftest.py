"""The story project has tests of its own, run in a subprocess by test_sessions_story.py."""

from __future__ import annotations

collect_ignore = ["sessions_project"]
