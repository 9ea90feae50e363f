"""Python calls whose result differs from one run, machine or day to the next."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..statements import PythonFact, Statement
from .values import Obj, Ref

_EXACT = {
    "os.getenv": "environment",
    "os.environ.get": "environment",
    "os.environ.pop": "environment",
    "builtins.open": "file",
    "open": "file",
    "pathlib.Path.read_text": "file",
    "os.listdir": "file",
    "os.urandom": "nondeterministic",
    "os.getcwd": "environment",
    "socket.gethostname": "environment",
    "platform.node": "environment",
    "getpass.getuser": "environment",
    "time.time": "nondeterministic",
    "time.time_ns": "nondeterministic",
    "builtins.input": "environment",
    "json.load": "file",
    "csv.reader": "file",
    "csv.DictReader": "file",
    "yaml.safe_load": "file",
    "urllib.request.urlopen": "network",
    "importlib.resources.read_text": "file",
    "importlib.resources.files": "file",
    "pkgutil.get_data": "file",
}
_FIRST = {
    "random": "nondeterministic",
    "secrets": "nondeterministic",
    "requests": "network",
    "httpx": "network",
    "boto3": "network",
    "subprocess": "subprocess",
    "numpy.random": "nondeterministic",
}
_UUIDS = ("uuid1", "uuid4", "uuid6", "uuid7", "uuid8")
_CLOCKS = ("now", "utcnow", "today")


_LOUD = ("debug", "info", "warning", "error", "exception", "critical", "log")


def is_output(function: Any) -> bool:
    """Whether this is `print` or a method of a logger: what it is given only reaches the operator."""
    if type(function) is Ref:
        return _is_loud(function.path)
    return (
        isinstance(function, Obj)
        and function.attr in _LOUD
        and getattr(function.root, "path", "").endswith("getLogger")
    )


@cache
def _is_loud(path: str) -> bool:
    return path == "builtins.print" or (path.startswith("logging.") and Ref(path).last in _LOUD)


def is_moment(statement: Statement) -> bool:
    """Whether this notes a clock, random number or environment variable that was asked."""
    return isinstance(statement, PythonFact) and statement.kind in (
        "nondeterministic",
        "environment",
    )


def cause_of(path: str, args: list[Any]) -> str | None:
    """Why the result of calling `path` is not the same each time; None when it is."""
    if path in _EXACT:
        return _EXACT[path]
    first, _, _ = path.partition(".")
    last = path.rpartition(".")[2]
    if first in _FIRST:
        return _FIRST[first]
    if first == "uuid" and last in _UUIDS:
        return "nondeterministic"
    if last in _CLOCKS and (
        "datetime" in path or path.startswith(("date.", "pendulum.", "arrow."))
    ):
        return "nondeterministic"
    if path.endswith(("timezone.now", "helpers.utcnow", "timeutils.utcnow")):
        return "nondeterministic"
    return None
