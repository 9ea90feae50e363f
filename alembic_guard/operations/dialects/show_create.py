"""Read and rewrite what MySQL and MariaDB print as SHOW CREATE TABLE."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..lexing import Token, definitions, tokens


def column_definition(create_table: str, column: str) -> str | None:
    """Everything SHOW CREATE TABLE says of a column after its name."""
    for definition in definitions(create_table, "mysql"):
        if definition[0].kind == "quoted" and definition[0].name.lower() == column.lower():
            return _rest(create_table, definition, 1)
    return None


def constraint_definition(create_table: str, constraint: str) -> str | None:
    """Everything SHOW CREATE TABLE says of a named constraint after its name."""
    for definition in definitions(create_table, "mysql"):
        if definition[0].is_word("CONSTRAINT") and _is_named(definition[1], constraint):
            return _rest(create_table, definition, 2)
    return None


def key_definition(create_table: str, index: str) -> tuple[str, str] | None:
    """The kind of a key, such as ``UNIQUE KEY``, and everything after its name."""
    for definition in definitions(create_table, "mysql"):
        at = next((n for n, token in enumerate(definition) if token.is_word("KEY", "INDEX")), None)
        if at is None or definition[0].is_word("CONSTRAINT", "PRIMARY", "FOREIGN"):
            continue
        if definition[0].kind == "name" and _is_named(definition[at + 1], index):
            kind = create_table[definition[0].start : definition[at].end]
            return kind, _rest(create_table, definition, at + 2)
    return None


@dataclass(frozen=True, slots=True)
class ColumnUser:
    """Something in a table that has to be defined anew when a column it uses is renamed.

    :param what: what it is, for messages.
    :param clause: what to add to the ALTER TABLE.
    :param check: the quoted name of a CHECK that is enforced.
    :param copies: whether the clause makes the server copy the table.
    """

    what: str
    clause: str
    check: str | None = None
    copies: bool = True

    @property
    def unenforced(self) -> str:
        """The clause that leaves a CHECK not enforced, which takes no copy."""
        return f"{self.clause} NOT ENFORCED" if self.check else self.clause


def column_users(create_table: str, old: str, new: str) -> list[ColumnUser]:
    """What must be said anew in the statement that renames a column on MySQL.

    MySQL refuses to rename a column that a CHECK, a generated column, a default, a functional
    index or the partitioning uses (errors 3959, 3108, 3766, 3837, 3855), unless the same
    statement defines them with the new name.
    """
    users: list[ColumnUser] = []
    for definition in definitions(create_table, "mysql"):
        uses = any(_is_named(token, old) for token in definition)
        if uses and definition[0].is_word("CONSTRAINT") and definition[2].is_word("CHECK"):
            name = definition[1].text
            check = renamed_in(_rest(create_table, definition, 2), old, new)
            clause = f", DROP CHECK {name}, ADD CONSTRAINT {name} {check}"
            is_enforced = "NOT ENFORCED" not in check[-20:]
            users.append(
                ColumnUser(f"check {name}", clause, name if is_enforced else None, is_enforced)
            )
        elif (at := _functional_key(definition, old)) is not None:
            kind = create_table[definition[0].start : definition[at].end]
            name = definition[at + 1].text
            rest = renamed_in(_rest(create_table, definition, at + 2), old, new)
            users.append(
                ColumnUser(f"index {name}", f", DROP INDEX {name}, ADD {kind} {name} {rest}")
            )
    for definition in _computed_from(create_table, old):
        name = definition[0].text
        rest = renamed_in(_rest(create_table, definition, 1), old, new)
        is_generated = any(token.is_word("GENERATED") for token in definition)
        users.append(ColumnUser(f"column {name}", f", MODIFY {name} {rest}", copies=is_generated))
    return users + _partitions(create_table, old, new)


def renamed_in(definition: str, old: str, new: str) -> str:
    """A definition with the name of a column replaced, as its JSON_VALID check has it."""
    named = [token for token in tokens(definition, "mysql") if _is_named(token, old)]
    return _replaced(definition, named, new)


def _computed_from(create_table: str, column: str) -> list[list[Token]]:
    """The columns whose definition uses `column`, and those that use these in turn.

    A virtual column that hangs on one being modified has to be modified along with it.
    """
    columns = [item for item in definitions(create_table, "mysql") if item[0].kind == "quoted"]
    used, found = [column], list[list[Token]]()
    for name in used:
        for definition in columns:
            uses = any(_is_named(token, name) for token in definition[1:])
            if uses and definition not in found and not _is_named(definition[0], column):
                found.append(definition)
                used.append(definition[0].name)
    return found


def _functional_key(definition: list[Token], column: str) -> int | None:
    """Where the word KEY stands in an index over an expression that uses `column`."""
    at = next((n for n, token in enumerate(definition[:3]) if token.is_word("KEY")), None)
    if at is None or definition[0].is_word("CONSTRAINT", "PRIMARY", "FOREIGN"):
        return None
    depth = 0
    for token in definition[at + 2 :]:
        if token.kind == "punctuation":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        # A key part that is a plain column stands in the first pair of parentheses.
        if depth > 1 and _is_named(token, column):
            return at
    return None


def _partitions(create_table: str, old: str, new: str) -> list[ColumnUser]:
    """The partitioning, if it uses the column; its clause stands last and without a comma."""
    found = re.search(r"/\*!\d+ (PARTITION BY .*)\*/\s*\Z", create_table, re.DOTALL)
    if found is None:
        return []
    clause = found[1].rstrip()
    items = list(tokens(clause, "mysql"))
    named = []
    for token, following in zip(items, [*items[1:], None], strict=True):
        # Column lists have no quotes here; an unquoted word before a parenthesis is a function.
        is_listed = token.kind == "name" and following is not None and following.text in (",", ")")
        if (is_listed or token.kind == "quoted") and token.name.lower() == old.lower():
            named.append(token)
    return [ColumnUser("partitioning", f" {_replaced(clause, named, new)}")] if named else []


def _replaced(text: str, named: list[Token], new: str) -> str:
    quoted = f"`{new.replace('`', '``')}`"
    for token in reversed(named):
        text = f"{text[: token.start]}{quoted}{text[token.end :]}"
    return text


def _is_named(token: Token, name: str) -> bool:
    return token.kind == "quoted" and token.name.lower() == name.lower()


def _rest(create_table: str, definition: list[Token], first: int) -> str:
    """A definition from its token number `first` to its end.

    It may end in version comments such as ``/*!80016 NOT ENFORCED */``, which are part of it.
    """
    end = definition[-1].end
    comments = re.compile(r"(?: */\*!.*?\*/)*", re.DOTALL).match(create_table, end)
    return create_table[definition[first].start : comments.end() if comments else end]
