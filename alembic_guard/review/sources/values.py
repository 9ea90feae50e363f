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

    Those from ``marks[i][0]`` on stand on line ``marks[i][1]``. `template` tells that values
    were put into it by ``%`` or `format`.
    """

    __slots__ = ("marks", "template")

    marks: Marks
    template: bool

    def __new__(cls, value: str, marks: Marks = ()) -> Text:
        text = str.__new__(cls, value)
        text.marks, text.template = marks, False
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
    return Text("".join(whole), tuple(marks))


def same_lines(value: str, origin: str) -> Text:
    """`value` made of `origin` by a change that keeps line breaks where they were."""
    marks = marks_of(origin)
    if len(marks) < 2 or value.count("\n") != origin.count("\n"):
        return Text(value, marks[:1])
    starts = [0, *(i + 1 for i, char in enumerate(value) if char == "\n")]
    olds = [0, *(i + 1 for i, char in enumerate(origin) if char == "\n")]
    text = Text(origin, marks)
    return Text(
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
    """Something imported, by its dotted path, such as ``alembic.op.add_column``; one for each."""

    __slots__ = ("_members", "last", "path")

    path: str
    last: str
    _members: dict[str, Ref]

    def __new__(cls, path: str) -> Ref:
        found = _REFS.get(path)
        if found is None:
            found = _REFS[path] = super().__new__(cls)
            found.path, found.last, found._members = path, path[path.rfind(".") + 1 :], {}
        return found

    def __repr__(self) -> str:
        return self.path

    def member(self, name: str) -> Ref:
        """What it holds under a name."""
        found = self._members.get(name)
        if found is None:
            found = self._members[name] = Ref(f"{self.path}.{name}")
        return found


_REFS: dict[str, Ref] = {}


class Obj:
    """The result of calling something symbolic: `sa.Column("a", ...)`, ``users.update()``.

    `path` is the dotted path of what was called, or ``@connection``, ``@session``, ... for
    the objects of a migration; for a method of another `Obj`, `base` is that one.
    """

    __slots__ = ("args", "attr", "base", "kwargs", "last", "line", "path")

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
        self.last = path[path.rfind(".") + 1 :]
        self.args = args
        self.kwargs = kwargs or {}
        self.line = line
        self.base = base
        self.attr = attr

    def __repr__(self) -> str:
        return f"{self.path}(...)"

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
    """A class written in the revision; `values` is what its body assigns, `fields` what it annotates."""

    __slots__ = ("bases", "fields", "name", "values")

    def __init__(
        self,
        name: str,
        bases: Sequence[Any],
        values: Mapping[str, Any],
        fields: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.bases = bases
        self.values = values
        self.fields = fields


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
    """A value as part of a name or SQL text: known ones as they are, others as ``{source}``.

    Lines are left behind: a `Text` takes ten times as long to bring to another process.
    """
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, Unknown):
        source = value.source.replace("{", "(").replace("}", ")").replace("\n", " ")
        return "{" + source + "}"
    if isinstance(value, Obj):
        return "{" + value.last + "}"
    if isinstance(value, Ref):
        return "{" + value.path + "}"
    if isinstance(value, (Function, Class, Method)):
        return "{" + value.name + "}"
    if isinstance(value, Partial):
        return shown(value.func)
    return str(value)
