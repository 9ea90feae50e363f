"""The values the static interpreter works with.

Known values are plain Python ones. Strings are `Text`, which remembers the source line of
each of its characters; a part of a string that is not known stands in it as ``{source}``.
Everything else is an `Unknown`, a dotted `Ref` to something imported, a symbolic `Obj` or a
`Function`.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Marks = tuple[tuple[int, int], ...]


class Text(str):
    """A string that knows the source line of each of its characters.

    `template` tells that values were put into it by ``%`` or `format`.
    """

    marks: Marks = ()
    template = False

    @classmethod
    def at(cls, value: str, marks: Marks) -> Text:
        """`value`, whose characters from ``marks[i][0]`` on stand on line ``marks[i][1]``."""
        text = cls(value)
        text.marks = marks
        return text

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Only the text travels between processes: lines matter while a file is read."""
        return str, (str(self),)

    def line_of(self, offset: int) -> int | None:
        """The source line of the character at `offset`."""
        if not self.marks:
            return None
        return self.marks[max(0, bisect_right(self.marks, (offset, 1 << 30)) - 1)][1]

    @property
    def first_line(self) -> int | None:
        return self.marks[0][1] if self.marks else None

    @property
    def spans_lines(self) -> bool:
        """Whether it was written over several source lines."""
        return bool(self.marks) and self.marks[0][1] != self.marks[-1][1]


def marks_of(value: Any) -> Marks:
    """The marks of a string, none for anything else."""
    return value.marks if isinstance(value, Text) else ()


def concatenated(parts: Iterable[str]) -> Text:
    """The parts one after another, each keeping its lines."""
    marks: list[tuple[int, int]] = []
    size, whole = 0, []
    for part in parts:
        whole.append(part)
        for offset, line in marks_of(part):
            if not marks or marks[-1][1] != line:
                marks.append((size + offset, line))
        size += len(part)
    return Text.at("".join(whole), tuple(marks))


def same_lines(value: str, origin: str) -> Text:
    """`value` made of `origin` by a change that keeps line breaks where they were."""
    marks = marks_of(origin)
    if len(marks) < 2 or value.count("\n") != origin.count("\n"):
        return Text.at(value, marks[:1])
    starts = [0, *(i + 1 for i, char in enumerate(value) if char == "\n")]
    olds = [0, *(i + 1 for i, char in enumerate(origin) if char == "\n")]
    text = Text.at(origin, marks)
    return Text.at(
        value, tuple((new, text.line_of(old) or 0) for new, old in zip(starts, olds, strict=True))
    )


class Unknown:
    """A value only known when the migration runs; `cause` when it is one that matters."""

    __slots__ = ("cause", "source")

    def __init__(self, source: str = "?", cause: str = "") -> None:
        self.source = source
        self.cause = cause

    def __repr__(self) -> str:
        return f"{{{self.source}}}"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value has no truth")


class Ref:
    """Something imported, by its dotted path, such as ``alembic.op.add_column``."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def __repr__(self) -> str:
        return self.path

    @property
    def last(self) -> str:
        return self.path[self.path.rfind(".") + 1 :]


class Obj:
    """The result of calling something symbolic: `sa.Column("a", ...)`, ``users.update()``.

    `path` is the dotted path of what was called, or ``@connection``, ``@session``, ... for
    the objects of a migration; for a method of another `Obj`, `base` is that one.
    """

    __slots__ = ("args", "attr", "base", "kwargs", "line", "path")

    def __init__(
        self,
        path: str,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        line: int = 0,
        base: Any = None,
        attr: str = "",
    ) -> None:
        self.path = path
        self.args = args
        self.kwargs = kwargs or {}
        self.line = line
        self.base = base
        self.attr = attr

    def __repr__(self) -> str:
        return f"{self.path}(...)"

    @property
    def last(self) -> str:
        return self.path[self.path.rfind(".") + 1 :]

    @property
    def root(self) -> Any:
        """The first object of a chain of method calls."""
        found: Any = self
        while isinstance(found, Obj) and found.base is not None:
            found = found.base
        return found


class Function:
    """A function of the revision or of a helper module, with the names it can see."""

    __slots__ = ("bound", "module", "node", "scope")

    def __init__(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        scope: Mapping[str, Any],
        module: Any,
        bound: Any = None,
    ) -> None:
        self.node = node
        self.scope = scope
        self.module = module
        self.bound = bound

    @property
    def name(self) -> str:
        return getattr(self.node, "name", "<lambda>")


class Partial:
    """`functools.partial` over anything callable."""

    __slots__ = ("args", "func", "kwargs")

    def __init__(self, func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self.func = func
        self.args = args
        self.kwargs = kwargs


class Class:
    """A class written in the revision; `values` is what its body assigns."""

    __slots__ = ("bases", "name", "values")

    def __init__(self, name: str, bases: Sequence[Any], values: Mapping[str, Any]) -> None:
        self.name = name
        self.bases = bases
        self.values = values


class Method:
    """A method of a known Python value, such as ``names.append``."""

    __slots__ = ("name", "owner")

    def __init__(self, owner: Any, name: str) -> None:
        self.owner = owner
        self.name = name


Describe = Callable[[ast.AST], str]


class VaryingList(list[Any]):
    """A list that may have grown or not: its items are known, but not whether there are any."""


class VaryingDict(dict[Any, Any]):
    """A dict of which the same holds."""


VARYING = (VaryingList, VaryingDict)


def is_unknown(value: Any) -> bool:
    """Whether nothing, or only a part of it, is known."""
    return isinstance(value, Unknown) or (isinstance(value, str) and "{" in value)


def truth(value: Any) -> bool | None:
    """True, False, or None when only running it would tell."""
    if isinstance(value, (Unknown, Obj, Ref, *VARYING)):
        return None
    if isinstance(value, (Function, Class, Partial, Method)):
        return True
    try:
        return bool(value)
    except TypeError:
        return None


def shown(value: Any) -> str:
    """A value as part of a name or SQL text: known ones as they are, others as ``{source}``."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, Unknown):
        source = value.source.replace("{", "(").replace("}", ")").replace("\n", " ")
        return "{" + source + "}"
    if isinstance(value, Obj):
        return "{" + value.last + "}"
    if isinstance(value, Ref):
        return "{" + value.path + "}"
    return str(value)
