"""Rename tables and columns inside the text of a function, trigger or view.

Only names are replaced, never words inside strings or comments. What cannot be told for sure
(a variable of the same name, a second table, SQL put together at run time) is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ..lexing import Token, tokens
from .changes import TableChange

_BEFORE_TABLE = ("FROM", "JOIN", "INTO", "UPDATE", "TABLE", "ONLY", "USING")
_NOT_A_NAME = re.compile(
    "WHERE|SET|ON|USING|JOIN|INNER|LEFT|RIGHT|FULL|CROSS|NATURAL|GROUP|ORDER|HAVING|LIMIT|VALUES|"
    "SELECT|UNION|RETURNING|LOOP|FOR|OFFSET|WINDOW|STRAIGHT_JOIN|DEFAULT|FROM|LATERAL|ONLY|OF",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The text with its names replaced, and whether every replacement is beyond doubt."""

    text: str
    changed: bool
    certain: bool


@dataclass(frozen=True)
class Scope:
    """How the names in one body are to be read.

    :param row_table: the table whose rows ``NEW`` and ``OLD`` are, in a trigger.
    :param variables: parameters and declared variables; a column may hide behind one.
    """

    dialect: str
    changes: Sequence[TableChange]
    quote: Callable[[str], str]
    row_table: TableChange | None = None
    variables: Collection[str] = ()

    def fold(self, token: Token) -> str:
        """A name as the database compares it."""
        exact = self.dialect == "postgresql" and token.kind == "quoted"
        return token.name if exact else token.name.lower()


def rewrite(body: str, scope: Scope) -> Rewritten:
    """Replace the old names in `body`."""
    found = list(tokens(body, scope.dialect))
    tables = _Tables(found, scope)
    edits: list[tuple[Token, str]] = []
    certain = not _hidden_in_strings(found, scope)
    for at, token in enumerate(found):
        if token.kind not in ("name", "quoted"):
            continue
        new, sure = tables.renamed(at)
        if new is not None:
            edits.append((token, new))
            certain = certain and sure
    text = body
    for token, new in reversed(edits):
        text = text[: token.start] + scope.quote(new) + text[token.end :]
    return Rewritten(text, bool(edits), certain)


def mentions_in_strings(body: str, scope: Scope) -> bool:
    """Whether SQL put together at run time may use an old name."""
    return _hidden_in_strings(list(tokens(body, scope.dialect)), scope)


class _Tables:
    """The tables one body uses and the names it calls them by."""

    def __init__(self, found: list[Token], scope: Scope) -> None:
        self.found = found
        self.scope = scope
        self.by_alias: dict[str, TableChange | None] = {}
        self.used: list[TableChange | None] = []
        self.table_tokens: dict[int, TableChange] = {}
        for at, token in enumerate(found):
            if token.is_word(*_BEFORE_TABLE) and not self._is_variable_target(at):
                self._note(at + 1)
        if scope.row_table is not None:
            self.by_alias |= {"new": scope.row_table, "old": scope.row_table}

    def _is_variable_target(self, at: int) -> bool:
        """``SELECT .. INTO variable``; only INSERT, REPLACE and MERGE put rows INTO a table."""
        if not self.found[at].is_word("INTO"):
            return False
        return not self._is_word(at - 1, "INSERT", "REPLACE", "MERGE", "IGNORE")

    def _note(self, at: int) -> None:
        """Take the table named at `at`, its alias, and those behind commas."""
        while self._text(at) == "(":
            at += 1
        if not self._is_name(at):
            return
        while self._text(at + 1) == "." and at + 2 < len(self.found):
            at += 2
        change = self._change_of(self.found[at])
        self.used.append(change)
        self.by_alias[self.scope.fold(self.found[at])] = change
        if change is not None:
            self.table_tokens[at] = change
        after = at + 2 if self._is_word(at + 1, "AS") else at + 1
        if self._is_name(after):
            self.by_alias[self.scope.fold(self.found[after])] = change
            after += 1
        if self._text(after) == ",":
            self._note(after + 1)

    def _is_name(self, at: int) -> bool:
        if not 0 <= at < len(self.found):
            return False
        token = self.found[at]
        if token.kind == "name":
            return _NOT_A_NAME.fullmatch(token.text) is None
        return token.kind == "quoted"

    def _change_of(self, token: Token) -> TableChange | None:
        name = self.scope.fold(token)
        return next((item for item in self.scope.changes if item.old.lower() == name.lower()), None)

    def renamed(self, at: int) -> tuple[str | None, bool]:
        """The new name of the token at `at`, if it has one, and whether that is certain."""
        token = self.found[at]
        if at in self.table_tokens:
            change = self.table_tokens[at]
            return (change.new if change.new != change.old else None), True
        if self._text(at + 1) == ".":
            return self._renamed_qualifier(token)
        if self._text(at - 1) == ".":
            return self._renamed_member(at)
        is_call = self._text(at + 1) == "(" and not self._is_word(at - 1, "INTO")
        if is_call or self._is_word(at - 1, "AS"):
            return None, True
        return self._renamed_alone(token)

    def _renamed_qualifier(self, token: Token) -> tuple[str | None, bool]:
        change = self._change_of(token)
        if change is None or change.new == change.old:
            return None, True
        return change.new, self.by_alias.get(self.scope.fold(token)) is change

    def _renamed_member(self, at: int) -> tuple[str | None, bool]:
        """A column behind a dot: sure when we know whose column it is."""
        qualifier = self.scope.fold(self.found[at - 2]) if at >= 2 else ""
        if qualifier in self.by_alias:
            change = self.by_alias[qualifier]
            return (self._column(change, self.found[at]) if change else None), True
        owner = self._change_of(self.found[at - 2]) if at >= 2 else None
        if owner is not None:
            return self._column(owner, self.found[at]), True
        for change in self.used:
            if change is not None and (new := self._column(change, self.found[at])):
                return new, False
        return None, True

    def _renamed_alone(self, token: Token) -> tuple[str | None, bool]:
        """A bare name: sure when no other table and no variable can have it."""
        for change in self.used:
            if change is not None and (new := self._column(change, token)):
                alone = all(other is change for other in self.used)
                return new, alone and self.scope.fold(token) not in self.scope.variables
        return None, True

    def _column(self, change: TableChange, token: Token) -> str | None:
        name = self.scope.fold(token)
        for old, new in change.columns.items():
            same = old == name if self.scope.dialect == "postgresql" else old.lower() == name
            if same and old != new:
                return new
        return None

    def _text(self, at: int) -> str:
        return self.found[at].text if 0 <= at < len(self.found) else ""

    def _is_word(self, at: int, *words: str) -> bool:
        return 0 <= at < len(self.found) and self.found[at].is_word(*words)


def _hidden_in_strings(found: Sequence[Token], scope: Scope) -> bool:
    names = [re.escape(name) for change in scope.changes for name in change.old_names]
    if not names:
        return False
    pattern = re.compile(rf"\b(?:{'|'.join(names)})\b", re.IGNORECASE)
    return any(token.kind == "string" and pattern.search(token.text) for token in found)
