"""From a file to a `Revision`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...usage import UsageError
from .. import statements as st
from ..docstrings import docstring
from ..revision import Revision
from .calls import MigrationCalls
from .helper_modules import HelperModules
from .interpreter import Interpreter
from .module import Module
from .outline import comments, outline, shape
from .parallel import spread
from .values import Class, Function, Obj, Ref, Unknown, shown

_REVISION = re.compile(r"^(?:down_)?revision\b|^def upgrade\b|^async def upgrade\b", re.MULTILINE)
_SKIPPED_FOLDERS = {"__pycache__", ".git", ".venv", "venv", "node_modules", ".tox", "site-packages"}


def find_files(paths: Iterable[str]) -> list[str]:
    """The Python files named, and all below the folders named, in a stable order."""
    found: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            for folder, folders, files in os.walk(path):
                folders[:] = sorted(f for f in folders if f not in _SKIPPED_FOLDERS)
                found.extend(
                    os.path.join(folder, name) for name in sorted(files) if name.endswith(".py")
                )
        elif os.path.exists(path):
            found.append(path)
        else:
            raise UsageError(f"{path} does not exist")
    return list(dict.fromkeys(found))


def read_revisions(
    paths: Sequence[str], dialect: str, meanwhile: Callable[[], object] | None = None
) -> list[Revision]:
    """Every revision in these files and folders; one that cannot be read says why.

    :param meanwhile: what this process does first when other ones read too.
    """
    named = {path for path in paths if not os.path.isdir(path)}
    calls, helpers = MigrationCalls(), HelperModules()

    def read(files: Sequence[str]) -> list[Revision]:
        found = (read_file(path, dialect, calls, helpers, path in named) for path in files)
        return [revision for revision in found if revision is not None]

    return spread(read, find_files(paths), meanwhile)


def read_file(
    path: str, dialect: str, calls: MigrationCalls, helpers: HelperModules, named: bool
) -> Revision | None:
    """The revision in a file; None when it is none and nobody named it."""
    try:
        module = Module.read(path)
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        return Revision(path, error=(1, f"it cannot be read: {error}"))
    if not named and not _REVISION.search(module.source):
        return None
    try:
        return read_module(module, dialect, calls, helpers)
    except Exception as error:  # whatever is wrong with one file, the others are reviewed
        fault = f"alembic-guard itself failed on it ({type(error).__name__}: {error})"
        return _unread(path, module.source, (1, fault))


_ASSIGNED = r"^{name}\s*(?::[^=\n]+)?=\s*(?:None|[\"']([^\"'\n]+)[\"'])"


def _unread(path: str, source: str, error: tuple[int, str]) -> Revision:
    """A file that is not Python, with its place in the history as far as its text tells it."""
    found = re.search(_ASSIGNED.format(name="revision"), source, re.MULTILINE)
    down = re.search(_ASSIGNED.format(name="down_revision"), source, re.MULTILINE)
    return Revision(
        path,
        id=found[1] if found else None,
        down=(down[1],) if down and down[1] else (),
        down_known=down is not None,
        error=error,
        source=source,
    )


_UP, _DOWN = st.Context("upgrade"), st.Context("downgrade")
"""One for all: what many refer to travels between processes once."""


def read_module(
    module: Module, dialect: str, calls: MigrationCalls, helpers: HelperModules
) -> Revision | None:
    """The revision in a module; None when the file is none, such as an env.py."""
    if module.error is not None:
        line = module.error.lineno or 1
        reason = f"it is not valid Python: {module.error.msg}"
        return _unread(module.path, module.source, (line, reason))
    run = Interpreter(module, dialect, calls, helpers.find)
    run.run_module()
    top, names = tuple(run.statements), run.globals
    if not _is_revision(names):
        return None
    lines, imports = outline(module)
    down = names.get("down_revision")
    upgrade = tuple(run.run_function("upgrade", _UP))
    downgrade = tuple(run.run_function("downgrade", _DOWN))
    identifier = names.get("revision")
    assert module.tree is not None
    revision = Revision(
        module.path,
        id=str(identifier) if isinstance(identifier, str) else None,
        down=_identifiers(down),
        down_known=down is None or isinstance(down, (str, tuple, list)),
        branch_labels=_identifiers(names.get("branch_labels"), unknown=True),
        depends_on=_identifiers(names.get("depends_on")),
        message=docstring(module.tree),
        lines=(lines.get("revision", 1), lines.get("down_revision", lines.get("revision", 1))),
        upgrade=upgrade,
        downgrade=downgrade,
        top=top,
        upgrade_shape=shape(names.get("upgrade"), module),
        downgrade_shape=shape(names.get("downgrade"), module),
        imports=tuple(imports),
        comments=tuple(comments(module)),
        classes=tuple([(v.name, lines.get(n, 0)) for n, v in names.items() if type(v) is Class]),
        skipped_branches=tuple(dict.fromkeys(run.skipped_branches)),
        unsure=run.unsure or _first_opaque((*upgrade, *downgrade)),
        source=module.source,
    )
    run.forget()
    return revision


def _first_opaque(statements: Iterable[st.Statement]) -> int:
    return next((s.origin.call_line for s in statements if type(s) is st.Opaque), 0)


def _is_revision(names: Any) -> bool:
    has_upgrade = isinstance(names.get("upgrade"), Function)
    return ("revision" in names and ("down_revision" in names or has_upgrade)) or has_upgrade


def _identifiers(value: Any, *, unknown: bool = False) -> tuple[str, ...]:
    """Names given alone or in a list; those made by unknown code as ``{source}`` if `unknown`."""
    values = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(
        shown(item)
        for item in values
        if isinstance(item, str) or (unknown and isinstance(item, (Unknown, Obj, Ref)))
    )
