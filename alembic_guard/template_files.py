"""Find the templates that ship with the package."""

from __future__ import annotations

from pathlib import Path

from .usage import UsageError


def template_folder() -> Path:
    """The folder of all templates.

    In a wheel they are inside the package; in an editable install hatchling's
    ``force-include`` does not apply and they stand beside it.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise UsageError(f"the templates are missing from the installation at {package}; reinstall it")


def alembic_template(kind: str) -> Path:
    """The absolute path that ``alembic init -t`` takes for one kind of environment."""
    folder = template_folder() / "alembic"
    kinds = sorted(path.name for path in folder.iterdir() if path.is_dir())
    if kind not in kinds:
        raise UsageError(f"there is no template {kind!r}; there are {', '.join(kinds)}")
    return folder / kind
