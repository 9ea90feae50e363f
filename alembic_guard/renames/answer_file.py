"""``renames.toml``, where answers stand beside ``versions/``.

::

    [[rename]]
    column = "sessions.metadata"
    to = "session_metadata"
    after = "ae1027a6acf4"

    [[new]]
    column = "sessions.notes"

The key says the kind (``column``, ``table``, ``index``, ``constraint``, ``sequence``,
``enum_type``, ``enum_value``, ``schema``) and its value the path, as on the command line.
``after`` is the revision the database was at when the answer was given: an answer is for
one migration, and `new` and `drop` in particular must not settle a question asked years
later about a name that has come back.

The file is only ever appended to, so what people wrote into it stays as it is.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..facts import RenameKind
from ..toml import tomllib
from .answers import KINDS, VERBS, Answer, AnswerProblem, Verb, checked, join_path, split_paths

FILE_NAME = "renames.toml"
HEADER = """\
# Answers to alembic_guard's questions about renames, read by `alembic revision --autogenerate`.
# Commit this file. An answer whose revision is applied everywhere may be deleted.
"""
_ENTRY = re.compile(r"\s*\[\[\s*[\"']?(\w+)[\"']?\s*\]\]")


def read_answers(text: str, name: str = FILE_NAME) -> list[Answer]:
    """Read all answers of a file, in the order in which they stand there.

    :param name: what messages call the file.
    :raises AnswerProblem: naming the line of the first entry that is no answer.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AnswerProblem(f"not valid TOML: {error}", source=name) from error
    for verb in data:
        if verb not in VERBS:
            raise AnswerProblem(
                f"{verb!r} is no kind of answer; write one of {_listed(VERBS)}",
                source=f"{name} line {_first_line(text, verb)}",
            )
    answers = []
    for verb in VERBS:
        entries = data.get(verb, [])
        lines = _entry_lines(text, verb, len(entries) if isinstance(entries, list) else 0)
        if not isinstance(entries, list):
            source = f"{name} line {_first_line(text, verb)}"
            raise AnswerProblem(f"write [[{verb}]], with two brackets", source=source)
        for line, entry in zip(lines, entries, strict=True):
            answers.append((line, _answer(verb, entry, f"{name} line {line}")))
    return [answer for _, answer in sorted(answers, key=lambda item: item[0])]


def write_answer(
    verb: Verb, kind: RenameKind, path: Iterable[str], to: str | None, after: Iterable[str] | None
) -> str:
    """The lines of one answer, as they are appended and as messages show them."""
    lines = [f"[[{verb}]]", f"{kind} = {_quoted(join_path(tuple(path)))}"]
    if to is not None:
        lines.append(f"to = {_quoted(join_path((to,)))}")
    if after is not None:
        heads = sorted(after) or ["base"]
        value = _quoted(heads[0]) if len(heads) == 1 else f"[{', '.join(map(_quoted, heads))}]"
        lines.append(f"after = {value}")
    return "\n".join(lines) + "\n"


def appended(text: str, entries: Iterable[str]) -> str:
    """The file's text with entries at its end; an empty file gets the explaining header."""
    text = text or HEADER
    newline = "\r\n" if "\r\n" in text else "\n"
    if not text.endswith("\n"):
        text += newline
    return text + "".join(f"\n{entry}" for entry in entries).replace("\n", newline)


def _answer(verb: Verb, entry: object, source: str) -> Answer:
    wanted = {"to", "after"} if verb == "rename" else {"after"}
    if not isinstance(entry, Mapping):
        raise AnswerProblem(f"[[{verb}]] holds no keys", source=source)
    for key in entry:
        if key not in KINDS and key not in wanted:
            near = difflib.get_close_matches(str(key), [*KINDS, *wanted], n=1, cutoff=0.0)
            raise AnswerProblem(f"unknown key {key!r}; did you mean {near[0]!r}?", source=source)
    kinds = [kind for kind in KINDS if kind in entry]
    if len(kinds) != 1:
        raise AnswerProblem(f"[[{verb}]] needs exactly one of {_listed(KINDS)}", source=source)
    path = _path(entry, kinds[0], source)
    to = _path(entry, "to", source) if verb == "rename" else ()
    return checked(Answer(verb, kinds[0], path, to, source, "file", _after(entry, source)))


def _path(entry: Mapping[str, Any], key: str, source: str) -> tuple[str, ...]:
    value = entry.get(key)
    if not isinstance(value, str):
        raise AnswerProblem(f'{key} is missing; write {key} = "..."', source=source)
    paths = split_paths(value, source)
    if len(paths) != 1:
        raise AnswerProblem(f"{key} = {value!r} is no name", source=source)
    return paths[0]


def _after(entry: Mapping[str, Any], source: str) -> tuple[str, ...] | None:
    value = entry.get("after")
    if value is None:
        return None
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise AnswerProblem(f"after = {value!r} is no revision", source=source)
    return tuple(sorted(item for item in values if item != "base"))


def _entry_lines(text: str, verb: str, count: int) -> list[int]:
    """The 1-based line of each ``[[verb]]``, which `tomllib` does not tell.

    A line inside a multi-line string only looks like a header: what stands before a real
    one is valid TOML by itself.
    """
    rows = text.splitlines()
    found = []
    for number, row in enumerate(rows, start=1):
        match = _ENTRY.match(row)
        if match and match[1] == verb and _is_complete("\n".join(rows[: number - 1]), text):
            found.append(number)
    return found if len(found) == count else [_first_line(text, verb)] * count


def _is_complete(before: str, text: str) -> bool:
    if '"""' not in text and "'''" not in text:
        return True
    try:
        tomllib.loads(before)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _first_line(text: str, word: str) -> int:
    pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(word)}\b")
    for number, row in enumerate(text.splitlines(), start=1):
        if pattern.match(row):
            return number
    return 1


def _quoted(text: str) -> str:
    """A TOML string, literal where that reads better; JSON's escapes are TOML's too."""
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
