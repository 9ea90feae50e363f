from __future__ import annotations

import pytest

from alembic_guard.renames.answer_file import HEADER, appended, read_answers, write_answer
from alembic_guard.renames.answers import Answer, AnswerProblem, parse_argument


@pytest.mark.parametrize(
    ("argument", "verb", "kind", "path", "to"),
    [
        ("rename=sessions.metadata:session_metadata", "rename", None, "sessions|metadata", "session_metadata"),
        ("rename=old_table:new_table", "rename", None, "old_table", "new_table"),
        ("rename=audit.sessions.a:b", "rename", None, "audit|sessions|a", "b"),
        ("rename=legacy.orders:sales.orders", "rename", None, "legacy|orders", "sales|orders"),
        ("rename=index:sessions.ix_a:ix_b", "rename", "index", "sessions|ix_a", "ix_b"),
        ("rename=enum_value:state.on:off", "rename", "enum_value", "state|on", "off"),
        ("rename=schema:legacy:sales", "rename", "schema", "legacy", "sales"),
        ('rename="my.table"."a:b":"say ""hi"""', "rename", None, "my.table|a:b", 'say "hi"'),
        ("new=sessions.notes", "new", None, "sessions|notes", ""),
        ("new=index:sessions.ix_n", "new", "index", "sessions|ix_n", ""),
        ("drop=sessions.metadata", "drop", None, "sessions|metadata", ""),
    ],
)  # fmt: skip
def test_argument_is_read(argument: str, verb: str, kind: str | None, path: str, to: str) -> None:
    answer = parse_argument(argument)

    assert answer is not None
    assert (answer.verb, answer.kind, answer.path) == (verb, kind, tuple(path.split("|")))
    assert answer.to == (tuple(to.split("|")) if to else ())
    assert answer.source == f"-x {argument}"


@pytest.mark.parametrize("argument", ["tenant=a", "explain", "renames=likely", "newest", ""])
def test_argument_of_somebody_else_is_left_alone(argument: str) -> None:
    assert parse_argument(argument) is None


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("rename=sessions.metadata", "rename=table.old:new"),
        ("rename=a:b:c:d", "rename=table.old:new"),
        ("rename=", "not of the form"),
        ("rename=a.:b", "not of the form"),
        ('rename="a.b:c', "not of the form"),
        ('rename="".b:c', "empty name"),
        ("rename=a.b.c.d:e", "write it like"),
        ("rename=index:ix_a:ix_b", "write it like table.name"),
        ("new=a:b", "new=table.name"),
    ],
)
def test_malformed_argument_says_how_to_write_it(argument: str, message: str) -> None:
    with pytest.raises(AnswerProblem, match="-x ") as caught:
        parse_argument(argument)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    "argument",
    [
        "rename=sessions.metadata:session_metadata",
        'rename="my.table"."a:b":"say ""hi"""',
        "rename=index:sessions.ix_a:ix_b",
        "drop=audit.sessions.metadata",
    ],
)
def test_answer_is_spelled_as_it_was_given(argument: str) -> None:
    answer = parse_argument(argument)

    assert answer is not None
    assert answer.spelled() == argument


FILE = """\
# by hand
[[rename]]
column = "sessions.metadata"
to = "session_metadata"
after = "ae10"

[["new"]]   # with a comment
column = 'sessions."odd.name"'
after = ["b", "a"]

[[rename]]
table = "a"
to = "b"
after = "base"
[[drop]]
index = "t.ix"
"""


def test_file_is_read_in_its_order_with_lines() -> None:
    answers = read_answers(FILE)

    assert answers == [
        Answer("rename", "column", ("sessions", "metadata"), ("session_metadata",),
               "renames.toml line 2", "file", ("ae10",)),
        Answer("new", "column", ("sessions", "odd.name"), (), "renames.toml line 7", "file", ("a", "b")),
        Answer("rename", "table", ("a",), ("b",), "renames.toml line 11", "file", ()),
        Answer("drop", "index", ("t", "ix"), (), "renames.toml line 15", "file", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "source", "message"),
    [
        ('\n[[renam]]\ncolumn = "a.b"', "renames.toml line 2", "'renam' is no kind of answer"),
        ('[[rename]]\ncolumn = "a.b"', "renames.toml line 1", "to is missing"),
        ('\n\n[[rename]]\nto = "a"', "renames.toml line 3", "exactly one of"),
        ('[[rename]]\ncolumn = "a.b"\ntable = "a"\nto = "c"', "renames.toml line 1", "exactly one"),
        ('[[rename]]\ncolum = "a.b"\nto = "c"', "renames.toml line 1", "did you mean 'column'?"),
        ('[[rename]]\ncolumn = "a"\nto = "c"', "renames.toml line 1", "write it like table.name"),
        ('[[rename]]\ncolumn = "a.b"\nto = "c"\n[[new]]\ncolumn = 3', "renames.toml line 4", "column is missing"),
        ('[[new]]\ncolumn = "a.b"\nto = "c"', "renames.toml line 1", "unknown key 'to'"),
        ('[[new]]\ncolumn = "a.b"\nafter = 3', "renames.toml line 1", "after = 3"),
        ('[rename]\ncolumn = "a.b"\nto = "c"', "renames.toml line 1", "two brackets"),
        ('[[rename]]\ncolumn = "a.b\n', "renames.toml", "not valid TOML"),
    ],
)  # fmt: skip
def test_entry_that_is_no_answer_is_refused_by_line(text: str, source: str, message: str) -> None:
    with pytest.raises(AnswerProblem) as caught:
        read_answers(text)

    assert caught.value.source == source
    assert message in str(caught.value)


def test_header_inside_a_string_is_not_taken_for_an_entry() -> None:
    text = (
        '[[new]]\ncolumn = """a.\\\n  b"""\nafter = """\n[[new]]\n"""\n\n[[new]]\ncolumn = "c.d"\n'
    )

    sources = [answer.source for answer in read_answers(text)]

    assert sources == ["renames.toml line 1", "renames.toml line 8"]


@pytest.mark.parametrize(
    ("path", "to", "after"),
    [
        (("sessions", "metadata"), "session_metadata", None),
        (("sessions", "metadata"), "session_metadata", ()),
        (("audit", "a.b", 'say "hi"'), "it's", ("x", "y")),
        (("täble", "new\nline"), "\x7f tab\t", ("x",)),
    ],
)
def test_written_answer_is_read_back(
    path: tuple[str, ...], to: str, after: tuple[str, ...] | None
) -> None:
    (answer,) = read_answers(write_answer("rename", "column", path, to, after))

    assert (answer.path, answer.to, answer.after) == (path, (to,), after)


@pytest.mark.parametrize("text", ["", "# mine", 'x\r\n[[new]]\r\ncolumn = "a.b"\r\n'])
def test_appending_keeps_what_is_there(text: str) -> None:
    entry = write_answer("new", "column", ("a", "c"), None, ("ae10",))

    result = appended(text, [entry, entry])

    assert result.startswith(text or HEADER)
    assert result.count("[[new]]") == text.count("[[new]]") + 2
    assert ("\r\n" in text) == ("\r\n" in result)
    assert "\n" not in result.replace("\r\n", "") or "\r\n" not in text
