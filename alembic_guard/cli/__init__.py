"""The command line: argparse, one module a command, loaded only when it is run.

`--help` and `--version` import neither Alembic nor SQLAlchemy. A command module has
``add_arguments(parser)`` and ``run(args) -> int``; 0 is clean, 1 findings, 2 usage or
undecided.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

from .. import __version__
from ..usage import UsageError

TYPE_CHECKING = False  # `typing` takes 3 ms to import
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

COMMANDS = {
    "init": "make an existing Alembic environment guarded",
    "template-path": "print the folder for `alembic init -t`",
    "names": "find reserved names in source, without importing it",
    "review": "say what migrations do to data, locks and running code",
    "fix": "rewrite what `names` and `review` found",
    "rules": "list the rules, or explain one",
    "doctor": "which database is migrated, which does the app use, do they agree",
    "apps": "list the running apps and what they have loaded",
    "announce": "tell running apps about a change `alembic upgrade` did not make",
    "demo": "play the two stories, measured",
}


READING = frozenset({"names", "review", "rules"})
"""Commands that leave nothing to do at exit."""


def script() -> None:
    """Run the console command: as `main`, and then end.

    Where nothing is left to do, without taking every object apart first: that takes a tenth of
    the time of reviewing one file, and the system takes the memory back anyway.
    """
    code = main()
    if not READING.intersection(sys.argv[1:2]):
        sys.exit(code)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 1
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser(arguments[0] if arguments else None)
    args = parser.parse_args(arguments)
    if args.command is None:
        parser.print_help()
        return 2
    try:
        return int(_module(args.command).run(args))
    except UsageError as error:
        return _fail(error)
    except BrokenPipeError:
        return 1
    except Exception as error:
        if _is_command_error(error):
            return _fail(error)
        raise


def _parser(command: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="alembic-guard",
        description="Rename a column without losing a row and without failing a request.",
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="version", version=f"alembic-guard {__version__}")
    # Without `prog`, argparse formats a usage text for it and loads every compression module.
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog=parser.prog)
    # Making the parsers of all the others takes as long as reading a dozen files.
    wanted = {command: COMMANDS[command]} if command in COMMANDS else COMMANDS
    for name, summary in wanted.items():
        child = commands.add_parser(
            name, help=summary, description=summary, formatter_class=_Formatter
        )
        if name == command:
            _module(name).add_arguments(child)
    return parser


class _Formatter(argparse.HelpFormatter):
    """As wide as argparse has it, which asks `shutil`, and that loads all compression modules."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ["COLUMNS"])
        except (KeyError, ValueError):
            columns = 0
        if columns <= 0:
            try:
                columns = os.get_terminal_size(1).columns or 80
            except (ValueError, OSError):
                columns = 80
        super().__init__(prog, width=columns - 2)


def _module(command: str) -> ModuleType:
    return import_module(f".{command.replace('-', '_')}", __name__)


def _is_command_error(error: Exception) -> bool:
    """Whether this is Alembic's CommandError, without importing Alembic to find out."""
    exc = sys.modules.get("alembic.util.exc")
    return exc is not None and isinstance(error, exc.CommandError)


def _fail(error: Exception) -> int:
    print(f"alembic-guard: {error}", file=sys.stderr)
    return 2
