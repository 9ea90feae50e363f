"""What an existing Alembic environment needs to be guarded, as edits to its text.

Only the standard shapes of env.py are changed: a ``context.configure(...)`` that is
followed by ``with context.begin_transaction(): context.run_migrations()``. Anything else
is refused with the lines to write by hand, because a half-changed env.py is worse.
"""

from __future__ import annotations

import ast
import configparser
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from .toml import tomllib
from .usage import UsageError

BY_HAND = """\
    from alembic_guard import Guard
    guard = Guard.from_config(context.config)
and, in place of context.configure(...) and the block that runs the migrations:
    guard.run_migrations(context, connection=connection, target_metadata=target_metadata)"""

CONFIGS = ("alembic.ini", "pyproject.toml")
_LOGGER = """
[logger_alembic_guard]
level = INFO
handlers =
qualname = alembic_guard
"""


@dataclass(frozen=True)
class Change:
    """A file's text before and after."""

    path: Path
    before: str
    after: str


def find_config() -> Path:
    """Alembic's configuration in this folder.

    The templates that configure Alembic in pyproject.toml also write an alembic.ini, with the
    logging only; so the one that says where the scripts are is meant.
    """
    candidates = [path for path in map(Path, CONFIGS) if path.is_file()]
    return next((path for path in candidates if _location(path)), Path(CONFIGS[0]))


def plan_adoption(config: Path) -> list[Change]:
    """The changes the environment of `config` needs; empty when it is guarded already.

    :param config: path of alembic.ini, or of pyproject.toml with ``[tool.alembic]``.
    :raises UsageError: when a file is missing or env.py is not of a standard shape.
    """
    if not config.is_file():
        raise UsageError(
            f"{config} does not exist; name it with --config, or start with: "
            'alembic init -t "$(alembic-guard template-path generic)" migrations'
        )
    env_file = _script_location(config) / "env.py"
    if not env_file.is_file():
        raise UsageError(f"{env_file} does not exist, though script_location in {config} says so")
    edited = [(env_file, guarded_env), (config, _config_edit(config))]
    changes = []
    for path, edit in edited:
        before = path.read_text(encoding="utf-8")
        after = edit(before)
        if after != before:
            changes.append(Change(path, before, after))
    return changes


def write_changes(changes: Sequence[Change]) -> None:
    """Write all files, each by an atomic replacement; temporary files come first."""
    staged = []
    try:
        for change in changes:
            descriptor, name = tempfile.mkstemp(dir=change.path.parent, prefix=".alembic_guard-")
            staged.append((name, change.path))
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(change.after)
            os.chmod(name, change.path.stat().st_mode & 0o7777)
        for name, path in staged:
            os.replace(name, path)
    except OSError as error:
        raise UsageError(f"cannot write {error.filename}: {error.strerror}") from error
    finally:
        for name, _ in staged:
            Path(name).unlink(missing_ok=True)


def guarded_env(source: str) -> str:
    """The text of env.py with its standard calls replaced by the guard's."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise UsageError(f"env.py does not parse: line {error.lineno}: {error.msg}") from error
    if _imports_guard(tree):
        return source
    edits = [_run_edit(source, *pair) for pair in _configure_pairs(tree)]
    calls = [node for node in ast.walk(tree) if _is_context_call(node, "configure")]
    knows_context = any(map(_gives_context, _imports(tree)))
    if not edits or len(edits) != len(calls) or not knows_context:
        raise UsageError(
            "env.py is not of a standard shape, so nothing was changed; write by hand (for "
            f"several databases see the template multidb):\n{BY_HAND}"
        )
    edits += [_guard_edit(tree), _import_edit(tree)]
    lines = source.splitlines(keepends=True)
    # From the end, so that the numbers stay true; of two in one place the later comes first.
    for first, last, text in sorted(edits, key=lambda edit: edit[0], reverse=True):
        lines[first:last] = [text]
    return "".join(lines)


def _imports_guard(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom) and node.module == "alembic_guard"
        for node in ast.walk(tree)
    )


def _configure_pairs(tree: ast.Module) -> Iterable[tuple[ast.Call, ast.With, ast.Call]]:
    """Each ``context.configure(...)`` that is followed by the block that runs the migrations."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for statement, following in pairwise(body) if isinstance(body, list) else ():
            configure = _context_call(statement, "configure")
            run = _running_block(following)
            if configure and run and not configure.args:
                yield configure, *run


def _is_context_call(node: ast.AST, method: str) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == f"context.{method}"


def _context_call(statement: ast.stmt, method: str) -> ast.Call | None:
    if isinstance(statement, ast.Expr) and _is_context_call(statement.value, method):
        assert isinstance(statement.value, ast.Call)
        return statement.value
    return None


def _running_block(statement: ast.stmt) -> tuple[ast.With, ast.Call] | None:
    if not isinstance(statement, ast.With) or len(statement.body) != 1:
        return None
    run = _context_call(statement.body[0], "run_migrations")
    if run and ast.unparse(statement.items[0].context_expr) == "context.begin_transaction()":
        return statement, run
    return None


def _run_edit(
    source: str, configure: ast.Call, block: ast.With, run: ast.Call
) -> tuple[int, int, str]:
    """The lines of both statements as one ``guard.run_migrations(...)``."""
    indent = " " * configure.col_offset
    body = _kept_lines(source, configure)
    if body is None or run.keywords:
        arguments = [
            ast.get_source_segment(source, keyword) or ast.unparse(keyword)
            for keyword in configure.keywords
        ]
        if run.keywords:
            named = ", ".join(f'"{word.arg}": {ast.unparse(word.value)}' for word in run.keywords)
            arguments.append(f"migration_args={{{named}}}")
        body = "".join(f"{indent}    {argument},\n" for argument in arguments)
    text = f"{indent}guard.run_migrations(\n{indent}    context,\n{body}{indent})\n"
    return configure.lineno - 1, block.end_lineno or block.lineno, text


def _kept_lines(source: str, configure: ast.Call) -> str | None:
    """The lines of the arguments with their comments, where they have lines of their own."""
    lines = source.splitlines(keepends=True)[configure.lineno - 1 : configure.end_lineno]
    if len(lines) < 3 or not lines[0].rstrip().endswith("(") or lines[-1].strip() != ")":
        return None
    return "".join(lines[1:-1])


def _import_edit(tree: ast.Module) -> tuple[int, int, str]:
    """Import the guard before the first line that may need it: after Alembic's context."""
    line = next(
        (node.end_lineno or node.lineno for node in _imports(tree) if _gives_context(node)), 0
    )
    return line, line, "from alembic_guard import Guard\n"


def _gives_context(node: ast.Import | ast.ImportFrom) -> bool:
    return any((name.asname or name.name) == "context" for name in node.names)


def _guard_edit(tree: ast.Module) -> tuple[int, int, str]:
    """Make the guard where ``config = context.config`` stands, else after the imports."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "context.config":
            line = node.end_lineno or node.lineno
            name = ast.unparse(node.targets[0])
            return line, line, f"guard = Guard.from_config({name})\n"
    line = max(node.end_lineno or node.lineno for node in _imports(tree))
    return line, line, "\nguard = Guard.from_config(context.config)\n"


def _imports(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]


def _script_location(config: Path) -> Path:
    location = _location(config)
    if location is None:
        # Flask-Migrate keeps alembic.ini beside env.py and tells Alembic the folder itself.
        if config.suffix == ".ini" and config.with_name("env.py").is_file():
            return config.parent
        raise UsageError(f"{config} has no script_location; is it Alembic's configuration?")
    path = Path(location.replace("%(here)s", str(config.resolve().parent)))
    return path if path.is_absolute() else config.parent / path


def _location(config: Path) -> str | None:
    """What the file says of ``script_location``."""
    try:
        if config.suffix == ".toml":
            data = tomllib.loads(config.read_text(encoding="utf-8"))
            found = data.get("tool", {}).get("alembic", {}).get("script_location")
            return None if found is None else str(found)
        parser = configparser.ConfigParser({"here": str(config.resolve().parent)})
        parser.read(config, encoding="utf-8")
        return parser.get("alembic", "script_location", fallback=None)
    except (configparser.Error, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{config} cannot be read: {error}") from error


def _config_edit(config: Path) -> Callable[[str], str]:
    return guarded_toml if config.suffix == ".toml" else guarded_ini


def guarded_ini(text: str) -> str:
    """alembic.ini with our section, and our logger where it configures logging."""
    if not re.search(r"^\[alembic_guard\]", text, re.MULTILINE):
        text = text.rstrip("\n") + "\n\n[alembic_guard]\nrenames = ask\n"
    loggers = re.search(r"^\[loggers\]\s*\n(?:[^\[]*?)^keys\s*=\s*(.+)$", text, re.MULTILINE)
    if loggers and "alembic_guard" not in loggers.group(1):
        end = loggers.end(1)
        text = text[:end].rstrip() + ",alembic_guard" + text[end:]
        ours = text.index("\n[alembic_guard]")
        text = text[:ours] + _LOGGER + text[ours:]
    return text


def guarded_toml(text: str) -> str:
    """pyproject.toml with our table."""
    if re.search(r"^\[tool\.alembic_guard\]", text, re.MULTILINE):
        return text
    return text.rstrip("\n") + '\n\n[tool.alembic_guard]\nrenames = "ask"\n'
