"""A cursor over the tokens of one SQL statement."""

from __future__ import annotations

from collections.abc import Callable

from ...specs import TypeSpec
from .tokens import Token
from .types import sql_type, words_after


class ParseError(Exception):
    """The statement does not have the shape its first words promise."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


_END = Token("op", "", 0, 0)
OBJECTS = (
    "TABLE",
    "INDEX",
    "VIEW",
    "TYPE",
    "SEQUENCE",
    "SCHEMA",
    "FUNCTION",
    "TRIGGER",
    "EXTENSION",
)
"""What a misspelt word after CREATE, ALTER or DROP is held against."""
_NO_SIGNS = ("word", "quoted", "string")


class Cursor:
    """Look at, accept and expect tokens; names are folded as the database folds them."""

    def __init__(
        self,
        sql: str,
        tokens: list[Token],
        dialect: str = "",
        line_at: Callable[[int], int] = lambda offset: 0,
    ) -> None:
        self.dialect = dialect
        self.line_at = line_at
        self.sql = sql
        self.tokens = tokens
        self.index = 0

    @property
    def token(self) -> Token:
        """The next token, or an empty one at the end."""
        return self.tokens[self.index] if self.index < len(self.tokens) else _END

    @property
    def done(self) -> bool:
        return self.index >= len(self.tokens)

    @property
    def line(self) -> int:
        """The source line of the next token."""
        return self.line_at(self.offset)

    @property
    def offset(self) -> int:
        """Where the next token starts, the end of the last one when there is none."""
        return self.token.start if not self.done else self.tokens[-1].end

    def at(self, *words: str) -> bool:
        """Whether the next tokens are these words or operators."""
        position, tokens = self.index, self.tokens
        for word in words:
            if position >= len(tokens):
                return False
            token = tokens[position]
            # Only words have an `upper`.
            if token.upper != word and (token.value != word or token.kind in _NO_SIGNS):
                return False
            position += 1
        return True

    def accept(self, *words: str) -> bool:
        """Step over these words when they are next."""
        if self.at(*words):
            self.index += len(words)
            return True
        return False

    def accept_any(self, *words: str) -> str | None:
        """Step over one of these words when it is next, and say which."""
        if self.token.kind == "word" and self.token.upper in words:
            self.index += 1
            return self.tokens[self.index - 1].upper
        return None

    def refuse_misspelt(self, *words: str) -> None:
        """Raise `ParseError` when the next word is one of these but for a slip of the pen."""
        token = self.token
        for word in words if token.kind == "word" else ():
            if is_one_slip_from(token.upper, word):
                raise ParseError(f"{token.value!r} instead of {word}", token.start)

    def expect(self, *words: str) -> None:
        """Step over these words or raise `ParseError`."""
        if not self.accept(*words):
            shown = self.token.value if not self.done else "the end"
            raise ParseError(f"expected {' '.join(words)} before {shown!r}", self.offset)

    def step(self) -> Token:
        """The next token, stepping over it."""
        token = self.token
        self.index += 1
        return token

    def identifier(self) -> str:
        """One name; an unquoted one in lower case, with unknown parts kept as they are."""
        token = self.token
        if token.kind == "quoted":
            self.index += 1
            return token.value
        if token.kind == "word":
            self.index += 1
            return token.value if "{" in token.value else token.value.lower()
        shown = token.value if not self.done else "the end"
        raise ParseError(f"expected a name before {shown!r}", self.offset)

    def name(self) -> str:
        """A name with its schema when one is given; ``public.`` is left out."""
        parts = [self.identifier()]
        while self.at(".") and not self.done:
            self.index += 1
            parts.append(self.identifier())
        if len(parts) > 1 and parts[0] == "public":
            parts = parts[1:]
        return ".".join(parts)

    def concurrently(self) -> bool:
        """Step over CONCURRENTLY, which no other server than PostgreSQL knows."""
        if self.at("CONCURRENTLY") and self.dialect in ("mysql", "mariadb", "sqlite"):
            raise ParseError("only PostgreSQL knows CONCURRENTLY", self.offset)
        return self.accept("CONCURRENTLY")

    def names_in_parens(self) -> tuple[str, ...]:
        """``(a, b DESC, lower(c))``: plain names, or the text of an expression in parentheses."""
        self.expect("(")
        result = []
        while not self.done and not self.at(")"):
            start = self.index
            self._skip_to_comma()
            part = self.tokens[start : self.index]
            result.append(self._column_name(part))
            if not self.accept(","):
                break
        self.expect(")")
        return tuple(result)

    def _column_name(self, part: list[Token]) -> str:
        if not part:
            raise ParseError("a column name is missing", self.offset)
        first = part[0]
        if first.kind in ("word", "quoted") and (len(part) == 1 or part[1].value not in ("(", ".")):
            return (
                first.value if first.kind == "quoted" or "{" in first.value else first.value.lower()
            )
        return f"({self.sql[first.start : part[-1].end]})"

    def _skip_to_comma(self) -> None:
        depth = 0
        while not self.done:
            if depth == 0 and (self.at(",") or self.at(")")):
                return
            depth += {"(": 1, ")": -1}.get(self.token.value, 0) if self.token.kind == "op" else 0
            self.index += 1

    def parenthesised(self) -> str:
        """Step over ``( ... )`` and return the text between."""
        self.expect("(")
        start, depth = self.offset, 1
        while not self.done:
            token = self.step()
            if token.kind == "op":
                depth += {"(": 1, ")": -1}.get(token.value, 0)
                if depth == 0:
                    return self.sql[start : token.start].strip()
        raise ParseError("a parenthesis is never closed", self.offset)

    def text_until(self, *words: str) -> str:
        """The text up to one of these words or operators outside of parentheses, or the end."""
        start, depth = self.index, 0
        while not self.done:
            token = self.token
            found = token.upper if token.kind == "word" else token.value
            ends = found in words or found == ")"
            if depth == 0 and ends and token.kind in ("word", "op") and not self._is_cast():
                break
            if token.kind == "op":
                depth += {"(": 1, ")": -1}.get(token.value, 0)
            self.index += 1
        if start == self.index:
            return ""
        return self.sql[self.tokens[start].start : self.tokens[self.index - 1].end]

    def _is_cast(self) -> bool:
        """Whether the next word names a type: it follows ``::``."""
        return self.index > 0 and self.tokens[self.index - 1].value == "::"

    def rest(self) -> str:
        """The text of everything that is left."""
        if self.done:
            return ""
        text = self.sql[self.token.start : self.tokens[-1].end]
        self.index = len(self.tokens)
        return text

    def if_exists(self) -> bool:
        return self.accept("IF", "EXISTS")

    def if_not_exists(self) -> bool:
        return self.accept("IF", "NOT", "EXISTS")

    def cascade(self) -> bool:
        """Step over CASCADE or RESTRICT."""
        return self.accept_any("CASCADE", "RESTRICT") == "CASCADE"

    def type(self) -> TypeSpec:
        """A column type with its arguments, array brackets, collation and character set."""
        start = self.offset
        word = self.token.upper
        name = self.name()
        while self.token.kind == "word" and self.token.upper in words_after(word):
            word = self.token.upper
            name = f"{name} {self.step().value.lower()}"
        args = self._type_args()
        unsigned = False
        if word in ("TIMESTAMP", "TIME", "DATETIME"):
            for zone in ("WITH", "WITHOUT"):
                if self.accept(zone, "TIME", "ZONE"):
                    name = f"{name} {zone.lower()} time zone"
        if word == "INTERVAL":
            while self.accept_any("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"):
                pass
        while modifier := self.accept_any("UNSIGNED", "ZEROFILL", "SIGNED"):
            unsigned = unsigned or modifier == "UNSIGNED"
        array = self._array()
        charset = None
        if self.accept("CHARACTER", "SET") or self.accept("CHARSET"):
            charset = self.step().value
        collation = self.name() if self.accept("COLLATE") else None
        text = self.sql[start : self.tokens[self.index - 1].end]
        return sql_type(
            name,
            args,
            array=array,
            text=text,
            unsigned=unsigned,
            collation=collation,
            charset=charset,
        )

    def _type_args(self) -> tuple[int | str, ...]:
        if not self.accept("("):
            return ()
        args: list[int | str] = []
        while not self.done and not self.accept(")"):
            token = self.step()
            if token.kind == "number" and token.value.isdigit():
                args.append(int(token.value))
            elif token.kind in ("word", "quoted", "string"):
                args.append(token.value)
        return tuple(args)

    def _array(self) -> int:
        dimensions = 0
        if self.accept("ARRAY"):
            dimensions = 1
        while self.accept("["):
            if self.token.kind == "number":
                self.step()
            self.expect("]")
            dimensions += 1
        return dimensions


def is_one_slip_from(word: str, wanted: str) -> bool:
    """Whether two letters are swapped, or one is missing, doubled or too many."""
    if abs(len(word) - len(wanted)) > 1:
        return False
    if len(word) == len(wanted):
        return word != wanted and sorted(word) == sorted(wanted)
    long, short = (word, wanted) if len(word) > len(wanted) else (wanted, word)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
