"""Answers to questions about renames: what a person said, and how it is written down.

On the command line (names with a dot, a colon or a quote go into double quotes)::

    -x rename=sessions.metadata:session_metadata      -x rename=old_table:new_table
    -x rename=index:sessions.ix_a:ix_b                -x rename=legacy.orders:sales.orders
    -x new=sessions.notes                             -x drop=sessions.metadata
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ..facts import RenameKind
from ..usage import UsageError

Verb = Literal["rename", "new", "drop"]
Origin = Literal["command line", "file"]
KINDS: tuple[RenameKind, ...] = get_args(RenameKind)
VERBS: tuple[Verb, ...] = get_args(Verb)
Path = tuple[str, ...]

_TOKEN = re.compile(r'"((?:[^"]|"")*)"|([^".:]+)|([.:])')
_PLAIN = re.compile(r'[^".:\s]+')
# How many parts a path of a kind may have; the schema comes first and may be left out.
PARTS: dict[RenameKind, tuple[int, int]] = {
    "schema": (1, 1),
    "table": (1, 2),
    "sequence": (1, 2),
    "enum_type": (1, 2),
    "column": (2, 3),
    "index": (2, 3),
    "constraint": (2, 3),
    "enum_value": (2, 3),
}


class AnswerProblem(UsageError):
    """An answer nobody can act on; `source` says where it stands, the message too."""

    def __init__(self, message: str, *, source: str) -> None:
        super().__init__(f"{source}: {message}")
        self.source = source


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it was given, before anybody looked whether its names exist.

    :param kind: None when the answer leaves it to what the names turn out to be.
    :param path: schema, owner and name, as far as given; for ``new`` of the new object.
    :param to: for ``rename``, the new name, or its path.
    :param after: the database's revisions when the answer was recorded, if it says so.
    """

    verb: Verb
    kind: RenameKind | None
    path: Path
    to: Path
    source: str
    origin: Origin
    after: tuple[str, ...] | None = None

    def spelled(self) -> str:
        """The answer as it would stand after ``-x``."""
        return spell(self.verb, self.kind, self.path, self.to)


def spell(verb: Verb, kind: RenameKind | None, path: Path, to: Path = ()) -> str:
    """Write an answer for ``-x``; the kind of tables and columns goes without saying."""
    segments = (
        [join_path(path)] if kind in (None, "table", "column") else [str(kind), join_path(path)]
    )
    return f"{verb}=" + ":".join(segments + ([join_path(to)] if to else []))


def join_path(path: Sequence[str]) -> str:
    """Join the parts of a name by dots, quoting what would not be read back."""
    return ".".join(
        part if _PLAIN.fullmatch(part) else '"' + part.replace('"', '""') + '"' for part in path
    )


def split_paths(text: str, source: str) -> list[Path]:
    """Split ``a.b:c`` into ``[("a", "b"), ("c",)]``, honouring double quotes.

    :raises AnswerProblem: if a name is empty or a quote is not closed.
    """
    paths: list[list[str]] = [[]]
    position, expect_name = 0, True
    while position < len(text) or expect_name:
        token = _TOKEN.match(text, position)
        if token is None or (token[3] is None) != expect_name:
            raise AnswerProblem(f"{text!r} is not of the form table.old:new", source=source)
        position = token.end()
        if token[3] is None:
            name = token[2].strip() if token[1] is None else token[1].replace('""', '"')
            if not name:
                raise AnswerProblem(f"{text!r} has an empty name", source=source)
            paths[-1].append(name)
        elif token[3] == ":":
            paths.append([])
        expect_name = not expect_name
    return [tuple(path) for path in paths]


def parse_argument(argument: str) -> Answer | None:
    """Read one ``-x`` argument; None if it is not an answer but somebody else's.

    :raises AnswerProblem: if it starts like an answer and is none.
    """
    verb = next((verb for verb in VERBS if argument.startswith(f"{verb}=")), None)
    if verb is None:
        return None
    source = f"-x {argument}"
    paths = split_paths(argument[len(verb) + 1 :], source)
    wanted = 2 if verb == "rename" else 1
    kind: RenameKind | None = None
    if len(paths) == wanted + 1 and paths[0][0] in KINDS and len(paths[0]) == 1:
        kind = next(kind for kind in KINDS if kind == paths[0][0])
        paths = paths[1:]
    if len(paths) != wanted:
        form = "rename=table.old:new" if verb == "rename" else f"{verb}=table.name"
        raise AnswerProblem(f"not of the form {form}", source=source)
    to = paths[1] if verb == "rename" else ()
    return checked(Answer(verb, kind, paths[0], to, source, "command line"))


def checked(answer: Answer) -> Answer:
    """The answer, if its paths have as many parts as its kind can have.

    :raises AnswerProblem: if not.
    """
    low, high = PARTS[answer.kind] if answer.kind else (1, 3)
    if not low <= len(answer.path) <= high:
        form = {1: "table", 2: "table.name", 3: "schema.table.name"}[low]
        what = answer.kind or "name"
        raise AnswerProblem(
            f"{join_path(answer.path)!r} is no {what}: write it like {form}", source=answer.source
        )
    if len(answer.to) > high:
        raise AnswerProblem(f"{join_path(answer.to)!r} has too many parts", source=answer.source)
    return answer
