"""Python's builtins and methods of strings, lists and dicts, on known values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .values import VARYING, Text, Unknown, concatenated, is_unknown, marks_of, same_lines, shown

PYTHON_BUILTINS = frozenset(
    [
        "str",
        "int",
        "float",
        "bool",
        "len",
        "range",
        "enumerate",
        "zip",
        "sorted",
        "reversed",
        "list",
        "tuple",
        "set",
        "frozenset",
        "dict",
        "min",
        "max",
        "sum",
        "print",
        "repr",
        "isinstance",
        "any",
        "all",
        "map",
        "filter",
        "open",
        "getattr",
        "setattr",
        "hasattr",
        "next",
        "iter",
        "super",
        "type",
        "abs",
        "round",
        "globals",
        "locals",
        "exec",
        "eval",
        "compile",
        "input",
        "vars",
        "id",
        "hash",
        "format",
        "chr",
        "ord",
        "object",
        "property",
        "staticmethod",
        "classmethod",
        "NotImplementedError",
        "Exception",
        "RuntimeError",
        "ValueError",
        "KeyError",
        "AssertionError",
        "NotImplemented",
        "ImportError",
        "AttributeError",
        "OSError",
        "StopIteration",
    ]
)
METHODS_OF = {
    "str": frozenset(
        [
            "format",
            "join",
            "replace",
            "strip",
            "lstrip",
            "rstrip",
            "lower",
            "upper",
            "title",
            "capitalize",
            "split",
            "splitlines",
            "startswith",
            "endswith",
            "removeprefix",
            "removesuffix",
            "format_map",
            "encode",
            "casefold",
            "partition",
            "rpartition",
            "find",
            "count",
            "isdigit",
            "isoformat",
            "zfill",
            "ljust",
        ]
    ),
    "list": frozenset(
        [
            "append",
            "extend",
            "insert",
            "pop",
            "sort",
            "reverse",
            "copy",
            "index",
            "count",
            "remove",
            "clear",
        ]
    ),
    "dict": frozenset(["items", "keys", "values", "get", "update", "pop", "setdefault", "copy"]),
    "tuple": frozenset(["index", "count"]),
    "set": frozenset(["add", "union", "difference", "intersection", "update", "copy"]),
    "range": frozenset[str](),
}
_FIELD = re.compile(r"\{\{|\}\}|\{([^{}:!]*)(![rsa])?(:[^{}]*)?\}")
_PERCENT = re.compile(r"%(?:\((?P<key>\w+)\))?[-+ #0]*\d*(?:\.\d+)?(?P<kind>[sdrifgxu%])")


def format_percent(text: str, value: Any) -> Any:
    """``text % value``, keeping lines; unknown values leave ``{source}``."""
    values = list(value) if isinstance(value, tuple) else [value]
    parts: list[str] = []
    position = index = 0
    for match in _PERCENT.finditer(text):
        parts.append(_piece(text, position, match.start()))
        position = match.end()
        if match["kind"] == "%":
            found: Any = "%"
        elif match["key"]:
            known = isinstance(value, dict) and match["key"] in value
            found = value[match["key"]] if known else Unknown(match["key"])
        else:
            found = values[index] if index < len(values) else Unknown("?")
            index += 1
        parts.append(_inserted(found, text, match.start()))
    parts.append(_piece(text, position, len(text)))
    return _completed(parts)


def format_braces(text: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """``text.format(*args, **kwargs)``, keeping lines."""
    parts: list[str] = []
    position = counter = 0
    for match in _FIELD.finditer(text):
        parts.append(_piece(text, position, match.start()))
        position = match.end()
        if match.group() in ("{{", "}}"):
            parts.append(match.group()[0])
            continue
        field = match[1]
        name = re.split(r"[.\[]", field)[0]
        if name == "":
            found: Any = args[counter] if counter < len(args) else Unknown("?")
            counter += 1
        elif name.isdigit():
            found = args[int(name)] if int(name) < len(args) else Unknown(name)
        else:
            found = kwargs.get(name, Unknown(name))
        if name != field:
            found = _lookup(found, field[len(name) :], field)
        parts.append(_inserted(found, text, match.start()))
    parts.append(_piece(text, position, len(text)))
    return _completed(parts)


_DOLLAR = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})")


def substituted(text: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """``string.Template(text).substitute(**kwargs)``, keeping lines."""
    if not isinstance(text, str):
        return Unknown("substitute(...)")
    values = {**(args[0] if args and isinstance(args[0], dict) else {}), **kwargs}
    parts: list[str] = []
    position = 0
    for match in _DOLLAR.finditer(text):
        parts.append(_piece(text, position, match.start()))
        position = match.end()
        name = match[2] or match[3]
        found = "$" if match[1] else values.get(name, Unknown(name))
        parts.append(_inserted(found, text, match.start()))
    parts.append(_piece(text, position, len(text)))
    return _completed(parts)


def _completed(parts: list[str]) -> Text:
    text = concatenated(parts)
    text.template = len(parts) > 1
    return text


def _lookup(value: Any, path: str, field: str) -> Any:
    """``[key]`` parts of a format field."""
    for key in re.findall(r"\[([^\]]*)\]", path):
        try:
            value = value[int(key) if key.isdigit() else key]
        except Exception:
            return Unknown(field)
    return Unknown(field) if "." in path else value


def _piece(text: str, start: int, end: int) -> str:
    part = text[start:end]
    if not isinstance(text, Text) or not text.marks:
        return part
    first = text.line_of(start) or 0
    marks = [(0, first)] + [(o - start, line) for o, line in text.marks if start < o < end]
    return Text(part, tuple(marks))


def _inserted(value: Any, text: str, offset: int) -> str:
    line = text.line_of(offset) if isinstance(text, Text) else None
    return Text(str(shown(value)), ((0, line),) if line else ())


def string_method(text: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """A method of a string, keeping the lines of its characters."""
    if name == "format":
        return format_braces(text, args, kwargs)
    if name == "format_map":
        return format_braces(text, [], args[0] if args and isinstance(args[0], dict) else {})
    if name == "join":
        return _join(text, args)
    if name == "isoformat":  # of a date, which is known by its text
        return text.replace(" ", "T")
    if any(isinstance(arg, Unknown) for arg in args):
        return Unknown(f"{name}(...)")
    if name in ("strip", "lstrip"):
        kept = str.lstrip(text, *args)
        return (
            string_method(_piece(text, len(text) - len(kept), len(text)), "rstrip", args, {})
            if (name == "strip")
            else _piece(text, len(text) - len(kept), len(text))
        )
    if name == "rstrip":
        return _piece(text, 0, len(str.rstrip(text, *args)))
    if name == "split" or name == "splitlines":
        return _split(text, name, args)
    try:
        result = getattr(str, name)(text, *args, **kwargs)
    except Exception:
        return Unknown(f"{name}(...)")
    if isinstance(result, str):
        return same_lines(result, text)
    return result


def _join(text: str, args: list[Any]) -> Any:
    items = args[0] if args else None
    if not isinstance(items, (list, tuple)):
        return Unknown("join(...)")
    parts: list[str] = []
    for index, item in enumerate(items):
        if index:
            parts.append(str(text))
        parts.append(item if isinstance(item, str) else shown(item))
    return concatenated(parts)


def _split(text: str, name: str, args: list[Any]) -> Any:
    plain = str.splitlines(text) if name == "splitlines" else str.split(text, *args)
    position, result = 0, []
    for part in plain:
        position = text.find(part, position)
        result.append(_piece(text, position, position + len(part)))
        position += len(part)
    return result


def list_method(owner: list[Any], name: str, args: list[Any]) -> Any:
    """A method of a list; the ones that change it do change it."""
    if name == "extend" and args and not isinstance(args[0], (list, tuple, set)):
        owner.append(Unknown("*"))
        return None
    try:
        return getattr(owner, name)(*args)
    except Exception:
        return Unknown(f"{name}(...)")


def dict_method(owner: dict[Any, Any], name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """A method of a dict."""
    if name in ("items", "keys", "values"):
        return list(getattr(owner, name)())
    try:
        return getattr(owner, name)(*args, **kwargs)
    except Exception:
        return Unknown(f"{name}(...)")


def plain_method(owner: Any, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Any method of a known value."""
    if isinstance(owner, str):
        return string_method(owner, name, args, kwargs)
    if isinstance(owner, list):
        return list_method(owner, name, args)
    if isinstance(owner, dict):
        return dict_method(owner, name, args, kwargs)
    try:
        return getattr(owner, name)(*args, **kwargs)
    except Exception:
        return Unknown(f"{name}(...)")


_COUNTING = ("len", "bool", "any", "all", "sum", "min", "max", "str", "repr")


def call_builtin(name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """A builtin function on known values, `Unknown` otherwise."""
    function = _FUNCTIONS.get(name)
    if function is None:
        return Unknown(f"{name}(...)")
    if any(isinstance(arg, Unknown) for arg in args):
        cause = next(arg.cause for arg in args if isinstance(arg, Unknown))
        return Unknown(f"{name}(...)", cause)
    if name == "str" and args and isinstance(args[0], str):
        return args[0]
    if name in _COUNTING and any(isinstance(arg, VARYING) for arg in args):
        return Unknown(f"{name}(...)")
    try:
        return function(*args, **kwargs)
    except Exception:
        return Unknown(f"{name}(...)")


def dedent(text: Any) -> Any:
    """`textwrap.dedent` and `inspect.cleandoc`, keeping lines."""
    if not isinstance(text, str):
        return text
    import textwrap

    return same_lines(textwrap.dedent(text), text) if marks_of(text) else textwrap.dedent(text)


def _any_known(value: Any) -> Any:
    if any(is_unknown(item) for item in value):
        return Unknown("any(...)")
    return any(value)


def _str(value: Any = "") -> Any:
    return value if isinstance(value, str) else shown(value)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "str": _str,
    "int": int,
    "float": float,
    "bool": bool,
    "len": len,
    "range": range,
    "enumerate": lambda value, start=0: [tuple(pair) for pair in enumerate(value, start)],
    "zip": lambda *values, **_: [tuple(items) for items in zip(*values, strict=False)],
    "sorted": lambda value, **kwargs: sorted(value, reverse=bool(kwargs.get("reverse", False))),
    "reversed": lambda value: list(reversed(value)),
    "list": lambda value=(): list(value),
    "tuple": lambda value=(): tuple(value),
    "set": lambda value=(): list(dict.fromkeys(value)),
    "frozenset": lambda value=(): list(dict.fromkeys(value)),
    "dict": dict,
    "min": min,
    "max": max,
    "sum": sum,
    "abs": abs,
    "repr": repr,
    "any": _any_known,
    "all": lambda value: Unknown("all(...)") if any(is_unknown(i) for i in value) else all(value),
}
